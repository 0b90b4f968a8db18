package bow_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/fastnb/fastnb/fastnb/text/bow"
)

var reviews = [][]string{
	strings.Fields("a good film"), strings.Fields("not bad at all"), strings.Fields("good songs and a good cast"),
	strings.Fields("a bad film"), strings.Fields("not good at all"), strings.Fields("bad songs and a bad cast"),
}

func ExampleTrain() {
	words := bow.NewWords(reviews)
	m, err := bow.Train(words.Docs(reviews), []int{1, 1, 1, 0, 0, 0}, bow.NGrams(2), bow.NBSVM)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Predict(words.Docs([][]string{{"a", "very", "good", "one"}, {"bad"}})))
	for class, name := range []string{"against", "for"} {
		top, err := m.Top(class, 1)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(name, words.Decode(top[0].Codes))
	}
	// Output:
	// [1 0]
	// against [a bad]
	// for [a good]
}

// The steps of Train, one by one.
func ExampleLinear() {
	docs, labels := bow.NewWords(reviews).Docs(reviews), []int{1, 1, 1, 0, 0, 0}
	terms, err := bow.FindTerms(docs, bow.NGrams(1))
	if err != nil {
		log.Fatal(err)
	}
	x := terms.Matrix(docs)
	ratio, _, err := bow.LogCountRatio(x, labels, 1)
	if err != nil {
		log.Fatal(err)
	}
	w, b, err := bow.Linear(x, labels, 1, bow.SquaredHinge, bow.Scale(ratio), bow.C(.1))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(terms.Len(), "terms,", len(x.Col), "entries;", len(w), "weights, bias is small:", b*b < .01)
	// Output:
	// 10 terms, 24 entries; 10 weights, bias is small: true
}
