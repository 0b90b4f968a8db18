package vision_test

import (
	"fmt"
	"log"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/fastnb/vision"
)

// small are the options of the examples.
func small(opts ...vision.DataOption) []vision.DataOption {
	return append(opts, vision.Size(32), vision.BatchSize(4), work())
}

// The photos that a CSV file lists, without ".jpg", with a class each; those of one column are for validation.
func ExampleFromCSV() {
	data, err := vision.FromCSV("testdata/pets/pets.csv", small(vision.LabelColumn("breed"), vision.Suffix(".jpg"),
		vision.ValidColumn("held"))...)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(data.Classes(), data.Len(fastnb.Train), data.Len(fastnb.Valid))
	fmt.Println(data.Names(fastnb.Valid)[0], data.Labels(fastnb.Valid)[0])
	// Output:
	// [Bengal american_bulldog] 8 4
	// valid/Bengal/1.jpg 0
}

// Several labels in a cell, as in planet: the net says a probability for each.
func ExampleLabelDelim() {
	data := nb.Must(vision.FromCSV("testdata/pets/pets.csv", small(vision.FileColumn("photo"), vision.LabelColumn("tags"),
		vision.LabelDelim(" "), vision.Suffix(".jpg"), vision.ValidRows([]int{0, 5}))...))
	fmt.Println(data.Classes())
	fmt.Println(data.Targets(fastnb.Valid))
	learn := nb.Must(vision.Pretrained(tinyNet, data, vision.FromScratch(), quiet))
	fmt.Println(learn.Metrics()[0].Name)
	// Output:
	// [bright cat dog spots]
	// [[0 1 0 1] [0 0 1 0]]
	// accuracy_thresh
}

// What was predicted of photos with several labels, and what of that is right.
func ExampleLabelled() {
	data := nb.Must(vision.FromCSV("testdata/pets/pets.csv", small(vision.FileColumn("photo"), vision.LabelColumn("tags"),
		vision.LabelDelim(" "), vision.Suffix(".jpg"), vision.ValidRows([]int{0, 5}))...))
	learn := nb.Must(vision.Pretrained(tinyNet, data, vision.FromScratch(), quiet))
	preds := nb.Must(learn.Predict(fastnb.Valid))
	preds.Probs = [][]float32{{.1, .9, .2, .4}, {.6, 0, .8, 0}} // of bright, cat, dog and spots
	pics := nb.Must(vision.Labelled(learn, fastnb.Valid, preds, []int{0, 1}))
	fmt.Printf("%q\n%q\n%v\n", pics.Titles[0], pics.Titles[1], pics.Right)
	fmt.Println(nb.Must(vision.Labelled(learn, fastnb.Valid, preds, []int{0}, .9, .5, .5, .3)).Right)
	// Output:
	// "cat 0.90\nmissed: spots 0.40"
	// "invented: bright 0.60\ndog 0.80"
	// [false false]
	// [true]
}

// A column of 0 and 1 for each label.
func ExampleLabelColumns() {
	data := nb.Must(vision.FromCSV("testdata/pets/pets.csv", small(vision.LabelColumns("cat", "bright"),
		vision.Suffix(".jpg"), vision.ValidRows([]int{0, 5}))...))
	fmt.Println(data.Classes(), data.Targets(fastnb.Valid))
	// Output: [cat bright] [[1 0] [0 0]]
}

// A regression: how bright is a photo?
func ExampleTarget() {
	data := nb.Must(vision.FromCSV("testdata/pets/pets.csv", small(vision.Target("brightness"), vision.Suffix(".jpg"),
		vision.ValidColumn("held"))...))
	learn := nb.Must(vision.Pretrained(tinyNet, data, vision.YRange(0, 1), vision.FromScratch(), quiet))
	preds := nb.Must(learn.Predict(fastnb.Valid))
	fmt.Println(data.Columns(), len(preds.Probs), len(preds.Probs[0]), learn.Metrics()[0].Name)
	// Output: [brightness] 4 1 rmse
}

// The numbers of a regression in a submission.
func ExampleLearner_Value() {
	data := nb.Must(vision.FromCSV("testdata/pets/pets.csv", small(vision.Target("brightness"), vision.Suffix(".jpg"),
		vision.TestCSV("testdata/pets/new.csv"))...))
	learn := nb.Must(vision.Pretrained(tinyNet, data, vision.YRange(.45, .450001), vision.FromScratch(), quiet))
	preds := nb.Must(learn.Predict(fastnb.Test))
	table := preds.Submission(fastnb.ID("photo"), learn.Value("light", "brightness"))
	fmt.Println(table.Header, len(table.Rows), table.Rows[0][0], table.Rows[0][1][:4])
	// Output: [photo light] 4 1 0.45
}

// A file without names of columns, whose columns have semicolons between them.
func ExampleHeader() {
	data := nb.Must(vision.FromCSV("testdata/pets/unnamed.csv", small(vision.Header("file", "breed"), vision.Comma(';'),
		vision.Encoding("utf-8"), vision.Folder("."))...))
	fmt.Println(data.Classes(), data.Len(fastnb.Train), data.Len(fastnb.Valid))
	// Output: [Bengal american_bulldog] 10 2
}

// The images of a sample submission are predicted in its order.
func ExampleTestCSV() {
	data := nb.Must(vision.FromCSV("testdata/pets/pets.csv", small(vision.LabelColumn("breed"), vision.Suffix(".jpg"),
		vision.TestCSV("testdata/pets/new.csv"))...))
	fmt.Println(data.Names(fastnb.Test))
	// Output: [valid/Bengal/1.jpg valid/Bengal/2.jpg valid/american_bulldog/1.jpg valid/american_bulldog/2.jpg]
}

// Each photo is for validation in one of four folds, which have the same share of each class.
func ExampleFold() {
	for k := range 4 {
		data := nb.Must(vision.FromCSV("testdata/pets/pets.csv", small(vision.LabelColumn("breed"), vision.Suffix(".jpg"),
			vision.Fold(k, 4), vision.Stratify(true))...))
		fmt.Print(data.Len(fastnb.Train), " ", data.Len(fastnb.Valid), "; ")
	}
	// Output: 9 3; 9 3; 9 3; 9 3;
}

// The photos of one animal are not in training and in validation.
func ExampleGroupColumn() {
	data := nb.Must(vision.FromCSV("testdata/pets/pets.csv", small(vision.LabelColumn("breed"), vision.Suffix(".jpg"),
		vision.GroupColumn("animal"), vision.Fold(0, 3))...))
	fmt.Println(data.Len(fastnb.Train), data.Len(fastnb.Valid))
	// Output: 8 4
}

// A list that the program made.
func ExampleFromItems() {
	items := []vision.Item{
		{File: "train/Bengal/1.jpg", Label: "cat"},
		{File: "train/american_bulldog/1.jpg", Label: "dog"},
		{File: "valid/Bengal/1.jpg", Label: "cat", Split: fastnb.Valid},
		{File: "valid/american_bulldog/1.jpg", Split: fastnb.Test},
	}
	data := nb.Must(vision.FromItems("testdata/pets", items, small()...))
	fmt.Println(data.Classes(), data.Len(fastnb.Train), data.Len(fastnb.Valid), data.Len(fastnb.Test))
	// Output: [cat dog] 2 1 1
}

// A table, such as the result of a query.
func ExampleFromTable() {
	table := nb.Must(tabular.NewTable(
		tabular.Texts("file", []string{"Bengal/1", "Bengal/2", "american_bulldog/1", "american_bulldog/2"}),
		tabular.Numbers("weight", []float64{4.5, 5, 41, 38})))
	var rows vision.Table = table
	data := nb.Must(vision.FromTable("testdata/pets", rows, small(vision.Folder("train"), vision.Suffix(".jpg"),
		vision.Target("weight"), vision.ValidRows([]int{3}))...))
	fmt.Println(table.Strings("weight"), data.Targets(fastnb.Valid))
	// Output: [4.5 5 41 38] [[38]]
}

// The class is part of the names: here the number of the photo.
func ExampleFromNames() {
	data := nb.Must(vision.FromNames("testdata/pets/train", `^(\d)\.jpg$`, small(vision.ValidRows(nil))...))
	fmt.Println(data.Classes(), data.Labels(fastnb.Train))
	// Output: [1 2 3 4] [0 1 2 3 0 1 2 3]
}

// Rare classes come as often as common ones, or weigh as much.
func ExampleOversample() {
	rare := []vision.DataOption{vision.LabelColumn("breed"), vision.Suffix(".jpg"), vision.ValidRows([]int{0, 1, 2, 3})}
	data := nb.Must(vision.FromCSV("testdata/pets/pets.csv", small(rare...)...))
	more := nb.Must(vision.FromCSV("testdata/pets/pets.csv", small(append(rare, vision.Oversample(true))...)...))
	fmt.Println(data.Len(fastnb.Train), data.BalancedWeights())
	fmt.Println(more.Len(fastnb.Train), more.BalancedWeights())
	// Output:
	// 8 [2 0.6666666666666666]
	// 12 [1 1]
}
