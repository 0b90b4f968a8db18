package text

import (
	"errors"
	"slices"

	"github.com/fastnb/fastnb/internal/verb"
)

// EncoderVocab returns the vocabulary of a pretrained encoder as it is: the code of each word is its place, whatever
// the special tokens are; none may come twice. What stands for any other word is the first of xxunk, [UNK], <unk> that
// is there, or else the first word; what fills rows up is xxpad, [PAD] or <pad>.
func EncoderVocab(words []string) (v *Vocab, err error) {
	defer verb.Name(&err, "text: EncoderVocab")
	return encoderVocab(words)
}

func encoderVocab(words []string) (*Vocab, error) {
	if len(words) == 0 {
		return nil, errors.New("no words")
	}
	v := &Vocab{words: slices.Clone(words), encoder: true}
	if err := v.index(func(string) bool { return false }); err != nil {
		return nil, err
	}
	v.unk, v.pad = v.first(Unk, "[UNK]", "<unk>"), v.first(Pad, "[PAD]", "<pad>")
	return v, nil
}

// first returns the code of the first of some words that the vocabulary has, 0 if it has none.
func (v *Vocab) first(words ...string) int32 {
	for _, w := range words {
		if code, ok := v.codes[w]; ok {
			return code
		}
	}
	return 0
}
