package glove_test

import (
	"fmt"
	"log"

	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/text/glove"
)

// In a lesson the source is glove.Wiki100.
func ExampleOpen() {
	v, err := glove.Open(pretrained.File("testdata/tiny.txt"))
	if err != nil {
		log.Fatal(err)
	}
	rows, found, err := v.Vectors([]string{"xxunk", "king", "film"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(found, "of", len(rows), "words found:", rows)
	// Output:
	// 2 of 3 words found: [[1.0625 0.15 0.625] [4 1 0.5] [-2 0 1]]
}

func ExampleVectors_Analogy() {
	v, err := glove.Read("testdata/tiny.txt")
	if err != nil {
		log.Fatal(err)
	}
	near, err := v.Analogy("man", "king", "woman", 1)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("man is to king as woman is to %s\n", near[0].Word)
	// Output:
	// man is to king as woman is to queen
}
