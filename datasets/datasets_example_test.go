package datasets_test

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

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

// Ctrl-C ends a download; the next call goes on where it was cut.
func ExampleFetchContext() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	dir, err := datasets.FetchContext(ctx, "pets_sample")
	fmt.Println(filepath.Base(dir), err)
	// Output: pets_sample <nil>
}

// The sets that a photo classifier can start from.
func ExampleNames() {
	for _, name := range datasets.Names() {
		if set, err := datasets.Describe(name); err == nil && strings.Contains(set.About, "photos") {
			fmt.Println(name)
		}
	}
	// Output:
	// dogscats
	// pets_sample
	// plant-seedlings
}

// What to read, and to name, before publishing results on a set.
func ExampleSet() {
	var set datasets.Set
	set, err := datasets.Describe("mnist_sample")
	fmt.Printf("%s: %s\n%s\n%s\n%v\n", set.Name, set.About, set.Licence, set.Page, err)
	// Output:
	// mnist_sample: handwritten digits 3 and 7, 28x28: train 12,396, valid 2,038
	// CC BY-SA 3.0, LeCun, Cortes, Burges
	// http://yann.lecun.com/exdb/mnist/
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
