package fastnb_test

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/metric"
)

// planet are predictions of three photos with any number of labels each.
var planet = &fastnb.Preds{
	Probs:   [][]float32{{.9, .4, .1}, {.2, .8, .3}, {.6, .3, .7}},
	Targets: [][]float32{{1, 1, 0}, {0, 1, 1}, {1, 0, 1}},
	Classes: []string{"clear", "river", "road"},
	Names:   []string{"1.jpg", "2.jpg", "3.jpg"},
}

// The items that the model is most wrong about come first.
func ExamplePreds_TopLosses() {
	losses := photos.Losses()
	for _, i := range photos.TopLosses(2) {
		fmt.Printf("%s %.3f\n", photos.Names[i], losses[i])
	}
	fmt.Println(planet.TopLosses(3))
	// Output:
	// valid/9.jpg 1.204
	// valid/10.jpg 0.511
	// [1 2 0]
}

func ExamplePreds_MostConfused() {
	for _, pair := range photos.MostConfused(1) {
		fmt.Printf("%s taken for %s: %d\n", pair.Actual, pair.Predicted, pair.Count)
	}
	var least fastnb.Confused // of nothing
	fmt.Println(photos.MostConfused(2), least.Count)
	// Output:
	// dog taken for cat: 1
	// [] 0
}

// How well each class is predicted, as scikit-learn's classification_report tells.
func ExamplePreds_Report() {
	report := must(photos.Report())
	fmt.Print(report)
	fmt.Printf("%.2f\n", report.Classes[1].Recall)
	// Output:
	// class         precision  recall  f1     support
	// cat           0.500      1.000   0.667  1
	// dog           1.000      0.667   0.800  3
	// accuracy                         0.750  4
	// macro avg     0.750      0.833   0.733  4
	// weighted avg  0.875      0.750   0.767  4
	// 0.67
}

// The rows of a report with a threshold for several labels.
func ExampleReport() {
	report := must(planet.Report(.25))
	fmt.Println(report.Header(), report.Rows()[2], len(report.HTML()) > 100)
	var road fastnb.ClassScore = report.Classes[2]
	fmt.Println(road.Name, road.Precision, road.Support)
	// Output:
	// [class precision recall f1 support] [road 1.000 1.000 1.000 2] true
	// road 1 2
}

// The threshold that is best for F2, and what is predicted above it.
func ExamplePreds_BestThreshold() {
	f2 := metric.FBetaBy(2, metric.Samples)
	at, score, err := planet.BestThreshold(f2)
	ok(err)
	fmt.Printf("%.2f: %.4f, at .5 %.4f\n", at, score, planet.Score(f2))
	fmt.Println(must(planet.PredictedLabels(at)))
	// Output:
	// 0.25: 0.9697, at .5 0.7037
	// [[0 1] [1 2] [0 1 2]]
}

func ExamplePreds_BestThresholds() {
	at, score, err := planet.BestThresholds(metric.FBetaBy(2, metric.Samples))
	ok(err)
	fmt.Printf("%.2f: %.4f\n", at, score)
	// Output: [0.40 0.35 0.20]: 1.0000
}

// A model that is too sure: a temperature above 1 makes its probabilities come true as often as they say.
func ExamplePreds_Temperature() {
	sure := &fastnb.Preds{Classes: []string{"cat", "dog"}}
	for i := range 10 {
		sure.Probs = append(sure.Probs, []float32{.95, .05})
		sure.Labels = append(sure.Labels, map[bool]int{true: 1}[i < 3]) // right in 7 of 10
	}
	at := must(sure.Temperature())
	calibrated := must(sure.Calibrated(at))
	fmt.Printf("temperature %.2f, log loss %.3f -> %.3f\n", at, sure.LogLoss(), calibrated.LogLoss())
	for _, p := range []*fastnb.Preds{sure, calibrated} {
		predicted, actual, counts := p.Calibration(15)
		fmt.Printf("%.2f %.2f %d\n", predicted, actual, counts)
	}
	// Output:
	// temperature 3.48, log loss 0.935 -> 0.611
	// [0.95] [0.70] [10]
	// [0.70] [0.70] [10]
}

// The curve of one class against the rest, for plots.ROC.
func ExamplePreds_OneVsRest() {
	scores, is, err := planet.OneVsRest("road")
	ok(err)
	falsePositive, truePositive, _ := metric.ROC(scores, is)
	fmt.Println(falsePositive, truePositive)
	// Output: [0 0 0 1] [0 0.5 1 1]
}

// Two models of numbers: the mean errs less.
func ExampleAverage_numbers() {
	one := &fastnb.Preds{Probs: [][]float32{{1}, {4}}, Targets: [][]float32{{2}, {4}}}
	two := &fastnb.Preds{Probs: [][]float32{{3}, {5}}, Targets: one.Targets}
	mean := must(fastnb.Average(one, two))
	fmt.Println(mean.Probs, mean.Score(metric.MAE))
	// Output: [[2] [4.5]] 0.25
}
