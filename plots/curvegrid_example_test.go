package plots_test

import (
	"fmt"
	"log"
	"math"

	"github.com/fastnb/fastnb/plots"
)

// family are some functions and their derivatives.
func family() (panels []plots.Panel) {
	for _, f := range []struct {
		name          string
		value, change func(x float64) float64
	}{
		{"sine", math.Sin, math.Cos},
		{"tanh", math.Tanh, func(x float64) float64 { return 1 - math.Tanh(x)*math.Tanh(x) }},
		{"square", func(x float64) float64 { return x * x }, func(x float64) float64 { return 2 * x }},
		{"e to the x", math.Exp, math.Exp},
		{"half of x", func(x float64) float64 { return x / 2 }, func(float64) float64 { return .5 }},
	} {
		p := plots.Panel{Title: f.name}
		var values, changes []float64
		for x := -3.; x <= 3; x += .05 {
			p.X, values, changes = append(p.X, x), append(values, f.value(x)), append(changes, f.change(x))
		}
		p.Curves = []plots.Curve{{Name: "function", Values: values}, {Name: "derivative", Values: changes}}
		panels = append(panels, p)
	}
	return panels
}

func ExampleCurveGrid() {
	f, err := plots.CurveGrid(family(), plots.Cols(3), plots.YRange{Low: -2, High: 3}, plots.Axes{X: "x"})
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/curve_grid.png"); err != nil {
		log.Fatal(err)
	}
}

// Without X the values are those of 1, 2, ...: layers here.
func ExampleCurveGrid_logY() {
	var panels []plots.Panel
	for _, gain := range []float64{.7, 1, 1.2} {
		var values []float64
		for layer := range 20 {
			values = append(values, math.Pow(gain, float64(layer+1)))
		}
		panels = append(panels, plots.Panel{Title: fmt.Sprint("times ", gain), Curves: []plots.Curve{{Name: "size", Values: values}}})
	}
	f, err := plots.CurveGrid(panels, plots.LogY(true), plots.Axes{X: "layer", Y: "size of the signal"})
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/curve_grid_log.png"); err != nil {
		log.Fatal(err)
	}
}
