package text

import (
	"errors"
	"fmt"

	"github.com/fastnb/fastnb/fastnb"
)

// LMDataOption is an option of [ForLanguageModel]; so is every [DataOption] and [VocabOption].
type LMDataOption interface{ lmData(*dataConfig) }

// ClassDataOption is an option of [ForClassifier]; so is every [DataOption] and [VocabOption].
type ClassDataOption interface{ classData(*dataConfig) }

// DataOption is an option of [ForLanguageModel] and of [ForClassifier].
type DataOption interface {
	lmData(*dataConfig)
	classData(*dataConfig)
}

type dataOption func(*dataConfig)

func (o dataOption) lmData(c *dataConfig)    { o(c) }
func (o dataOption) classData(c *dataConfig) { o(c) }

// BatchOption is an option of [ForLanguageModel] and [ForClassifier], and of [OpenLanguageModel] and [OpenClassifier].
type BatchOption interface {
	lmData(*dataConfig)
	classData(*dataConfig)
	open(*openConfig)
}

type batchOption int

func (o batchOption) lmData(c *dataConfig)    { c.batchSize = int(o) }
func (o batchOption) classData(c *dataConfig) { c.batchSize = int(o) }
func (o batchOption) open(c *openConfig)      { c.batch = &o }

// BatchSize is how many texts are read at once. Default 64, of a model that is opened that of its data. Texts that come
// one at a time are predicted soonest with a small one; the last digits of a prediction depend on it.
func BatchSize(texts int) BatchOption { return batchOption(texts) }

// BPTT (backpropagation through time) is the number of tokens in a window: a language model takes a step after about so
// many, see [Jitter]; in a classifier no gradient flows back further. Default 72, as fastai v2; 0.7 took 70.
func BPTT(tokens int) DataOption { return dataOption(func(c *dataConfig) { c.bptt = tokens }) }

// Jitter varies the lengths of a language model's windows in training, so that they end at other places in each epoch:
// one in twenty is half as long, the others are normal about BPTT with a deviation of 5 tokens, as in fast.ai 0.7,
// rounded to a ninth of BPTT. There are four lengths, for a step is compiled for each. Default true; fastai v2 has
// none.
func Jitter(on bool) LMDataOption { return dataOption(func(c *dataConfig) { c.jitter = on }) }

// MaxLen is how many tokens of a document a classifier reads; of a longer one it reads the last. Default 1440, 20 times
// 72, as fastai v2.
func MaxLen(tokens int) ClassDataOption {
	return dataOption(func(c *dataConfig) { c.maxLen = tokens })
}

// Shapes is the number of different lengths to which a classifier's documents are padded; a step is compiled for each.
// The lengths are chosen so that padding is least. Default 6.
func Shapes(lengths int) ClassDataOption {
	return dataOption(func(c *dataConfig) { c.shapes = lengths })
}

// WithVocab takes a vocabulary in place of that of the training documents: a classifier's is that of its language
// model.
func WithVocab(v *Vocab) DataOption { return dataOption(func(c *dataConfig) { c.vocab = v }) }

// TokenizerOption is an option of [ForLanguageModel] and [ForClassifier], and of [OpenLanguageModel] and
// [OpenClassifier].
type TokenizerOption interface {
	lmData(*dataConfig)
	classData(*dataConfig)
	open(*openConfig)
}

type tokenizerOption struct{ tok Tokenizer }

func (o tokenizerOption) lmData(c *dataConfig)    { c.tok = o.tok }
func (o tokenizerOption) classData(c *dataConfig) { c.tok = o.tok }
func (o tokenizerOption) open(c *openConfig)      { c.tok = o.tok }

// WithTokenizer takes another tokenizer than English; of a model that is opened the one that it was trained with, if
// that is neither English nor Characters.
func WithTokenizer(t Tokenizer) TokenizerOption { return tokenizerOption{t} }

type dataConfig struct {
	batchSize, bptt, maxLen, shapes int
	jitter                          bool
	vocab                           *Vocab
	vocabOpts                       []VocabOption
	tok                             Tokenizer
	net                             *savedNet // of the learner that has the data
}

func defaultData() dataConfig {
	return dataConfig{batchSize: 64, bptt: 72, maxLen: 1440, shapes: 6, jitter: true, tok: English}
}

// check tells what is wrong with options.
func (c dataConfig) check() error {
	switch {
	case c.batchSize < 1 || c.bptt < 1 || c.maxLen < 1 || c.shapes < 1:
		return fmt.Errorf("BatchSize(%d), BPTT(%d), MaxLen(%d), Shapes(%d): want 1 or more of each",
			c.batchSize, c.bptt, c.maxLen, c.shapes)
	case c.tok == nil:
		return errors.New("WithTokenizer(nil); leave it out for English")
	case c.vocab != nil && c.vocabOpts != nil:
		return errors.New("MaxVocab and MinFreq are of a new vocabulary, WithVocab brings one")
	}
	return nil
}

// read makes the vocabulary, if need be, and the corpora of the splits up to last that there are.
func (c *dataConfig) read(docs *Docs, last fastnb.Split) (corpora [3]*Corpus, err error) {
	if c.vocab == nil {
		if c.vocab, err = docs.Vocab(c.tok, c.vocabOpts...); err != nil {
			return corpora, err
		}
	}
	for split := fastnb.Train; split <= last; split++ {
		if docs.Len(split) == 0 {
			continue
		}
		if corpora[split], err = docs.Corpus(split, c.tok, c.vocab); err != nil {
			return corpora, err
		}
	}
	return corpora, nil
}
