package metric_test

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb/metric"
)

// Grades of five eyes, 0 to 3: a miss by two grades counts four times as much as one by one.
func ExampleMetric_kappa() {
	probs := []float32{ // grades
		.7, .2, .1, 0,
		.1, .6, .2, .1,
		.1, .1, .7, .1,
		.5, .3, .2, 0,
		0, .1, .3, .6,
	}
	labels := []int{0, 1, 3, 2, 3}
	for _, m := range []metric.Metric{metric.Kappa, metric.QuadraticKappa, metric.Matthews, metric.BalancedAccuracy} {
		fmt.Printf("%s %.4f\n", m.Name, m.Score(probs, 4, labels))
	}
	// Output:
	// kappa 0.4737
	// quadratic_kappa 0.6753
	// matthews 0.5000
	// balanced_accuracy 0.6250
}

// Metrics of the order of probabilities: of two classes it is that of class 1's.
func ExampleMetric_auc() {
	probs := []float32{
		.9, .1,
		.6, .4,
		.65, .35,
		.2, .8,
	}
	labels := []int{0, 0, 1, 1}
	for _, m := range []metric.Metric{metric.AUC, metric.AveragePrecision, metric.Brier, metric.CalibrationError(15)} {
		fmt.Printf("%s %.4f\n", m.Name, m.Score(probs, 2, labels))
	}
	// Output:
	// auc 0.7500
	// average_precision 0.8333
	// brier 0.1581
	// ece_15 0.1375
}

// Metrics of several labels for each item, predicted above .5.
func ExampleMetric_labels() {
	probs := []float32{ // forest, river, road
		.9, .6, .3,
		.1, .7, .3,
	}
	truth := []float32{
		1, 1, 0,
		0, 1, 1,
	}
	for _, m := range []metric.Metric{metric.HammingLoss, metric.SubsetAccuracy, metric.Jaccard, metric.MAPAt(2)} {
		fmt.Printf("%s %.4f\n", m.Name, m.Targets(probs, truth, 3))
	}
	// Output:
	// hamming_loss 0.1667
	// subset_accuracy 0.5000
	// jaccard 0.7500
	// map@2 1.0000
}

// Metrics of numbers: how well they are ordered, on a line, explained, and met in shares.
func ExampleMetric_numbers() {
	actual, predicted := []float32{1, 2, 4, 8}, []float32{2, 3, 5, 30}
	for _, m := range []metric.Metric{metric.Spearman, metric.Pearson, metric.ExplainedVariance, metric.RMSLE} {
		fmt.Printf("%s %.4f\n", m.Name, m.Targets(predicted, actual, 1))
	}
	// Output:
	// spearman 1.0000
	// pearson 0.9488
	// explained_variance -10.5043
	// rmsle 0.6727
}

func ExampleTopK() {
	probs := []float32{
		.5, .3, .2,
		.2, .5, .3,
	}
	labels := []int{1, 0}
	fmt.Println(metric.TopK(2).Score(probs, 3, labels), metric.MAPAt(3).Score(probs, 3, labels))
	// Output: 0.5 0.41666666666666663
}

// One score of three classes by the averages that competitions ask for.
func ExampleAverage() {
	probs := []float32{
		.7, .2, .1,
		.6, .3, .1,
		.2, .7, .1,
		.5, .2, .3,
	}
	labels := []int{0, 0, 1, 2}
	for _, avg := range []metric.Average{metric.Macro, metric.Micro, metric.Weighted} {
		f, p, r, j := metric.FBetaBy(1, avg), metric.PrecisionBy(avg), metric.RecallBy(avg), metric.JaccardBy(avg)
		fmt.Printf("%s %.3f, %s %.3f, %s %.3f, %s %.3f\n", f.Name, f.Score(probs, 3, labels), p.Name,
			p.Score(probs, 3, labels), r.Name, r.Score(probs, 3, labels), j.Name, j.Score(probs, 3, labels))
	}
	// Output:
	// f1_macro 0.600, precision_macro 0.556, recall_macro 0.667, jaccard_macro 0.556
	// f1_micro 0.750, precision_micro 0.750, recall_micro 0.750, jaccard_micro 0.600
	// f1_weighted 0.650, precision_weighted 0.583, recall_weighted 0.750, jaccard_weighted 0.583
}

// F2 with the threshold that is best for it, and with one for each label.
func ExampleBestThreshold() {
	probs := []float32{ // clear, haze
		.9, .3,
		.6, .1,
		.8, .2,
	}
	truth := []float32{
		1, 1,
		1, 0,
		1, 1,
	}
	f2 := metric.FBetaBy(2, metric.Samples)
	fmt.Printf("%.4f at .5\n", f2.Targets(probs, truth, 2))
	at, score := metric.BestThreshold(f2, probs, truth, 2)
	fmt.Printf("%.4f at %.2f\n", score, at)
	each, score := metric.BestThresholds(f2, probs, truth, 2)
	fmt.Printf("%.4f at %.2f\n", score, each)
	fmt.Printf("%.4f\n", metric.At(f2, .4, .25).Targets(probs, truth, 2))
	// Output:
	// 0.7037 at .5
	// 1.0000 at 0.15
	// 1.0000 at [0.30 0.15]
	// 0.8519
}

func ExamplePerLabel() {
	probs, truth := []float32{.9, .5, .1, .4}, []float32{1, 0, 0, 1}
	fmt.Println(metric.PerLabel(metric.AUC, probs, truth, 2))
	// Output: [1 0]
}

// Each class against the rest.
func ExamplePerClass() {
	probs := []float32{
		.7, .2, .1,
		.3, .3, .4,
		.2, .5, .3,
	}
	fmt.Println(metric.PerClass(metric.AUC, probs, 3, []int{0, 1, 2}))
	// Output: [1 0.5 0.5]
}

func ExampleROC() {
	falsePositive, truePositive, at := metric.ROC([]float32{.9, .8, .3, .1}, []bool{true, false, true, false})
	fmt.Println(falsePositive, truePositive)
	fmt.Printf("%.1f\n", at)
	// Output:
	// [0 0 0.5 0.5 1] [0 0.5 0.5 1 1]
	// [+Inf 0.9 0.8 0.3 0.1]
}

func ExamplePrecisionRecall() {
	precision, recall, at := metric.PrecisionRecall([]float32{.9, .8, .3, .1}, []bool{true, false, true, false})
	fmt.Printf("%.2f\n%.2f\n%.1f\n", precision, recall, at)
	// Output:
	// [0.50 0.67 0.50 1.00 1.00]
	// [1.00 1.00 0.50 0.50 0.00]
	// [0.1 0.3 0.8 0.9]
}

// How sure the most probable classes are, in two bins, and how often they are right.
func ExampleCalibration() {
	probs := []float32{
		.55, .45,
		.4, .6,
		.9, .1,
		.2, .8,
	}
	sure, right := metric.Confidence(probs, 2, []int{1, 1, 0, 0})
	predicted, actual, counts := metric.Calibration(sure, right, 4)
	fmt.Printf("%.3f %.1f %d\n", predicted, actual, counts)
	// Output: [0.575 0.850] [0.5 0.5] [2 2]
}
