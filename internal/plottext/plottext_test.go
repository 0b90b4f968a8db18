package plottext

import (
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
)

func TestOf(t *testing.T) {
	p := plot.New()
	if got := Of(p); got != "plot: y, against x" {
		t.Errorf("an empty plot is %q", got)
	}
	p.Title.Text, p.Y.Label.Text = "a fit", "loss\nof it"
	line, err := plotter.NewLine(plotter.XYs{{X: 0, Y: .125}, {X: 100, Y: 2}})
	if err != nil {
		t.Fatal(err)
	}
	p.Add(line)
	const want = "plot: a fit: loss of it, 0.125 to 2, against x, 0 to 100"
	if got := Of(p); got != want {
		t.Errorf("%q (want %q)", got, want)
	}
	p.NominalX("a", "b")
	const named = "plot: a fit: loss of it, 0.125 to 2, against x"
	if got := All([]*plot.Plot{p, p}); got != named+"\n"+named {
		t.Errorf("%q", got)
	}
}
