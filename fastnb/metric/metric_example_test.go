package metric_test

import (
	"fmt"
	"math"

	"github.com/fastnb/fastnb/fastnb/metric"
)

func ExampleMetric() {
	probs := []float32{ // cat, dog
		.9, .1,
		.2, .8,
		.6, .4,
	}
	labels := []int{0, 1, 1}
	for _, m := range []metric.Metric{metric.Accuracy, metric.ErrorRate, metric.LogLoss} {
		fmt.Printf("%s %.4f\n", m.Name, m.Score(probs, 2, labels))
	}
	// Output:
	// accuracy 0.6667
	// error_rate 0.3333
	// log_loss 0.4149
}

// Predictions of three numbers, of which two are off by ten: scored in the numbers' unit, and in shares of them. A
// model of the logarithm has the same score in shares.
func ExampleMetric_regression() {
	actual, predicted := []float32{100, 200, 400}, []float32{110, 190, 400}
	for _, m := range []metric.Metric{metric.MSE, metric.RMSE, metric.MAE, metric.R2, metric.RMSPE} {
		fmt.Printf("%s %.4f\n", m.Name, m.Targets(predicted, actual, 1))
	}
	logs := func(all []float32) (logs []float32) {
		for _, x := range all {
			logs = append(logs, float32(math.Log(float64(x))))
		}
		return logs
	}
	fmt.Printf("%s %.4f\n", metric.ExpRMSPE.Name, metric.ExpRMSPE.Targets(logs(predicted), logs(actual), 1))
	// Output:
	// mse 66.6667
	// rmse 8.1650
	// mae 6.6667
	// r2 0.9957
	// rmspe 0.0645
	// exp_rmspe 0.0645
}

// Three are predicted to be ill, two of them are; no ill one is missed.
func ExampleMetric_precision() {
	probs := []float32{ // well, ill
		.1, .9,
		.3, .7,
		.8, .2,
		.4, .6,
		.9, .1,
	}
	labels := []int{1, 0, 0, 1, 0}
	for _, m := range []metric.Metric{metric.Precision, metric.Recall} {
		fmt.Printf("%s %.4f\n", m.Name, m.Score(probs, 2, labels))
	}
	// Output:
	// precision 0.6667
	// recall 1.0000
}

func ExampleFBeta() {
	probs := []float32{.1, .9, .2, .8, .6, .4}
	fmt.Printf("%.4f\n", metric.FBeta(1).Score(probs, 2, []int{1, 0, 1}))
	// Output: 0.5000
}

func ExampleConfusion() {
	pred := metric.Predicted([]float32{.9, .1, .2, .8, .6, .4}, 2)
	fmt.Println(metric.Confusion(pred, []int{0, 1, 1}, 2))
	// Output: [[1 0] [1 1]]
}

func ExampleEMA() {
	e := metric.EMA{Beta: .98}
	for _, loss := range []float64{2, 1, 3} {
		e.Add(loss)
		fmt.Printf("%.4f ", e.Value())
	}
	// Output: 2.0000 1.4949 2.0068
}

func ExampleFBetaThresh() {
	probs := []float32{ // forest, river, road
		.9, .6, .3,
		.1, .7, .3,
	}
	truth := []float32{
		1, 1, 0,
		0, 1, 1,
	}
	fmt.Printf("%.4f\n", metric.FBetaThresh(2, .25).Targets(probs, truth, 3))
	// Output: 0.9545
}

func ExampleAccuracyThresh() {
	fmt.Println(metric.AccuracyThresh(.5).Targets([]float32{.9, .2, .4, .8}, []float32{1, 0, 1, 1}, 2))
	// Output: 0.75
}
