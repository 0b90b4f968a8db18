package split_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb/split"
)

// each calls f with rows of many kinds: n rows of so many classes, the first of which are common and the last rare.
func each(t *testing.T, f func(t *testing.T, classes []string, seed uint64)) {
	for _, n := range []int{2, 3, 10, 57, 400} {
		for _, k := range []int{1, 2, 5, 30} {
			t.Run(fmt.Sprintf("%d rows of %d classes", n, k), func(t *testing.T) {
				for seed := range uint64(5) {
					r := rand.New(rand.NewPCG(seed, uint64(n)))
					classes := make([]string, n)
					for i := range classes {
						classes[i] = fmt.Sprint("class ", int(float64(k)*math.Pow(r.Float64(), 3)))
					}
					f(t, classes, seed)
				}
			})
		}
	}
}

// counts returns how many of the rows are of each class.
func counts(rows []int, classes []string) map[string]int {
	n := map[string]int{}
	for _, r := range rows {
		n[classes[r]]++
	}
	return n
}

func all(n int) []int {
	rows, _ := split.Rest(n, nil)
	return rows
}

// wantRows tells when rows are not in their order, each once, of n.
func wantRows(t *testing.T, rows []int, n int) {
	t.Helper()
	if _, err := split.Rest(n, rows); err != nil || !slices.IsSorted(rows) {
		t.Fatalf("rows %v: %v", rows, err)
	}
}

// wantFolds tells when folds do not have each of n rows once.
func wantFolds(t *testing.T, folds [][]int, n, k int) {
	t.Helper()
	rows := slices.Concat(folds...)
	if slices.Sort(rows); len(folds) != k || !slices.Equal(rows, all(n)) {
		t.Fatalf("%d folds, %v (want %d of %d rows)", len(folds), folds, k, n)
	}
	for _, f := range folds {
		wantRows(t, f, n)
	}
}

func TestShare(t *testing.T) {
	each(t, func(t *testing.T, classes []string, seed uint64) {
		n := len(classes)
		for _, share := range []float64{.01, .2, .5, .99} {
			rows, err := split.Share(n, share, seed)
			if err != nil {
				t.Fatal(err)
			}
			wantRows(t, rows, n)
			if want := max(int(math.Round(share*float64(n))), 1); len(rows) != want {
				t.Errorf("%g of %d: %d rows, want %d", share, n, len(rows), want)
			}
		}
	})
	a, _ := split.Share(1000, .2, 1)
	b, _ := split.Share(1000, .2, 2)
	if again, _ := split.Share(1000, .2, 1); !slices.Equal(a, again) || slices.Equal(a, b) {
		t.Error("a seed does not fix the rows, or another draws the same")
	}
}

func TestStratifiedShare(t *testing.T) {
	each(t, func(t *testing.T, classes []string, seed uint64) {
		n, of := len(classes), counts(all(len(classes)), classes)
		for _, share := range []float64{.1, .2, .5} {
			rows, err := split.StratifiedShare(classes, share, seed)
			if err != nil {
				t.Fatal(err)
			}
			wantRows(t, rows, n)
			taken, kept := counts(rows, classes), 0
			for class, of := range of {
				if got := float64(taken[class]); math.Abs(got-share*float64(of)) >= 1 || int(got) == of {
					t.Errorf("%g: %g of the %d rows of %s", share, got, of, class)
				}
				if of == 1 {
					kept++ // such a row could be part of the share, but stays in training
				}
			}
			want := max(int(math.Round(share*float64(n))), 1)
			if len(rows) > want || len(rows) < want-kept {
				t.Errorf("%g of %d: %d rows, want %d", share, n, len(rows), want)
			}
		}
	})
}

func TestGroupShare(t *testing.T) {
	each(t, func(t *testing.T, groups []string, seed uint64) {
		of := counts(all(len(groups)), groups)
		rows, err := split.GroupShare(groups, .3, seed)
		if len(of) < 2 {
			if err == nil || !strings.Contains(err.Error(), "2 groups or more") {
				t.Errorf("of one group: %v, %v", rows, err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		wantRows(t, rows, len(groups))
		taken, largest := counts(rows, groups), 0
		for group, n := range of {
			if taken[group] != 0 && taken[group] != n {
				t.Errorf("%d of the %d rows of %s", taken[group], n, group)
			}
			largest = max(largest, n)
		}
		if off := math.Abs(float64(len(rows)) - .3*float64(len(groups))); len(taken) == 0 || len(taken) == len(of) ||
			off > float64(largest) {
			t.Errorf("%d of %d rows, %d of %d groups", len(rows), len(groups), len(taken), len(of))
		}
	})
}

func TestFolds(t *testing.T) {
	each(t, func(t *testing.T, classes []string, seed uint64) {
		n := len(classes)
		for k := 2; k <= min(n, 7); k++ {
			plain, err := split.Folds(n, k, seed)
			stratified, err2 := split.StratifiedFolds(classes, k, seed)
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			wantFolds(t, plain, n, k)
			wantFolds(t, stratified, n, k)
			of := counts(all(n), classes)
			for i := range k {
				if a, b := len(plain[i]), len(stratified[i]); a < n/k || a > n/k+1 || b < n/k || b > n/k+1 {
					t.Errorf("fold %d of %d: %d and %d rows of %d", i, k, a, b, n)
				}
				in := counts(stratified[i], classes)
				for class, of := range of {
					if in[class] < of/k || in[class] > of/k+1 {
						t.Errorf("fold %d of %d: %d of the %d rows of %s", i, k, in[class], of, class)
					}
				}
			}
		}
	})
}

func TestGroupFolds(t *testing.T) {
	each(t, func(t *testing.T, groups []string, seed uint64) {
		of := counts(all(len(groups)), groups)
		for k := 2; k <= 4; k++ {
			folds, err := split.GroupFolds(groups, k, seed)
			if len(of) < k {
				if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%d folds of %d groups", k, len(of))) {
					t.Errorf("%d folds of %d groups: %v", k, len(of), err)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			wantFolds(t, folds, len(groups), k)
			for i, rows := range folds {
				for group, n := range counts(rows, groups) {
					if n != of[group] {
						t.Errorf("fold %d of %d has %d of the %d rows of %s", i, k, n, of[group], group)
					}
				}
			}
		}
	})
	// Greedy by size: 5, then 3 and 2, as scikit-learn's GroupKFold.
	folds, err := split.GroupFolds(strings.Split("aaaaabbbcc", ""), 2, 1)
	if err != nil || !slices.Equal(folds[0], []int{0, 1, 2, 3, 4}) || !slices.Equal(folds[1], []int{5, 6, 7, 8, 9}) {
		t.Errorf("%v, %v", folds, err)
	}
}

func TestCVRowsAreFastais(t *testing.T) {
	text, err := os.ReadFile("../../testdata/cv_idxs.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Valid float64
		Seed  uint64
		Sets  []struct {
			N      int
			Fold   int `json:"cv_idx"`
			Length int
			First  []int
		} `json:"cv_idxs"`
	}
	if err := json.Unmarshal(text, &want); err != nil || len(want.Sets) < 5 {
		t.Fatal(err, len(want.Sets))
	}
	for _, w := range want.Sets {
		rows, err := split.CVRows(w.N, w.Fold, want.Valid, want.Seed)
		if err != nil || len(rows) != w.Length || !slices.Equal(rows[:len(w.First)], w.First) {
			t.Errorf("fold %d of %d rows: %d, %v, want %d, %v (%v)", w.Fold, w.N, len(rows), rows, w.Length, w.First, err)
		}
	}
}

func TestWrongUse(t *testing.T) {
	names := []string{"a", "b", "c"}
	for want, call := range map[string]func() (any, error){
		"a share of 1 of 3 rows":   func() (any, error) { return split.Share(3, 1, 1) },
		"a share of -1 of 3 rows":  func() (any, error) { return split.StratifiedShare(names, -1, 1) },
		"a share of NaN of 3 rows": func() (any, error) { return split.GroupShare(names, math.NaN(), 1) },
		"1 folds (want 2 or more)": func() (any, error) { return split.Folds(3, 1, 1) },
		"4 folds of 3 rows":        func() (any, error) { return split.StratifiedFolds(names, 4, 1) },
		"4 folds of 3 groups":      func() (any, error) { return split.GroupFolds(names, 4, 1) },
		"row 3 (want 0 to 2)":      func() (any, error) { return split.Rest(3, []int{1, 3}) },
		"row 1 comes twice":        func() (any, error) { return split.Rest(3, []int{1, 1}) },
		"fold 9 of 0.2 of 3 rows":  func() (any, error) { return split.CVRows(3, 9, .2, 1) },
		"takes 32 bits":            func() (any, error) { return split.CVRows(30, 0, .2, 1<<40) },
	} {
		if got, err := call(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, %v (want an error with %q)", got, err, want)
		}
	}
}
