package metric

import (
	"cmp"
	"math"
	"slices"
)

// BestThreshold returns the threshold above which labels are predicted, the same for all, that is best by a metric of
// several labels, and the score that it has: At(m, threshold). Slices are as those of Metric.Targets.
//
// Every way to divide the probabilities by a threshold is tried, at the cost of sorting them, for F-beta, precision,
// recall and Jaccard by any average. Of another metric, each trial of which costs a look at all labels, it is
// every way too, unless that would be more than 2^26 labels to look at: then it is evenly many of them. The threshold
// lies half way between two probabilities; of equals it is the one nearest .5. Both are NaN where the metric has no
// Targets, or no meaning.
func BestThreshold(m Metric, outputs, targets []float32, cols int) (threshold, score float64) {
	s := newSearch(m, outputs, targets, cols)
	if s == nil {
		return math.NaN(), math.NaN()
	}
	threshold = s.cut(s.order(0, 1))
	return threshold, At(m, threshold).Targets(outputs, targets, cols)
}

// BestThresholds is BestThreshold with a threshold for each label, [cols], nil where there is none. Where each label
// has a share of its own in the score, as by Macro and Weighted averages, they are the best there are. Else, as by
// Samples and Micro, it begins with the best one for all and takes the best for one label after the other, those of the
// others as they are, until none makes the score better: no single change does, but there may be better ones.
//
// Each of many thresholds fits the items that it was found on, so the score is better than it will be on others: find
// them on one part of the items and look at another, the more so where labels are rare.
func BestThresholds(m Metric, outputs, targets []float32, cols int) (thresholds []float64, score float64) {
	one, _ := BestThreshold(m, outputs, targets, cols)
	if math.IsNaN(one) {
		return nil, math.NaN()
	}
	s := newSearch(m, outputs, targets, cols)
	thresholds = slices.Repeat([]float64{one}, cols)
	for i := range outputs {
		s.set(i, float64(outputs[i]) > one)
	}
	for range mostRounds {
		before := s.score()
		for k := range thresholds {
			thresholds[k] = s.cut(s.order(k, cols))
		}
		if !s.better(s.score(), before) {
			break
		}
	}
	return thresholds, At(m, thresholds...).Targets(outputs, targets, cols)
}

const (
	mostRounds = 20      // of changing one threshold after the other
	mostLooks  = 1 << 26 // at labels, to try thresholds
	alike      = 1e-12   // scores that differ by less are equal
)

// search holds which labels are predicted.
type search struct {
	p     []float32
	lower bool
	set   func(i int, predicted bool)
	score func() float64
	looks int // at labels for a score
}

// newSearch begins with nothing predicted; nil where there is nothing to search.
func newSearch(m Metric, p, t []float32, cols int) *search {
	if m.Targets == nil || !fitsLabels(p, t, cols) {
		return nil
	}
	s := &search{p: p, lower: m.Lower}
	if m.counted != nil && (m.counted.avg != Binary || cols == 1) {
		sums := newSums(*m.counted, t, cols)
		s.set, s.score, s.looks = sums.set, sums.score, 1
		return s
	}
	hard := make([]float32, len(p))
	s.looks = len(p)
	s.score = func() float64 { return m.Targets(hard, t, cols) }
	s.set = func(i int, predicted bool) {
		if hard[i] = 0; predicted {
			hard[i] = 1
		}
	}
	return s
}

// order returns every stride-th item from the first on, by its probability.
func (s *search) order(first, stride int) []int {
	var order []int
	for i := first; i < len(s.p); i += stride {
		order = append(order, i)
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(s.p[a], s.p[b]) })
	return order
}

// cut finds the best threshold for items in order, and predicts those above it.
func (s *search) cut(order []int) float64 {
	for _, i := range order {
		s.set(i, true)
	}
	step := max(1, len(order)*s.looks/mostLooks)
	best, threshold := s.score(), s.between(order, 0)
	for from, trial := 0, 1; from < len(order); trial++ {
		to := from
		for to < len(order) && s.p[order[to]] == s.p[order[from]] {
			s.set(order[to], false)
			to++
		}
		if from = to; trial%step != 0 && to < len(order) {
			continue
		}
		score, at := s.score(), s.between(order, to)
		if s.better(score, best) || !s.better(best, score) && math.Abs(at-.5) < math.Abs(threshold-.5) {
			best, threshold = score, at
		}
	}
	for _, i := range order {
		s.set(i, float64(s.p[i]) > threshold)
	}
	if math.IsNaN(best) {
		return math.NaN()
	}
	return threshold
}

// better tells whether a score is better than another by more than rounding; any number is better than none.
func (s *search) better(a, b float64) bool {
	if math.IsNaN(a) || math.IsNaN(b) {
		return !math.IsNaN(a) && math.IsNaN(b)
	}
	if s.lower {
		a, b = -a, -b
	}
	return a > b+alike
}

// between returns a threshold that the k-th item in order and those after it are above.
func (s *search) between(order []int, k int) float64 {
	low, high := 0., 1.
	if k > 0 {
		low = float64(s.p[order[k-1]])
	}
	if k < len(order) {
		high = float64(s.p[order[k]])
	}
	switch {
	case low < high:
		return low + (high-low)/2
	case k == 0:
		return high - 1 // which is 0 or less
	}
	return low // which is 1 or more
}

// sums are the counts that a score is of, item by item or label by label, kept up to date.
type sums struct {
	counted
	t, weight []float32
	cols      int
	predicted []bool
	of        []counts
	sum, all  float64
}

func newSums(c counted, t []float32, cols int) *sums {
	s := &sums{counted: c, t: t, cols: cols, predicted: make([]bool, len(t))}
	switch c.avg {
	case Samples:
		s.of = make([]counts, len(t)/cols)
	case Micro:
		s.of = make([]counts, 1)
	default:
		s.of = make([]counts, cols)
	}
	for i, x := range t {
		s.of[s.group(i)].add(false, x > .5, 1)
	}
	s.weight = slices.Repeat([]float32{1}, len(s.of))
	for k, c := range s.of {
		if s.avg == Weighted {
			s.weight[k] = float32(c.fn)
		}
		s.sum, s.all = s.sum+float64(s.weight[k])*s.counted.score(c), s.all+float64(s.weight[k])
	}
	return s
}

// group returns which of the counts a label belongs to.
func (s *sums) group(i int) int {
	switch s.avg {
	case Samples:
		return i / s.cols
	case Micro:
		return 0
	}
	return i % s.cols
}

func (s *sums) set(i int, predicted bool) {
	if s.predicted[i] == predicted {
		return
	}
	k, is := s.group(i), s.t[i] > .5
	before := s.counted.score(s.of[k])
	s.of[k].add(!predicted, is, -1)
	s.of[k].add(predicted, is, 1)
	s.sum += float64(s.weight[k]) * (s.counted.score(s.of[k]) - before)
	s.predicted[i] = predicted
}

func (s *sums) score() float64 { return share(s.sum, s.all) }
