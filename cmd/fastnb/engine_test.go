package main

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/engine/resident"
	"github.com/fastnb/fastnb/engine/serve"
)

func TestEngineStatus(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "engine.sock")
	l, err := serve.Listen(socket)
	if err != nil {
		t.Fatal(err)
	}
	own, err := engine.OpenDevice(engine.Go)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- serve.New(own, serve.Options{}).Serve(t.Context(), l) }()
	be, err := resident.Dial(socket, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := graph.CallOnce(be, func(x *graph.Node) *graph.Node { return graph.Add(x, x) }, float32(21)); err != nil {
		t.Fatal(err)
	}
	var status bytes.Buffer
	if err := printStatus(&status, be); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"go, GoMLX's pure-Go engine", "connection", "fastnb.test in fastnb, process", "TestEngineStatus", "kept"} {
		if !strings.Contains(status.String(), want) {
			t.Errorf("the status lacks %q:\n%s", want, &status)
		}
	}
	err = theEngine(t.Context(), []string{"stop", "-socket", socket})
	if err == nil || !strings.Contains(err.Error(), "is in use by\n\tfastnb.test in fastnb, process") {
		t.Errorf("stop while it is used: %v", err)
	}
	if err := theEngine(t.Context(), []string{"free", "-socket", socket}); err != nil {
		t.Error(err)
	}
	if err := theEngine(t.Context(), []string{"serve", "-socket", socket}); err == nil || !strings.Contains(err.Error(), "already listens") {
		t.Errorf("a second engine: %v", err)
	}
	if err := theEngine(t.Context(), []string{"stop", "-force", "-socket", socket}); err != nil {
		t.Error(err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := be.Status(); !errors.Is(err, resident.ErrLost) || !strings.Contains(err.Error(), "stopped (engine stop -force) by fastnb.test") {
		t.Errorf("after it was stopped: %v", err)
	}
}

func TestEngineThatIsNotThere(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "engine.sock")
	for args, want := range map[string]string{"status": "none runs", "free": "none runs", "dance": `no command "dance"`} {
		err := theEngine(context.Background(), []string{"-socket", socket, args})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("engine %s: %v", args, err)
		}
	}
	if err := theEngine(t.Context(), []string{"-socket", socket, "stop"}); err != nil {
		t.Errorf("stopping none: %v", err)
	}
}
