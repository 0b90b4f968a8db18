package fastnb_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"

	"github.com/gomlx/compute"

	client "github.com/fastnb/fastnb/engine/resident"
	"github.com/fastnb/fastnb/engine/serve"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

// serveEngine serves the engine of the tests to others, as the resident engine does.
func serveEngine(t *testing.T) (s *serve.Server, socket string) {
	t.Helper()
	socket = filepath.Join(t.TempDir(), "s")
	l, err := serve.Listen(socket)
	check(t, err)
	s = serve.New(backend(t), serve.Options{})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	t.Cleanup(func() { stop(); check(t, <-ended) })
	return s, socket
}

func dial(t *testing.T, socket string) *client.Backend {
	t.Helper()
	be, err := client.Dial(socket, "")
	check(t, err)
	t.Cleanup(be.Finalize)
	return be
}

func cloudsOn(t *testing.T, be compute.Backend, dir string) *fastnb.Learner {
	t.Helper()
	l, err := fastnb.New(be, synth.Clouds(dir, 200, 16, 3), synth.Net(3), fastnb.Seed(7))
	check(t, err)
	return l
}

// A checkpoint that was saved stays on the device: who loads it later, in another process, gets the same weights, and
// training them changes nothing that is kept.
func TestCheckpointsStayOnTheDevice(t *testing.T) {
	dir := t.TempDir()
	s, socket := serveEngine(t)
	be := dial(t, socket)
	l := cloudsOn(t, be, dir)
	check(t, l.Fit(fastnb.LR(0.05), 1))
	check(t, l.Save("one"))
	want := weights(t, l)
	check(t, l.Fit(fastnb.LR(0.05), 1))
	be.Finalize()
	kept := len(s.Status().Kept)
	if kept == 0 {
		t.Fatal("the engine keeps nothing of the checkpoint")
	}
	programs := 0
	for i := range 3 {
		again := cloudsOn(t, dial(t, socket), dir)
		check(t, again.Load("one"))
		if d := changed(want, weights(t, again)); len(d) > 0 {
			t.Errorf("other weights: %v", d)
		}
		check(t, again.Fit(fastnb.LR(0.05), 1))
		if n := len(s.Status().Programs); i > 0 && n != programs {
			t.Errorf("%d programs after the same cell was run again, %d before", n, programs)
		}
		programs = len(s.Status().Programs)
	}
	if n := len(s.Status().Kept); n != kept {
		t.Errorf("%d tensors are kept, %d were after Save", n, kept)
	}
}

// Learners of two processes train on one engine at once, and each as if it were alone.
func TestTwoTrainAtOnce(t *testing.T) {
	alone := cloudsOn(t, backend(t), t.TempDir())
	check(t, alone.Fit(fastnb.LR(0.05), 2))
	want := weights(t, alone)
	_, socket := serveEngine(t)
	var wait sync.WaitGroup
	for range 2 {
		l := cloudsOn(t, dial(t, socket), t.TempDir())
		wait.Go(func() {
			if err := l.Fit(fastnb.LR(0.05), 2); err != nil {
				t.Error(err)
				return
			}
			if d := changed(want, weights(t, l)); len(d) > 0 {
				t.Errorf("other weights than alone: %v", d)
			}
		})
	}
	wait.Wait()
}
