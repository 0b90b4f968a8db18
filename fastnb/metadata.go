package fastnb

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/fastnb/fastnb/fastnb/safetensors"
)

// metadata is what belongs to a model besides its variables and what its data fitted, by key.
type metadata map[string]string

// The keys of what a checkpoint's file holds besides its tensors.
const (
	stateKey  = "fastnb"
	fittedKey = "fitted"
	modelKey  = "model." // what the keys of metadata begin with
)

// check tells what no checkpoint could keep.
func (m metadata) check() error {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		switch {
		case key == "" || key == fittedKey:
			return fmt.Errorf("WithMetadata: the key %q (want a name, and not %q, where what the data fitted is kept)",
				key, fittedKey)
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
