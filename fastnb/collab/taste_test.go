package collab_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/collab"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// tastes is made-up ratings of 30 dishes by 60 people: the even ones like what is hot, the odd ones what is sweet, and dish 7
// everybody. A third of the pairs is rated.
func tastes(t testing.TB) *tabular.Table {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, 8))
	var who, what []string
	var stars []float64
	for p := range 60 {
		for d := range 30 {
			if rng.Float64() > .35 && d != 7 {
				continue
			}
			rating := 2.0
			if p%2 == d%2 || d == 7 {
				rating = 4.5
			}
			who, what = append(who, fmt.Sprintf("person %d", p)), append(what, fmt.Sprintf("dish %d", d))
			stars = append(stars, rating+.2*rng.NormFloat64())
		}
	}
	table, err := tabular.NewTable(tabular.Texts("who", who), tabular.Texts("what", what), tabular.Numbers("stars", stars))
	check(t, err)
	return table
}

func learner(t testing.TB, opts ...collab.Option) *collab.Learner {
	t.Helper()
	data, err := collab.FromTable(tastes(t), "who", "what", "stars", tabular.BatchSize(32), tabular.WorkDir(t.TempDir()))
	check(t, err)
	l, err := collab.NewLearner(data, append([]collab.Option{collab.Factors(8), collab.YRange(0, 5.5)}, opts...)...)
	check(t, err)
	return l
}

// The model finds the two tastes, and the dish that everybody likes.
func TestTastes(t *testing.T) {
	l := learner(t)
	check(t, l.FitOneCycle(fastnb.LR(3e-2), 30, fastnb.WD(.01)))
	if last := l.Recorder.Epochs[29]; last.ValidLoss > .3 { // .04 is noise, 1.5 the variance
		t.Errorf("mean squared error %.3f", last.ValidLoss)
	}
	items, err := l.Items()
	check(t, err)
	if len(items) != 30 || items[0].Name != "dish 7" || items[0].Ratings < 40 || len(items[0].Factors) != 8 {
		t.Errorf("%d dishes, the best liked: %+v", len(items), items[0])
	}
	if none, all := collab.Popular(items, -1), collab.Popular(items, 99); len(none) != 0 || len(all) != 30 {
		t.Errorf("%d of -1 dishes, %d of 99", len(none), len(all))
	}
	if top := collab.Popular(items, 1); top[0].Name != "dish 7" {
		t.Errorf("the most rated is %+v", top[0])
	}
	for person, rest := range map[string]int{"person 4": 0, "person 5": 1} {
		advice, err := l.Recommend(person, 5)
		check(t, err)
		for _, a := range advice {
			var dish int
			_, err := fmt.Sscanf(a.Item, "dish %d", &dish)
			check(t, err)
			if dish%2 != rest || a.Rating < 3.5 {
				t.Errorf("%s is advised %+v", person, a)
			}
		}
	}
}

// What a user has rated in training is not recommended to him.
func TestRecommendIsNew(t *testing.T) {
	l := learner(t)
	check(t, l.Fit(fastnb.LR(1e-2), 1))
	advice, err := l.Recommend("person 1", 100)
	check(t, err)
	users, err := l.Data().Codes(fastnb.Train, "who")
	check(t, err)
	dishes, err := l.Data().Codes(fastnb.Train, "what")
	check(t, err)
	names, err := l.Data().Categories("what")
	check(t, err)
	people, err := l.Data().Categories("who")
	check(t, err)
	rated := map[string]bool{}
	for i, u := range users {
		if people[u] == "person 1" {
			rated[names[dishes[i]]] = true
		}
	}
	for _, a := range advice {
		if rated[a.Item] {
			t.Errorf("person 1 has rated %s", a.Item)
		}
	}
	if len(rated)+len(advice) != 30 {
		t.Errorf("%d rated, %d advised, want 30 together", len(rated), len(advice))
	}
}

// Other ratings of the same people and dishes take the place of the learner's; those of others are refused.
func TestSetData(t *testing.T) {
	l := learner(t)
	check(t, l.Fit(fastnb.LR(1e-2), 1))
	before, err := l.Recommend("person 3", 30)
	check(t, err)
	all := tastes(t)
	data := func(keep func(row int) bool) *collab.Data {
		var rows []int
		for r := range all.Len() {
			if keep(r) {
				rows = append(rows, r)
			}
		}
		d, err := collab.FromTable(all.Rows(rows), "who", "what", "stars", tabular.ValidRows(nil))
		check(t, err)
		return d
	}
	check(t, l.SetData(data(func(int) bool { return true })))
	if after, err := l.Recommend("person 3", 30); err != nil || len(after) >= len(before) || l.Data().Len(fastnb.Valid) != 0 {
		t.Errorf("%d are new with all ratings, %d before, %v", len(after), len(before), err)
	}
	who := all.Column("who").Texts
	if err := l.SetData(data(func(row int) bool { return who[row] != "person 3" })); err == nil || !strings.Contains(err.Error(), `"who" was fitted to other values`) {
		t.Errorf("without a person: %v", err)
	}
}

// Factors have no batch norm, so that batches of one rating will do.
func TestBatchesOfOne(t *testing.T) {
	table, err := tabular.NewTable(tabular.Texts("who", []string{"a", "b", "a", "b"}),
		tabular.Texts("what", []string{"x", "x", "y", "y"}), tabular.Numbers("stars", []float64{1, 2, 3, 4}))
	check(t, err)
	data, err := collab.FromTable(table, "who", "what", "stars", tabular.ValidRows([]int{3}), tabular.BatchSize(1),
		tabular.WorkDir(t.TempDir()))
	check(t, err)
	l, err := collab.NewLearner(data, collab.Factors(2), collab.With(fastnb.WithProgress(nil)))
	check(t, err)
	check(t, l.Fit(fastnb.LR(.01), 1))
	if len(l.Recorder.LR) != 3 {
		t.Errorf("%d steps (want one for each of 3 training rows)", len(l.Recorder.LR))
	}
}

func TestWrong(t *testing.T) {
	table := tastes(t)
	for want, columns := range map[string][3]string{
		`no column "user"`: {"user", "what", "stars"}, `no column "rating"`: {"who", "what", "rating"}, "is text, not a number": {"who", "stars", "what"},
		"must not see it": {"who", "stars", "stars"},
	} {
		if _, err := collab.FromTable(table, columns[0], columns[1], columns[2]); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
	l := learner(t)
	if _, err := l.Items(); err == nil || !strings.Contains(err.Error(), "no weights yet") {
		t.Errorf("before training: %v", err)
	}
	if _, err := l.Recommend("nobody", 3); err == nil || !strings.Contains(err.Error(), `"nobody"`) {
		t.Errorf("an unknown user: %v", err)
	}
	if _, err := collab.NewLearner(nil); err == nil || !strings.Contains(err.Error(), "the data is nil") {
		t.Errorf("without data: %v", err)
	}
	if err := l.SetData(nil); err == nil || !strings.Contains(err.Error(), "the data is nil") {
		t.Errorf("without data: %v", err)
	}
	for want, opt := range map[string]collab.Option{"Factors(0)": collab.Factors(0), "YRange(5, 1)": collab.YRange(5, 1), "finite": collab.YRange(0, math.Inf(1))} {
		if _, err := collab.NewLearner(l.Data(), opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
}

// A user may be called as the unknown ones are; he is found all the same, and a stranger is an error that names one
// who is known.
func TestUserCalledAsTheUnknown(t *testing.T) {
	table, err := tabular.NewTable(tabular.Texts("who", []string{"#na#", "#na#", "", "b", "b", "b"}), tabular.Texts("what",
		[]string{"x", "y", "z", "x", "y", "z"}),
		tabular.Numbers("stars", []float64{1, 2, 3, 4, 5, 4}))
	check(t, err)
	data, err := collab.FromTable(table, "who", "what", "stars", tabular.ValidRows(nil), tabular.WorkDir(t.TempDir()))
	check(t, err)
	l, err := collab.NewLearner(data, collab.Factors(2))
	check(t, err)
	if advice, err := l.Recommend("#na#", 3); err != nil || len(advice) != 1 || advice[0].Item != "z" {
		t.Errorf("%v, %v", advice, err)
	}
	if _, err := l.Recommend("c", 3); err == nil || !strings.Contains(err.Error(),
		`no training row has the user "c" (3 users`) {
		t.Error(err)
	}
}
