package text_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/gomlx/gomlx/core/tensors"
)

// fields has the words between spaces as tokens.
type fields struct{}

func (fields) Name() string               { return "fields" }
func (fields) Tokens(doc string) []string { return strings.Fields(doc) }

// plainLM and plainClass are options for documents of such tokens.
func plainLM(opts ...text.LMDataOption) []text.LMDataOption {
	return append([]text.LMDataOption{text.WithTokenizer(fields{}), text.MinFreq(0)}, opts...)
}

func plainClass(opts ...text.ClassDataOption) []text.ClassDataOption {
	return append([]text.ClassDataOption{text.WithTokenizer(fields{}), text.MinFreq(0)}, opts...)
}

// counted returns n documents of these lengths, in which each word is another.
func counted(lengths ...int) (docs []string) {
	n := 0
	for _, l := range lengths {
		var words []string
		for range l {
			words = append(words, fmt.Sprint("w", n))
			n++
		}
		docs = append(docs, strings.Join(words, " "))
	}
	return docs
}

// lmData makes data of training and validation documents.
func lmData(t testing.TB, train, valid []string, opts ...text.LMDataOption) *text.LMData {
	t.Helper()
	var rows []int
	for i := range valid {
		rows = append(rows, len(train)+i)
	}
	docs, err := text.FromTexts(slices.Concat(train, valid), nil, text.ValidRows(rows), text.WorkDir(t.TempDir()))
	ok(t, err)
	data, err := text.ForLanguageModel(docs, plainLM(opts...)...)
	ok(t, err)
	return data
}

// window is a batch on the host.
type window struct {
	in, out [][]int32
	items   []int
}

func windows(t testing.TB, d *text.LMData, v fastnb.View) (all []window) {
	t.Helper()
	for b, err := range d.Batches(v) {
		ok(t, err)
		all = append(all, window{rowsOf(b.Inputs[0]), rowsOf(b.Labels), b.Items})
	}
	return all
}

func rowsOf(x *tensors.Tensor) [][]int32 {
	return slices.Collect(slices.Chunk(tensors.MustCopyFlatData[int32](x), x.Shape().Dim(1)))
}

// The validation documents come whole and in order: a column for each row, cut into windows, the last one filled up with xxpad, whose
// labels count nothing; labels are the words one place on.
func TestValidWindows(t *testing.T) {
	for _, c := range []struct {
		lengths    []int
		rows, bptt int
	}{
		{[]int{5, 0, 9, 1, 0, 12}, 2, 5},   // 27 words, columns of 13: windows of 5, 5 and 3
		{[]int{26}, 5, 5},                  // columns of 5: one window, whole
		{[]int{10}, 1, 1},                  // a word at a time
		{[]int{3, 4}, 3, 72},               // windows longer than columns
		{[]int{1, 1, 1, 1, 1, 1, 1}, 2, 2}, // each word a document
		{[]int{5000}, 4, 70},               // one huge document
	} {
		d := lmData(t, counted(40), counted(c.lengths...), text.BatchSize(c.rows), text.BPTT(c.bptt))
		stream := d.Corpus(fastnb.Valid).Codes()
		if total := d.Tokens(fastnb.Valid); len(stream) != total {
			t.Errorf("%v: %d tokens, %d codes", c, total, len(stream))
		}
		column := (len(stream) - 1) / c.rows
		all := windows(t, d, fastnb.View{Split: fastnb.Valid})
		if want := (column + c.bptt - 1) / c.bptt; len(all) != want || d.Len(fastnb.Valid) != want*c.rows {
			t.Errorf("%v: %d windows, Len %d (want %d, %d)", c, len(all), d.Len(fastnb.Valid), want, want*c.rows)
		}
		for k, w := range all {
			for r := range c.rows {
				if w.items[r] != k*c.rows+r || len(w.in[r]) != c.bptt {
					t.Fatalf("%v: window %d, row %d: item %d, %d wide", c, k, r, w.items[r], len(w.in[r]))
				}
				for i := range c.bptt {
					in, out, at := int32(1), int32(-1), k*c.bptt+i
					if at < column {
						in, out = stream[r*column+at], stream[r*column+at+1]
					}
					if w.in[r][i] != in || w.out[r][i] != out {
						t.Fatalf("%v: window %d, row %d, place %d: %d then %d, want %d then %d", c, k, r, i, w.in[r][i], w.out[r][i], in, out)
					}
				}
			}
		}
	}
}

// columns joins the windows of a pass: what each row reads, and what comes after its last word.
func columns(all []window) [][]int32 {
	rows := make([][]int32, len(all[0].in))
	for k, w := range all {
		for r := range rows {
			rows[r] = append(rows[r], w.in[r]...)
			if k == len(all)-1 {
				rows[r] = append(rows[r], w.out[r][len(w.out[r])-1])
			}
		}
	}
	return rows
}

// A shuffled pass reads whole documents in another order, each word once but for those after the last whole window, and the labels are
// the next words; so does its next pass, in a third order; the same seed reads the same.
func TestShuffledWindows(t *testing.T) {
	var lengths []int
	for i := range 40 {
		lengths = append(lengths, i%7)
	}
	for _, jitter := range []bool{false, true} {
		d := lmData(t, counted(lengths...), counted(30), text.BatchSize(3), text.BPTT(6), text.Jitter(jitter))
		next := map[int32]int32{} // within documents
		first := map[int32]bool{}
		for i := range 40 {
			doc := d.Corpus(fastnb.Train).Doc(i)
			for k, code := range doc {
				if first[code] = k == 0; k > 0 {
					next[doc[k-1]] = code
				}
			}
		}
		passes := map[string]bool{}
		for seed := range uint64(5) {
			all := windows(t, d, fastnb.View{Split: fastnb.Train, Shuffle: true, Seed: seed})
			if again := windows(t, d, fastnb.View{Split: fastnb.Train, Shuffle: true, Seed: seed}); fmt.Sprint(again) != fmt.Sprint(all) {
				t.Fatalf("seed %d reads two orders", seed)
			}
			seen := map[int32]bool{}
			for _, words := range columns(all) {
				for i, w := range words[:len(words)-1] {
					if seen[w] || w < 2 {
						t.Fatalf("seed %d: word %d comes twice or is no word", seed, w)
					}
					seen[w] = true
					if want, inside := next[w]; inside && words[i+1] != want || !inside && !first[words[i+1]] {
						t.Fatalf("seed %d: after word %d comes %d", seed, w, words[i+1])
					}
				}
			}
			for k, w := range all {
				for r := range w.in {
					if !slices.Equal(w.in[r][1:], w.out[r][:len(w.out[r])-1]) || w.items[r] != k*3+r {
						t.Fatalf("seed %d, window %d, row %d: %v then %v, item %d", seed, k, r, w.in[r], w.out[r], w.items[r])
					}
				}
			}
			passes[fmt.Sprint(all)] = true
		}
		if len(passes) != 5 {
			t.Errorf("5 seeds read %d orders", len(passes))
		}
	}
}

// Jittered windows have four lengths, .05 of them half as long, the others normal about BPTT; an epoch has about as many as Len says and
// never more.
func TestJitter(t *testing.T) {
	const tokens, bptt = 40_000, 72
	d := lmData(t, []string{strings.Repeat("a b c d ", tokens/4)}, counted(100), text.BatchSize(1), text.BPTT(bptt))
	count, all, most := map[int]int{}, 0, d.Len(fastnb.Train)
	for seed := range uint64(20) {
		ws := windows(t, d, fastnb.View{Split: fastnb.Train, Shuffle: true, Seed: seed})
		if len(ws) > most || len(ws) < most-20 {
			t.Errorf("seed %d: %d windows, Len is %d", seed, len(ws), most)
		}
		for _, w := range ws {
			count[len(w.in[0])]++
			all++
		}
	}
	narrow := math.Erf(.8 / math.Sqrt2) // within 4 of BPTT
	for length, p := range map[int]float64{36: .05, 64: .95 * (1 - narrow) / 2, 72: .95 * narrow, 80: .95 * (1 - narrow) / 2} {
		if sd := math.Sqrt(p * (1 - p) * float64(all)); math.Abs(float64(count[length])-p*float64(all)) > 4.5*sd {
			t.Errorf("%d of %d windows of %d words, want %.0f, give or take %.0f", count[length], all, length, p*float64(all), sd)
		}
	}
	if len(count) != 4 {
		t.Errorf("lengths %v, want four", count)
	}
}

// However little text there is, an epoch has a window and no more than Len says.
func TestLittleText(t *testing.T) {
	for _, words := range []int{4, 7, 20, 60, 100, 300, 700} {
		for _, jitter := range []bool{false, true} {
			d := lmData(t, counted(words), counted(10), text.BatchSize(3), text.BPTT(20), text.Jitter(jitter))
			for seed := range uint64(30) {
				ws := windows(t, d, fastnb.View{Split: fastnb.Train, Shuffle: true, Seed: seed})
				if n := len(ws); n < 1 || n*3 > d.Len(fastnb.Train) {
					t.Fatalf("%d words, seed %d: %d windows, Len is %d", words, seed, n, d.Len(fastnb.Train))
				}
				for _, w := range ws {
					if slices.Contains(w.out[0], -1) {
						t.Fatalf("%d words: padding in training: %v", words, w.out)
					}
				}
			}
		}
	}
}

func TestWrongLMData(t *testing.T) {
	docs, err := text.FromTexts(counted(9, 30), nil, text.ValidRows([]int{0}), text.WorkDir(t.TempDir()))
	ok(t, err)
	vocab, err := docs.Vocab(fields{})
	ok(t, err)
	for _, c := range []struct {
		docs  *text.Docs
		opts  []text.LMDataOption
		words []string
	}{
		{nil, nil, []string{"the documents are nil"}},
		{docs, plainLM(text.BatchSize(9)), []string{"the valid documents have 9 tokens", "batches of 9 rows", "a smaller BatchSize"}},
		{docs, plainLM(text.BatchSize(0)), []string{"BatchSize(0)"}},
		{docs, plainLM(text.BPTT(-1)), []string{"BPTT(-1)"}},
		{docs, []text.LMDataOption{text.WithTokenizer(nil)}, []string{"WithTokenizer(nil)", "English"}},
		{docs, plainLM(text.WithVocab(vocab)), []string{"MinFreq", "WithVocab"}},
		{docs, []text.LMDataOption{text.MaxVocab(2)}, []string{"MaxVocab(2)"}},
	} {
		wrong(t, errorOf(text.ForLanguageModel(c.docs, c.opts...)), append(c.words, "text: ForLanguageModel: ")...)
	}
	d := lmData(t, counted(50), counted(9), text.BatchSize(8))
	if n := len(windows(t, d, fastnb.View{Split: fastnb.Valid})); n != 1 {
		t.Errorf("9 tokens in 8 rows: %d windows", n)
	}
	if d.Len(fastnb.Test) != 0 || len(windows(t, d, fastnb.View{Split: fastnb.Test})) != 0 || d.Tokens(fastnb.Test) != 0 || d.Tokens(9) != 0 {
		t.Error("there is a test split")
	}
}

// What changes the windows changes the fingerprint.
func TestLMFingerprint(t *testing.T) {
	seen := map[string]string{}
	for name, opts := range map[string][]text.LMDataOption{
		"plain": nil, "rows": {text.BatchSize(3)}, "bptt": {text.BPTT(7)}, "jitter": {text.Jitter(false)}, "vocabulary": {text.MinFreq(2)},
	} {
		f := lmData(t, counted(100), counted(80), append([]text.LMDataOption{text.BatchSize(2)}, opts...)...).Fingerprint(fastnb.Train)
		if other := seen[f]; other != "" {
			t.Errorf("%s and %s have one fingerprint", name, other)
		}
		seen[f] = name
	}
}
