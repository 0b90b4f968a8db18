package fastnb_test

import (
	"fmt"
	"os"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

// fitted returns the accuracy after a fit with a loss.
func fitted(loss fastnb.Loss) float64 {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	learn := must(fastnb.New(must(engine.Open()), synth.Clouds(dir, 200, 16, 3), synth.Net(3), fastnb.WithLoss(loss)))
	ok(learn.Fit(fastnb.LR(0.05), 3))
	return must(learn.Predict(fastnb.Valid)).Accuracy()
}

// A class of which there are few counts more: here those of the third class count five times.
func ExampleWeighted() {
	loss := fastnb.Weighted(fastnb.CrossEntropy, []float64{1, 1, 5})
	fmt.Println(loss.Name)
	fmt.Println(fitted(loss) > .8)
	// Output:
	// cross-entropy, weighted by [1 1 5]
	// true
}

func ExampleLabelSmoothing() {
	fmt.Println(fitted(fastnb.LabelSmoothing(.1)) > .8)
	// Output: true
}

// Lin and others' loss, with their alpha.
func ExampleFocal() {
	fmt.Println(fitted(fastnb.Weighted(fastnb.Focal(2), []float64{.25, .25, .5})) > .8)
	// Output: true
}

// Of data with several labels for each item.
func ExampleBinaryFocal() {
	fmt.Println(fastnb.BinaryFocal(2).Name)
	fmt.Println(fastnb.Weighted(fastnb.BinaryCrossEntropy, []float64{1, 9}).Name)
	// Output:
	// binary focal, gamma 2
	// binary cross-entropy, weighted by [1 9]
}
