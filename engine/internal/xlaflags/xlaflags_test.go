package xlaflags

import (
	"os"
	"testing"
)

func known(string) bool { return true }

// Another plugin is not told what was added for one, and what the user chose stays.
func TestDrop(t *testing.T) {
	before := "--a=b --" + XNNPACK + "=false --" + Deterministic + "=true"
	t.Setenv(variable, before)
	Add(CUDAFolder, "/cuda", known)
	if got, want := os.Getenv(variable), before+" --"+CUDAFolder+"=/cuda"; got != want {
		t.Errorf("the flags are %q, want %q", got, want)
	}
	Drop()
	if got := os.Getenv(variable); got != "--a=b" || Users() != got {
		t.Errorf("the user's flags are %q", got)
	}
}

func TestUsersOwnStays(t *testing.T) {
	mine := "--" + CUDAFolder + "=/mine"
	t.Setenv(variable, mine)
	Drop()
	Add(CUDAFolder, "/cuda", known)
	if got := os.Getenv(variable); got != mine {
		t.Errorf("the user's folder %q becomes %q", mine, got)
	}
}

// A plugin ends the process at a setting that it does not know.
func TestUnknownIsNotAdded(t *testing.T) {
	t.Setenv(variable, "")
	Add(XNNPACK, "false", func(name string) bool { return name != XNNPACK })
	if got := os.Getenv(variable); got != "" {
		t.Errorf("the flags are %q", got)
	}
}
