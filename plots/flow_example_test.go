package plots_test

import (
	"fmt"
	"log"

	"github.com/fastnb/fastnb/plots"
)

// What a photo goes through.
func ExampleFlow() {
	f, err := plots.Flow(
		plots.Step{Name: "photo", Does: "a file", Out: "bytes"},
		plots.Step{Name: "Square", Does: "decode, turn,\nscale, cut", Out: "pixels"},
		plots.Step{Name: "net", Does: "up to 8 at once", Out: "probabilities"},
		plots.Step{Name: "answer", Does: "JSON"},
	)
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/flow.png"); err != nil {
		log.Fatal(err)
	}
}

// What can't be drawn is said.
func ExampleStep() {
	_, err := plots.Flow(plots.Step{Name: "photo"}, plots.Step{Does: "decode"})
	fmt.Println(err)
	// Output: plots: Flow: step 1 has no name
}
