package fastnb_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/safetensors"
)

// Metadata are in every checkpoint, covered by its checksum, and stay the learner's own whatever it loads.
func TestMetadata(t *testing.T) {
	be, err := engine.OpenDevice(engine.Go)
	check(t, err)
	dir := t.TempDir()
	path := filepath.Join(dir, "models", "a.safetensors")
	line := func(opts ...fastnb.Option) *fastnb.Learner {
		l, err := fastnb.New(be, synth.Line(dir, 20, 4), synth.LineModel(), opts...)
		check(t, err)
		return l
	}
	l := line(fastnb.WithMetadata("net", "{\"x\": 1}\n"), fastnb.WithMetadata("own", "ü"))
	check(t, l.Save("a"))
	got, err := fastnb.ReadMetadata(path)
	if err != nil || len(got) != 2 || got["net"] != "{\"x\": 1}\n" || got["own"] != "ü" {
		t.Errorf("%q, %v", got, err)
	}
	other := line(fastnb.WithMetadata("net", "2"))
	check(t, other.Load("a"))
	check(t, other.Save("a"))
	if got, err := fastnb.ReadMetadata(path); err != nil || len(got) != 1 || got["net"] != "2" {
		t.Errorf("of the learner that loaded it: %q, %v", got, err)
	}

	f, err := safetensors.Read(path)
	check(t, err)
	f.Metadata["model.net"] = "3"
	check(t, safetensors.WriteFile(path, f))
	if _, err := fastnb.ReadMetadata(path); !errors.Is(err, fastnb.ErrBadCheckpoint) {
		t.Errorf("changed: %v", err)
	}
	check(t, os.Remove(path))
	_, err = fastnb.ReadMetadata(path)
	if !errors.Is(err, fastnb.ErrNoCheckpoint) || !strings.HasPrefix(err.Error(), "fastnb: ReadMetadata: "+path) {
		t.Errorf("removed: %v", err)
	}
}

func TestWrongMetadata(t *testing.T) {
	be, err := engine.OpenDevice(engine.Go)
	check(t, err)
	for want, o := range map[string]fastnb.Option{
		`the key ""`: fastnb.WithMetadata("", "x"), `the key "fitted"`: fastnb.WithMetadata("fitted", "x"),
		`under "net" is not UTF-8`: fastnb.WithMetadata("net", "\xff"),
	} {
		_, err := fastnb.New(be, synth.Line(t.TempDir(), 20, 4), synth.LineModel(), o)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v (want %s)", err, want)
		}
	}
}
