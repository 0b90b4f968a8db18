package bow

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantError checks that an error begins with where it came from and says what to do.
func wantError(t *testing.T, err error, prefix, want string) {
	t.Helper()
	if err == nil || !strings.HasPrefix(err.Error(), prefix) || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want one that begins with %q and has %q", err, prefix, want)
	}
}

// truth is what scikit-learn makes of invented documents: testdata/sklearn_nbsvm.py.
type truth struct {
	Classes    int
	Counts     bool
	C          float64
	MinDocs    int `json:"min_docs"`
	Train      Codes
	Labels     []int
	Test       Codes
	TestLabels []int                  `json:"test_labels"`
	Sum        map[string]float64     // of each term's column
	Ratio      map[string]float64     // of class 1 to the rest
	Scores     map[string][][]float64 // [method][class][test document]
}

func (c truth) options() []TrainOption {
	return []TrainOption{NGrams(3), Counts(c.Counts), MinDocs(c.MinDocs), C(c.C), Tolerance(1e-9), Passes(100000)}
}

func (c truth) terms(t *testing.T) (*Terms, *Matrix) {
	t.Helper()
	terms, err := FindTerms(c.Train, NGrams(3), Counts(c.Counts), MinDocs(c.MinDocs))
	check(t, err)
	return terms, terms.Matrix(c.Train)
}

func truths(t *testing.T) (all []truth) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "testdata", "sklearn_nbsvm.json"))
	check(t, err)
	check(t, json.Unmarshal(data, &all))
	if len(all) != 3 {
		t.Fatalf("%d cases (want 3)", len(all))
	}
	return all
}

func name(codes []int32) string { return strings.Trim(fmt.Sprint(codes), "[]") }

func TestTermsAndRatioAreSklearns(t *testing.T) {
	for i, c := range truths(t) {
		terms, x := c.terms(t)
		if terms.Len() != len(c.Sum) {
			t.Errorf("case %d: %d terms, want %d", i, terms.Len(), len(c.Sum))
		}
		sum := make([]float64, terms.Len())
		for row := range x.Rows() {
			cols, values := x.Row(row)
			for k, j := range cols {
				if values == nil {
					sum[j]++
				} else {
					sum[j] += float64(values[k])
				}
			}
		}
		r, _, err := LogCountRatio(x, c.Labels, 1)
		check(t, err)
		for j := range terms.Len() {
			term := name(terms.Codes(j))
			if sum[j] != c.Sum[term] {
				t.Errorf("case %d: %q is in %g entries, want %g", i, term, sum[j], c.Sum[term])
			}
			if !(math.Abs(r[j]-c.Ratio[term]) < 1e-10) {
				t.Errorf("case %d: ratio of %q is %g, want %g", i, term, r[j], c.Ratio[term])
			}
		}
	}
}

func TestScoresAreSklearns(t *testing.T) {
	for i, c := range truths(t) {
		for _, method := range Methods() {
			want, known := c.Scores[method.String()]
			if !known {
				continue
			}
			m, err := Train(c.Train, c.Labels, append(c.options(), method, Prior(0))...)
			check(t, err)
			for doc, scores := range m.Scores(c.Test) {
				for class, got := range scores {
					if c.Classes == 2 && class == 0 {
						continue // the other one's turned about; sklearn's own fit is the same but for the bias' rounding
					}
					if !(math.Abs(got-want[class][doc]) < 2e-6*(1+math.Abs(got))) {
						t.Fatalf("case %d, %s: score of document %d for class %d is %.9g, want %.9g", i, method, doc, class, got, want[class][doc])
					}
				}
			}
		}
		if len(c.Scores) != 5 {
			t.Errorf("case %d: scores of %d methods (want 5)", i, len(c.Scores))
		}
	}
}

// With C so small that documents count for nothing, the weights are the prior's: naive Bayes' predictions but for its bias.
func TestPriorIsNaiveBayes(t *testing.T) {
	c := truths(t)[0]
	_, x := c.terms(t)
	r, _, err := LogCountRatio(x, c.Labels, 1)
	check(t, err)
	w, b, err := Linear(x, c.Labels, 1, Scale(r), Prior(.25), C(1e-9))
	check(t, err)
	for j, v := range w {
		if !(math.Abs(v-.25) < 1e-5) || !(math.Abs(b) < 1e-5) {
			t.Fatalf("w[%d] is %g, b %g, want .25 and 0", j, v, b)
		}
	}
	scaled, err := Train(c.Train, c.Labels, append(c.options(), NBSVM, Beta(0))...)
	check(t, err)
	ratio := float64(scaled.weights[0][0]) / r[0]
	for j := range r {
		if !(math.Abs(float64(scaled.weights[0][j])-ratio*r[j]) < 1e-6) || ratio <= 0 {
			t.Fatalf("Beta(0): weight of term %d is %g, want %g times its ratio %g", j, scaled.weights[0][j], ratio, r[j])
		}
	}
}

// The gradient of what Linear makes least is 0 where it ends, the prior counted in.
func TestLinearIsAtTheMinimum(t *testing.T) {
	c := truths(t)[1]
	_, x := c.terms(t)
	r, _, err := LogCountRatio(x, c.Labels, 1)
	check(t, err)
	for _, loss := range []Loss{LogLoss, SquaredHinge} {
		w, b, err := Linear(x, c.Labels, 1, loss, Scale(r), Prior(.1), C(.5), Tolerance(1e-10), Passes(100000))
		check(t, err)
		slope, slopeB := make([]float64, len(w)), b
		for j := range w {
			slope[j] = w[j] - .1
		}
		for i, label := range c.Labels {
			sign := float64(2*label - 1)
			cols, values := x.Row(i)
			m := b
			for k, j := range cols {
				m += w[j] * r[j] * float64(values[k])
			}
			m *= sign
			pull := -1 / (1 + math.Exp(m))
			if loss == SquaredHinge {
				pull = -2 * max(0, 1-m)
			}
			slopeB += .5 * pull * sign
			for k, j := range cols {
				slope[j] += .5 * pull * sign * r[j] * float64(values[k])
			}
		}
		for j, g := range append(slope, slopeB) {
			if !(math.Abs(g) < 1e-7) {
				t.Fatalf("loss %d: slope %g along weight %d, want 0", loss, g, j)
			}
		}
	}
}

func TestTermsByHand(t *testing.T) {
	docs := Codes{{7, 3, 7, 3}, {}, {3, -1, 7}, {7, 3, 9}}
	for _, c := range []struct {
		opts []TermOption
		want [][]int32
	}{
		{[]TermOption{NGrams(1)}, [][]int32{{7}, {3}, {9}}},
		{[]TermOption{NGrams(2)}, [][]int32{{7}, {3}, {7, 3}, {9}, {3, 7}, {3, 9}}},
		{[]TermOption{NGrams(3), MinDocs(2)}, [][]int32{{7}, {3}, {7, 3}}},
		{[]TermOption{NGrams(2), MaxTerms(4)}, [][]int32{{7}, {3}, {7, 3}, {9}}},
		{[]TermOption{NGrams(9), MaxTerms(100), MinDocs(3)}, [][]int32{{7}, {3}}},
	} {
		terms, err := FindTerms(docs, c.opts...)
		check(t, err)
		var got [][]int32
		for i := range terms.Len() {
			got = append(got, terms.Codes(i))
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v: terms %v, want %v", c.opts, got, c.want)
		}
	}
	terms, err := FindTerms(docs, NGrams(2), Counts(true))
	check(t, err)
	x := terms.Matrix(Codes{{7, 3, 7, 3}, {}, {5, 9, 3, -2}})
	want := &Matrix{6, []int{0, 4, 4, 6}, []int32{0, 1, 2, 4, 1, 3}, []float32{2, 2, 2, 1, 1, 1}}
	if !reflect.DeepEqual(x, want) {
		t.Errorf("matrix %v, want %v", x, want)
	}
}

// Terms are those of a plain count of all runs.
func TestFindTermsCountsAll(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	docs := make(Codes, 60)
	for i := range docs {
		docs[i] = make([]int32, rng.IntN(30))
		for j := range docs[i] {
			docs[i][j] = int32(rng.IntN(12)) - 1
		}
	}
	in := map[string]map[int]bool{}
	for i, doc := range docs {
		for j := range doc {
			for n := 1; n <= 4 && j+n <= len(doc) && !slices.Contains(doc[j:j+n], -1); n++ {
				run := name(doc[j : j+n])
				if in[run] == nil {
					in[run] = map[int]bool{}
				}
				in[run][i] = true
			}
		}
	}
	for minDocs := 1; minDocs < 6; minDocs++ {
		terms, err := FindTerms(docs, NGrams(4), MinDocs(minDocs))
		check(t, err)
		want := 0
		for _, where := range in {
			if len(where) >= minDocs {
				want++
			}
		}
		for i := range terms.Len() {
			if run := name(terms.Codes(i)); len(in[run]) < minDocs {
				t.Errorf("MinDocs(%d): %q is in %d documents", minDocs, run, len(in[run]))
			}
		}
		if terms.Len() != want {
			t.Errorf("MinDocs(%d): %d terms, want %d", minDocs, terms.Len(), want)
		}
	}
}

func TestTrainIsTheSameEachTime(t *testing.T) {
	c := truths(t)[2]
	for _, method := range Methods() {
		a, err := Train(c.Train, c.Labels, method)
		check(t, err)
		b, err := Train(c.Train, c.Labels, method)
		check(t, err)
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s: two models differ", method)
		}
	}
}

func TestEmptyDocumentsAreOfTheCommonClass(t *testing.T) {
	m, err := Train(Codes{{1}, {1, 2}, {3}, {1}, {}}, []int{1, 1, 0, 1, 1})
	check(t, err)
	if got := m.Predict(Codes{{}, {99}, {-5}, {3}}); !slices.Equal(got, []int{1, 1, 1, 0}) {
		t.Errorf("classes %v, want 1, 1, 1 by the bias and 0", got)
	}
	if got := m.Predict(Codes{}); len(got) != 0 {
		t.Errorf("classes %v of no documents", got)
	}
}

func TestErrors(t *testing.T) {
	two := Codes{{1, 2}, {3}}
	for _, c := range []struct {
		docs   Codes
		labels []int
		opts   []TrainOption
		want   string
	}{
		{Codes{}, nil, nil, "no documents (want some of each"},
		{two, []int{1}, nil, "1 labels for 2 documents (want as many)"},
		{two, []int{1, 1}, nil, "all documents are of class 1 (want some of each of 2 or more classes)"},
		{Codes{{1}, {2}, {3}}, []int{0, 2, 2}, nil, "no document of class 1, but labels up to 2: count the classes from 0 without gaps"},
		{two, []int{1, math.MaxInt}, nil, "more than 2 documents have classes"},
		{two, []int{0, -1}, nil, "labels[1] is -1 (want classes counted from 0)"},
		{Codes{{}, {}}, []int{0, 1}, nil, "no terms: all documents are empty"},
		{Codes{{-1}, {-1}}, []int{0, 1}, nil, "no terms: all documents are empty"},
		{two, []int{0, 1}, []TrainOption{MinDocs(2)}, "no term is in 2 documents or more: lower MinDocs"},
		{two, []int{0, 1}, []TrainOption{MinDocs(0)}, "MinDocs(0) (want 1 or more)"},
		{two, []int{0, 1}, []TrainOption{NGrams(0)}, "NGrams(0) (want 1 or more)"},
		{two, []int{0, 1}, []TrainOption{MaxTerms(-1)}, "MaxTerms(-1) (want 1 or more, or 0 for all)"},
		{two, []int{0, 1}, []TrainOption{C(0)}, "C(0) (want a finite number above 0)"},
		{two, []int{0, 1}, []TrainOption{C(math.NaN())}, "C(NaN)"},
		{two, []int{0, 1}, []TrainOption{C(math.Inf(1))}, "C(+Inf)"},
		{two, []int{0, 1}, []TrainOption{Prior(math.NaN())}, "Prior(NaN) (want a finite number)"},
		{two, []int{0, 1}, []TrainOption{Beta(1.5)}, "Beta(1.5) (want 0 to 1)"},
		{two, []int{0, 1}, []TrainOption{Beta(math.NaN())}, "Beta(NaN)"},
		{two, []int{0, 1}, []TrainOption{Passes(0)}, "Passes(0) (want 1 or more)"},
		{two, []int{0, 1}, []TrainOption{Tolerance(0)}, "Tolerance(0) (want a number above 0)"},
		{two, []int{0, 1}, []TrainOption{Method(9)}, "no method 9 (want 0 to 5: [naive Bayes"},
		{Codes{{1, 2}, {1, 3}}, []int{0, 1}, []TrainOption{SVM, C(1), Passes(1)}, "not settled after Passes(1)"},
	} {
		_, err := Train(c.docs, c.labels, c.opts...)
		wantError(t, err, "bow: Train: ", c.want)
	}
}

func TestNoDocs(t *testing.T) {
	_, err := Train(nil, nil)
	wantError(t, err, "bow: Train: ", "no documents")
	_, err = FindTerms(nil)
	wantError(t, err, "bow: FindTerms: ", "no terms")
	m, err := Train(Codes{{1}, {2}}, []int{0, 1})
	check(t, err)
	if x := m.Terms.Matrix(nil); x.Rows() != 0 || len(m.Predict(nil)) != 0 {
		t.Errorf("%d rows, classes %v of no documents", x.Rows(), m.Predict(nil))
	}
	_, err = m.Accuracy(nil, nil)
	wantError(t, err, "bow: Accuracy: ", "0 labels for 0 documents (want as many, and some)")
}

func TestErrorsOfSteps(t *testing.T) {
	good := func() *Matrix { return &Matrix{2, []int{0, 1, 2}, []int32{0, 1}, nil} }
	labels := []int{0, 1}
	for want, spoil := range map[string]func(*Matrix){
		"Col[1] is 2 of 2 columns":                 func(x *Matrix) { x.Col[1] = 2 },
		"the Start of -1 rows":                     func(x *Matrix) { x.Start = nil },
		"the Start falls from 3 to 2 at row 1":     func(x *Matrix) { x.Start[1] = 3 },
		"1 values for 2 entries":                   func(x *Matrix) { x.Value = []float32{1} },
		"Value[0] is NaN (want a finite number":    func(x *Matrix) { x.Value = []float32{float32(math.NaN()), 1} },
		"Value[1] is -1 (want a finite number abo": func(x *Matrix) { x.Value = []float32{1, -1} },
	} {
		x := good()
		spoil(x)
		_, _, err := LogCountRatio(x, labels, 1)
		wantError(t, err, "bow: LogCountRatio: ", want)
		_, _, err = Linear(x, labels, 1)
		wantError(t, err, "bow: Linear: ", want)
	}
	_, _, err := LogCountRatio(good(), labels, 2)
	wantError(t, err, "bow: LogCountRatio: ", "class 2 of 2 (want 0 to 1)")
	_, _, err = Linear(good(), labels, 1, Scale([]float64{1}))
	wantError(t, err, "bow: Linear: ", "a scale of 1 numbers for 2 terms")
	_, _, err = Linear(good(), labels, 1, Scale([]float64{1, math.NaN()}))
	wantError(t, err, "bow: Linear: ", "scale[1] is NaN")
	_, _, err = Linear(good(), labels, 1, Scale([]float64{1, 1e200}))
	wantError(t, err, "bow: Linear: ", "beyond all bounds")
	_, _, err = Linear(good(), labels, 1, Loss(2))
	wantError(t, err, "bow: Linear: ", "no loss 2 (want LogLoss or SquaredHinge)")
	m, err := Train(Codes{{1}, {2}}, labels)
	check(t, err)
	_, err = m.Top(2, 1)
	wantError(t, err, "bow: Top: ", "class 2 of 2 (want 0 to 1)")
	_, err = m.Accuracy(Codes{{1}}, nil)
	wantError(t, err, "bow: Accuracy: ", "0 labels for 1 documents")
	_, err = m.Accuracy(Codes{{1}}, []int{2})
	wantError(t, err, "bow: Accuracy: ", "labels[0] is 2 of 2 classes")
}

func TestTooManyTerms(t *testing.T) {
	defer func(n int) { maxTerms = n }(maxTerms)
	maxTerms = 3
	_, err := FindTerms(Codes{{1, 2}, {3, 4}})
	wantError(t, err, "bow: FindTerms: ", "over 3 different terms of up to 1 words, more than memory is meant to hold: ask for MinDocs(2) or lower NGrams")
}
