//go:build !resident

package serve_test

import (
	"context"
	"net"
	"path/filepath"
	"sync"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/engine/resident"
	"github.com/fastnb/fastnb/engine/serve"
)

var own = sync.OnceValues(func() (compute.Backend, error) { return engine.OpenDevice(engine.CPU) })

// start serves the real engine at a socket of its own.
func start(t *testing.T, opts serve.Options) (s *serve.Server, socket string) {
	t.Helper()
	be, err := own()
	if err != nil {
		t.Fatal(err)
	}
	socket = filepath.Join(t.TempDir(), "s")
	l, err := serve.Listen(socket)
	if err != nil {
		t.Fatal(err)
	}
	s = serve.New(be, opts)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return s, socket
}

func dial(t *testing.T, socket string) *resident.Backend {
	t.Helper()
	be, err := resident.Dial(socket, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(be.Finalize)
	return be
}

func TestAdds(t *testing.T) {
	_, socket := start(t, serve.Options{})
	y, err := graph.CallOnce(dial(t, socket), func(x *graph.Node) *graph.Node { return graph.Add(x, x) }, float32(21))
	if err != nil {
		t.Fatal(err)
	}
	if got := y.Value(); got != float32(42) {
		t.Errorf("21+21 is %v", got)
	}
}

var _ net.Conn
