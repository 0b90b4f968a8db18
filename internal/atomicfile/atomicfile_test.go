package atomicfile_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/fastnb/fastnb/internal/atomicfile"
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// names lists what is in a folder, hidden files too.
func names(t testing.TB, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	check(t, err)
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func wantFile(t testing.TB, path, content string) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || string(got) != content {
		t.Errorf("%s holds %q, %v (want %q)", path, got, err, content)
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	long := strings.Repeat("ä", 127) // 254 bytes: a file system's longest name has 255
	for _, name := range []string{"a", "[a]*?", "with space\nand line", long} {
		path := filepath.Join(dir, name)
		for _, content := range []string{"first", "", "third"} {
			check(t, atomicfile.Write(path, []byte(content), 0o644))
			wantFile(t, path, content)
		}
	}
	if got := names(t, dir); len(got) != 4 {
		t.Errorf("the folder holds %q", got)
	}
}

// Errors name the file that was asked for, keep what was there, and leave nothing.
func TestErrors(t *testing.T) {
	dir := t.TempDir()
	check(t, os.Mkdir(filepath.Join(dir, "folder"), 0o755))
	for name, want := range map[string]error{"absent/a": fs.ErrNotExist, "folder": nil} {
		err := atomicfile.Write(filepath.Join(dir, name), nil, 0o644)
		var path *fs.PathError
		if !errors.As(err, &path) || path.Path != filepath.Join(dir, name) || want != nil && !errors.Is(err, want) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	path := filepath.Join(dir, "a")
	check(t, atomicfile.Write(path, []byte("kept"), 0o644))
	f, err := atomicfile.Create(path, 0o644)
	check(t, err)
	fmt.Fprint(f, "half")
	f.Discard()
	f.Discard()
	wantFile(t, path, "kept")
	if got := names(t, dir); !slices.Equal(got, []string{"a", "folder"}) {
		t.Errorf("the folder holds %q", got)
	}
}

// What one process writes at the same time is not taken for what a dead one left, and the last one counts.
func TestConcurrent(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() {
			for i := range 30 {
				content := fmt.Sprint(w, i)
				if err := atomicfile.Write(filepath.Join(dir, "shared"), []byte(content), 0o644); err != nil {
					t.Errorf("writer %d, file %d: %v", w, i, err)
				}
				own := filepath.Join(dir, fmt.Sprint(w))
				if err := atomicfile.Write(own, []byte(content), 0o644); err != nil {
					t.Errorf("writer %d, file %d: %v", w, i, err)
				}
				wantFile(t, own, content)
			}
		})
	}
	all.Wait()
	if got := names(t, dir); len(got) != 9 {
		t.Errorf("the folder holds %q", got)
	}
}

func TestLink(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	if err := atomicfile.Link(a, b); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: error %v", err)
	}
	check(t, os.WriteFile(a, []byte("one"), 0o644))
	check(t, os.WriteFile(b, []byte("old"), 0o644))
	for range 2 { // the second time both are names of one file already
		check(t, atomicfile.Link(a, b))
		wantFile(t, b, "one")
	}
	check(t, atomicfile.Write(a, []byte("two"), 0o644))
	wantFile(t, b, "one")
	if got := names(t, dir); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("the folder holds %q", got)
	}
}

func TestMove(t *testing.T) {
	dir := t.TempDir()
	check(t, os.MkdirAll(filepath.Join(dir, "tmp", "deep"), 0o755))
	check(t, os.WriteFile(filepath.Join(dir, "tmp", "deep", "a"), []byte("a"), 0o444))
	check(t, atomicfile.Move(filepath.Join(dir, "tmp"), filepath.Join(dir, "done")))
	wantFile(t, filepath.Join(dir, "done", "deep", "a"), "a")
	if err := atomicfile.Move(filepath.Join(dir, "tmp"), filepath.Join(dir, "done")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing to move: error %v", err)
	}
}

func ExampleWrite() {
	dir, err := os.MkdirTemp("", "atomicfile")
	if err != nil {
		fmt.Println(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "a.txt")
	fmt.Println(atomicfile.Write(path, []byte("whole"), 0o644))
	got, err := os.ReadFile(path)
	fmt.Printf("%s %v\n", got, err)
	// Output:
	// <nil>
	// whole <nil>
}

func ExampleCreate() {
	dir, err := os.MkdirTemp("", "atomicfile")
	if err != nil {
		fmt.Println(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "a.txt")
	f, err := atomicfile.Create(path, 0o644)
	if err != nil {
		fmt.Println(err)
	}
	defer f.Discard() // does nothing after Commit
	fmt.Fprint(f, "whole")
	_, err = os.Stat(path)
	fmt.Println(errors.Is(err, fs.ErrNotExist), f.Commit())
	got, err := os.ReadFile(path)
	fmt.Printf("%s %v\n", got, err)
	// Output:
	// true <nil>
	// whole <nil>
}
