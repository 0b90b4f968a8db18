// Package enginetest gives the tests of a package an engine of their own, which compiles each graph once.
package enginetest

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/engine/resident"
	"github.com/fastnb/fastnb/engine/serve"
)

// Main runs the tests of a package and exits; a TestMain calls it. Their engine.Open connects to an engine within the
// test's process, as a cell's does to the resident one: what a test has compiled the next one finds, where each learner
// would compile the same small graphs for itself. It listens in a temporary folder and goes with the process. Where
// FASTNB_ENGINE is set the tests run with that; "own" is an engine that each process opens for itself, which benchmarks
// have in any case.
func Main(m *testing.M) {
	flag.Parse()
	if os.Getenv("FASTNB_ENGINE") != "" || flag.Lookup("test.bench").Value.String() != "" {
		os.Exit(m.Run())
	}
	status, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "enginetest:", err)
		status = 1
	}
	os.Exit(status)
}

func run(m *testing.M) (status int, err error) {
	dir, err := os.MkdirTemp("", "enginetest")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	l, build, err := listen(dir)
	if err != nil {
		return 0, err
	}
	own, err := engine.OpenDevice(engine.Device(os.Getenv("FASTNB_DEVICE")))
	if err != nil {
		return 0, err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go serve.New(own, serve.Options{Build: build}).Serve(ctx, l)
	return m.Run(), nil
}

// listen opens the socket at which engine.Open looks for an engine, and returns what it asks that engine to be.
func listen(dir string) (l *net.UnixListener, build string, err error) {
	program, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	os.Setenv("XDG_RUNTIME_DIR", dir)
	os.Setenv("FASTNB_ENGINE", program)
	socket, err := engine.DefaultSocket()
	if err != nil {
		return nil, "", err
	}
	l, err = serve.Listen(socket)
	return l, resident.Launcher{Program: program, Socket: socket}.Build(), err
}
