package plots_test

import (
	"log"
	"math"

	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/plots"
)

// scored returns 200 items' scores of a model that is right the more often the better it is, and what they are.
func scored(better float64) (scores []float32, is []bool) {
	for i := range 200 {
		noise := math.Sin(float64(i*i)) + math.Cos(1.7*float64(i))
		x := noise - better
		if i%3 == 0 {
			x = noise + better
		}
		scores, is = append(scores, float32(1/(1+math.Exp(-2*x)))), append(is, i%3 == 0)
	}
	return scores, is
}

func ExampleROC() {
	falsePositive, truePositive, _ := metric.ROC(scored(.3))
	wrong, found, _ := metric.ROC(scored(.9))
	f, err := plots.ROC(plots.Points{Name: "before", X: falsePositive, Y: truePositive},
		plots.Points{Name: "after", X: wrong, Y: found})
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/roc.png"); err != nil {
		log.Fatal(err)
	}
}

func ExamplePrecisionRecall() {
	precision, recall, _ := metric.PrecisionRecall(scored(.3))
	better, found, _ := metric.PrecisionRecall(scored(.9))
	f, err := plots.PrecisionRecall(plots.Points{Name: "before", X: recall, Y: precision},
		plots.Points{Name: "after", X: found, Y: better})
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/precision_recall.png"); err != nil {
		log.Fatal(err)
	}
}

// A model that is too sure, and what a temperature makes of it.
func ExampleCalibration() {
	scores, is := scored(.5)
	predicted, actual, _ := metric.Calibration(scores, is, 8)
	cooler := make([]float32, len(scores))
	for i, p := range scores {
		logit := math.Log(float64(p / (1 - p)))
		cooler[i] = float32(1 / (1 + math.Exp(-logit/2)))
	}
	calm, came, _ := metric.Calibration(cooler, is, 8)
	f, err := plots.Calibration(plots.Points{Name: "before", X: predicted, Y: actual},
		plots.Points{Name: "temperature 2", X: calm, Y: came})
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/calibration.png"); err != nil {
		log.Fatal(err)
	}
}

// Scores of labels at each threshold, and the one that is best for F2.
func ExampleThresholds() {
	probs, is := scored(.5)
	truth := make([]float32, len(is))
	for i := range is {
		if is[i] {
			truth[i] = 1
		}
	}
	ms := []metric.Metric{metric.FBetaBy(2, metric.Micro), metric.PrecisionBy(metric.Micro), metric.RecallBy(metric.Micro)}
	var at []float64
	curves := make([]plots.Curve, len(ms))
	for thresh := .02; thresh < 1; thresh += .02 {
		at = append(at, thresh)
		for i, m := range ms {
			curves[i].Name = m.Name
			curves[i].Values = append(curves[i].Values, metric.At(m, thresh).Targets(probs, truth, 1))
		}
	}
	best, _ := metric.BestThreshold(ms[0], probs, truth, 1)
	p, err := plots.Thresholds(at, curves, plots.Suggestion(best))
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Save(plots.Width, plots.Height, "testdata/thresholds.png"); err != nil {
		log.Fatal(err)
	}
}
