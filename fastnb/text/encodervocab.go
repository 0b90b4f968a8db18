package text

import "fmt"

// EncoderVocab returns the vocabulary of a pretrained encoder as it is: the code of each word is its place, whatever the special
// tokens are; none may come twice. Its tokenizer yields no other words; any other word has code 0.
func EncoderVocab(words []string) (*Vocab, error) {
	v := &Vocab{words: words, codes: make(map[string]int32, len(words))}
	for code, w := range words {
		if first, twice := v.codes[w]; twice {
			return nil, fmt.Errorf("text: EncoderVocab: word %q is both %d and %d", w, first, code)
		}
		v.codes[w] = int32(code)
	}
	return v, nil
}
