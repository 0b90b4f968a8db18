package metric

import "testing"

// 0.7's smoothed training loss, REFERENCE (d) 5.
func TestEMA(t *testing.T) {
	e := EMA{Beta: .98}
	near(t, "empty", e.Value(), 0, 0)
	for i, want := range []float64{2, 1.494949, 2.006802} {
		e.Add([]float64{2, 1, 3}[i])
		near(t, "EMA", e.Value(), want, 1e-6)
	}
}

func TestEMAWithoutPast(t *testing.T) {
	var e EMA
	e.Add(1)
	e.Add(5)
	near(t, "EMA{}", e.Value(), 5, 0)
}
