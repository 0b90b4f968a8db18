package metric

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"
)

// sklearnCase is a case of testdata/sklearn_metrics.json.
type sklearnCase struct {
	Name, Kind string
	Cols       int
	Probs      []float32
	Labels     []int
	Targets    []float32
	Want       map[string]*float64
	Curves     *sklearnCurves
	Thresholds *struct{ One, Each map[string]float64 }
	Report     json.RawMessage
}

type sklearnCurves struct {
	FPR, TPR          []float64
	ROCAt             []float64 `json:"roc_at"`
	Precision, Recall []float64
	PRAt              []float64 `json:"pr_at"`
	Predicted, Actual []float64
}

func sklearn(t *testing.T) []sklearnCase {
	t.Helper()
	text, err := os.ReadFile("../../testdata/sklearn_metrics.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []sklearnCase
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

func (c sklearnCase) score(m Metric) float64 {
	if c.Kind == "classes" && m.Score != nil {
		return m.Score(c.Probs, c.Cols, c.Labels)
	}
	if c.Kind != "classes" && m.Targets != nil {
		return m.Targets(c.Probs, c.Targets, c.Cols)
	}
	return math.NaN()
}

// all are the metrics that scikit-learn has, by their names, and those that are written down beside its.
func all() map[string]Metric {
	ms := []Metric{Accuracy, LogLoss, AUC, AveragePrecision, Kappa, QuadraticKappa, Matthews, BalancedAccuracy, Brier,
		CalibrationError(15), CalibrationError(4), MAPAt(2), MAPAt(3), AccuracyThresh(.5), HammingLoss, SubsetAccuracy, Jaccard,
		MSE, RMSE, MAE, R2, ExplainedVariance, MSLE, RMSLE, Pearson, Spearman, Precision, Recall, FBeta(1), FBeta(2)}
	for k := range 4 {
		ms = append(ms, TopK(k+1))
	}
	for avg := Macro; avg <= Binary; avg++ {
		ms = append(ms, PrecisionBy(avg), RecallBy(avg), FBetaBy(1, avg), FBetaBy(2, avg), JaccardBy(avg))
	}
	named := map[string]Metric{}
	for _, m := range ms {
		named[m.Name] = m
	}
	return named
}

func TestMetricsAsScikitLearn(t *testing.T) {
	metrics, seen := all(), map[string]bool{}
	for _, c := range sklearn(t) {
		for name, want := range c.Want {
			m, ok := metrics[name]
			if !ok {
				t.Errorf("there is no metric %s", name)
				continue
			}
			seen[name] = true
			got := c.score(m)
			if want == nil {
				want = new(float64)
				*want = math.NaN()
			}
			if math.IsNaN(*want) != math.IsNaN(got) || math.Abs(got-*want) > 1e-6*(1+math.Abs(*want)) {
				t.Errorf("%s: %s is %.9g, scikit-learn's %.9g", c.Name, name, got, *want)
			}
		}
	}
	for name := range metrics {
		if !seen[name] {
			t.Errorf("no case has a %s", name)
		}
	}
}

func TestCurvesAsScikitLearn(t *testing.T) {
	for _, c := range sklearn(t) {
		if c.Curves == nil {
			continue
		}
		scores, truth := column(c.Probs, c.Cols, 0), c.Targets
		if c.Kind == "classes" {
			scores, truth = column(c.Probs, c.Cols, 1), column(oneHot(c.Labels, c.Cols), c.Cols, 1)
		} else {
			truth = column(truth, c.Cols, 0)
		}
		fpr, tpr, at := ROC(scores, positives(truth))
		precision, recall, thresholds := PrecisionRecall(scores, positives(truth))
		predicted, actual, counts := Calibration(scores, positives(truth), 8)
		if !math.IsInf(at[0], 1) || len(counts) != len(actual) {
			t.Errorf("%s: the first threshold is %g, %d bins have %d counts", c.Name, at[0], len(actual), len(counts))
		}
		for what, pair := range map[string][2][]float64{
			"fpr": {fpr, c.Curves.FPR}, "tpr": {tpr, c.Curves.TPR}, "ROC's thresholds": {at[1:], c.Curves.ROCAt},
			"precision": {precision, c.Curves.Precision}, "recall": {recall, c.Curves.Recall}, "thresholds": {thresholds, c.Curves.PRAt},
			"predicted": {predicted, c.Curves.Predicted}, "actual": {actual, c.Curves.Actual},
		} {
			if !slices.EqualFunc(pair[0], pair[1], func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }) {
				t.Errorf("%s: %s %v, scikit-learn's %v", c.Name, what, pair[0], pair[1])
			}
		}
	}
}

// Whatever a metric is given, it does not panic, and what does not fit together is NaN.
func TestNothingPanics(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for name, m := range all() {
		for _, p := range [][]float32{nil, {}, {.5}, {nan, .5}, {inf, -inf}, {.1, .2, .7, .3}, {1e38, -1e38, 0, 0}} {
			for _, cols := range []int{-1, 0, 1, 2, 3, 1 << 40} {
				for _, labels := range [][]int{nil, {}, {0}, {-1}, {1, 7}, {1 << 40}, {0, 1}} {
					if m.Score != nil {
						m.Score(p, cols, labels)
					}
				}
				for _, truth := range [][]float32{nil, {}, {1}, {nan, 0}, {inf, 1}, {0, 1, 1, 0}, {2, -1, 0, 1e38}} {
					if m.Targets != nil {
						m.Targets(p, truth, cols)
					}
					PerLabel(m, p, truth, cols)
					At(m, .5, .5)
					BestThreshold(m, p, truth, cols)
					BestThresholds(m, p, truth, cols)
				}
			}
		}
		for what, got := range map[string]float64{
			"no classes": c2(m.Score, nil, 0, nil), "NaN": c2(m.Score, []float32{nan, .5}, 2, []int{1}), "label": c2(m.Score, []float32{.5, .5}, 2, []int{2}),
			"no targets": c3(m.Targets, nil, nil, 1), "lengths": c3(m.Targets, []float32{.5}, []float32{1, 0}, 1),
		} {
			if !math.IsNaN(got) {
				t.Errorf("%s: %s is %g, want NaN", name, what, got)
			}
		}
	}
	for _, k := range []int{-1, 0} {
		for _, m := range []Metric{TopK(k), MAPAt(k), CalibrationError(k), CalibrationError(1 << 40)} {
			if got := c2(m.Score, []float32{.5, .5}, 2, []int{1}); k < 1 && m.Name != "ece_1099511627776" && !math.IsNaN(got) {
				t.Errorf("%s is %g", m.Name, got)
			}
		}
	}
	for _, avg := range []Average{-1, 99, Samples} {
		if got := FBetaBy(1, avg).Score([]float32{.5, .5}, 2, []int{1}); !math.IsNaN(got) || avg.String() == "" {
			t.Errorf("%v of classes is %g", avg, got)
		}
	}
}

func c2(f func([]float32, int, []int) float64, p []float32, classes int, labels []int) float64 {
	if f == nil {
		return math.NaN()
	}
	return f(p, classes, labels)
}

func c3(f func(p, t []float32, cols int) float64, p, truth []float32, cols int) float64 {
	if f == nil {
		return math.NaN()
	}
	return f(p, truth, cols)
}

// Curves of nothing, of one kind alone, and of slices that do not fit are nil; borders belong to the lower bin.
func TestCurvesOfNothing(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		scores []float32
		is     []bool
	}{{nil, nil}, {[]float32{.5}, nil}, {[]float32{nan, 1}, []bool{true, false}}, {[]float32{.1, .2}, []bool{false, false}}} {
		if fpr, _, _ := ROC(c.scores, c.is); fpr != nil {
			t.Errorf("ROC of %v is %v", c, fpr)
		}
		if p, _, _ := PrecisionRecall(c.scores, c.is); p != nil {
			t.Errorf("precisions of %v are %v", c, p)
		}
		Calibration(c.scores, c.is, 3)
	}
	if fpr, _, _ := ROC([]float32{.1, .2}, []bool{true, true}); fpr != nil {
		t.Error("there is a ROC without negatives")
	}
	predicted, _, counts := Calibration([]float32{0, .5, .5, 1, -3, 7}, make([]bool, 6), 2)
	if !slices.Equal(counts, []int{4, 2}) || predicted[1] != 4 {
		t.Errorf("bins of %v with means %v", counts, predicted)
	}
	for _, bins := range []int{-1, 0, 1 << 40} {
		if p, _, _ := Calibration([]float32{.5}, []bool{true}, bins); p != nil {
			t.Errorf("%d bins: %v", bins, p)
		}
	}
}

// TopK and MAPAt of equals: the first is the more probable.
func TestRanksOfEquals(t *testing.T) {
	even := []float32{.25, .25, .25, .25}
	near(t, "top 2, class 1", TopK(2).Score(even, 4, []int{1}), 1, 0)
	near(t, "top 2, class 2", TopK(2).Score(even, 4, []int{2}), 0, 0)
	near(t, "MAP@3, class 2", MAPAt(3).Score(even, 4, []int{2}), 1./3, 1e-12)
	near(t, "MAP@2 of labels", MAPAt(2).Targets(even, []float32{0, 1, 0, 1}, 4), .25, 1e-12) // 1/2 of 2
}

func TestPerLabel(t *testing.T) {
	p, truth := []float32{.9, .5, .1, .5}, []float32{1, 0, 0, 0}
	if got := PerLabel(AUC, p, truth, 2); got[0] != 1 || !math.IsNaN(got[1]) {
		t.Errorf("AUC of each label: %v, want [1 NaN]", got)
	}
	if got := PerClass(AUC, []float32{.9, .1, .2, .8}, 2, []int{0, 1}); got[0] != 1 || got[1] != 1 {
		t.Errorf("AUC of each class: %v", got)
	}
	if got := PerClass(AUC, p, 3, []int{0}); got != nil {
		t.Errorf("AUC of what does not fit: %v", got)
	}
}
