package text_test

import (
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
)

// rhymes is data of two nursery rhymes, said over and over; the second is for validation.
func rhymes(dir string) *text.LMData {
	one := strings.Repeat("One, two, buckle my shoe. Three, four, knock at the door. ", 40)
	docs, err := text.FromTexts([]string{one, one[:400]}, nil, text.ValidRows([]int{1}), text.WorkDir(dir))
	if err != nil {
		log.Fatal(err)
	}
	data, err := text.ForLanguageModel(docs, text.BatchSize(4), text.BPTT(16), text.Jitter(false))
	if err != nil {
		log.Fatal(err)
	}
	return data
}

// rhymer is a small language model that has learned them.
func rhymer(dir string) *text.LanguageModel {
	learn, err := text.NewLanguageModel(rhymes(dir), text.LSTM(1, 24, 24), text.DropMult(.1), text.With(fastnb.WithProgress(nil)))
	if err != nil {
		log.Fatal(err)
	}
	if err := learn.FitOneCycle(fastnb.LR(3e-2), 15, fastnb.Moms(.8, .7, .8)); err != nil {
		log.Fatal(err)
	}
	return learn
}

func workFolder() string {
	dir, err := os.MkdirTemp("", "text")
	if err != nil {
		log.Fatal(err)
	}
	return dir
}

func ExampleForLanguageModel() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	docs, err := text.FromTexts([]string{"a b c d e f g h i j k l m"}, nil, text.WorkDir(dir))
	if err != nil {
		log.Fatal(err)
	}
	data, err := text.ForLanguageModel(docs, text.BatchSize(2), text.BPTT(3), text.MinFreq(1))
	if err != nil {
		log.Fatal(err)
	}
	vocab := data.Vocab()
	for batch := range data.Batches(fastnb.View{Split: fastnb.Train}) {
		in, out := batch.Inputs[0].Value().([][]int32), batch.Labels.Value().([][]int32)
		for row := range in {
			fmt.Println(vocab.Decode(in[row]), "then", vocab.Decode(out[row]))
		}
	}
	// Output:
	// [xxbos a b] then [a b c]
	// [f g h] then [g h i]
	// [c d e] then [d e f]
	// [i j k] then [j k l]
}

func ExampleNewLanguageModel() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	learn := rhymer(dir)
	_, scores, err := learn.Validate()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("perplexity below 1.2:", scores[1] < 1.2)
	// Output: perplexity below 1.2: true
}

func ExampleLanguageModel_Generate() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	s, err := rhymer(dir).Generate("Three, four,", 14, text.Temperature(.5), text.TopK(5))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(s)
	// Output: Three, four, knock at the door. One, two, buckle my shoe.
}

func ExampleLanguageModel_NextWords() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	next, err := rhymer(dir).NextWords("One, two, buckle", 1)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(next[0].Word, next[0].Prob > .9)
	// Output: my true
}
