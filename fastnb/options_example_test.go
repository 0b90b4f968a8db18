package fastnb_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fastnb/fastnb/fastnb"
)

// One learning rate for all, or one for each layer group, from input to output.
func ExampleLR() {
	learn, cleanUp := points() // three layer groups
	defer cleanUp()
	fmt.Println(learn.Fit(fastnb.LR(0.01, 0.1), 1))
	ok(learn.Fit(fastnb.LR(0.001, 0.01, 0.1), 1))
	fmt.Println(learn.Recorder.Fit.LR)
	// Output:
	// fastnb: Fit: 2 learning rates for 3 layer groups (want 1 or 3)
	// [0.001 0.01 0.1]
}

// The first layer group's rate and the last's; those between are spread geometrically.
func ExampleLRSlice() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Fit(fastnb.LRSlice(0.001, 0.1), 1))
	fmt.Printf("%.3f\n", learn.Recorder.Fit.LR)
	// Output: [0.001 0.010 0.100]
}

// SGDR: cycles of 1, 2 and 4 epochs, in each of which the rate falls along a cosine.
func ExampleCycleLen() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Fit(fastnb.LR(0.1), 3, fastnb.CycleLen(1), fastnb.CycleMult(2)))
	fmt.Println(learn.Recorder.Fit)
	rates := learn.Recorder.LR // 12 batches an epoch
	fmt.Printf("%.3f at a cycle's start, %.3f in its middle, %.3f before the next\n", rates[12], rates[24], rates[35])
	// Output:
	// Fit 3 cycles of 1, 2, 4 epochs, lr 0.1
	// 0.100 at a cycle's start, 0.050 in its middle, 0.000 before the next
}

// The cycles' ends are an ensemble for the price of one fit.
func ExampleCycleSave() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Fit(fastnb.LR(0.1), 3, fastnb.CycleLen(1), fastnb.CycleSave("snap")))
	var models []*fastnb.Preds
	for k := range 3 {
		ok(learn.Load(fmt.Sprintf("snap_cyc_%d", k)))
		models = append(models, must(learn.Predict(fastnb.Valid)))
	}
	fmt.Println(must(fastnb.Average(models...)).Accuracy() > 0.8)
	// Output: true
}

// Weight decay, one for all or one for each layer group, and a bound for the gradients.
func ExampleWDs() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Fit(fastnb.LR(0.05), 1, fastnb.WD(0.01), fastnb.Clip(1)))
	fmt.Println(learn.Recorder.Fit.WD, learn.Recorder.Fit.Clip)
	ok(learn.Fit(fastnb.LR(0.05), 1, fastnb.WDs(0, 0.001, 0.01)))
	fmt.Println(learn.Recorder.Fit.WD)
	// Output:
	// [0.01 0.01 0.01] 1
	// [0 0.001 0.01]
}

// A classifier of few items that it would learn by heart does better on mixtures of them.
func ExampleMixUp() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.FitOneCycle(fastnb.LR(0.05), 4, fastnb.MixUp(0.4)))
	fmt.Println(learn.Recorder.Fit.Mix, must(learn.Predict(fastnb.Valid)).Accuracy() > 0.8)
	// Output: MixUp(0.4) true
}

func ExampleMomentum() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Fit(fastnb.LR(0.05), 1, fastnb.Momentum(0.8)))
	fmt.Println(learn.Recorder.Mom[:3])
	// Output: [0.8 0.8 0.8]
}

// What every fit takes, and what every fit along one cycle takes, can be decided in one place.
func ExampleSharedFitOption() {
	learn, cleanUp := points()
	defer cleanUp()
	var mixed fastnb.SharedFitOption = fastnb.MixUp(0.4)
	var gentle fastnb.SharedCycleOption = fastnb.Div(100)
	ok(learn.FineTune(1, 0.1, mixed, gentle))
	fmt.Printf("%v: %.5f at first\n", learn.Recorder.Fit.Verb, learn.Recorder.LR[0])
	ok(learn.FitOneCycle(fastnb.LR(0.05), 1, mixed, gentle))
	fmt.Printf("%v: %.5f at first\n", learn.Recorder.Fit.Verb, learn.Recorder.LR[0])
	err := learn.Fit(fastnb.LR(0.05), 1, fastnb.CutMix(1)) // which is for images
	fmt.Println("CutMix of points is refused:", err != nil)
	// Output:
	// FineTune: 0.00050 at first
	// FitOneCycle: 0.00050 at first
	// CutMix of points is refused: true
}

// The shape of a cycle: how far below its peak it starts, how long it rises, and the momenta.
func ExampleMoms() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.FitOneCycle(fastnb.LR(0.1), 2, fastnb.Div(10), fastnb.PctStart(0.5), fastnb.Moms(0.8, 0.7, 0.8)))
	lr, mom := learn.Recorder.LR, learn.Recorder.Mom // of 24 batches
	fmt.Printf("%.2f with %.2f, then %.2f with %.2f\n", lr[0], mom[0], lr[12], mom[12])
	// Output: 0.01 with 0.80, then 0.10 with 0.70
}

// The head for two epochs, then everything for one, the first layer group at a twentieth of the last one's rate.
func ExampleFrozenEpochs() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.FineTune(1, 0.1, fastnb.FrozenEpochs(2), fastnb.LRMult(20)))
	lr := learn.Recorder.Fit.LR
	fmt.Printf("%.4f %.4f\n", lr[0], lr[2])
	// Output: 0.0025 0.0500
}

// Every fit starts with an optimizer that remembers nothing, unless it goes on with that of the fit before.
func ExampleKeepOptimizer() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Fit(fastnb.LR(0.05), 1))
	ok(learn.Fit(fastnb.LR(0.05), 1, fastnb.KeepOptimizer(true)))
	fmt.Println(len(learn.Recorder.Epochs), "epoch, the last fit's")
	// Output: 1 epoch, the last fit's
}

// A fit that ends when its time is over. What was learned so far stays.
func ExampleUntil() {
	learn, cleanUp := points()
	defer cleanUp()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	err := learn.Fit(fastnb.LR(0.01), 1_000_000, fastnb.Until(ctx))
	fmt.Println(errors.Is(err, fastnb.ErrInterrupted), learn.Load("interrupted"))
	// Output: true <nil>
}
