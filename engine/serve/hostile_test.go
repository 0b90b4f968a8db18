//go:build !resident

package serve_test

import (
	"bytes"
	"crypto/sha256"
	"math/rand/v2"
	"net"
	"testing"

	"github.com/gomlx/compute/dtypes"

	"github.com/fastnb/fastnb/engine/internal/wire"
	"github.com/fastnb/fastnb/engine/serve"
)

// speak sends raw bytes and returns when the engine has closed the connection or answered all that it will.
func speak(t testing.TB, socket string, message []byte) {
	t.Helper()
	c, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.Write(message)
	c.(*net.UnixConn).CloseWrite()
	var sink bytes.Buffer
	sink.ReadFrom(c)
}

func frames(t testing.TB, requests ...*wire.Request) []byte {
	t.Helper()
	var b bytes.Buffer
	for i, r := range requests {
		r.Seq = uint64(i + 1)
		if err := wire.WriteFrame(&b, r); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

var hello = &wire.Request{Verb: wire.Hello, Version: wire.Version}

// hostile are messages that no client of ours sends.
func hostile(t testing.TB) map[string][]byte {
	f32 := func(dims ...int) *wire.Shape { return &wire.Shape{DType: int(dtypes.Float32), Dims: dims} }
	program := record(t, wire.Op{Method: wire.Parameter, Args: raws(t, "x", f32(2)), Out: []wire.Shape{*f32(2)}},
		wire.Op{Method: "Neg", Args: raws(t, 0), Out: []wire.Shape{*f32(2)}},
		wire.Op{Method: wire.Return, Args: raws(t, []int{1})})
	key := sha256.Sum256(program)
	run := func(in, out uint64, donate ...bool) *wire.Request {
		return &wire.Request{
			Verb: wire.Run, Key: key[:], Buffers: []uint64{in}, Donate: donate, Outputs: []uint64{out},
		}
	}
	large := wire.Constant{Shape: *f32(1 << 20), Data: []byte{1}}
	back := wire.Op{Method: wire.Return, Args: raws(t, []int{})}
	compile := &wire.Request{Verb: wire.Compile, Key: key[:], Program: program}
	bad := func(ops ...wire.Op) *wire.Request {
		p := record(t, ops...)
		key := sha256.Sum256(p)
		return &wire.Request{Verb: wire.Compile, Key: key[:], Program: p}
	}
	return map[string][]byte{
		"nothing":            {},
		"noise":              []byte("GET / HTTP/1.1\r\n\r\n"),
		"no hello":           frames(t, &wire.Request{Verb: wire.Status}),
		"a huge frame":       {0xff, 0xff, 0xff, 0xff, 1},
		"a frame that ends":  {0x3f, 0xff, 0xff, 0xff, 1, 2, 3},
		"no verb":            frames(t, hello, &wire.Request{}),
		"an unknown verb":    frames(t, hello, &wire.Request{Verb: 200}),
		"a wrong key":        frames(t, hello, &wire.Request{Verb: wire.Compile, Key: []byte("k"), Program: program}),
		"buffer 0":           frames(t, hello, &wire.Request{Verb: wire.Put, Shape: f32(1), Data: make([]byte, 4)}),
		"a buffer twice":     frames(t, hello, put(1, f32(1), 4), put(1, f32(1), 4)),
		"too few bytes":      frames(t, hello, put(1, f32(1000), 4), &wire.Request{Verb: wire.Get, Buffer: 1}),
		"a huge tensor":      frames(t, hello, put(1, f32(1<<31, 1<<31, 1<<31), 4), &wire.Request{Verb: wire.Get, Buffer: 1}),
		"negative":           frames(t, hello, put(1, f32(-1, -4), 16), &wire.Request{Verb: wire.Get, Buffer: 1}),
		"no such type":       frames(t, hello, put(1, &wire.Shape{DType: 9999, Dims: []int{1}}, 4)),
		"no shape":           frames(t, hello, put(1, nil, 4)),
		"no such arena":      frames(t, hello, &wire.Request{Verb: wire.Put, Buffer: 1, Shape: f32(1), Arena: 7}),
		"memory not sent":    frames(t, hello, &wire.Request{Verb: wire.Share, Arena: 1, Size: 1 << 20}),
		"no such program":    frames(t, hello, &wire.Request{Verb: wire.Run, Key: key[:]}),
		"no such buffer":     frames(t, hello, compile, run(5, 6)),
		"no inputs":          frames(t, hello, compile, &wire.Request{Verb: wire.Run, Key: key[:]}),
		"another shape":      frames(t, hello, compile, put(1, f32(3), 12), run(1, 2)),
		"output over input":  frames(t, hello, compile, put(1, f32(2), 8), run(1, 1)),
		"donated twice":      frames(t, hello, compile, put(1, f32(2), 8), run(1, 2, true), run(1, 3, true)),
		"an empty program":   frames(t, hello, bad()),
		"no such method":     frames(t, hello, bad(wire.Op{Method: "Finalize"})),
		"not an operation":   frames(t, hello, bad(wire.Op{Method: "Builder"})),
		"no such function":   frames(t, hello, bad(wire.Op{Function: 9, Method: wire.Closure})),
		"no such value":      frames(t, hello, bad(wire.Op{Method: "Neg", Args: raws(t, 3)})),
		"arguments missing":  frames(t, hello, bad(wire.Op{Method: "Add", Args: raws(t, 0)})),
		"of the wrong kind":  frames(t, hello, bad(wire.Op{Method: "Neg", Args: raws(t, "x")})),
		"a huge parameter":   frames(t, hello, bad(wire.Op{Method: wire.Parameter, Args: raws(t, "x", f32(1<<40, 1<<40))})),
		"a constant too big": frames(t, hello, bad(wire.Op{Method: wire.ConstantOp, Args: raws(t, large)})),
		"returned twice":     frames(t, hello, bad(back, back)),
	}
}

func put(number uint64, s *wire.Shape, n int) *wire.Request {
	return &wire.Request{Verb: wire.Put, Buffer: number, Shape: s, Data: make([]byte, n)}
}

func raws(t testing.TB, args ...any) (all []wire.Raw) {
	t.Helper()
	for _, a := range args {
		raw, err := wire.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, raw)
	}
	return all
}

func record(t testing.TB, ops ...wire.Op) (all []byte) {
	t.Helper()
	for _, op := range ops {
		all = append(all, raws(t, op)[0]...)
	}
	return all
}

// What is hostile ends at worst its own connection: another one, open all the while, computes on, and nothing is left.
func TestHostile(t *testing.T) {
	s, socket := start(t, serve.Options{})
	be := dial(t, socket)
	for name, message := range hostile(t) {
		speak(t, socket, message)
		if y := call(t, be, add(1), float32(1)); y.Value() != float32(2) {
			t.Fatalf("after %s, 1+1 is %v", name, y.Value())
		}
	}
	settle(t, "the end of hostile connections", func() bool { return len(s.Status().Clients) == 1 })
}

// Real conversations with bytes changed at random.
func TestDamagedConversations(t *testing.T) {
	s, socket := start(t, serve.Options{})
	be := dial(t, socket)
	rng := rand.New(rand.NewPCG(1, 2))
	all := hostile(t)
	for _, name := range []string{"another shape", "donated twice", "output over input"} {
		for range 300 {
			message := bytes.Clone(all[name])
			for range 1 + rng.IntN(4) {
				message[rng.IntN(len(message))] = byte(rng.IntN(256))
			}
			speak(t, socket, message)
		}
		if y := call(t, be, add(1), float32(1)); y.Value() != float32(2) {
			t.Fatalf("1+1 is %v", y.Value())
		}
	}
	settle(t, "the end of damaged connections", func() bool { return len(s.Status().Clients) == 1 })
}

// Stop is a request like another, so the fuzzer must not make it: it would end the engine that it tests.
func FuzzConversation(f *testing.F) {
	for _, message := range hostile(f) {
		f.Add(message)
	}
	_, socket := start(f, serve.Options{})
	stop := frames(f, hello, &wire.Request{Verb: wire.Stop})
	f.Fuzz(func(t *testing.T, message []byte) {
		if bytes.Contains(message, stop[len(stop)-2:]) {
			t.Skip()
		}
		speak(t, socket, message)
		call(t, dial(t, socket), add(1), float32(1))
	})
}
