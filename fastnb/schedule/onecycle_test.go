package schedule

import "testing"

func TestOneCycle(t *testing.T) {
	for _, test := range []struct {
		name     string
		s        Schedule
		pct, val float64
	}{
		{"start", OneCycle(1e-2, 25, 1e5, .25), 0, 1e-2 / 25},
		{"peak", OneCycle(1e-2, 25, 1e5, .25), .25, 1e-2},
		{"end", OneCycle(1e-2, 25, 1e5, .25), 1, 1e-7},
		{"middle of the fall", OneCycle(1e-2, 25, 1e5, .25), .625, (1e-2 + 1e-7) / 2},
		{"fine_tune's start", OneCycle(1, 5, 1e5, .3), 0, .2},
		{"fine_tune's peak", OneCycle(1, 5, 1e5, .3), .3, 1},
		{"momentum at the start", OneCycleMom(.95, .85, .95, .25), 0, .95},
		{"momentum at the peak", OneCycleMom(.95, .85, .95, .25), .25, .85},
		{"momentum at the end", OneCycleMom(.95, .85, .95, .25), 1, .95},
		{"pctStart 1 only rises", OneCycle(1, 25, 1e5, 1), 1, 1},
	} {
		near(t, test.name, test.s(test.pct), test.val, 1e-12)
	}
}

func TestCircular(t *testing.T) {
	for _, test := range []struct {
		name     string
		s        Schedule
		pct, val float64
	}{
		{"start", Circular(4, 8), 0, .25},
		{"turn", Circular(4, 8), .125, 1},
		{"half way down", Circular(4, 8), .5625, .625},
		{"end", Circular(4, 8), 1, .25},
		{"momentum", CircularMom(.95, .85, 8), .125, .85},
		{"momentum's end", CircularMom(.95, .85, 8), 1, .95},
		{"beta start", CircularBeta(10, 20), 0, .1},
		{"beta peak", CircularBeta(10, 20), .4, 1},
		{"beta back", CircularBeta(10, 20), .8, .1},
		{"beta end", CircularBeta(10, 20), 1, .001},
		{"beta momentum", CircularBetaMom(.95, .85, 20), .4, .85},
		{"beta momentum's end", CircularBetaMom(.95, .85, 20), .9, .95},
	} {
		near(t, test.name, test.s(test.pct), test.val, 1e-12)
	}
}
