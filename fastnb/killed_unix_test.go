//go:build unix

package fastnb_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

const saveIn = "FASTNB_TEST_SAVE_IN" // the folder in which a process saves until it is killed

// TestSavesUntilKilled is what TestKilledWhileSaving runs.
func TestSavesUntilKilled(t *testing.T) {
	dir := os.Getenv(saveIn)
	if dir == "" {
		t.Skip("only as a process of TestKilledWhileSaving")
	}
	for l := cloudsIn(t, dir); ; {
		check(t, l.Save("a"))
	}
}

// A process that is killed while it saves leaves a whole checkpoint, and the one before it; the next Save removes what it left
// half-written, and nothing is left in the temporary folder.
func TestKilledWhileSaving(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	dir, tmp := t.TempDir(), t.TempDir()
	check(t, cloudsIn(t, dir).Save("a"))
	for i := range 5 {
		p := exec.Command(os.Args[0], "-test.run", "^TestSavesUntilKilled$")
		// with an engine of its own: a resident one may have its socket in TMPDIR
		p.Env = append(os.Environ(), saveIn+"="+dir, "TMPDIR="+tmp, "FASTNB_ENGINE=own")
		check(t, p.Start())
		began := modified(t, dir)
		for range 1000 {
			if time.Sleep(10 * time.Millisecond); modified(t, dir).After(began) {
				break
			}
		}
		time.Sleep(time.Duration(i*7) * time.Millisecond)
		check(t, p.Process.Kill())
		if err := p.Wait(); err == nil || !modified(t, dir).After(began) {
			t.Fatalf("the process ended by itself, or saved nothing: %v", err)
		}
		for _, name := range []string{"a", "a.prev"} {
			if err := cloudsIn(t, dir).Load(name); err != nil {
				t.Errorf("killed, round %d: %v", i, err)
			}
		}
	}
	check(t, cloudsIn(t, dir).Save("b"))
	want := []string{"a.prev.safetensors", "a.safetensors", "b.safetensors"}
	if got := filesIn(t, filepath.Join(dir, "models")); !slices.Equal(got, want) || len(filesIn(t, tmp)) > 0 {
		t.Errorf("there are %q and %q, want %q and nothing", got, filesIn(t, tmp), want)
	}
}

func filesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	check(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func modified(t *testing.T, dir string) time.Time {
	t.Helper()
	info, err := os.Stat(dir + "/models/a.safetensors")
	check(t, err)
	return info.ModTime()
}
