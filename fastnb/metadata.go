package fastnb

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/fastnb/fastnb/internal/verb"
)

// metadata is what belongs to a model besides its variables and what its data fitted, by key.
type metadata map[string]string

// modelKey is what the keys of metadata begin with in a checkpoint's file.
const modelKey = "model."

// WithMetadata adds something that belongs to the model to every checkpoint of the learner, as text under a key: the
// sizes of its layers, say, so that [ReadMetadata] finds what the net can be made of again where the code that made it
// does not run. What belongs to the data's side of the model, such as a vocabulary, comes in by itself: see Fitted. The
// key is the name of whoever reads it, a package for instance. An empty key, "fitted", and text that is not UTF-8 are
// errors of New.
func WithMetadata(key, value string) Option {
	return option(func(l *Learner) {
		l.net.metadata = maps.Clone(l.net.metadata)
		if l.net.metadata == nil {
			l.net.metadata = metadata{}
		}
		l.net.metadata[key] = value
	})
}

// check tells what no checkpoint could keep.
func (m metadata) check() error {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		switch {
		case key == "" || key == fittedKey:
			return fmt.Errorf("WithMetadata: the key %q (want a name, which %q is kept from)", key, fittedKey)
		case !utf8.ValidString(key) || !utf8.ValidString(m[key]):
			return fmt.Errorf("WithMetadata: what is kept under %q is not UTF-8; write it as JSON or base64", key)
		}
	}
	return nil
}

// put adds metadata to a checkpoint's.
func (m metadata) put(f *safetensors.File) {
	for key, value := range m {
		f.Metadata[modelKey+key] = value
	}
}

// signed is the text of a checkpoint's metadata that its checksum covers.
func signed(metadata map[string]string) string {
	var b strings.Builder
	b.WriteString(metadata[stateKey] + metadata[fittedKey])
	for _, key := range slices.Sorted(maps.Keys(metadata)) {
		if strings.HasPrefix(key, modelKey) {
			fmt.Fprintf(&b, "\n%q %q", key, metadata[key])
		}
	}
	return b.String()
}

// ReadMetadata returns what belongs to the model of a checkpoint besides its variables: what its learner was given by
// WithMetadata, under the same keys, and under "fitted" what its data fitted, if they did; see Fitted. The file is
// models/NAME.safetensors under the data's Dir. ErrNoCheckpoint if there is none, ErrBadCheckpoint if it is damaged.
func ReadMetadata(path string) (found map[string]string, err error) {
	defer verb.Name(&err, "fastnb: ReadMetadata")
	c, err := readCheckpoint(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	found = map[string]string{}
	for key, value := range c.file.Metadata {
		if name, is := strings.CutPrefix(key, modelKey); is || key == fittedKey {
			found[name] = value
		}
	}
	return found, nil
}
