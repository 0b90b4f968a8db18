package tabular_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fastnb/fastnb/fastnb/tabular"
)

// shops is a made-up table of what is learned in milliseconds: takings that hang on the city, the day and the area, some
// areas missing; and a column that says nothing.
func shops(t testing.TB, n int) *tabular.Table {
	t.Helper()
	rng := rand.New(rand.NewPCG(5, 6))
	cities, level := []string{"Bonn", "Kiel", "Trier", "Ulm"}, []float64{1, 3, 2, 5}
	city, day, area, noise, takings := make([]string, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	big, open := make([]bool, n), make([]bool, n)
	for i := range n {
		c := rng.IntN(len(cities))
		city[i], day[i], area[i], noise[i] = cities[c], float64(1+rng.IntN(7)), 50+50*rng.Float64(), rng.NormFloat64()
		takings[i] = math.Exp(level[c]/3 + day[i]/10 + area[i]/100 + .05*rng.NormFloat64())
		big[i], open[i] = area[i] > 75, day[i] < 7
		if i%10 == 3 {
			area[i] = math.NaN()
		}
	}
	table, err := tabular.NewTable(tabular.Texts("city", city), tabular.Numbers("day", day), tabular.Numbers("area", area), tabular.Numbers("noise", noise),
		tabular.Numbers("takings", takings), tabular.Bools("big", big), tabular.Bools("open", open))
	check(t, err)
	return table
}
