//go:build unix

package vision

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
)

func TestUnreadableFolders(t *testing.T) {
	if os.Geteuid() == 0 {
		asNobody(t) // root may read and write everything
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

// asNobody runs the test again as the user nobody.
func asNobody(t *testing.T) {
	dir, err := os.MkdirTemp("", "nobody")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	binary, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(dir, "vision.test")
	if err := os.WriteFile(copied, binary, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	again := exec.Command(copied, "-test.run", "^"+t.Name()+"$", "-test.v")
	again.Dir, again.Env = dir, []string{"TMPDIR=" + dir}
	again.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := again.CombinedOutput()
	if errors.Is(err, syscall.EPERM) {
		t.Skip("root may not become another user here")
	}
	if err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
		t.Errorf("%v\n%s", err, out)
	}
}
