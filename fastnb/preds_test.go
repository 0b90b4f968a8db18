package fastnb_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

// 50 validation items in batches of 16: the last one is ragged. The same in one batch must give the same metrics.
func TestValidationIsExactOnARaggedBatch(t *testing.T) {
	dir := t.TempDir()
	l := cloudsIn(t, dir)
	check(t, l.Fit(fastnb.LR(0.02), 1))
	check(t, l.Save("a"))
	one, err := fastnb.New(backend(t), synth.Clouds(dir, 200, 50, 3), synth.Net(3))
	check(t, err)
	check(t, one.Load("a"))
	ragged, m1, err := l.Validate()
	check(t, err)
	whole, m2, err := one.Validate()
	check(t, err)
	if math.Abs(ragged-whole) > 1e-6 || m1[0] != m2[0] {
		t.Errorf("loss %g, accuracy %g in batches of 16; %g, %g in one", ragged, m1[0], whole, m2[0])
	}
	p, err := l.Predict(fastnb.Valid)
	check(t, err)
	if math.Abs(p.LogLoss()-ragged) > 1e-5 || p.Accuracy() != m1[0] {
		t.Errorf("the predictions say %g, %g", p.LogLoss(), p.Accuracy())
	}
}

func TestTTA(t *testing.T) {
	l := clouds(t)
	check(t, l.Fit(fastnb.LR(0.05), 2))
	clean, err := l.Predict(fastnb.Test)
	check(t, err)
	p, err := l.TTA(fastnb.Test)
	check(t, err)
	if len(p.Views) != 5 || p.Labels != nil || len(p.Probs) != 50 || p.Names[7] != "test/7.row" {
		t.Fatalf("%d views, labels %v, %d rows", len(p.Views), p.Labels, len(p.Probs))
	}
	for i, row := range p.Probs {
		sum := 0.0
		for c, v := range row {
			sum += float64(v)
			want := 0.2 * float64(clean.Probs[i][c])
			for _, view := range p.Views[1:] {
				want += 0.2 * float64(view[i][c])
			}
			if math.Abs(want-float64(v)) > 1e-6 {
				t.Fatalf("probability %g of item %d, want %g", v, i, want)
			}
		}
		if math.Abs(sum-1) > 1e-5 {
			t.Fatalf("row %d sums to %g", i, sum)
		}
	}
	if len(p.Right()) != 0 || len(p.Wrong()) != 0 || len(p.Uncertain()) != 50 {
		t.Errorf("without labels %d are right, %d wrong, %d uncertain", len(p.Right()), len(p.Wrong()), len(p.Uncertain()))
	}
	again, err := l.TTA(fastnb.Test, fastnb.Augmented(2), fastnb.CleanWeight(1))
	check(t, err)
	if again.Probs[3][0] != clean.Probs[3][0] || again.Views[2][3][0] != p.Views[2][3][0] {
		t.Error("with all weight on the clean view TTA is not Predict, or its views change")
	}
}

func TestNoSplit(t *testing.T) {
	l, err := fastnb.New(backend(t), synth.Line(t.TempDir(), 64, 16), synth.LineModel())
	check(t, err)
	if _, err := l.Predict(fastnb.Test); !errors.Is(err, fastnb.ErrNoSplit) {
		t.Error(err)
	}
}

func TestSubmission(t *testing.T) {
	p := &fastnb.Preds{
		Probs:   [][]float32{{0.75, 0.25}, {0.125, 0.875}, {0.5, 0.5}},
		Classes: []string{"cat", "dog"},
		Names:   []string{"test1/1.jpg", "test1/2.jpg", "test1/10.jpg"},
	}
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		check(t, os.WriteFile(path, []byte(text), 0o644))
		return path
	}
	s := p.Submission(fastnb.ID("id"), fastnb.ClassIndex("label"))
	out := filepath.Join(dir, "submission.csv")
	check(t, s.Write(out))
	text, err := os.ReadFile(out)
	check(t, err)
	if string(text) != "id,label\n1,0\n2,1\n10,0\n" {
		t.Errorf("%s", text)
	}
	check(t, s.Check(write("sample.csv", "id,label\n1,0\n2,0\n10,0\n")))
	for name, tt := range map[string]struct{ sample, want string }{
		"columns": {"id,prob\n1,0\n", "columns are id,label (columns.csv wants id,prob)"},
		"missing": {"id,label\n1,0\n2,0\n3,0\n10,0\n", `id "3" of missing.csv is missing (3 rows, missing.csv has 4)`},
		"extra":   {"id,label\n1,0\n2,0\n", `id "10" is not in extra.csv`},
		"order":   {"id,label\n1,0\n10,0\n2,0\n", `row 2 has id "2" (order.csv has "10" there): same ids, other order; Sort puts them right`},
		"empty":   {"", "is empty"},
	} {
		if err := s.Check(write(name+".csv", tt.sample)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
	check(t, s.Sort(filepath.Join(dir, "order.csv")))
	check(t, s.Check(filepath.Join(dir, "order.csv")))
	probs := p.Submission(append([]fastnb.Column{fastnb.File("file")}, p.EveryProb()...)...)
	if got := strings.Join(probs.Header, " ") + " " + strings.Join(probs.Rows[1], " "); got != "file cat dog 2.jpg 0.125 0.875" {
		t.Error(got)
	}
}

func TestPredictOnNil(t *testing.T) {
	if _, err := clouds(t).PredictOn(nil, fastnb.Valid); err == nil || !strings.Contains(err.Error(), "the data is nil") {
		t.Error(err)
	}
}

// The mean of two models' predictions, item by item, and what can't be averaged.
func TestAverage(t *testing.T) {
	p := func(probs ...[]float32) *fastnb.Preds {
		return &fastnb.Preds{Probs: probs, Labels: []int{0, 1}, Classes: []string{"a", "b"}, Names: []string{"1", "2"}}
	}
	one, two := p([]float32{.9, .1}, []float32{.6, .4}), p([]float32{.5, .5}, []float32{.2, .8})
	mean, err := fastnb.Average(one, two)
	check(t, err)
	if got := fmt.Sprintf("%.2f", mean.Probs); got != "[[0.70 0.30] [0.40 0.60]]" || mean.Accuracy() != 1 {
		t.Errorf("the mean is %s, accuracy %g", got, mean.Accuracy())
	}
	if want := -(math.Log(.7) + math.Log(.6)) / 2; math.Abs(mean.Loss-want) > 1e-6 {
		t.Errorf("its loss is %g, want %g", mean.Loss, want)
	}
	if one.Probs[0][0] != .9 {
		t.Error("Average changed what it was given")
	}
	if alone, err := fastnb.Average(one); err != nil || fmt.Sprint(alone.Probs) != fmt.Sprint(one.Probs) {
		t.Errorf("the mean of one is %v, %v", alone, err)
	}
	other, classes, numbers := p(one.Probs...), p(one.Probs...), &fastnb.Preds{Probs: one.Probs}
	kept := &fastnb.Preds{Kept: one.Probs}
	labels, narrow := p(one.Probs...), p([]float32{1}, []float32{1, 0})
	both, err := fastnb.Average(numbers, &fastnb.Preds{Probs: two.Probs})
	if err != nil || both.Probs[1][1] != mean.Probs[1][1] {
		t.Errorf("the mean of numbers is %v, %v", both, err)
	}
	labels.Labels = nil
	other.Names = []string{"2", "1"}
	classes.Classes = []string{"b", "a"}
	for want, models := range map[string][]*fastnb.Preds{
		"there are no predictions":               nil,
		"predictions 1: they are nil":            {one, nil},
		"predictions 0: they are nil":            {nil, one},
		"predictions 1: their items are not":     {one, other},
		"or have other labels":                   {one, labels},
		"they are of 1 items":                    {one, p(one.Probs[0])},
		"not every item has 2 probabilities":     {one, narrow},
		"their classes are [b a], those of":      {one, classes},
		"they have no probabilities of classes":  {kept},
		"predictions 1: their classes are [], t": {one, numbers},
		"predictions 1: they have no probabilit": {one, kept},
		"not as many numbers each":               {numbers, &fastnb.Preds{Probs: [][]float32{{1}, {2}}}},
		"their items are not those of the first": {heights(1, 2), heights(1, 3)},
	} {
		if _, err := fastnb.Average(models...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// heights are a regression's predictions of two items, right ones.
func heights(a, b float32) *fastnb.Preds {
	return &fastnb.Preds{Probs: [][]float32{{a}, {b}}, Targets: [][]float32{{a}, {b}}, Names: []string{"1", "2"}}
}

// Several labels and numbers have a mean as well, and its loss.
func TestAverageOfTargets(t *testing.T) {
	one, two := heights(1, 2), heights(1, 2)
	two.Probs = [][]float32{{3}, {2}}
	mean, err := fastnb.Average(one, two)
	check(t, err)
	if mean.Probs[0][0] != 2 || mean.Probs[1][0] != 2 || mean.Loss != .5 {
		t.Errorf("the mean is %v, its loss %g", mean.Probs, mean.Loss)
	}
	tags := func(p float32) *fastnb.Preds {
		return &fastnb.Preds{Probs: [][]float32{{p, .5}}, Targets: [][]float32{{1, 0}}, Classes: []string{"sea", "sky"}, Names: []string{"1"}}
	}
	mean, err = fastnb.Average(tags(.25), tags(.75))
	check(t, err)
	if mean.Probs[0][0] != .5 || math.Abs(mean.Loss-math.Ln2) > 1e-9 {
		t.Errorf("the mean is %v, its loss %g", mean.Probs, mean.Loss)
	}
}

// Predictions that an own program made need no names of classes to be measured; ragged ones are not measured.
func TestAccuracyWithoutClasses(t *testing.T) {
	p := &fastnb.Preds{Probs: [][]float32{{.75, .25}, {.5, .5}, {.25, .75}}, Labels: []int{0, 1, 1}}
	if got := p.Accuracy(); math.Abs(got-2./3) > 1e-9 {
		t.Errorf("accuracy %g", got)
	}
	p.Probs[1] = []float32{1}
	if got := p.Accuracy(); !math.IsNaN(got) {
		t.Errorf("accuracy of ragged predictions %g", got)
	}
}
