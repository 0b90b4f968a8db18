package tabular_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// What a learner sees of a table: a batch of codes and one of numbers, and all training rows at once, which it keeps on
// the device.
func ExampleData() {
	data := nb.Must(tabular.FromTable(garden(), tabular.Class("sun"), tabular.Cats("kind"), tabular.Conts("height"),
		tabular.ValidRows([]int{2, 5}), tabular.BatchSize(4), tabular.WorkDir(work())))
	for batch, err := range data.Batches(fastnb.View{Split: fastnb.Train, Shuffle: true, Seed: 1}) {
		fmt.Println(batch.Inputs[0].Shape(), batch.Inputs[1].Shape(), batch.Labels.Shape(), err)
	}
	all, fits := data.OnDevice()
	fmt.Println(all.Inputs[0].Shape(), fits)
	fmt.Println("as they come:", data.InputShapes(), len(data.Prepare(nil)))
	fmt.Println("models are saved in", filepath.Join(data.Dir(), "models") == filepath.Join(work(), "models"))
	fmt.Println("the splits differ:", data.Fingerprint(fastnb.Train) != data.Fingerprint(fastnb.Valid))
	// Output:
	// (Int32)[4, 1] (Float32)[4, 1] (Int32)[4] <nil>
	// (Int32)[6, 1] true
	// as they come: [(Int32)[64, 1] (Float32)[64, 1]] 0
	// models are saved in true
	// the splits differ: true
}

// Rows that were scaled by their own means are scaled as a model's were: by those that its training rows had.
func ExampleData_Refit() {
	of := func(rows ...int) *tabular.Data {
		return nb.Must(tabular.FromTable(garden().Rows(rows), tabular.Class("sun"), tabular.Conts("height"),
			tabular.ValidRows(nil)))
	}
	model, other := of(0, 2, 4), of(1, 3, 5)
	same := nb.Must(other.Refit(nb.Must(model.Fitted()))).(*tabular.Data)
	fmt.Println(nb.Must(same.Fitted()) == nb.Must(model.Fitted()), nb.Must(other.Fitted()) == nb.Must(model.Fitted()))
	// Output: true false
}

// A model of one's own on a table's data, served where these are not.
func ExampleFromFitted() {
	be := nb.Must(engine.Open())
	data := nb.Must(tabular.FromTable(garden(), tabular.Target("height"), tabular.Cats("kind"), tabular.ValidRows(nil),
		tabular.WorkDir(work())))
	model := nb.Must(tabular.NewLearner(data)).Model() // or yours
	own := nb.Must(fastnb.New(be, data, model))
	nb.Check(own.Save("own"))

	path := filepath.Join(work(), "models", "own.safetensors")
	blank := nb.Must(tabular.FromFitted(nb.Must(fastnb.ReadFitted(path)), work()))
	served := nb.Must(fastnb.New(be, blank, model))
	nb.Check(served.LoadFile(path))
	preds := nb.Must(served.PredictOn(nb.Must(blank.WithTest(garden().Rows([]int{6, 7}))), fastnb.Test))
	want := nb.Must(own.Predict(fastnb.Train))
	fmt.Println(preds.Probs[0][0] == want.Probs[6][0], preds.Probs[1][0] == want.Probs[7][0])
	// Output: true true
}

// Two rows by column. What a row does not name is missing in it.
func ExampleLearner_PredictRows() {
	learn := stand()
	preds := nb.Must(learn.PredictRows(tabular.Row{"day": "Sa", "sky": "blue", "warmth": 30},
		tabular.Row{"sky": "grey", "warmth": 12}))
	sold := learn.Values(preds)
	fmt.Println(len(sold), "rows; more in the first:", sold[0] > sold[1])
	// Output: 2 rows; more in the first: true
}

// A number whose errors count in shares of it, within bounds a little wider than the training rows'.
func ExampleLogTarget() {
	data := nb.Must(tabular.FromTable(ice(), tabular.LogTarget("sold"), tabular.WorkDir(work())))
	low, high := data.TargetRange()
	learn := nb.Must(tabular.NewLearner(data, tabular.YRange(low-.2, high*1.2),
		tabular.With(fastnb.WithMetrics(metric.ExpRMSPE), fastnb.Seed(7))))
	preds := nb.Must(learn.Predict(fastnb.Valid))
	for _, p := range preds.Probs {
		if float64(p[0]) < low-.2 || float64(p[0]) > high*1.2 {
			fmt.Println("out of bounds:", p[0])
		}
	}
	fmt.Printf("%.2f to %.2f, in logarithms: %t\n", low, high, data.Logs())
	// Output: 3.91 to 5.02, in logarithms: true
}

// A column of moments. A zero time is a missing value.
func ExampleTimes() {
	march := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	table := nb.Must(tabular.NewTable(tabular.Times("planted", []time.Time{march, {}})))
	fmt.Println(table.Column("planted").Kind, table.Column("planted").MissingCount())
	fmt.Println(strings.Contains(table.HTML(), "<td style=\"text-align:left\">2026-03-01</td>"))
	// Output:
	// time 1
	// true
}

// What is in a column: how its values are spread, and how many there are of them.
func ExampleColumnSummary() {
	summary := garden().Summary()
	var height tabular.ColumnSummary = summary.Columns[1]
	fmt.Println(height.Name, height.Min, height.Mean, height.Max, height.Distinct, "values")
	fmt.Println(summary.Columns[0].Top[0].Text, strings.Count(summary.HTML(), "<svg"), "pictures")
	// Output:
	// height 5 38.75 80 8 values
	// fern 4 pictures
}
