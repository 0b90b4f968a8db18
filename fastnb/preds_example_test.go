package fastnb_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/metric"
)

// photos are predictions of four photos, as Learner.Predict returns them.
var photos = &fastnb.Preds{
	Probs:   [][]float32{{.9, .1}, {.7, .3}, {.4, .6}, {.2, .8}},
	Labels:  []int{0, 1, 1, 1},
	Classes: []string{"cat", "dog"},
	Names:   []string{"valid/8.jpg", "valid/9.jpg", "valid/10.jpg", "valid/11.jpg"},
}

func ExamplePreds_Predicted() {
	for i, class := range photos.Predicted()[:2] {
		fmt.Println(photos.Names[i], photos.Classes[class])
	}
	// Output:
	// valid/8.jpg cat
	// valid/9.jpg cat
}

// What is right and wrong, the surest first.
func ExamplePreds_Right() {
	fmt.Println(photos.Right(), photos.Wrong())
	// Output: [0 3 2] [1]
}

func ExamplePreds_Score() {
	fmt.Printf("%.3f %.3f\n", photos.Score(metric.Recall), photos.LogLoss())
	// Output: 0.667 0.511
}

// A regression's Probs are its outputs.
func ExamplePreds_Score_regression() {
	heights := &fastnb.Preds{Probs: [][]float32{{1}, {2}, {4}}, Targets: [][]float32{{1}, {2}, {3}}}
	fmt.Printf("%.3f\n", heights.Score(metric.MAE))
	// Output: 0.333
}

// A column of every class, as competitions that score the log loss want it.
func ExamplePreds_EveryProb() {
	s := photos.Submission(append([]fastnb.Column{fastnb.File("file")}, photos.EveryProb()...)...)
	fmt.Println(s.Header, s.Rows[0])
	// Output: [file cat dog] [8.jpg 0.9 0.1]
}

// A column can hold what you like of an item.
func ExampleColumn() {
	sure := fastnb.Column{Name: "sure", Value: func(p *fastnb.Preds, i int) string {
		return fmt.Sprint(max(p.Probs[i][0], p.Probs[i][1]) > .75)
	}}
	s := photos.Submission(fastnb.ID("id"), fastnb.ClassName("label"), sure)
	fmt.Println(s.Rows)
	// Output: [[8 cat true] [9 cat false] [10 dog false] [11 dog true]]
}

// The table is held against the competition's sample before it is uploaded.
func ExampleSubmission_Check() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	sample := filepath.Join(dir, "sample_submission.csv")
	ok(os.WriteFile(sample, []byte("id,label\n10,0\n11,0\n8,0\n9,0\n"), 0o666))

	s := photos.Submission(fastnb.ID("id"), fastnb.ClassIndex("label"))
	fmt.Println(s.Check(sample))
	ok(s.Sort(sample))
	fmt.Println(s.Check(sample), s.Rows)
	// Output:
	// fastnb: Submission.Check: row 1 has id "8" (sample_submission.csv has "10" there): same ids, other order; Sort puts them right
	// <nil> [[10 1] [11 1] [8 0] [9 0]]
}

func ExampleSubmission_Write() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "submission.csv")
	ok(photos.Submission(fastnb.ID("id"), fastnb.ProbOf("label", "dog")).Write(path))
	fmt.Print(string(must(os.ReadFile(path))))
	fmt.Println(photos.Submission(fastnb.ID("id"), fastnb.ProbOf("label", "dogs")).Write(path))
	// Output:
	// id,label
	// 8,0.1
	// 9,0.3
	// 10,0.6
	// 11,0.8
	// fastnb: Submission.Write: column "label": there is no class "dogs" (the classes are "cat", "dog")
}

// What a competition's sample asks for is seen from it: here tags above thresholds, by the file's name.
func ExamplePreds_SubmissionLike() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	sample := filepath.Join(dir, "sample_submission.csv")
	ok(os.WriteFile(sample, []byte("image_name,tags\n3,clear river\n1,clear river\n2,clear river\n"), 0o666))

	s := must(planet.SubmissionLike(sample, .25))
	fmt.Println(s.Why)
	fmt.Println(s.Rows)
	ok(s.Write(filepath.Join(dir, "submission.csv.gz"))) // compressed
	// Output:
	// image_name names the item by its file without folder and extension; tags is the tags, the classes above 0.25
	// [[3 clear river road] [1 clear river] [2 river road]]
}

// Any number of labels for each item, between spaces.
func ExampleTags() {
	s := planet.Submission(fastnb.ID("image_name"), fastnb.Tags("tags", .25))
	fmt.Println(s.Rows)
	// Output: [[1 clear river] [2 river road] [3 clear river road]]
}

// A regression's number.
func ExampleNumber() {
	prices := &fastnb.Preds{Probs: [][]float32{{208500}, {181500}}, Names: []string{"1461", "1462"}}
	fmt.Println(prices.Submission(fastnb.ID("Id"), fastnb.Number("SalePrice", 0)).Rows)
	// Output: [[1461 208500] [1462 181500]]
}
