package metric

import (
	"math"
	"testing"
)

func TestTargetMetrics(t *testing.T) {
	for _, test := range []struct {
		name string
		m    Metric
		p, t []float32
		cols int
		want float64
	}{
		{"lesson 3's exp_rmspe", ExpRMSPE, []float32{8, 9, 8.5}, []float32{8.1, 8.9, 8.5}, 1, .0818878}, // REFERENCE (d) 11
		{"by hand", MSE, []float32{1, 2, 4}, []float32{1, 4, 1}, 1, 13. / 3},
		{"by hand", RMSE, []float32{1, 2, 4}, []float32{1, 4, 1}, 1, math.Sqrt(13. / 3)},
		{"by hand", MAE, []float32{1, 2, 4}, []float32{1, 4, 1}, 1, 5. / 3},
		{"by hand", R2, []float32{1, 4, 2}, []float32{1, 4, 1}, 1, 1 - 1./6},
		{"constant target", R2, []float32{1, 4}, []float32{1, 1}, 1, math.NaN()},
		{"closed shops don't count", RMSPE, []float32{9, 5, 22}, []float32{10, 0, 20}, 1, .1},
		{"planet", AccuracyThresh(.2), []float32{.3, .1, .9, .9}, []float32{1, 0, 1, 0}, 2, .75},
		{"samples", FBetaThresh(2, .5), []float32{.9, .9, .1, .1, .9, .9}, []float32{1, 0, 0, 0, 1, 1}, 3, (5./6 + 1) / 2}, // p 1/2, r 1 and all right
		{"no label at all", FBetaThresh(1, .5), []float32{.1, .1}, []float32{0, 0}, 2, 0},
		{"ragged", FBetaThresh(1, .5), []float32{.1, .1, .1}, []float32{0, 0, 0}, 2, math.NaN()},
		{"nothing", MSE, nil, nil, 1, math.NaN()},
		{"not as many", MAE, []float32{1}, []float32{1, 2}, 1, math.NaN()},
	} {
		got := test.m.Targets(test.p, test.t, test.cols)
		if math.IsNaN(test.want) != math.IsNaN(got) {
			t.Errorf("%s, %s = %g, want %g", test.m.Name, test.name, got, test.want)
			continue
		}
		if !math.IsNaN(test.want) {
			near(t, test.m.Name+", "+test.name, got, test.want, 1e-6)
		}
	}
}
