package split_test

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb/split"
)

func ExampleShare() {
	valid, err := split.Share(10, .2, 42)
	train, _ := split.Rest(10, valid)
	fmt.Println(len(train), len(valid), err)
	// Output: 8 2 <nil>
}

// A rare class has its part, too, and keeps a row to learn from.
func ExampleStratifiedShare() {
	classes := []string{"cat", "cat", "cat", "cat", "cat", "cat", "dog", "dog"}
	valid, _ := split.StratifiedShare(classes, .5, 42)
	n := map[string]int{}
	for _, row := range valid {
		n[classes[row]]++
	}
	fmt.Println(n)
	// Output: map[cat:3 dog:1]
}

// The photos of one animal are all in one of the two parts.
func ExampleGroupShare() {
	animals := []string{"Rex", "Rex", "Tom", "Tom", "Ada", "Ada"}
	valid, _ := split.GroupShare(animals, .3, 42)
	fmt.Println(len(valid), animals[valid[0]] == animals[valid[1]])
	// Output: 2 true
}

func ExampleFolds() {
	folds, _ := split.Folds(10, 5, 42)
	for _, valid := range folds {
		fmt.Print(len(valid), " ")
	}
	// Output: 2 2 2 2 2
}

func ExampleStratifiedFolds() {
	folds, _ := split.StratifiedFolds([]string{"a", "a", "b", "b", "b", "b"}, 2, 42)
	fmt.Println(len(folds[0]), len(folds[1]))
	// Output: 3 3
}

func ExampleGroupFolds() {
	folds, _ := split.GroupFolds([]string{"Rex", "Rex", "Rex", "Tom", "Tom", "Ada"}, 2, 42)
	fmt.Println(folds)
	// Output: [[0 1 2] [3 4 5]]
}

func ExampleRest() {
	train, err := split.Rest(6, []int{1, 4})
	fmt.Println(train, err)
	// Output: [0 2 3 5] <nil>
}

// The rows of fast.ai 0.7's get_cv_idxs(10).
func ExampleCVRows() {
	valid, err := split.CVRows(10, 0, .2, 42)
	fmt.Println(valid, err)
	// Output: [8 1] <nil>
}

func ExampleCheckCVSeed() {
	fmt.Println(split.CheckCVSeed(42))
	// Output: <nil>
}
