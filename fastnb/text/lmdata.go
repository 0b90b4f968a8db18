package text

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"sort"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// LMData is text for a language model, a [fastnb.Data]: all documents of a split one after the other, cut into as many
// columns as a batch has rows. A batch is a window of every column, and its labels are the same words one place on; the
// next batch goes on where it ends. An item is a row of a window. In training the documents come in another order in
// each epoch.
type LMData struct {
	docs    *Docs
	conf    dataConfig
	corpora [3]*Corpus
	opened  bool // with a model, which has learned elsewhere
}

// ForLanguageModel makes data of documents, whose labels don't matter. The vocabulary is that of the training
// documents, unless WithVocab says otherwise. An error if a split has too few words for a window of every column.
func ForLanguageModel(docs *Docs, opts ...LMDataOption) (data *LMData, err error) {
	defer verb.Name(&err, "text: ForLanguageModel")
	c := defaultData()
	for _, o := range opts {
		o.lmData(&c)
	}
	if docs == nil {
		return nil, errNoDocs
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	d := &LMData{docs: docs, conf: c}
	if d.corpora, err = d.conf.read(docs, fastnb.Valid); err != nil {
		return nil, err
	}
	for split, corpus := range d.corpora {
		if corpus != nil && d.column(fastnb.Split(split)) < 1 {
			return nil, fmt.Errorf("the %s documents have %d tokens, too few for batches of %d rows; give more text or a "+
				"smaller BatchSize", fastnb.Split(split), len(corpus.Codes()), c.batchSize)
		}
	}
	return d, nil
}

// column returns the number of words of a column that have a next one.
func (d *LMData) column(s fastnb.Split) int {
	if d.corpora[s] == nil {
		return 0
	}
	return (len(d.corpora[s].Codes()) - 1) / d.conf.batchSize
}

// windows returns how many batches a pass over a split has: in training only whole windows, if there is one.
func (d *LMData) windows(s fastnb.Split) int {
	n, length := d.column(s), float64(d.conf.bptt)
	if s != fastnb.Train {
		return (n + d.conf.bptt - 1) / d.conf.bptt
	}
	if d.conf.jitter {
		length *= .975
	}
	return max(int(float64(n)/length), min(n, 1))
}

// Len returns the number of items: of windows times rows. It is what an epoch has in the mean.
func (d *LMData) Len(s fastnb.Split) int { return d.windows(s) * d.conf.batchSize }

// BatchSize returns the number of rows of a batch.
func (d *LMData) BatchSize() int { return d.conf.batchSize }

// Tokens returns the number of tokens of a split.
func (d *LMData) Tokens(s fastnb.Split) int {
	if s < fastnb.Train || s > fastnb.Test || d.corpora[s] == nil {
		return 0
	}
	return len(d.corpora[s].Codes())
}

// Batches reads a split: inputs [rows, time] int32, labels the same one word on, -1 where there is none.
func (d *LMData) Batches(v fastnb.View) iter.Seq2[fastnb.Batch, error] {
	if d.opened && v.Split == fastnb.Train {
		return nothing
	}
	return func(yield func(fastnb.Batch, error) bool) {
		if d.corpora[v.Split] == nil {
			return
		}
		text := newStream(d.corpora[v.Split], v)
		from, item := 0, 0
		for _, length := range d.lengths(v) {
			if !yield(d.window(text, v.Split, from, length, item), nil) {
				return
			}
			from, item = from+length, item+d.conf.batchSize
		}
	}
}

// window cuts a batch out of all columns.
func (d *LMData) window(text stream, s fastnb.Split, from, length, item int) fastnb.Batch {
	rows, column := d.conf.batchSize, d.column(s)
	codes, labels, items := make([]int32, rows*length), make([]int32, rows*length), make([]int, rows)
	for r := range rows {
		in, out := codes[r*length:(r+1)*length], labels[r*length:(r+1)*length]
		n := min(length, column-from)
		text.read(in[:n], r*column+from)
		text.read(out[:n], r*column+from+1)
		for k := n; k < length; k++ {
			in[k], out[k] = d.conf.vocab.pad, -1
		}
		items[r] = item + r
	}
	return fastnb.Batch{
		Inputs: []*tensors.Tensor{tensors.FromFlatDataAndDimensions(codes, rows, length)},
		Labels: tensors.FromFlatDataAndDimensions(labels, rows, length), Items: items,
	}
}

// lengths returns those of a pass's windows.
func (d *LMData) lengths(v fastnb.View) []int {
	rng := rand.New(rand.NewPCG(v.Seed, 0x4c4d))
	var all []int
	for left, n := d.column(v.Split), d.windows(v.Split); left > 0 && len(all) < n; {
		length := d.conf.bptt
		if v.Shuffle && d.conf.jitter {
			length = jitter(length, rng)
		}
		if v.Shuffle && length > left {
			length = left
			if len(all) > 0 { // part of a window would be one more shape
				break
			}
		}
		all = append(all, length)
		left -= length
	}
	return all
}

// jitter draws a window's length.
func jitter(bptt int, rng *rand.Rand) int {
	if rng.Float64() >= .95 {
		return max(bptt/2, 1)
	}
	step := max(bptt/9, 1)
	off := math.Round(rng.NormFloat64() * 5 / float64(step))
	return max(bptt+int(max(min(off, 1), -1))*step, 1)
}

// stream is a split's documents in some order, one after the other.
type stream struct {
	corpus *Corpus
	order  []int
	starts []int // of each document in the stream, and its end
}

func newStream(c *Corpus, v fastnb.View) stream {
	s := stream{c, v.Order(c.Len()), make([]int, c.Len()+1)}
	for i, doc := range s.order {
		s.starts[i+1] = s.starts[i] + len(c.Doc(doc))
	}
	return s
}

// read copies words from the given place on.
func (s stream) read(to []int32, from int) {
	for i := sort.SearchInts(s.starts, from+1) - 1; len(to) > 0; i++ {
		n := copy(to, s.corpus.Doc(s.order[i])[from-s.starts[i]:])
		to, from = to[n:], from+n
	}
}

// Prepare returns the codes as they are.
func (d *LMData) Prepare(inputs []*graph.Node) []*graph.Node { return inputs }

// Classes is nil: the words are too many to be listed with every prediction. See Vocab.
func (d *LMData) Classes() []string { return nil }

// Labels is nil: an item has many.
func (d *LMData) Labels(fastnb.Split) []int { return nil }

// Names returns the number of each item.
func (d *LMData) Names(s fastnb.Split) []string {
	names := make([]string, d.Len(s))
	for i := range names {
		names[i] = fmt.Sprintf("window %d, row %d", i/d.conf.batchSize, i%d.conf.batchSize)
	}
	return names
}

// Fingerprint changes with the documents, the tokenizer, the vocabulary and the windows.
func (d *LMData) Fingerprint(s fastnb.Split) string {
	c := d.conf
	return fmt.Sprintf("%s %s %x %d %d %t",
		d.docs.Fingerprint(s), c.tok.Name(), c.vocab.sum(), c.batchSize, c.bptt, c.jitter)
}

// Dir is where models are kept, the documents' Dir.
func (d *LMData) Dir() string { return d.docs.Dir() }

// Vocab returns the vocabulary.
func (d *LMData) Vocab() *Vocab { return d.conf.vocab }

// Tokenizer returns what cuts texts into tokens.
func (d *LMData) Tokenizer() Tokenizer { return d.conf.tok }

// Docs returns the documents.
func (d *LMData) Docs() *Docs { return d.docs }

// Corpus returns a split's documents in numbers, nil where there are none.
func (d *LMData) Corpus(s fastnb.Split) *Corpus { return d.corpora[s] }
