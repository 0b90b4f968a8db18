package tabular_test

import (
	"fmt"
	"log"
	"math"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// ice is a table of how many ice creams a stand sold on some days.
func ice() *tabular.Table {
	var day, sky []string
	var warmth, sold []float64
	for i := range 400 {
		d, s, w := i%7, i%3, float64(10+i%23)
		day, sky, warmth = append(day, [...]string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}[d]), append(sky, [...]string{"grey", "mixed", "blue"}[s]), append(warmth, w)
		sold = append(sold, 20+10*float64(s)+3*w+15*float64(d/5))
	}
	t, err := tabular.NewTable(tabular.Texts("day", day), tabular.Texts("sky", sky), tabular.Numbers("warmth", warmth), tabular.Numbers("sold", sold))
	if err != nil {
		log.Fatal(err)
	}
	return t
}

// stand returns a trained learner of it.
func stand() *tabular.Learner {
	data, err := tabular.FromTable(ice(), tabular.LogTarget("sold"), tabular.Cats("day", "sky"), tabular.Conts("warmth"), tabular.BatchSize(16), tabular.WorkDir(work()))
	if err != nil {
		log.Fatal(err)
	}
	low, high := data.TargetRange()
	l, err := tabular.NewLearner(data, tabular.Layers(32, 16), tabular.YRange(low-.2, high*1.2), tabular.With(fastnb.WithProgress(nil)))
	if err != nil {
		log.Fatal(err)
	}
	if err := l.FitOneCycle(fastnb.LR(1e-2), 20); err != nil {
		log.Fatal(err)
	}
	return l
}

func work() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("fastnb-tabular-examples-%d", os.Getuid()))
}

func ExampleFromTable() {
	data, err := tabular.FromTable(ice(), tabular.Target("sold"), tabular.ValidShare(.25), tabular.BatchSize(32))
	if err != nil {
		log.Fatal(err)
	}
	sky, err := data.Categories("sky")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(sky)
	fmt.Print(data.Report())
	// Output:
	// [#na# blue grey mixed]
	// train: 300 rows
	// valid: 100 rows
}

func ExampleNewLearner() {
	l := stand()
	loss, _, err := l.Validate()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("right within ten per cent:", loss < .01)
	// Output: right within ten per cent: true
}

func ExampleLearner_PredictRow() {
	l := stand()
	p, err := l.PredictRow(tabular.Row{"day": "Su", "sky": "blue", "warmth": 30})
	if err != nil {
		log.Fatal(err)
	}
	sold := l.Values(p)[0]
	fmt.Println("about 145:", math.Abs(sold-145) < 15)
	// Output: about 145: true
}

func ExampleLearner_PredictTable() {
	l := stand()
	tomorrow, err := tabular.NewTable(tabular.Numbers("warmth", []float64{15, 31}), tabular.Texts("day", []string{"We", "Sa"}), tabular.Texts("sky", []string{"grey", "fog"}))
	if err != nil {
		log.Fatal(err)
	}
	report, err := l.Check(tomorrow)
	if err != nil {
		log.Fatal(err)
	}
	p, err := l.PredictTable(tomorrow)
	if err != nil {
		log.Fatal(err)
	}
	values := l.Values(p)
	fmt.Print("more on a warm Saturday: ", values[1] > values[0], "\n", report)
	// Output:
	// more on a warm Saturday: true
	// test: 2 rows; unknown: 1 sky
}

func ExampleOpen() {
	l := stand()
	if err := l.Save("stand"); err != nil {
		log.Fatal(err)
	}
	// elsewhere, without the table:
	served, err := tabular.Open(filepath.Join(work(), "models", "stand.safetensors"))
	if err != nil {
		log.Fatal(err)
	}
	row := tabular.Row{"day": "Mo", "sky": "mixed", "warmth": 20}
	a, err := l.PredictRow(row)
	if err != nil {
		log.Fatal(err)
	}
	b, err := served.PredictRow(row)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("the same:", a.Probs[0][0] == b.Probs[0][0])
	// Output: the same: true
}

func ExampleLearner_Importance() {
	all, err := stand().Importance()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("the most important:", all[0].Column)
	// Output: the most important: warmth
}

func ExampleLearner_PartialDependence() {
	d, err := stand().PartialDependence("warmth", 3)
	if err != nil {
		log.Fatal(err)
	}
	curve := d.Curve(0)
	fmt.Println(d.Values, "the warmer the more:", curve[0] < curve[1] && curve[1] < curve[2])
	// Output: [10 21 32] the warmer the more: true
}

func ExampleLearner_Embedding() {
	values, vectors, err := stand().Embedding("day")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(values, "each", len(vectors[0]), "numbers")
	// Output: [#na# Fr Mo Sa Su Th Tu We] each 4 numbers
}

func ExampleCVRows() {
	rows, err := tabular.CVRows(10, 0, .2, 42)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rows)
	// Output: [8 1]
}

func ExampleEmbSize() {
	fmt.Println(tabular.EmbSize(8), tabular.EmbSizeV2(8), tabular.EmbSize(1116))
	// Output: 4 5 50
}

func ExampleNewTable() {
	t, err := tabular.NewTable(tabular.Texts("town", []string{"Ulm", "Kiel"}), tabular.Numbers("people", []float64{126949, math.NaN()}))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(t.Len(), t.Names(), t.Column("people").MissingCount())
	// Output: 2 [town people] 1
}
