package fastnb_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

// What the net was made of is in the checkpoint, for a program that makes it again.
func ExampleReadMetadata() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	learn := must(fastnb.New(must(engine.Open()), synth.Line(dir, 200, 20), synth.LineModel(),
		fastnb.WithMetadata("mynets", `{"layers": [8, 4]}`)))
	ok(learn.Save("start"))
	kept := must(fastnb.ReadMetadata(filepath.Join(dir, "models", "start.safetensors")))
	fmt.Println(kept["mynets"])
	// Output: {"layers": [8, 4]}
}
