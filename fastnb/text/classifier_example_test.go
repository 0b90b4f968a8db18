package text_test

import (
	"fmt"
	"log"
	"os"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
)

// verdicts is data of eight sentences of two classes; of the language model's vocabulary, if there is one.
func verdicts(dir string, vocab *text.Vocab) *text.ClassData {
	texts := []string{"one and two", "two and one", "one, one", "two, one", "three and four", "four and three", "three, four", "four, three"}
	labels := []string{"low", "low", "low", "low", "high", "high", "high", "high"}
	docs, err := text.FromTexts(texts, labels, text.ValidRows([]int{3, 7}), text.WorkDir(dir))
	if err != nil {
		log.Fatal(err)
	}
	opts := []text.ClassDataOption{text.BatchSize(6), text.MinFreq(1)}
	if vocab != nil {
		opts = []text.ClassDataOption{text.BatchSize(6), text.WithVocab(vocab)}
	}
	data, err := text.ForClassifier(docs, opts...)
	if err != nil {
		log.Fatal(err)
	}
	return data
}

func ExampleForClassifier() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	data := verdicts(dir, nil)
	fmt.Println(data.Classes(), "padded to", data.Lengths())
	for batch := range data.Batches(fastnb.View{Split: fastnb.Valid}) {
		codes, lengths := batch.Inputs[0].Value().([][]int32), batch.Inputs[1].Value().([]int32)
		for row, item := range batch.Items {
			fmt.Println(data.Names(fastnb.Valid)[item], data.Vocab().Decode(codes[row][:lengths[row]]))
		}
	}
	// Output:
	// [high low] padded to [8]
	// text 3 [xxbos two , one]
	// text 7 [xxbos four , three]
}

func ExampleNewClassifier() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	learn, err := text.NewClassifier(verdicts(dir, nil), text.LSTM(1, 8, 8), text.DropMult(0), text.With(fastnb.WithProgress(nil)))
	if err != nil {
		log.Fatal(err)
	}
	if err := learn.FitOneCycle(fastnb.LR(2e-2), 100); err != nil {
		log.Fatal(err)
	}
	_, scores, err := learn.Validate()
	fmt.Println("accuracy", scores[0], err)
	// Output: accuracy 1 <nil>
}

func ExampleClassifier_PredictTexts() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	learn, err := text.NewClassifier(verdicts(dir, nil), text.LSTM(1, 8, 8), text.DropMult(0), text.With(fastnb.WithProgress(nil)))
	if err != nil {
		log.Fatal(err)
	}
	if err := learn.FitOneCycle(fastnb.LR(2e-2), 100); err != nil {
		log.Fatal(err)
	}
	preds, err := learn.PredictTexts("two, one!", "four and four")
	if err != nil {
		log.Fatal(err)
	}
	for _, class := range preds.Predicted() {
		fmt.Println(preds.Classes[class])
	}
	// Output:
	// low
	// high
}

// What a language model has read is the beginning of a classifier of the same words.
func ExampleClassifier_LoadEncoder() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	model := rhymer(dir)
	if err := model.SaveEncoder("rhymes"); err != nil {
		log.Fatal(err)
	}
	learn, err := text.NewClassifier(verdicts(dir, model.Data().Vocab()), text.LSTM(1, 24, 24), text.With(fastnb.WithProgress(nil)))
	if err != nil {
		log.Fatal(err)
	}
	if err := learn.LoadEncoder("rhymes"); err != nil {
		log.Fatal(err)
	}
	learn.FreezeTo(-1)
	fmt.Println(learn.FrozenTo(), "of", len(learn.Model().Groups), "layer groups are frozen")
	fmt.Println(learn.LoadEncoder("riddles") != nil)
	// Output:
	// 2 of 3 layer groups are frozen
	// true
}
