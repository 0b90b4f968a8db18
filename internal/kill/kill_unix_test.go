//go:build unix

package kill_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/fastnb/fastnb/internal/kill"
)

func TestRun(t *testing.T) {
	dir := t.TempDir()
	pattern := filepath.Join(dir, "a-*")
	if err := os.WriteFile(filepath.Join(dir, "a-0"), nil, 0o644); err != nil { // of before
		t.Fatal(err)
	}
	for script, want := range map[string]bool{
		"sleep .1": false, "touch " + dir + "/a-1": false, "touch " + dir + "/a-2; exec sleep 60": true,
	} {
		killed, err := kill.Run(exec.Command("sh", "-c", script), pattern, 50*time.Millisecond)
		if killed != want || err != nil {
			t.Errorf("%q: killed %t, %v; want %t", script, killed, err, want)
		}
	}
	if killed, err := kill.Run(exec.Command("sh", "-c", "exit 3"), pattern, 0); killed || err == nil {
		t.Errorf("a process that fails: killed %t, %v", killed, err)
	}
}
