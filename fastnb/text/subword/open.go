package subword

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"strings"

	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/internal/charset"
	"github.com/fastnb/fastnb/internal/instead"
	"github.com/fastnb/fastnb/internal/verb"
)

// Open reads a tokenizer from a file: Hugging Face's tokenizer.json, or a vocab.txt of one word a line, the line's
// number being its code; the content tells. pretrained.File names a local file. A tokenizer.json of another kind than
// BERT's WordPiece is an error, as is a file that is not in UTF-8, unless a byte order mark or [Encoding] says what it
// is in.
func Open(src pretrained.Source, opts ...Option) (w *WordPiece, err error) {
	defer verb.Name(&err, "subword: Open")
	path, err := src.Fetch(context.Background())
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if w, err = parse(data, opts); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return w, nil
}

func parse(data []byte, opts []Option) (*WordPiece, error) {
	w := &WordPiece{lower: true, strip: true, added: []string{Pad, Unk, CLS, SEP, Mask}}
	for _, o := range opts {
		o.open(w)
	}
	if w.max < 0 || w.max == 1 {
		return nil, fmt.Errorf("MaxTokens(%d) (want 2 or more, for [CLS] and [SEP]; 0 is without bound)", w.max)
	}
	if err := charset.Check(w.encoding); err != nil {
		return nil, err
	}
	if err := instead.Check(data); err != nil {
		return nil, err
	}
	text, err := charset.Decode(data, w.encoding)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		err = w.readJSON([]byte(text))
	} else {
		w.words = strings.Split(strings.TrimRight(lines.Replace(text), "\n"), "\n")
	}
	if err != nil {
		return nil, err
	}
	w.name = w.title()
	return w, w.index()
}

// lines ends all lines in one way.
var lines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// title is the name: a hash of the words, and the settings.
func (w *WordPiece) title() string {
	h := fnv.New64a()
	for _, words := range [][]string{w.words, w.added} {
		for _, word := range words {
			fmt.Fprintf(h, "%d %s\n", len(word), word)
		}
	}
	return fmt.Sprintf("wordpiece 1 %016x lower=%t strip=%t max=%d", h.Sum64(), w.lower, w.strip, w.max)
}

// file is what we need of a tokenizer.json.
type file struct {
	Added []struct {
		Content string `json:"content"`
		ID      int    `json:"id"`
		Special bool   `json:"special"`
	} `json:"added_tokens"`
	Normalizer struct {
		Type      string `json:"type"`
		Clean     bool   `json:"clean_text"`
		Ideograph bool   `json:"handle_chinese_chars"`
		Strip     *bool  `json:"strip_accents"`
		Lower     bool   `json:"lowercase"`
	} `json:"normalizer"`
	PreTokenizer struct {
		Type string `json:"type"`
	} `json:"pre_tokenizer"`
	Model struct {
		Type    string          `json:"type"`
		Unk     string          `json:"unk_token"`
		Prefix  string          `json:"continuing_subword_prefix"`
		Longest int             `json:"max_input_chars_per_word"`
		Vocab   json.RawMessage `json:"vocab"` // of other types it is no map
	} `json:"model"`
}

func (w *WordPiece) readJSON(data []byte) error {
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return fmt.Errorf("not a tokenizer.json: %w", err)
	}
	if err := f.check(); err != nil {
		return err
	}
	codes := map[string]int{}
	if err := json.Unmarshal(f.Model.Vocab, &codes); err != nil {
		return fmt.Errorf("the vocabulary is no map from words to codes: %w", err)
	}
	w.added = nil
	for _, a := range f.Added {
		codes[a.Content] = a.ID
		if a.Special {
			w.added = append(w.added, a.Content)
		}
	}
	w.lower, w.strip = f.Normalizer.Lower, f.Normalizer.Lower
	if f.Normalizer.Strip != nil {
		w.strip = *f.Normalizer.Strip
	}
	var err error
	w.words, err = inOrder(codes)
	return err
}

// check tells what in the file we do not do.
func (f *file) check() error {
	for _, part := range []struct{ what, have, want string }{
		{"model.type", f.Model.Type, "WordPiece"},
		{"model.unk_token", f.Model.Unk, Unk},
		{"model.continuing_subword_prefix", f.Model.Prefix, continues},
		{"model.max_input_chars_per_word", fmt.Sprint(f.Model.Longest), fmt.Sprint(longest)},
		{"normalizer.type", f.Normalizer.Type, "BertNormalizer"},
		{"normalizer.clean_text", fmt.Sprint(f.Normalizer.Clean), "true"},
		{"normalizer.handle_chinese_chars", fmt.Sprint(f.Normalizer.Ideograph), "true"},
		{"pre_tokenizer.type", f.PreTokenizer.Type, "BertPreTokenizer"},
	} {
		if part.have != part.want {
			return fmt.Errorf("%s is %q (want %q, as a BERT has it)", part.what, part.have, part.want)
		}
	}
	return nil
}

// inOrder returns the words by code.
func inOrder(codes map[string]int) ([]string, error) {
	words := make([]string, len(codes))
	for word, code := range codes {
		if code < 0 || code >= len(words) {
			return nil, fmt.Errorf("%q has code %d in a vocabulary of %d words (want 0 to %d, each once)",
				word, code, len(words), len(words)-1)
		}
		if words[code] != "" {
			return nil, fmt.Errorf("%q and %q have both code %d", words[code], word, code)
		}
		words[code] = word
	}
	return words, nil
}
