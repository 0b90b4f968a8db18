package text

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// ClassData is documents with a class each, a [fastnb.Data] for a classifier. A batch has documents of about the same
// length, padded to one of a few lengths, see Shapes and Lengths: codes [rows, time] int32, padded at the end, and each
// document's number of tokens, [rows] int32.
type ClassData struct {
	docs    *Docs
	conf    dataConfig
	corpora [3]*Corpus
	lengths []int // to which documents are padded
	opened  bool  // with a model, which has learned elsewhere
}

var errNoDocs = errors.New("the documents are nil; FromFolders, FromCSV and FromTexts return some")

// ForClassifier makes data of documents with labels. Its vocabulary is that of the training documents, unless WithVocab
// brings that of a language model, which it should. Of longer documents than MaxLen the end is read; an empty one is
// one xxunk.
func ForClassifier(docs *Docs, opts ...ClassDataOption) (data *ClassData, err error) {
	defer verb.Name(&err, "text: ForClassifier")
	c := defaultData()
	for _, o := range opts {
		o.classData(&c)
	}
	if docs == nil {
		return nil, errNoDocs
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	if len(docs.Classes()) < 2 {
		return nil, fmt.Errorf("the documents are of %d classes (want 2 or more): put each into a folder that is named "+
			"by its class, or name the LabelColumn", len(docs.Classes()))
	}
	d := &ClassData{docs: docs, conf: c}
	if d.corpora, err = d.conf.read(docs, fastnb.Test); err != nil {
		return nil, err
	}
	d.conf.batchSize = min(c.batchSize, docs.Len(fastnb.Train))
	d.lengths = lengthsFor(d.all(), c.shapes)
	return d, nil
}

// all returns the length of every document of all splits.
func (d *ClassData) all() (lengths []int) {
	for s := fastnb.Train; s <= fastnb.Test; s++ {
		for i := range d.Len(s) {
			lengths = append(lengths, len(d.doc(s, i)))
		}
	}
	return lengths
}

// doc returns what is read of a document.
func (d *ClassData) doc(s fastnb.Split, i int) []int32 {
	codes := d.corpora[s].Doc(i)
	if len(codes) == 0 {
		return []int32{d.conf.vocab.unk}
	}
	return codes[max(0, len(codes)-d.conf.maxLen):]
}

// Lengths returns to which numbers of tokens documents are padded, the shortest first.
func (d *ClassData) Lengths() []int { return slices.Clone(d.lengths) }

// Cut returns how many documents of a split are longer than MaxLen, so that only their ends are read.
func (d *ClassData) Cut(s fastnb.Split) int {
	cut := 0
	for i := range d.Len(s) {
		if len(d.corpora[s].Doc(i)) > d.conf.maxLen {
			cut++
		}
	}
	return cut
}

// Len returns the number of documents of a split.
func (d *ClassData) Len(s fastnb.Split) int { return d.docs.Len(s) }

// BatchSize returns the number of rows of a batch.
func (d *ClassData) BatchSize() int { return d.conf.batchSize }

// Batches reads a split, documents of about the same length together. A shuffled pass draws the documents into heaps of
// 50 batches, sorts each heap by length, and shuffles the batches, as fastai does; any other goes from short to long.
func (d *ClassData) Batches(v fastnb.View) iter.Seq2[fastnb.Batch, error] {
	if d.opened && v.Split == fastnb.Train {
		return nothing
	}
	return func(yield func(fastnb.Batch, error) bool) {
		classes := d.docs.Labels(v.Split)
		for _, items := range d.batches(v) {
			if !yield(d.batch(v.Split, items, classes), nil) {
				return
			}
		}
	}
}

// batches returns the documents of each batch.
func (d *ClassData) batches(v fastnb.View) [][]int {
	order, size := v.Order(d.Len(v.Split)), d.conf.batchSize
	heap := len(order)
	if v.Shuffle {
		heap = 50 * size
		order = order[:min(size*v.NumBatches(len(order), size), len(order))]
	}
	var all [][]int
	for items := range slices.Chunk(order, max(heap, 1)) {
		slices.SortStableFunc(items, func(a, b int) int { return len(d.doc(v.Split, a)) - len(d.doc(v.Split, b)) })
		all = slices.AppendSeq(all, slices.Chunk(items, size))
	}
	if v.Shuffle {
		rng := rand.New(rand.NewPCG(v.Seed, 0x434c))
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	}
	return all
}

// batch pads documents to the next of the lengths. The last one fills the rows that are left. classes are the split's
// labels, nil for none.
func (d *ClassData) batch(s fastnb.Split, items, classes []int) fastnb.Batch {
	rows, longest := d.conf.batchSize, 0
	for _, i := range items {
		longest = max(longest, len(d.doc(s, i)))
	}
	place, _ := slices.BinarySearch(d.lengths, longest)
	time := d.lengths[min(place, len(d.lengths)-1)]
	codes, lengths := slices.Repeat([]int32{d.conf.vocab.pad}, rows*time), make([]int32, rows)
	labels := make([]int32, rows)
	for r := range rows {
		i := items[min(r, len(items)-1)]
		lengths[r] = int32(copy(codes[r*time:(r+1)*time], d.doc(s, i)))
		if classes != nil {
			labels[r] = int32(classes[i])
		}
	}
	b := fastnb.Batch{Items: items, Inputs: []*tensors.Tensor{
		tensors.FromFlatDataAndDimensions(codes, rows, time), tensors.FromFlatDataAndDimensions(lengths, rows)}}
	if classes != nil {
		b.Labels = tensors.FromFlatDataAndDimensions(labels, rows)
	}
	return b
}

// lengthsFor returns at most n lengths, multiples of 8, to which documents of these lengths are padded with the least
// padding.
func lengthsFor(lengths []int, n int) []int {
	count := map[int]int{} // documents by their length rounded up
	for _, l := range lengths {
		count[(l+7)/8*8]++
	}
	var sizes []int
	for size := range count {
		sizes = append(sizes, size)
	}
	slices.Sort(sizes)
	return leastPadding(sizes, count, min(n, len(sizes)))
}

// leastPadding chooses n of the sizes, the last among them, such that the documents, each padded to the next chosen
// one, are shortest in sum. cost[k][i] is the least sum for the sizes up to the i-th if that is the k-th chosen.
func leastPadding(sizes []int, count map[int]int, n int) []int {
	upTo := make([]int, len(sizes)+1) // number of documents
	for i, size := range sizes {
		upTo[i+1] = upTo[i] + count[size]
	}
	cost, from := make([][]int, n), make([][]int, n)
	for k := range n {
		cost[k], from[k] = make([]int, len(sizes)), make([]int, len(sizes))
		for i, size := range sizes {
			cost[k][i], from[k][i] = size*upTo[i+1], -1
			for j := 0; k > 0 && j < i; j++ {
				if c := cost[k-1][j] + size*(upTo[i+1]-upTo[j+1]); c < cost[k][i] {
					cost[k][i], from[k][i] = c, j
				}
			}
		}
	}
	var chosen []int
	for i, k := len(sizes)-1, n-1; i >= 0 && k >= 0; i, k = from[k][i], k-1 {
		chosen = append(chosen, sizes[i])
	}
	slices.Reverse(chosen)
	return chosen
}

// Prepare returns codes and lengths as they are.
func (d *ClassData) Prepare(inputs []*graph.Node) []*graph.Node { return inputs }

// Classes returns the names of the classes, sorted.
func (d *ClassData) Classes() []string { return d.docs.Classes() }

// Labels returns the class of every document of a split, nil for Test.
func (d *ClassData) Labels(s fastnb.Split) []int { return d.docs.Labels(s) }

// Names returns a name for every document of a split, its file or its row.
func (d *ClassData) Names(s fastnb.Split) []string { return d.docs.Names(s) }

// Fingerprint changes with the documents, the tokenizer, the vocabulary and MaxLen.
func (d *ClassData) Fingerprint(s fastnb.Split) string {
	return fmt.Sprintf("%s %s %x %d", d.docs.Fingerprint(s), d.conf.tok.Name(), d.conf.vocab.sum(), d.conf.maxLen)
}

// Dir is where models are kept, the documents' Dir.
func (d *ClassData) Dir() string { return d.docs.Dir() }

// Vocab returns the vocabulary.
func (d *ClassData) Vocab() *Vocab { return d.conf.vocab }

// Tokenizer returns what cuts texts into tokens.
func (d *ClassData) Tokenizer() Tokenizer { return d.conf.tok }

// Docs returns the documents.
func (d *ClassData) Docs() *Docs { return d.docs }
