package pca_test

import (
	"fmt"
	"log"

	"github.com/fastnb/fastnb/fastnb/pca"
)

func ExampleProject() {
	vectors := [][]float64{{1, 2, 0}, {2, 4, 1}, {3, 6, 0}, {4, 8, 1}}
	scores, share, err := pca.Project(vectors, 2)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range scores {
		fmt.Printf("%5.2f %5.2f\n", s[0], s[1])
	}
	fmt.Printf("shares of the variance %.2f\n", share)
	// Output:
	// -3.39 -0.19
	// -1.07  0.60
	//  1.07 -0.60
	//  3.39  0.19
	// shares of the variance [0.97 0.03]
}
