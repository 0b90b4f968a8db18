package fastnb_test

import (
	"fmt"
	"os"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

// decades are items whose numbers stand for their logarithms.
type decades struct{ *synth.Data }

func (decades) Logs() bool { return true }

// What is written of logarithms is what they are the logarithms of.
func ExampleLogarithmic() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	data := decades{synth.Line(dir, 200, 20)}
	learn := must(fastnb.New(must(engine.Open()), data, synth.LineModel()))
	preds := must(learn.Predict(fastnb.Valid))
	preds.Probs[0][0] = 0
	fmt.Println(preds.Logs, fastnb.Number("people", 0).Value(preds, 0))
	// Output: true 1
}
