package schedule

import "testing"

func TestOneCycle(t *testing.T) {
	for _, test := range []struct {
		name     string
		s        Schedule
		pct, val float64
	}{
		{"start", OneCycle{}.LR(1e-2), 0, 1e-2 / 25},
		{"peak", OneCycle{}.LR(1e-2), .25, 1e-2},
		{"end", OneCycle{}.LR(1e-2), 1, 1e-7},
		{"middle of the fall", OneCycle{}.LR(1e-2), .625, (1e-2 + 1e-7) / 2},
		{"fine_tune's start", OneCycle{Div: 5, PctStart: .3}.LR(1), 0, .2},
		{"fine_tune's peak", OneCycle{Div: 5, PctStart: .3}.LR(1), .3, 1},
		{"momentum at the start", OneCycle{}.Mom(), 0, .95},
		{"momentum at the peak", OneCycle{}.Mom(), .25, .85},
		{"momentum at the end", OneCycle{}.Mom(), 1, .95},
		{"own momentum", OneCycle{Moms: [3]float64{.9, .8, .7}}.Mom(), 1, .7},
		{"PctStart 1 only rises", OneCycle{PctStart: 1}.LR(1), 1, 1},
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
