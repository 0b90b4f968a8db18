package text_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/gomlx/gomlx/core/tensors"
)

// classData makes data of documents of these lengths, every third of them for validation, of two classes in turn.
func classData(t testing.TB, lengths []int, opts ...text.ClassDataOption) *text.ClassData {
	t.Helper()
	var labels []string
	var valid []int
	for i := range lengths {
		labels = append(labels, []string{"even", "odd"}[i/3%2])
		if i%3 == 2 {
			valid = append(valid, i)
		}
	}
	docs, err := text.FromTexts(counted(lengths...), labels, text.ValidRows(valid), text.WorkDir(t.TempDir()))
	ok(t, err)
	data, err := text.ForClassifier(docs, plainClass(opts...)...)
	ok(t, err)
	return data
}

// somewhere returns n lengths from 0 up to most.
func somewhere(seed uint64, n, most int) []int {
	rng := rand.New(rand.NewPCG(seed, 0))
	lengths := make([]int, n)
	for i := range lengths {
		lengths[i] = rng.IntN(most + 1)
	}
	return lengths
}

// docBatch is a batch of documents on the host.
type docBatch struct {
	codes           [][]int32
	lengths, labels []int32
	items           []int
}

func docBatches(t testing.TB, d *text.ClassData, v fastnb.View) (all []docBatch) {
	t.Helper()
	for b, err := range d.Batches(v) {
		ok(t, err)
		one := docBatch{codes: rowsOf(b.Inputs[0]), lengths: tensors.MustCopyFlatData[int32](b.Inputs[1]), items: b.Items}
		if b.Labels != nil {
			one.labels = tensors.MustCopyFlatData[int32](b.Labels)
		}
		all = append(all, one)
	}
	return all
}

// whole wants each row of a batch to be the end of its document, padded behind to one of the lengths, with its label; rows that are left
// over repeat the last one.
func whole(t *testing.T, d *text.ClassData, s fastnb.Split, b docBatch, maxLen int) {
	t.Helper()
	corpus, err := d.Docs().Corpus(s, d.Tokenizer(), d.Vocab())
	ok(t, err)
	if len(b.codes) != d.BatchSize() || !slices.Contains(d.Lengths(), len(b.codes[0])) {
		t.Fatalf("a batch of %d rows, %d wide; lengths are %v", len(b.codes), len(b.codes[0]), d.Lengths())
	}
	for r, row := range b.codes {
		item := b.items[min(r, len(b.items)-1)]
		doc := corpus.Doc(item)
		doc = doc[max(0, len(doc)-maxLen):]
		if len(doc) == 0 {
			doc = []int32{0}
		}
		want := append(slices.Clone(doc), slices.Repeat([]int32{1}, len(row)-len(doc))...)
		if !slices.Equal(row, want) || int(b.lengths[r]) != len(doc) {
			t.Fatalf("item %d: %v of length %d, want %v", item, row, b.lengths[r], want)
		}
		if labels := d.Labels(s); labels != nil && int(b.labels[r]) != labels[item] || labels == nil && b.labels != nil {
			t.Fatalf("item %d: label %v", item, b.labels)
		}
	}
}

// A pass has every document once, from short to long, padded at its end; a shuffled one has all but the ragged rest.
func TestClassBatches(t *testing.T) {
	d := classData(t, somewhere(1, 300, 60), text.BatchSize(16), text.Shapes(4))
	for _, v := range []fastnb.View{{Split: fastnb.Train}, {Split: fastnb.Valid}, {Split: fastnb.Train, Shuffle: true, Seed: 3}} {
		var items []int
		shortest := 0
		for _, b := range docBatches(t, d, v) {
			whole(t, d, v.Split, b, 1440)
			items = append(items, b.items...)
			if !v.Shuffle && (!slices.IsSorted(b.lengths) || int(b.lengths[0]) < shortest) {
				t.Errorf("lengths %v after %d", b.lengths, shortest)
			}
			shortest = int(b.lengths[0])
		}
		n := d.Len(v.Split)
		if v.Shuffle {
			n -= n % 16
		}
		slices.Sort(items)
		if len(items) != n || len(slices.Compact(items)) != n {
			t.Errorf("%v: %d documents, %d different, want %d", v, len(items), len(slices.Compact(items)), n)
		}
	}
}

// A shuffled pass sorts heaps of 50 batches by length, so that a batch has alike lengths, and shuffles the batches: the same seed alike,
// another otherwise.
func TestHeaps(t *testing.T) {
	const size = 2
	d := classData(t, somewhere(2, 450, 200), text.BatchSize(size)) // 300 to train on: three heaps
	order := func(seed uint64) (all [][]int) {
		for _, b := range docBatches(t, d, fastnb.View{Split: fastnb.Train, Shuffle: true, Seed: seed}) {
			all = append(all, b.items)
		}
		return all
	}
	one := order(5)
	if fmt.Sprint(one) != fmt.Sprint(order(5)) || fmt.Sprint(one) == fmt.Sprint(order(6)) {
		t.Error("a seed is two orders, or two seeds one")
	}
	drawn := fastnb.View{Split: fastnb.Train, Shuffle: true, Seed: 5}.Order(300)
	heap := map[int]int{}
	for i, item := range drawn {
		heap[item] = i / (50 * size)
	}
	apart, first := 0, map[int]bool{}
	for i, b := range one {
		if heap[b[0]] != heap[b[1]] {
			t.Errorf("batch %v is of heaps %d and %d", b, heap[b[0]], heap[b[1]])
		}
		if i < 50 {
			first[heap[b[0]]] = true
		}
	}
	for _, b := range docBatches(t, d, fastnb.View{Split: fastnb.Train, Shuffle: true, Seed: 5}) {
		apart += int(b.lengths[1] - b.lengths[0])
	}
	if mean := float64(apart) / 150; mean > 200./50 {
		t.Errorf("two documents of a batch are %.1f tokens apart in the mean", mean)
	}
	if len(first) != 3 {
		t.Errorf("the first 50 batches are of heaps %v", first)
	}
}

// Documents are padded to at most so many lengths as Shapes says, and no other choice of them pads less.
func TestShapes(t *testing.T) {
	for seed := range uint64(6) {
		lengths := somewhere(seed, 60, 90)
		for _, n := range []int{1, 2, 3, 20} {
			d := classData(t, lengths, text.Shapes(n), text.BatchSize(4))
			if got := d.Lengths(); len(got) > n || !slices.IsSorted(got) || padded(lengths, got) != leastPadded(lengths, n) {
				t.Errorf("seed %d, Shapes(%d): lengths %v pad to %d, want %d", seed, n, got, padded(lengths, got), leastPadded(lengths, n))
			}
		}
	}
}

// padded is how many tokens documents have with padding to the next of the sizes.
func padded(lengths, sizes []int) (sum int) {
	for _, l := range lengths {
		at, _ := slices.BinarySearch(sizes, max(l, 1))
		if at == len(sizes) {
			return -1
		}
		sum += sizes[at]
	}
	return sum
}

// leastPadded tries all choices of up to n multiples of 8.
func leastPadded(lengths []int, n int) int {
	var all []int
	for size := 8; size < slices.Max(lengths)+8; size += 8 {
		all = append(all, size)
	}
	best := -1
	for choice := range 1 << len(all) {
		var sizes []int
		for k, size := range all {
			if choice>>k&1 == 1 {
				sizes = append(sizes, size)
			}
		}
		if sum := padded(lengths, sizes); len(sizes) <= n && sum >= 0 && (best < 0 || sum < best) {
			best = sum
		}
	}
	return best
}

// Of longer documents the end is read, and Cut counts them.
func TestMaxLen(t *testing.T) {
	d := classData(t, []int{5, 30, 31, 10, 11, 12, 0, 9, 10}, text.MaxLen(10), text.BatchSize(2))
	for _, s := range []fastnb.Split{fastnb.Train, fastnb.Valid} {
		for _, b := range docBatches(t, d, fastnb.View{Split: s}) {
			whole(t, d, s, b, 10)
		}
	}
	if train, valid := d.Cut(fastnb.Train), d.Cut(fastnb.Valid); train != 2 || valid != 2 {
		t.Errorf("%d and %d documents are cut, want 2 and 2", train, valid)
	}
	if l := d.Lengths(); l[len(l)-1] > 16 {
		t.Errorf("padded to %v", l)
	}
}

// A batch is never larger than the training documents are many; documents of a test split have no labels.
func TestFewDocuments(t *testing.T) {
	d := classData(t, []int{4, 7, 2, 9, 5, 1})
	if d.BatchSize() != 4 || d.Len(fastnb.Test) != 0 {
		t.Errorf("batches of %d", d.BatchSize())
	}
	for _, v := range []fastnb.View{{Split: fastnb.Valid}, {Split: fastnb.Valid, Shuffle: true}, {Split: fastnb.Train, Shuffle: true}} {
		bs := docBatches(t, d, v)
		if len(bs) != 1 || len(bs[0].items) != d.Len(v.Split) {
			t.Fatalf("%v: %v", v, bs)
		}
		whole(t, d, v.Split, bs[0], 1440)
	}
	root := imdb(t)
	docs, err := text.FromFolders(root, text.TrainIn("train"), text.ValidIn("test"), text.TestIn("train/unsup"), text.ClassFolders("neg", "pos", "unsup"))
	ok(t, err)
	d, err = text.ForClassifier(docs, text.BatchSize(4))
	ok(t, err)
	n := 0
	for _, b := range docBatches(t, d, fastnb.View{Split: fastnb.Test}) {
		whole(t, d, fastnb.Test, b, 1440)
		n += len(b.items)
	}
	if n != 6 || d.Labels(fastnb.Test) != nil {
		t.Errorf("%d documents to predict, labels %v", n, d.Labels(fastnb.Test))
	}
}

func TestWrongClassData(t *testing.T) {
	one, err := text.FromTexts([]string{"a", "b"}, []string{"x", "x"}, text.WorkDir(t.TempDir()))
	ok(t, err)
	none, err := text.FromTexts([]string{"a", "b"}, nil, text.WorkDir(t.TempDir()))
	ok(t, err)
	for _, c := range []struct {
		docs  *text.Docs
		opts  []text.ClassDataOption
		words []string
	}{
		{nil, nil, []string{"the documents are nil"}},
		{one, nil, []string{"1 classes (want 2 or more)", "LabelColumn"}},
		{none, nil, []string{"0 classes (want 2 or more)"}},
		{one, []text.ClassDataOption{text.Shapes(0)}, []string{"Shapes(0)"}},
		{one, []text.ClassDataOption{text.MaxLen(0)}, []string{"MaxLen(0)"}},
	} {
		wrong(t, errorOf(text.ForClassifier(c.docs, c.opts...)), append(c.words, "text: ForClassifier: ")...)
	}
}

// A vocabulary may be smaller than a batch, and than the special tokens: what it does not know is xxunk.
func TestSmallVocab(t *testing.T) {
	vocab, err := text.NewVocab([]string{text.Unk, text.Pad, "w3"})
	ok(t, err)
	docs, err := text.FromTexts(counted(3, 4, 2, 6), strings.Fields("a b a b"), text.ValidRows([]int{3}), text.WorkDir(t.TempDir()))
	ok(t, err)
	d, err := text.ForClassifier(docs, text.WithTokenizer(fields{}), text.WithVocab(vocab))
	ok(t, err)
	bs := docBatches(t, d, fastnb.View{Split: fastnb.Train})
	if got := fmt.Sprint(bs[0].codes); !strings.Contains(got, "[2 0 0 0 1 1 1 1]") {
		t.Errorf("codes %s", got)
	}
}
