//go:build unix

package text_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/fastnb/fastnb/internal/nobody"
)

func TestWithoutPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		nobody.Run(t) // root may read and write everything
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
