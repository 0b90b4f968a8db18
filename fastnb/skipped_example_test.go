package fastnb_test

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb"
)

// What readers pass over is told with place and reason.
func ExampleSkipped() {
	for _, s := range []fastnb.Skipped{
		{Path: "pets/train/cat", Names: []string{"a.txt", "b.txt"}, Count: 2, Reason: "no image"},
		{Path: "ratings.csv", Line: 17, Count: 1, Reason: "3 columns (want 4)"},
	} {
		fmt.Println(s)
	}
	// Output:
	// pets/train/cat: 2 files (a.txt, b.txt): no image
	// ratings.csv:17: 3 columns (want 4)
}
