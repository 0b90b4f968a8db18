package notebook_test

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/setup"
	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/engine/resident"
)

//go:embed testdata/kills.py
var killsScript string

// happening is a line that the script writes.
type happening struct {
	Event, Victim, Said, After string
	N, Cell, Killed, Engines   int
	Hit, Right                 bool
	Children                   []string
	Seconds                    float64
}

// The engine and cells are killed at random moments of a lesson, by turns: FASTNB_KILLS times, six by default. The
// lesson goes on each time, what was saved is as it was, and in the end nothing is left over.
func TestKills(t *testing.T) {
	e := env(t)
	if os.Getenv("FASTNB_ENGINE") == "own" {
		t.Skip("FASTNB_ENGINE=own: there is no resident engine")
	}
	run := t.TempDir()
	if err := os.Chmod(run, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_RUNTIME_DIR", run)
	count, hits := 6, 0
	if n, err := strconv.Atoi(os.Getenv("FASTNB_KILLS")); err == nil {
		count = n
	}
	all := kill(t, e, count)
	for _, h := range all {
		switch h.Event {
		case "lesson":
			t.Logf("a cell takes %.1f s", h.Seconds)
		case "kill":
			if !h.Right || h.Engines != 1 {
				t.Errorf("after killing the %s in cell %d (%d processes; it said %q): right %t, %d engines; the next run said %q",
					h.Victim, h.Cell, h.Killed, h.Said, h.Right, h.Engines, h.After)
			}
			if h.Hit {
				hits++
			}
		case "end":
			if len(h.Children) > 0 {
				t.Errorf("cells are left: %v", h.Children)
			}
		}
	}
	t.Logf("%d kills, %d of them broke the cell", count, hits)
	if len(all) != count+2 {
		t.Errorf("the script tells %d things, want %d", len(all), count+2)
	}
	checkEngineIsEmpty(t)
}

func kill(t *testing.T, e *setup.Env, count int) (all []happening) {
	t.Helper()
	cmd := exec.Command(e.Python, "-c", killsScript, setup.RawKernelName, t.TempDir(), strconv.Itoa(count), "1")
	cmd.Env = e.Environ()
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, &said)
	}
	for line := range bytes.Lines(out) {
		var h happening
		if err := json.Unmarshal(line, &h); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		all = append(all, h)
	}
	return all
}

// checkEngineIsEmpty asks the engine that was left what it holds, and stops it.
func checkEngineIsEmpty(t *testing.T) {
	t.Helper()
	socket, err := engine.DefaultSocket()
	if err != nil {
		t.Fatal(err)
	}
	be, err := resident.Dial(socket, "")
	if err != nil {
		t.Fatal(err)
	}
	status, err := be.Status()
	be.Finalize()
	if err != nil || len(status.Clients) != 1 || status.Clients[0].Buffers != 0 {
		t.Errorf("the engine is left with %+v, %v", status, err)
	}
	if err := resident.Stop(socket); err != nil {
		t.Error(err)
	}
}
