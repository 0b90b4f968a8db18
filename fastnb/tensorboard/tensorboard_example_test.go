package tensorboard_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/tensorboard"
)

// Two runs, which tensorboard --logdir runs lays over each other.
func ExampleLog() {
	dir, err := os.MkdirTemp("", "fastnb")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	be, err := engine.Open()
	if err != nil {
		log.Fatal(err)
	}
	learn, err := fastnb.New(be, synth.Clouds(dir, 200, 16, 3), synth.Net(3))
	if err != nil {
		log.Fatal(err)
	}
	for _, lr := range []float64{.01, .1} {
		board := &tensorboard.Log{Dir: filepath.Join(dir, "runs", fmt.Sprintf("lr-%g", lr))}
		if err := learn.FitOneCycle(fastnb.LR(lr), 2, fastnb.Callbacks(board)); err != nil {
			log.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "runs", "*", "events.out.tfevents.*"))
	for _, f := range files {
		fmt.Println(filepath.Base(filepath.Dir(f)), err)
	}
	// Output:
	// lr-0.01 <nil>
	// lr-0.1 <nil>
}
