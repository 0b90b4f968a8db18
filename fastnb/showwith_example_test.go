package fastnb_test

import (
	"fmt"
	"os"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

// marks is a Progress that prints when a fit begins and ends.
type marks struct{}

func (marks) Begin(epochs, _ int, _ []string) { fmt.Println("fit of", epochs, "epochs") }
func (marks) Batch(int, int, float64)         {}
func (marks) Epoch([]string)                  {}
func (marks) End(err error)                   { fmt.Println("done, error", err) }

// What package nb does for notebooks: a Progress for every learner. The constructors of the domains ask for it.
func ExampleShowWith() {
	fastnb.ShowWith(func() fastnb.Progress { return marks{} })
	defer fastnb.ShowWith(nil)
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	learn := must(fastnb.New(must(engine.Open()), synth.Line(dir, 200, 20), synth.LineModel(),
		fastnb.WithProgress(fastnb.DefaultProgress())))
	ok(learn.Fit(fastnb.LR(0.1), 2))
	// Output:
	// fit of 2 epochs
	// done, error <nil>
}
