//go:build !resident

package serve_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/engine/resident"
	"github.com/fastnb/fastnb/engine/serve"
)

// own is the real engine; with -short the one that needs no plugin.
var own = sync.OnceValues(func() (compute.Backend, error) {
	if testing.Short() {
		return engine.OpenDevice(engine.Go)
	}
	return engine.OpenDevice(engine.CPU)
})

func backend(t testing.TB) compute.Backend {
	t.Helper()
	be, err := own()
	if err != nil {
		t.Fatal(err)
	}
	return be
}

// start serves the real engine at a socket of its own.
func start(t testing.TB, opts serve.Options) (s *serve.Server, socket string) {
	t.Helper()
	socket = filepath.Join(t.TempDir(), "s")
	l, err := serve.Listen(socket)
	if err != nil {
		t.Fatal(err)
	}
	s = serve.New(backend(t), opts)
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

func dial(t testing.TB, socket string) *resident.Backend {
	t.Helper()
	be, err := resident.Dial(socket, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(be.Finalize)
	return be
}

// add returns the graph of x+n: each n is another program.
func add(n float32) func(x *graph.Node) *graph.Node {
	return func(x *graph.Node) *graph.Node { return graph.AddScalar(x, float64(n)) }
}

func call(t testing.TB, be compute.Backend, f func(x *graph.Node) *graph.Node, x any) *tensors.Tensor {
	t.Helper()
	y, err := graph.CallOnce(be, f, x)
	if err != nil {
		t.Fatal(err)
	}
	return y
}

func bytesOf(t testing.TB, y *tensors.Tensor) string {
	t.Helper()
	var s string
	if err := y.ConstBytes(func(data []byte) { s = string(data) }); err != nil {
		t.Fatal(err)
	}
	return s
}

// Programs are kept beyond their connections and found again, also when two ask at once; buffers are not kept.
func TestProgramsStayBuffersGo(t *testing.T) {
	s, socket := start(t, serve.Options{})
	for range 3 {
		be := dial(t, socket)
		y := call(t, be, add(1), float32(2))
		if s.Status().Clients[0].Buffers == 0 {
			t.Error("the engine holds no buffer of a result that is in use")
		}
		if y.Value() != float32(3) {
			t.Errorf("2+1 is %v", y.Value())
		}
		be.Finalize()
		settle(t, "the connection's end", func() bool { return len(s.Status().Clients) == 0 })
	}
	programs := s.Status().Programs
	if len(programs) != 1 || programs[0].Runs != 3 || programs[0].Users != 0 {
		t.Errorf("programs are %+v, want one that ran three times and nobody uses", programs)
	}
	s.Release()
	if n := len(s.Status().Programs); n != 0 {
		t.Errorf("%d programs after Release", n)
	}
}

// settle waits until what another goroutine does has happened.
func settle(t testing.TB, what string, done func() bool) {
	t.Helper()
	for began := time.Now(); !done(); time.Sleep(time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			t.Fatalf("%s: not after 20 s", what)
		}
	}
}

func TestFewUnusedProgramsStay(t *testing.T) {
	s, socket := start(t, serve.Options{Programs: 2})
	be := dial(t, socket)
	for n := range 4 {
		call(t, be, add(float32(n)), float32(0))
	}
	if n := len(s.Status().Programs); n != 4 {
		t.Errorf("%d programs while a connection uses 4", n)
	}
	be.Finalize()
	settle(t, "letting go of programs", func() bool { return len(s.Status().Programs) == 2 })
}

// What a connection finalizes or donates is freed while it lasts.
func TestBuffersAreFreed(t *testing.T) {
	s, socket := start(t, serve.Options{})
	be := dial(t, socket)
	x := tensors.FromShape(shapes.Make(dtypes.Float32, 100_000))
	for range 3 {
		buffer, err := x.Buffer(be, 0)
		if err != nil {
			t.Fatal(err)
		}
		if c := s.Status().Clients[0]; c.Bytes != 400_000 || c.Buffers != 1 {
			t.Errorf("%d buffers of %d bytes, want 1 of 400000", c.Buffers, c.Bytes)
		}
		if err := buffer.Finalize(); err != nil {
			t.Fatal(err)
		}
		call(t, be, add(1), float32(1)).FinalizeAll()
		x = tensors.FromShape(shapes.Make(dtypes.Float32, 100_000))
		call(t, be, add(1), float32(1)).FinalizeAll()
	}
	settle(t, "freeing", func() bool { _, err := be.Status(); return err == nil && s.Status().Clients[0].Bytes < 100 })
}

// Tensors of all sizes come back as they were, by the socket and by shared memory.
func TestTransfers(t *testing.T) {
	_, socket := start(t, serve.Options{})
	be := dial(t, socket)
	var wait sync.WaitGroup
	for _, n := range []int{0, 1, 8191, 8192, 8193, 300_000, 3_000_000} {
		wait.Go(func() {
			x := tensors.FromShape(shapes.Make(dtypes.Float32, n))
			tensors.MustMutableFlatData(x, func(flat []float32) {
				for i := range flat {
					flat[i] = float32(i%1000) - 500
				}
			})
			want := bytesOf(t, x)
			y, err := graph.CallOnce(be, func(x *graph.Node) *graph.Node { return graph.Neg(graph.Neg(x)) }, x)
			if err != nil {
				t.Errorf("%d numbers: %v", n, err)
				return
			}
			if bytesOf(t, y) != want {
				t.Errorf("%d numbers come back changed", n)
			}
		})
	}
	wait.Wait()
}

// Buffers that are kept outlive their connection, are not overwritten by who donates them, and go when there is no
// room.
func TestKept(t *testing.T) {
	s, socket := start(t, serve.Options{KeptBytes: 100})
	be := dial(t, socket)
	for i, name := range []string{"a", "b", "a", "c"} {
		x := tensors.FromValue([]float32{float32(i), 0, 0, 0, 0, 0, 0, 0, 0, 0})
		buffer, err := x.Buffer(be, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := be.Keep(name, buffer); err != nil {
			t.Fatal(err)
		}
	}
	be.Finalize()
	be = dial(t, socket)
	for name, want := range map[string]any{"a": float32(0), "b": nil, "c": float32(3), "d": nil} {
		for range 2 { // the first use donates it
			buffer, err := be.Recall(name)
			if err != nil {
				t.Fatal(err)
			}
			if (buffer == nil) != (want == nil) {
				t.Fatalf("%q is recalled as %v, want %v", name, buffer, want)
			}
			if buffer == nil {
				continue
			}
			x, err := tensors.FromBuffer(buffer)
			if err != nil {
				t.Fatal(err)
			}
			y := donating(t, be, x)
			if got := y.Value().([]float32)[0]; got != want.(float32)+1 {
				t.Errorf("%q holds %v, want %v", name, got-1, want)
			}
		}
	}
	if n := len(s.Status().Kept); n != 2 {
		t.Errorf("%d buffers are kept, want 2", n)
	}
}

// donating runs x+1 and lets the program overwrite x.
func donating(t *testing.T, be compute.Backend, x *tensors.Tensor) *tensors.Tensor {
	t.Helper()
	exec, err := graph.NewExec(be, add(1))
	if err != nil {
		t.Fatal(err)
	}
	donated, err := graph.DonateTensorBuffer(x, be, 0)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Call(donated)
	if err != nil {
		t.Fatal(err)
	}
	return out[0]
}

// Two connections that compute at once each get their own results.
func TestTwoAtOnce(t *testing.T) {
	_, socket := start(t, serve.Options{})
	var wait sync.WaitGroup
	for who := range 4 {
		be := dial(t, socket)
		wait.Go(func() {
			exec := graph.MustNewExec(be, add(float32(who%2)))
			x := float32(100 * who)
			for range 200 {
				out, err := exec.Call(x)
				if err != nil {
					t.Error(err)
					return
				}
				if got, want := out[0].Value().(float32), x+float32(who%2); got != want {
					t.Errorf("connection %d: %v, want %v", who, got, want)
					return
				}
				x++
			}
		})
	}
	wait.Wait()
}

// A mistake in a graph is told where the graph is built; what only the real backend refuses, when it is compiled.
func TestMistakes(t *testing.T) {
	_, socket := start(t, serve.Options{})
	be := dial(t, socket)
	wrong := func(x *graph.Node) *graph.Node { return graph.Add(x, graph.Const(x.Graph(), []float32{1, 2, 3})) }
	_, err := graph.CallOnce(be, wrong, []float32{1, 2})
	if err == nil || !strings.Contains(err.Error(), "Add: dimension") ||
		!strings.Contains(fmt.Sprintf("%+v", err), "serve_test.go:") {
		t.Errorf("adding 2 numbers to 3: %+v", err)
	}
	if y := call(t, be, add(1), float32(1)); y.Value() != float32(2) {
		t.Errorf("after it 1+1 is %v", y.Value())
	}
}

// Another build is told from this one, and an engine ends when it is asked to.
func TestOtherBuildAndStop(t *testing.T) {
	_, socket := start(t, serve.Options{Build: "old"})
	if _, err := resident.Dial(socket, "new"); err == nil || !strings.Contains(err.Error(), "another version") {
		t.Errorf("an engine of another build: %v", err)
	}
	be := dial(t, socket)
	if err := resident.StopIdle(socket); err != nil {
		t.Error(err)
	}
	if y := call(t, be, add(1), float32(1)); y.Value() != float32(2) {
		t.Error("StopIdle stopped an engine that is used")
	}
	var used *resident.InUseError
	err := resident.Stop(socket)
	if !errors.As(err, &used) || !strings.Contains(err.Error(), "serve.test in serve, process") {
		t.Errorf("Stop of an engine that is used: %v (want who uses it)", err)
	}
	if err := resident.StopAnyway(socket); err != nil {
		t.Error(err)
	}
	_, err = graph.CallOnce(be, add(1), float32(1))
	for _, want := range []string{"stopped (engine stop -force) by serve.test in serve, process", "run the cell again"} {
		if !errors.Is(err, resident.ErrLost) || !strings.Contains(err.Error(), want) {
			t.Errorf("after StopAnyway: %v (want %q)", err, want)
		}
	}
	if err := resident.Stop(socket); err != nil {
		t.Errorf("stopping what is stopped: %v", err)
	}
}

func TestIdleEnds(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s")
	l, err := serve.Listen(socket)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := serve.Listen(socket); err != serve.ErrRunning {
		t.Errorf("a second engine: %v", err)
	}
	if err := serve.New(backend(t), serve.Options{Idle: time.Millisecond}).Serve(t.Context(), l); err != nil {
		t.Error(err)
	}
}
