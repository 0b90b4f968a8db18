package tabular_test

import (
	"fmt"
	"log"
	"time"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// garden is a table of eight plants.
func garden() *tabular.Table {
	march := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	return nb.Must(tabular.NewTable(
		tabular.Texts("kind", []string{"rose", "rose", "fern", "fern", "moss", "rose", "fern", "ivy"}),
		tabular.Numbers("height", []float64{40, 60, 30, 20, 5, 50, 25, 80}),
		tabular.Bools("sun", []bool{true, true, false, false, false, true, false, false}),
		tabular.Times("planted", []time.Time{march, march, march, {}, march, march, march, march}),
	))
}

// A class to be predicted, the columns that are categories and amounts, and the rows that are held out.
func ExampleClass() {
	data := nb.Must(tabular.FromTable(garden(), tabular.Class("sun"), tabular.Cats("kind"), tabular.Conts("height"),
		tabular.ValidRows([]int{2, 5})))
	fmt.Println(data.Classes(), data.Labels(fastnb.Valid))
	fmt.Println(data.Len(fastnb.Train), data.Len(fastnb.Valid))
	// Output:
	// [false true] [0 1]
	// 6 2
}

// Categories that come once share the vector of the unknown.
func ExampleMinCount() {
	data := nb.Must(tabular.FromTable(garden(), tabular.Class("sun"), tabular.Skip("height", "planted"), tabular.MinCount(2),
		tabular.ValidRows(nil)))
	fmt.Println(nb.Must(data.Categories("kind")))
	fmt.Println(nb.Must(data.Counts("kind")))
	fmt.Println(nb.Must(data.Codes(fastnb.Train, "kind")))
	// Output:
	// [#na# fern rose]
	// [2 3 3]
	// [2 2 1 1 0 2 1 0]
}

// A regression: what is to be met, and between which values it lies.
func ExampleData_TargetRange() {
	data := nb.Must(tabular.FromTable(garden(), tabular.Target("height"), tabular.Skip("planted"), tabular.ValidRows(nil)))
	low, high := data.TargetRange()
	fmt.Println(low, high, data.Targets(fastnb.Train)[0])
	// Output: 5 80 [40]
}

// Any number of labels for each row.
func ExampleLabels() {
	table := nb.Must(tabular.NewTable(
		tabular.Numbers("weight", []float64{1, 2, 3, 4}),
		tabular.Bools("red", []bool{true, false, true, false}),
		tabular.Bools("round", []bool{true, true, false, false}),
	))
	data := nb.Must(tabular.FromTable(table, tabular.Labels("red", "round"), tabular.MaxCard(2), tabular.ValidRows(nil)))
	fmt.Println(data.Classes(), data.Targets(fastnb.Train))
	// Output: [red round] [[1 1] [0 1] [1 0] [0 0]]
}

// Rows to be predicted are prepared as the training rows were.
func ExampleData_WithTest() {
	data := nb.Must(tabular.FromTable(garden(), tabular.Class("sun"), tabular.Cats("kind"), tabular.Skip("height", "planted"),
		tabular.ValidRows(nil)))
	tests := nb.Must(tabular.NewTable(tabular.Texts("kind", []string{"ivy", "oak"})))
	fmt.Println(nb.Must(nb.Must(data.WithTest(tests)).Codes(fastnb.Test, "kind")))
	fmt.Println(nb.Must(data.WithTestCodes([][]int32{{1}, {2}, {3}})).Len(fastnb.Test))
	// Output:
	// [2 0]
	// 3
}

// A table with its test rows, named by a column, and rows held out by another.
func ExampleValidColumn() {
	tests := nb.Must(tabular.NewTable(tabular.Texts("kind", []string{"fern", "ivy"}),
		tabular.Texts("name", []string{"a", "b"})))
	data := nb.Must(tabular.FromTable(garden(), tabular.Target("height"), tabular.Cats("kind"), tabular.Skip("planted"),
		tabular.ValidColumn("sun"), tabular.TestTable(tests), tabular.ID("name")))
	fmt.Println(data.Len(fastnb.Train), data.Len(fastnb.Valid), data.Names(fastnb.Test))
	// Output: 5 3 [a b]
}

// The columns' kinds, and what is missing in some rows.
func ExampleTable_Rows() {
	some := garden().Rows([]int{0, 3})
	for _, c := range some.Columns() {
		fmt.Println(c.Name, c.Kind, c.IsMissing(0), c.IsMissing(1))
	}
	// Output:
	// kind text false false
	// height number false false
	// sun bool false false
	// planted time false true
}

// The net's parts: hidden layers and their dropout, embeddings and theirs.
func ExampleLayers() {
	data := nb.Must(tabular.FromTable(ice(), tabular.Target("sold"), tabular.ValidShare(.25), tabular.Seed(7),
		tabular.WorkDir(work())))
	learn := nb.Must(tabular.NewLearner(data, tabular.Layers(32, 16), tabular.Ps(.1, .2),
		tabular.EmbSizes(map[string]int{"day": 3}), tabular.EmbDrop(.04), tabular.NoBatchNorm(true), tabular.On(nb.Must(engine.Open()))))
	if err := learn.Open(); err != nil {
		log.Fatal(err)
	}
	_, vectors, err := learn.Embedding("day")
	fmt.Println(len(vectors), "days of", len(vectors[0]), "numbers", err)
	// Output: 8 days of 3 numbers <nil>
}

// Embeddings as large as fastai v2 makes them.
func ExampleSizeRule() {
	data := nb.Must(tabular.FromTable(ice(), tabular.Target("sold"), tabular.WorkDir(work())))
	learn := nb.Must(tabular.NewLearner(data, tabular.SizeRule(tabular.EmbSizeV2)))
	if err := learn.Open(); err != nil {
		log.Fatal(err)
	}
	_, vectors, err := learn.Embedding("day")
	fmt.Println(len(vectors[0]), err)
	// Output: 5 <nil>
}

// Importance by a metric instead of the loss, each column shuffled five times.
func ExampleBy() {
	all := nb.Must(stand().Importance(tabular.By(metric.MAE), tabular.Repeats(5)))
	fmt.Println("the most important:", all[0].Column, all[0].Drop > all[0].Spread)
	// Output: the most important: warmth true
}

// A submission of numbers in the target's own unit, not of their logarithms.
func ExampleLearner_Value() {
	learn := stand()
	tomorrow := nb.Must(tabular.NewTable(tabular.Numbers("warmth", []float64{15, 31}),
		tabular.Texts("day", []string{"We", "Sa"}), tabular.Texts("sky", []string{"grey", "blue"})))
	preds := nb.Must(learn.PredictTable(tomorrow))
	s := preds.Submission(fastnb.ID("row"), learn.Value("sold"))
	fmt.Println(s.Header, len(s.Rows))
	// Output: [row sold] 2
}

// The same rows with others beside them to be predicted. What was fitted to other columns or categories is refused.
func ExampleLearner_SetData() {
	data := nb.Must(tabular.FromTable(ice(), tabular.Target("sold"), tabular.Skip("warmth"), tabular.WorkDir(work())))
	learn := nb.Must(tabular.NewLearner(data, tabular.Layers(8)))
	more := nb.Must(learn.Data().WithTest(ice().Rows([]int{0, 1, 2})))
	fmt.Println(learn.SetData(more), learn.Data().Len(fastnb.Test))

	other := nb.Must(tabular.FromTable(ice(), tabular.Target("sold"), tabular.Skip("sky")))
	fmt.Println(learn.SetData(other) != nil, other.CheckFitted(nb.Must(data.Fitted())) != nil)
	// Output:
	// <nil> 3
	// true true
}
