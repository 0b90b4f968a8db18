package bow_test

import (
	"fmt"
	"log"

	"github.com/fastnb/fastnb/fastnb/text/bow"
)

// How often the words come, in compressed rows.
func ExampleMatrix_Row() {
	docs := bow.Codes{{0, 1, 1}, {2}}
	terms, err := bow.FindTerms(docs, bow.NGrams(1), bow.MinDocs(1), bow.MaxTerms(3), bow.Counts(true))
	if err != nil {
		log.Fatal(err)
	}
	x := terms.Matrix(docs)
	_, values := x.Row(0)
	fmt.Println(x.Rows(), "documents of", len(docs.Doc(0)), "and", len(docs.Doc(1)), "words;", len(values), "entries")
	// Output: 2 documents of 3 and 1 words; 2 entries
}

// Every method is right about most of the reviews that it was trained on.
func ExampleMethods() {
	words, labels := bow.NewWords(reviews), []int{1, 1, 1, 0, 0, 0}
	for _, method := range bow.Methods() {
		m, err := bow.Train(words.Docs(reviews), labels, method, bow.Seed(7))
		if err != nil {
			log.Fatal(err)
		}
		accuracy, err := m.Accuracy(words.Docs(reviews), labels)
		if err != nil || m.Classes() != 2 || len(m.Scores(words.Docs(reviews))) != 6 {
			log.Fatal(err)
		}
		fmt.Println(accuracy > .5)
	}
	// Output:
	// true
	// true
	// true
	// true
	// true
	// true
}

// Interpolated all the way, NB-SVM has the strongest terms of naive Bayes.
func ExampleBeta() {
	words, labels := bow.NewWords(reviews), []int{1, 1, 1, 0, 0, 0}
	strongest := func(method bow.Method, opts ...bow.TrainOption) bow.Term {
		m, err := bow.Train(words.Docs(reviews), labels, append(opts, method)...)
		if err != nil {
			log.Fatal(err)
		}
		top, err := m.Top(1, 1)
		if err != nil {
			log.Fatal(err)
		}
		return top[0]
	}
	fmt.Println(words.Decode(strongest(bow.NBSVM, bow.Beta(0)).Codes), words.Decode(strongest(bow.NaiveBayes).Codes))
	// Output: [a good] [a good]
}

// Both losses, with weights that are drawn to 0; what has not settled in so many passes is an error.
func ExamplePasses() {
	docs, labels := bow.NewWords(reviews).Docs(reviews), []int{1, 1, 1, 0, 0, 0}
	terms, err := bow.FindTerms(docs)
	if err != nil {
		log.Fatal(err)
	}
	for _, loss := range []bow.Loss{bow.LogLoss, bow.SquaredHinge} {
		_, _, err := bow.Linear(terms.Matrix(docs), labels, 1, loss, bow.Prior(0), bow.Passes(500), bow.Tolerance(1e-6))
		_, _, short := bow.Linear(terms.Matrix(docs), labels, 1, loss, bow.Passes(1), bow.Tolerance(1e-6))
		fmt.Println(err, short != nil)
	}
	// Output:
	// <nil> true
	// <nil> true
}
