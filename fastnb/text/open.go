package text

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/fastnb/fastnb/internal/verb"
)

// OpenOption is an option of [OpenClassifier] and [OpenLanguageModel]: [On], [With], [WithTokenizer] and [BatchSize].
type OpenOption interface{ open(*openConfig) }

type openConfig struct {
	domain.Settings
	tok   Tokenizer    // nil: the built-in one of that name
	batch *batchOption // nil: that of the file
}

// OpenClassifier returns a classifier for predicting where its documents are not, of [NewClassifier] or
// [NewTransformer]: path is a checkpoint's file, models/NAME.safetensors under the data's Dir. It holds all that
// PredictTexts needs: net, vocabulary, classes, MaxLen and the tokenizer's name; a tokenizer that is neither English
// nor Characters, such as those of package subword, is given by WithTokenizer. The predictions are the same, bit for
// bit. It has no documents to learn from until SetData gives it some; its Docs are placeholders.
//
// The error wraps fastnb.ErrNoCheckpoint or fastnb.ErrBadCheckpoint, of a file, too, that was saved before models could
// be opened: loaded into a learner with its data and saved anew, it can be.
func OpenClassifier(path string, opts ...OpenOption) (l *Classifier, err error) {
	defer verb.Name(&err, "text: OpenClassifier")
	b, c, err := readModel(path, opts)
	if err != nil {
		return nil, err
	}
	data, err := b.classData(c, path)
	if err != nil {
		return nil, err
	}
	if l, err = b.Net.classifier(data, c.Settings); err != nil {
		return nil, err
	}
	if err := load(l.Learner, path); err != nil {
		return nil, err
	}
	l.data.opened = true
	return l, nil
}

// OpenLanguageModel is [OpenClassifier] of a language model that [NewLanguageModel] has made: it writes and tells next
// words. One of [NewNet] can't be opened, as the file does not hold its graph function; the error says so.
func OpenLanguageModel(path string, opts ...OpenOption) (l *LanguageModel, err error) {
	defer verb.Name(&err, "text: OpenLanguageModel")
	b, c, err := readModel(path, opts)
	if err != nil {
		return nil, err
	}
	data, err := b.lmData(c, path)
	if err != nil {
		return nil, err
	}
	if l, err = b.Net.learnerConfig(c.Settings).newLanguageModel(data); err != nil {
		return nil, err
	}
	if err := load(l.Learner, path); err != nil {
		return nil, err
	}
	l.data.opened = true
	return l, nil
}

// load reads the weights. Activations that were kept are not those of what is predicted here.
func load(l *fastnb.Learner, path string) error {
	if err := l.LoadFile(path); err != nil {
		return err
	}
	return l.Precompute(false)
}

// readModel reads what belongs to the model in a checkpoint's file.
func readModel(path string, opts []OpenOption) (b belongings, c openConfig, err error) {
	for _, o := range opts {
		o.open(&c)
	}
	if c.batch != nil && *c.batch < 1 {
		return b, c, fmt.Errorf("BatchSize(%d) (want 1 or more)", *c.batch)
	}
	text, err := fastnb.ReadFitted(path)
	if err != nil {
		return b, c, err
	}
	if b, err = readBelongings(text); err == nil {
		err = b.checkNet()
	}
	if err != nil {
		return b, c, fmt.Errorf("%s: %w: %w", path, fastnb.ErrBadCheckpoint, err)
	}
	if c.tok, err = b.tokenizer(c.tok); err != nil {
		return b, c, fmt.Errorf("%s: %w", path, err)
	}
	if c.batch != nil {
		b.BatchSize = int(*c.batch)
	}
	return b, c, nil
}

// checkNet tells why the net can't be made anew.
func (b belongings) checkNet() error {
	switch {
	case b.Net == nil:
		return errors.New("it was saved before models could be opened and lacks the net's sizes; load it into a learner " +
			"with its data and save it anew")
	case b.Net.Own != "":
		return fmt.Errorf("it is of %s, a net of one's own, whose graph function no file holds; make the learner by NewNet, "+
			"with its data, and Load it", b.Net.Own)
	case b.Net.AWD == nil && b.Net.BERT == nil || b.BatchSize < 1 || b.BPTT < 1:
		return errors.New("it is of a later version of fastnb, or damaged")
	}
	return nil
}

// tokenizer returns the one that cut the model's texts: the one that is given, or a built-in one.
func (b belongings) tokenizer(given Tokenizer) (Tokenizer, error) {
	if given != nil {
		if name := given.Name(); name != b.Tokenizer {
			return nil, fmt.Errorf("its tokenizer is %q, the one given %q; give it WithTokenizer, of what it has learned",
				b.Tokenizer, name)
		}
		return given, nil
	}
	builtIn := []Tokenizer{English, Characters}
	i := slices.IndexFunc(builtIn, func(t Tokenizer) bool { return t.Name() == b.Tokenizer })
	switch {
	case i >= 0:
		return builtIn[i], nil
	case strings.HasPrefix(b.Tokenizer, "wordpiece "):
		return nil, fmt.Errorf("its tokenizer is %q, which subword.Open reads; give it by WithTokenizer", b.Tokenizer)
	}
	return nil, fmt.Errorf("its tokenizer, %q, is none of this package; give it by WithTokenizer", b.Tokenizer)
}

// vocab returns the vocabulary.
func (b belongings) vocab() (*Vocab, error) {
	if b.Encoder {
		return encoderVocab(b.Words)
	}
	return newVocab(b.Words)
}

// dataConfig is that of the model's data.
func (b belongings) dataConfig(tok Tokenizer) (dataConfig, error) {
	vocab, err := b.vocab()
	c := defaultData()
	c.vocab, c.tok, c.batchSize, c.bptt = vocab, tok, b.BatchSize, b.BPTT
	return c, err
}

// classData are placeholders for the documents that a classifier has learned from: a batch of empty ones.
func (b belongings) classData(c openConfig, path string) (*ClassData, error) {
	if len(b.Classes) < 2 || b.MaxLen < 1 || len(b.Lengths) == 0 {
		return nil, fmt.Errorf("%s: %w: it is a language model's; OpenLanguageModel opens it", path, fastnb.ErrBadCheckpoint)
	}
	conf, err := b.dataConfig(c.tok)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, fastnb.ErrBadCheckpoint, err)
	}
	conf.maxLen = b.MaxLen
	docs := placeholders(path, b.BatchSize, b.Classes)
	return &ClassData{docs: docs, conf: conf, corpora: [3]*Corpus{emptyCorpus(b.BatchSize)}, lengths: b.Lengths}, nil
}

// lmData are placeholders for the text that a language model has learned from: a window of a word in every column.
func (b belongings) lmData(c openConfig, path string) (*LMData, error) {
	if b.Classes != nil || b.Net.AWD == nil {
		return nil, fmt.Errorf("%s: %w: it is a classifier's; OpenClassifier opens it", path, fastnb.ErrBadCheckpoint)
	}
	conf, err := b.dataConfig(c.tok)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, fastnb.ErrBadCheckpoint, err)
	}
	n := b.BatchSize + 1
	words := &Corpus{codes: slices.Repeat([]int32{conf.vocab.unk}, n), starts: []int64{0, int64(n)}}
	return &LMData{docs: placeholders(path, 1, nil), conf: conf, corpora: [3]*Corpus{words}}, nil
}

// placeholders are n empty documents, whose Dir is that of a checkpoint's file.
func placeholders(path string, n int, classes []string) *Docs {
	d := &Docs{
		from: memory(make([]string, n)), conf: docsConfig{workDir: domain.DirOf(path), workers: 1}, classes: classes,
		sums: &contents{},
	}
	for i := range n {
		empty := doc{name: fmt.Sprintf("placeholder %d", i), at: int64(i), state: sumOf(nil)}
		if classes != nil {
			empty.class = classes[0]
		}
		d.splits[fastnb.Train] = append(d.splits[fastnb.Train], empty)
	}
	return d
}

func emptyCorpus(n int) *Corpus { return &Corpus{starts: make([]int64, n+1)} }

// classifier returns a learner of the net.
func (n *savedNet) classifier(data *ClassData, s domain.Settings) (*Classifier, error) {
	if n.BERT != nil {
		return transformerConfig{encoder: *n.BERT, ps: n.Ps, Settings: s}.newClassifier(data)
	}
	return n.learnerConfig(s).newClassifier(data)
}

func (n *savedNet) learnerConfig(s domain.Settings) learnerConfig {
	return learnerConfig{Settings: s, net: *n.AWD, dropMult: 1, ar: n.AR, tar: n.TAR, layers: n.Layers, ps: n.Ps}
}

var errNothing = errors.New("there is nothing to learn from, as the model was opened without its data; " +
	"SetData gives it some")

// nothing is what an opened model reads of its training split.
func nothing(yield func(fastnb.Batch, error) bool) { yield(fastnb.Batch{}, errNothing) }
