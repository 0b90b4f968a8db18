package plots_test

import (
	"log"
	"math"

	"github.com/fastnb/fastnb/plots"
)

// A bowl that is ten times steeper along y than along x, and gradient descent on it at two rates.
func ExampleValley() {
	bowl := func(x, y float64) float64 { return x*x + 10*y*y }
	descend := func(rate float64) (path plots.Points) {
		for x, y, i := -4., 1.5, 0; i < 20; i++ {
			path.X, path.Y = append(path.X, x), append(path.Y, y)
			x, y = x-rate*2*x, y-rate*20*y
		}
		return path
	}
	small, large := descend(.01), descend(.094)
	small.Name, large.Name = "rate .01", "rate .094"
	f, err := plots.Valley(bowl, []plots.Points{small, large})
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/valley.png"); err != nil {
		log.Fatal(err)
	}
}

// A part of the plane, where the function has two minima, and a path that leaves it.
func ExampleValley_range() {
	two := func(x, y float64) float64 { return math.Cos(x) + .3*x + math.Cos(2*y) }
	away := plots.Points{Name: "away", X: []float64{0, 2, 5, 40}, Y: []float64{0, 1, .5, 30}}
	f, err := plots.Valley(two, []plots.Points{away}, plots.XRange{Low: -5, High: 6}, plots.YRange{Low: -2, High: 2})
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/valley_range.png"); err != nil {
		log.Fatal(err)
	}
}
