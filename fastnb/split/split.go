// Package split chooses which rows are for validation: a share at random, folds for cross-validation, by class so that
// each part has its share of each, and by group so that none is in two. It knows numbers of rows alone; the packages of
// the domains have options of the same names.
//
// The same arguments give the same rows, on every machine. Rows are numbered from 0 and, unless said otherwise,
// returned in their order.
package split

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// The streams of random numbers, so that a share and folds of one seed have nothing to do with each other.
const (
	shareStream = 0x56414c
	foldStream  = 0x464f4c44
)

// Share returns a share of n rows, drawn at random by seed: the nearest number of rows, one at least where there are
// any. A share outside of 0 to 1 is an error.
func Share(n int, share float64, seed uint64) ([]int, error) {
	if err := checkShare(n, share); err != nil {
		return nil, err
	}
	rows := rand.New(rand.NewPCG(seed, shareStream)).Perm(n)[:count(n, share)]
	slices.Sort(rows)
	return rows, nil
}

// count returns the number of rows that a share of n has.
func count(n int, share float64) int { return min(max(int(math.Round(share*float64(n))), 1), n) }

func checkShare(n int, share float64) error {
	if n < 0 || !(share > 0 && share < 1) {
		return fmt.Errorf("a share of %g of %d rows (want a share above 0 and below 1)", share, n)
	}
	return nil
}

// StratifiedShare returns a share of the rows, drawn at random by seed, that has about this share of each class: one
// row more or less of a class than would be exact, and never all of a class, which leaves none to learn from. classes
// has the class of each row.
func StratifiedShare[K cmp.Ordered](classes []K, share float64, seed uint64) ([]int, error) {
	if err := checkShare(len(classes), share); err != nil {
		return nil, err
	}
	members := shuffled(classes, rand.New(rand.NewPCG(seed, shareStream)))
	quotas := apportion(members, share, count(len(classes), share))
	var rows []int
	for i, m := range members {
		rows = append(rows, m[:quotas[i]]...)
	}
	slices.Sort(rows)
	return rows, nil
}

// shuffled returns the rows of each class, the classes in their order, the rows of each in a random one.
func shuffled[K cmp.Ordered](classes []K, r *rand.Rand) [][]int {
	members := ofEach(classes)
	for _, m := range members {
		r.Shuffle(len(m), func(i, j int) { m[i], m[j] = m[j], m[i] })
	}
	return members
}

// ofEach returns the rows of each class or group, sorted by its name.
func ofEach[K cmp.Ordered](names []K) [][]int {
	rows := map[K][]int{}
	for i, name := range names {
		rows[name] = append(rows[name], i)
	}
	keys := make([]K, 0, len(rows))
	for name := range rows {
		keys = append(keys, name)
	}
	slices.Sort(keys)
	members := make([][]int, len(keys))
	for i, name := range keys {
		members[i] = rows[name]
	}
	return members
}

// apportion shares total rows out among classes by the largest remainders, at most all but one of each.
func apportion(members [][]int, share float64, total int) []int {
	quotas, order := make([]int, len(members)), make([]int, len(members))
	rest := func(i int) float64 { return share*float64(len(members[i])) - float64(quotas[i]) }
	for i, m := range members {
		order[i], quotas[i] = i, min(int(share*float64(len(m))), len(m)-1)
		total -= quotas[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest(b), rest(a)) })
	for _, i := range order {
		if total > 0 && rest(i) > 0 && quotas[i] < len(members[i])-1 {
			quotas[i]++
			total--
		}
	}
	return quotas
}

// GroupShare returns the rows of some groups, drawn at random by seed, whose number comes next to a share of all: a
// group is in it as a whole or not at all. One group at least is in it and one is not. groups has the group of each
// row.
func GroupShare[K cmp.Ordered](groups []K, share float64, seed uint64) ([]int, error) {
	if err := checkShare(len(groups), share); err != nil {
		return nil, err
	}
	members := ofEach(groups)
	if len(members) < 2 {
		return nil, fmt.Errorf("all %d rows are of one group (want 2 groups or more)", len(groups))
	}
	r := rand.New(rand.NewPCG(seed, shareStream))
	r.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	want, rows := share*float64(len(groups)), slices.Clone(members[0])
	for _, m := range members[1 : len(members)-1] {
		if over := float64(len(rows)+len(m)) - want; over <= want-float64(len(rows)) {
			rows = append(rows, m...)
		}
	}
	slices.Sort(rows)
	return rows, nil
}

// Folds shares n rows out at random among k folds and returns the rows of each. Their sizes differ by one at most.
func Folds(n, k int, seed uint64) ([][]int, error) {
	if err := checkFolds(n, k, "rows"); err != nil {
		return nil, err
	}
	return deal([][]int{rand.New(rand.NewPCG(seed, foldStream)).Perm(n)}, k), nil
}

// StratifiedFolds is Folds that have as much of each class as each other: the numbers of a class's rows differ by one
// at most, as do those of all rows. classes has the class of each row.
func StratifiedFolds[K cmp.Ordered](classes []K, k int, seed uint64) ([][]int, error) {
	if err := checkFolds(len(classes), k, "rows"); err != nil {
		return nil, err
	}
	return deal(shuffled(classes, rand.New(rand.NewPCG(seed, foldStream))), k), nil
}

// deal deals rows out to folds in turn, from one list to the next.
func deal(lists [][]int, k int) [][]int {
	folds := make([][]int, k)
	for i, row := range slices.Concat(lists...) {
		folds[i%k] = append(folds[i%k], row)
	}
	for _, rows := range folds {
		slices.Sort(rows)
	}
	return folds
}

// GroupFolds is Folds that have each group as a whole in one of them: the largest groups first, each to the fold that
// has the fewest rows, as scikit-learn's GroupKFold; groups of one size are in random order. groups has the group of
// each row.
func GroupFolds[K cmp.Ordered](groups []K, k int, seed uint64) ([][]int, error) {
	members := ofEach(groups)
	if err := checkFolds(len(members), k, "groups"); err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(seed, foldStream))
	r.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	slices.SortStableFunc(members, func(a, b []int) int { return cmp.Compare(len(b), len(a)) })
	folds := make([][]int, k)
	for _, m := range members {
		least := 0
		for i := range folds {
			if len(folds[i]) < len(folds[least]) {
				least = i
			}
		}
		folds[least] = append(folds[least], m...)
	}
	for _, rows := range folds {
		slices.Sort(rows)
	}
	return folds, nil
}

func checkFolds(n, k int, of string) error {
	switch {
	case k < 2:
		return fmt.Errorf("%d folds (want 2 or more)", k)
	case n < k:
		return fmt.Errorf("%d folds of %d %s (want at most as many folds)", k, n, of)
	}
	return nil
}

// Rest returns the rows of 0 to n-1 that are not among those given: of rows for validation, those to train on. A row
// that there is not, or that is given twice, is an error.
func Rest(n int, rows []int) ([]int, error) {
	taken := make([]bool, max(n, 0))
	for _, r := range rows {
		switch {
		case r < 0 || r >= n:
			return nil, fmt.Errorf("row %d (want 0 to %d)", r, n-1)
		case taken[r]:
			return nil, fmt.Errorf("row %d comes twice (want each once)", r)
		}
		taken[r] = true
	}
	var rest []int
	for r := range n {
		if !taken[r] {
			rest = append(rest, r)
		}
	}
	return rest, nil
}
