package serve_test

import (
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/collab"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/serve"
	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/fastnb/fastnb/fastnb/vision"
)

// A net of images behind a server of one's own. It is not run, as there is no such file here.
func ExampleImages() {
	var learn serve.ImageLearner = nb.Must(vision.Open("models/cats.safetensors", vision.BatchSize(8)))
	m := serve.Images(learn, vision.ImageSize)
	width, height, err := m.(serve.Sizer).Pixels(nb.Must(os.ReadFile("cat.jpg")))
	fmt.Println(width, height, err)
	nb.Check(http.ListenAndServe("127.0.0.1:8080", nb.Must(serve.New(serve.Labels(m)))))
}

// A classifier of texts. It is not run, as there is no such file here.
func ExampleTexts() {
	var learn serve.TextLearner = nb.Must(text.OpenClassifier("models/reviews.safetensors", text.BatchSize(8)))
	nb.Check(http.ListenAndServe("127.0.0.1:8080", nb.Must(serve.New(serve.Texts(learn)))))
}

// A net of a table: a row is predicted as by PredictRows.
func ExampleRows() {
	dir := nb.Must(os.MkdirTemp("", "serve"))
	defer os.RemoveAll(dir)
	table := nb.Must(tabular.NewTable(tabular.Texts("sky", []string{"blue", "grey", "blue", "grey"}),
		tabular.Bools("rain", []bool{false, true, false, true})))
	data := nb.Must(tabular.FromTable(table, tabular.Class("rain"), tabular.ValidRows(nil), tabular.WorkDir(dir)))
	learn := nb.Must(tabular.NewLearner(data, tabular.With(fastnb.WithProgress(nil))))
	nb.Check(learn.Fit(fastnb.LR(.1), 40))

	var rows serve.RowLearner[tabular.Row] = learn
	m := serve.Rows(rows, []serve.Column{{Name: "sky", Kind: "text", Values: []string{"blue", "grey"}}})
	fmt.Println(m.About().Kind == serve.Row)
	item := nb.Must(m.Prepare(map[string]any{"sky": "grey"}))
	fmt.Println(nb.Must(m.Predict([]any{item}))[0].Best(1).Class)
	// Output:
	// true
	// true
}

// A regression of a table: the number is in the target's own unit, whatever the net learned.
func ExampleRowPredictions() {
	dir := nb.Must(os.MkdirTemp("", "serve"))
	defer os.RemoveAll(dir)
	table := nb.Must(tabular.NewTable(tabular.Numbers("side", []float64{1, 2, 3, 4}),
		tabular.Numbers("area", []float64{1, 4, 9, 16})))
	data := nb.Must(tabular.FromTable(table, tabular.LogTarget("area"), tabular.ValidRows(nil), tabular.WorkDir(dir)))
	learn := nb.Must(tabular.NewLearner(data, tabular.With(fastnb.WithProgress(nil))))

	p := nb.Must(learn.PredictTable(table))
	area := serve.RowPredictions(learn, p, "area")[3].Values[0]
	fmt.Println(area.Target, area.Value == math.Exp(float64(p.Probs[3][0])))
	// Output: area true
}

// A net of ratings: the page asks for a user. It is not run, as there is no such file here.
func ExampleUsers() {
	var learn serve.UserLearner[collab.Advice] = nb.Must(collab.Open("models/films.safetensors"))
	nb.Check(http.ListenAndServe("127.0.0.1:8080", nb.Must(serve.New(serve.Users(learn)))))
}

// A handler among others of a server of one's own.
func ExampleHandler_ServeHTTP() {
	h := nb.Must(serve.New(shouts{}))
	defer h.Close()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/model", nil))
	fmt.Print(w.Code, " ", w.Body)
	// Output: 200 {"name":"model","kind":"text","classes":["calm","loud"]}
}

// Predictions of a classifier, and of a regression with the names of its numbers, as they are served.
func ExamplePredictions() {
	p := serve.Predictions(&fastnb.Preds{Classes: []string{"cat", "dog"}, Probs: [][]float32{{.2, .8}}}, nil)[0]
	fmt.Println(p.Class, p.Top)
	v := serve.Predictions(&fastnb.Preds{Probs: [][]float32{{1.5}}}, []string{"width"})[0].Values
	fmt.Println(v[0] == serve.Value{Target: "width", Value: 1.5}, serve.Kind("image") == serve.Image)
	fmt.Println([]serve.Advice{{Item: "soup", Rating: 4.5}})
	// Output:
	// dog [{dog 0.8} {cat 0.2}]
	// true true
	// [{soup 4.5}]
}
