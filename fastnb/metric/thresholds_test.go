package metric

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// The thresholds found are as good as the best of all that scikit-learn's script tries, and a metric that has no way of
// its own finds the same.
func TestThresholdsAsScikitLearn(t *testing.T) {
	n := 0
	for _, c := range sklearn(t) {
		if c.Thresholds == nil {
			continue
		}
		n++
		for avg := Macro; avg <= Samples; avg++ {
			m := FBetaBy(2, avg)
			at, score := BestThreshold(m, c.Probs, c.Targets, c.Cols)
			near(t, c.Name+" "+m.Name, score, c.Thresholds.One[m.Name], 1e-9)
			near(t, c.Name+" "+m.Name+" at its threshold", At(m, at).Targets(c.Probs, c.Targets, c.Cols), score, 0)
			plain := Metric{Name: m.Name, Targets: m.Targets}
			other, slow := BestThreshold(plain, c.Probs, c.Targets, c.Cols)
			near(t, c.Name+" "+m.Name+", tried one by one", slow, score, 1e-12)
			near(t, c.Name+" "+m.Name+"'s threshold, tried one by one", other, at, 0)

			each, best := BestThresholds(m, c.Probs, c.Targets, c.Cols)
			if want, ok := c.Thresholds.Each[m.Name]; ok {
				near(t, c.Name+" "+m.Name+" of each", best, want, 1e-9)
			}
			if best < score || len(each) != c.Cols {
				t.Errorf("%s: %s is %g with one threshold, %g with %d", c.Name, m.Name, score, best, len(each))
			}
			near(t, c.Name+" "+m.Name+" at its thresholds", At(m, each...).Targets(c.Probs, c.Targets, c.Cols), best, 0)
		}
	}
	if n < 7 {
		t.Errorf("%d cases", n)
	}
}

func TestBestThreshold(t *testing.T) {
	for _, test := range []struct {
		name        string
		m           Metric
		p, t        []float32
		cols        int
		at, score   float64
		thresholds  []float64
		scoreOfEach float64
	}{
		{"between two", FBetaBy(1, Samples), []float32{.25, .75}, []float32{0, 1}, 2, .5, 1, []float64{.625, .375}, 1},
		{"all", FBetaBy(1, Micro), []float32{.25, .5}, []float32{1, 1}, 2, .125, 1, []float64{.125, .25}, 1},
		{"lower is better", HammingLoss, []float32{.25, .5}, []float32{0, 0}, 2, .75, 0, nil, 0},
		{"0 is above", HammingLoss, []float32{0, 0}, []float32{1, 1}, 2, -1, 0, nil, 0},
		{"1 is not", HammingLoss, []float32{1, 1}, []float32{0, 0}, 2, 1, 0, nil, 0},
		{"a single label", FBetaBy(1, Binary), []float32{.25, .75, .875}, []float32{0, 1, 1}, 1, .5, 1, []float64{.5}, 1},
		{"no meaning", Metric{Targets: func(_, _ []float32, _ int) float64 { return math.NaN() }}, []float32{.5}, []float32{1}, 1, math.NaN(), math.NaN(), nil, math.NaN()},
		{"no metric of labels", Accuracy, []float32{.5}, []float32{1}, 1, math.NaN(), math.NaN(), nil, math.NaN()},
		{"no labels", FBetaBy(1, Macro), []float32{.5}, []float32{.7}, 1, math.NaN(), math.NaN(), nil, math.NaN()},
	} {
		at, score := BestThreshold(test.m, test.p, test.t, test.cols)
		each, best := BestThresholds(test.m, test.p, test.t, test.cols)
		for _, x := range [][2]float64{{at, test.at}, {score, test.score}, {best, test.scoreOfEach}} {
			if x[0] != x[1] && !(math.IsNaN(x[0]) && math.IsNaN(x[1])) {
				t.Errorf("%s: threshold %g, score %g, of each %g (want %g, %g, %g)", test.name, at, score, best, test.at, test.score, test.scoreOfEach)
			}
		}
		for k, want := range test.thresholds {
			near(t, test.name, each[k], want, 0)
		}
	}
}

// Every threshold of 8000 of planet's photos with 17 labels is tried in no time; one that has to look at all labels
// each time tries as many as it can.
func TestThresholdsOfMany(t *testing.T) {
	const items, cols = 8000, 17
	rng := rand.New(rand.NewPCG(1, 2))
	p, truth := make([]float32, items*cols), make([]float32, items*cols)
	for i := range p {
		if p[i] = rng.Float32(); rng.Float32() < p[i] {
			truth[i] = 1
		}
	}
	start := time.Now()
	at, score := BestThreshold(FBetaThresh(2, .2), p, truth, cols)
	t.Logf("%v for one threshold, %g", time.Since(start), at)
	_, best := BestThresholds(FBetaThresh(2, .2), p, truth, cols)
	t.Logf("%v with those of each", time.Since(start))
	rough, hamming := BestThreshold(HammingLoss, p, truth, cols)
	t.Logf("%v with a loss that looks at all", time.Since(start))
	if best < score || !(math.Abs(rough-.5) < .05) || !(hamming < .26) {
		t.Errorf("%g with one threshold, %g with many; Hamming loss %g at %g", score, best, hamming, rough)
	}
}
