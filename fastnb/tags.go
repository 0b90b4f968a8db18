package fastnb

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/internal/verb"
)

// BestThreshold returns the threshold above which labels are predicted, one for all, that is best on these predictions
// by a metric of several labels, such as metric.FBetaBy(2, metric.Samples), and the score that it has. See
// [metric.BestThreshold]. Find it on validation items, and give it to PredictedLabels, Report or Tags.
func (p *Preds) BestThreshold(m metric.Metric) (threshold, score float64, err error) {
	defer verb.Name(&err, "fastnb: BestThreshold")
	if err := p.checkSearch(m); err != nil {
		return 0, 0, err
	}
	threshold, score = metric.BestThreshold(m, slices.Concat(p.Probs...), slices.Concat(p.Targets...), len(p.Classes))
	return threshold, score, found(m, threshold)
}

// BestThresholds is BestThreshold with a threshold for each class, in the order of Classes. They fit the items that
// they were found on better than others, the more so where labels are rare. See [metric.BestThresholds].
func (p *Preds) BestThresholds(m metric.Metric) (thresholds []float64, score float64, err error) {
	defer verb.Name(&err, "fastnb: BestThresholds")
	if err := p.checkSearch(m); err != nil {
		return nil, 0, err
	}
	all, truth := slices.Concat(p.Probs...), slices.Concat(p.Targets...)
	thresholds, score = metric.BestThresholds(m, all, truth, len(p.Classes))
	return thresholds, score, found(m, score)
}

func (p *Preds) checkSearch(m metric.Metric) error {
	if err := p.checkTruth(); err != nil {
		return err
	}
	if p.kind() != severalLabels {
		return fmt.Errorf("the items have %s, thresholds are of several labels", p.kind())
	}
	if m.Targets == nil {
		return fmt.Errorf("metric %s does not measure several labels; metric.FBetaBy(2, metric.Samples) is one that does",
			m.Name)
	}
	return nil
}

func found(m metric.Metric, x float64) error {
	if math.IsNaN(x) {
		return fmt.Errorf("metric %s is NaN at every threshold: predictions are NaN, or targets are not 0 or 1", m.Name)
	}
	return nil
}

// PredictedLabels returns the classes of each item whose probability is above a threshold, in class order, none for
// some items perhaps. There may be one threshold for all classes or one for each; without any it is .5.
func (p *Preds) PredictedLabels(thresholds ...float64) (labels [][]int, err error) {
	defer verb.Name(&err, "fastnb: PredictedLabels")
	if err := p.checkThresholds(thresholds); err != nil {
		return nil, err
	}
	labels = make([][]int, len(p.Probs))
	for i := range labels {
		labels[i] = p.above(i, thresholds)
	}
	return labels, nil
}

// above returns the classes of item i above their thresholds.
func (p *Preds) above(i int, thresholds []float64) []int {
	var classes []int
	for k, x := range p.Probs[i] {
		if float64(x) > thresholdOf(k, thresholds) {
			classes = append(classes, k)
		}
	}
	return classes
}

func thresholdOf(class int, thresholds []float64) float64 {
	switch len(thresholds) {
	case 0:
		return .5
	case 1:
		return thresholds[0]
	}
	return thresholds[class]
}

// checkThresholds tells what predictions lack that thresholds are for, and what thresholds are none.
func (p *Preds) checkThresholds(thresholds []float64) error {
	switch n := len(thresholds); {
	case p == nil:
		return errors.New("the predictions are nil")
	case len(p.Classes) == 0:
		return errors.New("the predictions have no classes, they are numbers")
	case p.ragged() >= 0:
		return fmt.Errorf("item %d has %d probabilities (want %d, one for each class)", p.ragged(),
			len(p.Probs[p.ragged()]), len(p.Classes))
	case n > 1 && n != len(p.Classes):
		return fmt.Errorf("%d thresholds for %d classes (want 1 or %[2]d)", n, len(p.Classes))
	case slices.ContainsFunc(thresholds, math.IsNaN):
		return fmt.Errorf("the thresholds are %v (want numbers)", thresholds)
	}
	return nil
}
