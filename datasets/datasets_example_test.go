package datasets_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/datasets"
)

func ExampleFetch() {
	dir, err := datasets.Fetch("pets_sample")
	if err != nil {
		fmt.Println(err)
		return
	}
	breeds, err := os.ReadDir(filepath.Join(dir, "train"))
	for _, b := range breeds {
		fmt.Println(b.Name())
	}
	fmt.Println(err)
	// Output:
	// Abyssinian
	// Bengal
	// american_bulldog
	// <nil>
}

func ExampleDescribe() {
	set, err := datasets.Describe("pets_sample")
	fmt.Println(set.Licence, err)
	_, err = datasets.Describe("pet_sample")
	fmt.Println(err)
	// Output:
	// CC BY-SA 4.0, Parkhi, Vedaldi, Zisserman, Jawahar: Cats and Dogs (2012) <nil>
	// datasets: no set "pet_sample" (did you mean "pets_sample"?); there are aclImdb, aclImdb_unsup, adult_sample, cifar10, dogscats, imdb_sample, ml-100k, mnist_sample, nietzsche, pets_sample, plant-seedlings, rossmann
}
