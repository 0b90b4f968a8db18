package plots_test

import (
	"fmt"
	"log"
	"math"
	"math/rand"

	"github.com/fastnb/fastnb/plots"
)

func ExampleImportance() {
	f, err := plots.Importance(
		[]string{"Store", "DayOfWeek", "Promo", "StateHoliday", "CompetitionMonthsOpen", "Mean_Temperature", "Year"},
		[]float64{.41, .12, .165, -.004, .093, .011, .02},
		plots.Spread{.02, .009, .011, .003, .008, .006, .004},
		plots.Axes{X: "rise of exp_rmspe when shuffled"})
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/importance.png"); err != nil {
		log.Fatal(err)
	}
}

func ExampleDependence() {
	var age, mean []float64
	lines := make([][]float64, 40)
	for a := 17.; a <= 90; a++ {
		age, mean = append(age, a), append(mean, 0)
		for i := range lines {
			y := float64(i) / 40 * math.Exp(-math.Pow((a-48-float64(i)/10)/18, 2))
			lines[i] = append(lines[i], y)
			mean[len(mean)-1] += y / 40
		}
	}
	p, err := plots.Dependence(age, mean, plots.Lines(lines), plots.Axes{X: "age", Y: "probability of >=50k"})
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Save(plots.Width, plots.Height, "testdata/dependence.png"); err != nil {
		log.Fatal(err)
	}
}

func ExampleDependenceOn() {
	f, err := plots.DependenceOn([]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
		[]float64{7800, 7000, 6600, 6700, 7000, 5900, 8200},
		plots.Lines{{9000, 8100, 7500, 7700, 8300, 6000, 8800}, {6600, 5900, 5700, 5700, 5700, 5800, 7600}},
		plots.Axes{Y: "sales"})
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/dependence_on.png"); err != nil {
		log.Fatal(err)
	}
}

func ExampleDependenceOn_many() {
	var jobs []string
	var wages []float64
	for i := range 32 {
		jobs = append(jobs, fmt.Sprintf("occupation %d", i))
		wages = append(wages, 20+10*math.Sin(float64(i)))
	}
	f, err := plots.DependenceOn(jobs, wages)
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/dependence_on_many.png"); err != nil {
		log.Fatal(err)
	}
}

// regression returns n true values and predictions of them.
func regression(n int) (actual, predicted []float64) {
	rng := rand.New(rand.NewSource(1))
	for range n {
		a := math.Exp(8.5 + .4*rng.NormFloat64())
		actual, predicted = append(actual, a), append(predicted, a*math.Exp(.12*rng.NormFloat64()))
	}
	return actual, predicted
}

func ExamplePredictedVsActual() {
	actual, predicted := regression(300)
	f, err := plots.PredictedVsActual(actual, predicted, plots.Axes{X: "sales", Y: "predicted sales"})
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/predicted.png"); err != nil {
		log.Fatal(err)
	}
}

func ExamplePredictedVsActual_many() {
	f, err := plots.PredictedVsActual(regression(100_000))
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/predicted_many.png"); err != nil {
		log.Fatal(err)
	}
}

func ExampleHistogram() {
	sales, _ := regression(5000)
	p, err := plots.Histogram(sales, plots.Axes{X: "sales"})
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Save(plots.Width, plots.Height, "testdata/histogram.png"); err != nil {
		log.Fatal(err)
	}
}

// Fewer bars than the rule gives, for a shape at a glance.
func ExampleBins() {
	sales, _ := regression(5000)
	p, err := plots.Histogram(sales, plots.Bins(12), plots.Axes{X: "sales"})
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Save(plots.Width, plots.Height, "testdata/histogram_bins.png"); err != nil {
		log.Fatal(err)
	}
}

func ExampleHistogram_whole() {
	p, err := plots.Histogram([]float64{1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 5, 5, 5}, plots.Axes{X: "rating", Y: "films"})
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Save(plots.Width, plots.Height, "testdata/histogram_whole.png"); err != nil {
		log.Fatal(err)
	}
}
