package collab_test

import (
	"fmt"
	"path/filepath"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/collab"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// ratings is a table of who gave what how many stars.
func ratings() *tabular.Table {
	return nb.Must(tabular.NewTable(
		tabular.Texts("who", []string{"Ann", "Ann", "Bob", "Bob", "Cem", "Cem"}),
		tabular.Texts("dish", []string{"soup", "cake", "soup", "ice", "cake", "ice"}),
		tabular.Numbers("stars", []float64{5, 1, 4, 2, 1, 3})))
}

// Users, items and ratings are three columns of a table. By default a fifth of the
// ratings is for validation; here none is.
func ExampleFromTable() {
	data := nb.Must(collab.FromTable(ratings(), "who", "dish", "stars", tabular.ValidRows(nil)))
	fmt.Println(data.Len(fastnb.Train), "ratings")
	// Output: 6 ratings
}

// The bounds of a rating, the device, and the learner's own options.
func ExampleYRange() {
	data := nb.Must(collab.FromTable(ratings(), "who", "dish", "stars", tabular.ValidRows(nil)))
	learn := nb.Must(collab.NewLearner(data, collab.Factors(3), collab.YRange(0, 5.5), collab.On(nb.Must(engine.Open())),
		collab.With(fastnb.Seed(7))))
	preds := nb.Must(learn.Predict(fastnb.Train))
	fmt.Println(len(preds.Probs), preds.Probs[0][0] > 0 && preds.Probs[0][0] < 5.5)
	// Output: 6 true
}

// Other ratings of the same users and items. Strangers are refused: the net has learned nothing of them.
func ExampleLearner_SetData() {
	learn := nb.Must(collab.NewLearner(nb.Must(collab.FromTable(ratings(), "who", "dish", "stars", tabular.ValidRows(nil)))))
	fmt.Println(learn.SetData(nb.Must(collab.FromTable(ratings(), "who", "dish", "stars", tabular.ValidRows(nil)))))
	fewer := nb.Must(collab.FromTable(ratings().Rows([]int{0, 1, 2}), "who", "dish", "stars", tabular.ValidRows(nil)))
	fmt.Println(learn.SetData(fewer) != nil)
	// Output:
	// <nil>
	// true
}

// What is recommended has a name and a rating that is expected.
func ExampleAdvice() {
	var best []collab.Advice = nb.Must(kitchen().Recommend("Ann", 2))
	fmt.Println(len(best), best[0].Rating >= best[1].Rating)
	// Output: 2 true
}

// A saved model, where the ratings are not: it recommends, and knows nothing of what was rated.
func ExampleOpen() {
	nb.Check(kitchen().Save("kitchen"))
	served := nb.Must(collab.Open(filepath.Join(work(), "models", "kitchen.safetensors")))
	best := nb.Must(served.Recommend("Ann", 4))
	fmt.Println(best[0].Item, "of", len(best))
	// Output: soup of 4
}

// What a learner was given, and what came of it: the same ratings, prepared as its model was trained.
func ExampleLearner_Data() {
	data := nb.Must(collab.FromTable(ratings(), "who", "dish", "stars", tabular.ValidRows(nil)))
	learn := nb.Must(collab.NewLearner(data))
	fmt.Println(nb.Must(learn.Data().Categories("who")))
	again := nb.Must(data.Refit(nb.Must(learn.Data().Fitted()))).(*collab.Data)
	fmt.Println(again.Len(fastnb.Train), "ratings")
	// Output:
	// [#na# Ann Bob Cem]
	// 6 ratings
}
