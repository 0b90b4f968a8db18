package text

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"unicode/utf8"

	"github.com/fastnb/fastnb/internal/atomicfile"
	"github.com/fastnb/fastnb/internal/charset"
	"github.com/fastnb/fastnb/internal/instead"
	"github.com/fastnb/fastnb/internal/verb"
)

// Vocab gives each token a code, from 0.
type Vocab struct {
	words    []string
	codes    map[string]int32
	unk, pad int32 // 0 and 1, but for that of an encoder
	encoder  bool
}

// NewVocab returns the vocabulary of these words, whose codes are their places. The first must be [Unk] and the second
// [Pad], and none may come twice, but for [Fake], or be other than UTF-8: it could not be saved.
func NewVocab(words []string) (v *Vocab, err error) {
	defer verb.Name(&err, "text: NewVocab")
	return newVocab(words)
}

func newVocab(words []string) (*Vocab, error) {
	if len(words) < 2 || words[0] != Unk || words[1] != Pad {
		return nil, fmt.Errorf("a vocabulary that begins with %q (want %s, %s; MakeVocab puts them there)",
			words[:min(len(words), 2)], Unk, Pad)
	}
	v := &Vocab{words: slices.Clone(words), pad: 1}
	if err := v.index(func(w string) bool { return w == Fake }); err != nil {
		return nil, err
	}
	return v, nil
}

// index finds the codes of the words, but of those without.
func (v *Vocab) index(without func(w string) bool) error {
	v.codes = make(map[string]int32, len(v.words))
	for code, w := range v.words {
		if !utf8.ValidString(w) {
			return fmt.Errorf("word %d, %q, is not UTF-8, so it could not be saved; a Tokenizer must yield tokens of whole "+
				"letters", code, w)
		}
		if without(w) {
			continue
		}
		if first, twice := v.codes[w]; twice {
			return fmt.Errorf("word %q is both %d and %d in the vocabulary; leave one out", w, first, code)
		}
		v.codes[w] = int32(code)
	}
	return nil
}

// VocabOption is an option of [MakeVocab] and [Docs.Vocab], and of [ForLanguageModel] and [ForClassifier], which make
// one.
type VocabOption interface {
	vocab(*vocabConfig)
	lmData(*dataConfig)
	classData(*dataConfig)
}

type vocabOption func(*vocabConfig)

func (o vocabOption) vocab(c *vocabConfig)    { o(c) }
func (o vocabOption) lmData(c *dataConfig)    { c.vocabOpts = append(c.vocabOpts, o) }
func (o vocabOption) classData(c *dataConfig) { c.vocabOpts = append(c.vocabOpts, o) }

// MaxVocab is the largest number of words, the special tokens among them. Default 60000, as fastai.
func MaxVocab(words int) VocabOption { return vocabOption(func(c *vocabConfig) { c.size = words }) }

// MinFreq is how often a token must come to be in the vocabulary. Default 3, as fastai v2; the course took 10.
func MinFreq(times int) VocabOption { return vocabOption(func(c *vocabConfig) { c.freq = times }) }

type vocabConfig struct{ size, freq int }

func vocabConfigOf(opts []VocabOption) (vocabConfig, error) {
	c := vocabConfig{size: 60000, freq: 3}
	for _, o := range opts {
		o.vocab(&c)
	}
	switch {
	case c.size < len(Specials()):
		return c, fmt.Errorf("MaxVocab(%d) (want at least %d, for the special tokens)", c.size, len(Specials()))
	case c.freq < 0:
		return c, fmt.Errorf("MinFreq(%d) (want 0 or more)", c.freq)
	}
	return c, nil
}

// MakeVocab returns the vocabulary of the most frequent tokens: the special tokens, then the others by how often they
// come, then [Fake] up to a multiple of 8, which is good for the speed of a GPU. It is fastai's make_vocab but for two
// things: of tokens that come equally often the first by alphabet is first, so that the same counts always make the
// same vocabulary; and nothing is added to a length that is a multiple of 8, where fastai adds 8.
func MakeVocab(counts map[string]int, opts ...VocabOption) (v *Vocab, err error) {
	defer verb.Name(&err, "text: MakeVocab")
	c, err := vocabConfigOf(opts)
	if err != nil {
		return nil, err
	}
	return newVocab(c.words(counts))
}

func (c vocabConfig) words(counts map[string]int) []string {
	words := byCount(counts)
	words = words[:min(len(words), c.size)]
	words = slices.DeleteFunc(words, func(w string) bool {
		return counts[w] < c.freq || w == Fake || slices.Contains(Specials(), w)
	})
	words = append(Specials(), words...)
	words = words[:min(len(words), c.size)]
	for len(words)%8 != 0 {
		words = append(words, Fake)
	}
	return words
}

// byCount returns the tokens, the most frequent first.
func byCount(counts map[string]int) []string {
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
}

// Len returns the number of words, [Fake] too.
func (v *Vocab) Len() int { return len(v.words) }

// Words returns the words in the order of their codes. Don't change them.
func (v *Vocab) Words() []string { return v.words }

// Code returns the code of a word, that of [Unk] (0, but in [EncoderVocab]) for one that the vocabulary does not have.
func (v *Vocab) Code(word string) int32 {
	if code, ok := v.codes[word]; ok {
		return code
	}
	return v.unk
}

// Word returns the word of a code, [Unk] for a code that is none.
func (v *Vocab) Word(code int32) string {
	if code < 0 || int(code) >= len(v.words) {
		return v.words[v.unk]
	}
	return v.words[code]
}

// Encode returns the codes of tokens.
func (v *Vocab) Encode(tokens []string) []int32 {
	codes := make([]int32, len(tokens))
	for i, t := range tokens {
		codes[i] = v.Code(t)
	}
	return codes
}

// Decode returns the tokens of codes.
func (v *Vocab) Decode(codes []int32) []string {
	tokens := make([]string, len(codes))
	for i, c := range codes {
		tokens[i] = v.Word(c)
	}
	return tokens
}

// Text returns what codes say as readable text; see [Join].
func (v *Vocab) Text(codes []int32) string { return Join(v.Decode(codes)) }

// sum identifies the vocabulary.
func (v *Vocab) sum() []byte {
	h := sha256.New()
	if v.encoder {
		fmt.Fprintf(h, "unk %d pad %d\n", v.unk, v.pad)
	}
	for _, w := range v.words {
		fmt.Fprintf(h, "%q\n", w)
	}
	return h.Sum(nil)
}

// Save writes the vocabulary as a JSON array of strings, whole or not at all; that of an encoder as an object with the
// array.
func (v *Vocab) Save(path string) (err error) {
	defer verb.Name(&err, "text: Save")
	return v.save(path)
}

func (v *Vocab) save(path string) error {
	text, err := v.file()
	if err != nil {
		return err
	}
	if err := atomicfile.Write(path, text, 0o644); err != nil {
		return fmt.Errorf("vocabulary %s cannot be written: %w", path, cause(err))
	}
	return nil
}

// ofEncoder is the file of an encoder's vocabulary.
type ofEncoder struct {
	Words []string `json:"encoder"`
}

func (v *Vocab) file() ([]byte, error) {
	if v.encoder {
		return json.MarshalIndent(ofEncoder{v.words}, "", "")
	}
	return json.MarshalIndent(v.words, "", "")
}

// ReadVocab reads a vocabulary that [Vocab.Save] has written, or any JSON array of strings, in UTF-8, that begins as
// [NewVocab] wants.
func ReadVocab(path string) (v *Vocab, err error) {
	defer verb.Name(&err, "text: ReadVocab")
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if err := instead.Check(text); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	plain, err := charset.Decode(text, charset.UTF8)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; convert it to UTF-8, which JSON is in", path, err)
	}
	if v, err = parseVocab([]byte(plain)); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return v, nil
}

func parseVocab(file []byte) (*Vocab, error) {
	var words []string
	err := json.Unmarshal(file, &words)
	if err == nil {
		return newVocab(words)
	}
	var encoder ofEncoder
	if json.Unmarshal(file, &encoder) == nil && encoder.Words != nil {
		return encoderVocab(encoder.Words)
	}
	return nil, errors.Join(errors.New("it is damaged or no vocabulary (want a JSON array of strings); save it anew"), err)
}
