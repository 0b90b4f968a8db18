//go:build unix

package text_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/fastnb/fastnb/fastnb/text"
)

func TestWithoutPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		asNobody(t) // root may read and write everything
		return
	}
	root := imdb(t)
	closed, shut := filepath.Join(root, "train", "pos"), filepath.Join(root, "test", "neg", "a.txt")
	chmod(t, closed, 0)
	wrong(t, errorOf(text.FromFolders(root, text.In("train"))), "folder "+closed+" cannot be read", "permissions")
	chmod(t, closed, 0o755)
	chmod(t, shut, 0)
	d, err := text.FromFolders(root, text.In("test"))
	if err != nil {
		t.Fatal(err)
	}
	wrong(t, errorOf(d.Vocab(text.English)), "1 unreadable document;", "test/neg/a.txt: permission denied")
	chmod(t, shut, 0o644)
	chmod(t, filepath.Join(root, "tmp"), 0o555)
	defer os.Chmod(filepath.Join(root, "tmp"), 0o755)
	wrong(t, errorOf(d.Vocab(text.English)), filepath.Join(root, "tmp"), "permission denied", "WorkDir names another")
	csv := table(t, reviews)
	chmod(t, csv, 0)
	wrong(t, errorOf(text.FromCSV(csv)), csv, "permission denied")
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// asNobody runs the test again as the user nobody.
func asNobody(t *testing.T) {
	dir, err := os.MkdirTemp("", "nobody")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	program, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(dir, "text.test")
	if err := os.WriteFile(copied, program, 0o755); err != nil {
		t.Fatal(err)
	}
	chmod(t, dir, 0o777)
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
