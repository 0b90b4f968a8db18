//go:build unix

package vision

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/nobody"
)

func TestUnreadableFolders(t *testing.T) {
	if os.Geteuid() == 0 {
		nobody.Run(t) // root may read and write everything
		return
	}
	dir := tree(t)
	closed := filepath.Join(dir, "train", "dog")
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	wantError(t, dir, []string{"folder " + closed + " cannot be read", "permissions"})
	if err := os.Chmod(closed, 0o755); err != nil {
		t.Fatal(err)
	}
	shut := filepath.Join(dir, "train", "cat", "1.png")
	if err := os.Chmod(shut, 0); err != nil {
		t.Fatal(err)
	}
	work := WorkDir(t.TempDir())
	wantError(t, dir, []string{"1 unreadable image;", shut + ": permission denied"}, work)
	if err := os.Chmod(shut, 0o644); err != nil {
		t.Fatal(err)
	}
	if d := open(t, dir, work); d.Len(fastnb.Train) != 11 {
		t.Error("a file that was opened up is still left out")
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o755)
	wantError(t, dir, []string{"folder " + dir + " cannot be written to", "WorkDir"})
	if d := open(t, dir, WorkDir(t.TempDir())); d.Len(fastnb.Train) != 11 {
		t.Error("WorkDir does not help")
	}
}
