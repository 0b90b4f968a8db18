package metric_test

import (
	"fmt"

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
