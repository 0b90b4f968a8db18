package glove_test

import (
	"fmt"
	"log"

	"github.com/fastnb/fastnb/fastnb/text/glove"
)

// A word's neighbours, the nearest first.
func ExampleVectors_Nearest() {
	v, err := glove.Read("testdata/tiny.txt", glove.Encoding("utf-8"))
	if err != nil {
		log.Fatal(err)
	}
	var near []glove.Neighbour
	if near, err = v.Nearest("king", 2); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(near), near[0].Similarity >= near[1].Similarity)
	// Output: 2 true
}

// Words in the file's order, a vector for each, and the mean that unknown words get.
func ExampleVectors() {
	v, err := glove.Read("testdata/tiny.txt")
	if err != nil {
		log.Fatal(err)
	}
	king, found := v.Vector("King")
	fmt.Println(king, found)
	fmt.Println(len(v.Words()) == v.Len(), len(v.Mean()) == v.Dim())
	// Output:
	// [4 1 0.5] true
	// true true
}
