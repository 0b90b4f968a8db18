//go:build unix

package atomicfile_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/fastnb/fastnb/internal/atomicfile"
)

const holdIn = "ATOMICFILE_TEST_HOLD_IN" // the folder in which a process has a file in the making

// TestHolds is the process that TestKilled kills: it has begun a file, says so, and waits.
func TestHolds(t *testing.T) {
	dir := os.Getenv(holdIn)
	if dir == "" {
		t.Skip("only as a process of TestKilled")
	}
	f, err := atomicfile.Create(filepath.Join(dir, "a"), 0o644)
	check(t, err)
	fmt.Fprint(f, "half")
	fmt.Println("holds")
	os.Stdin.Read(make([]byte, 1)) // until the test ends, if it is not killed
}

// holder starts a process that has a file in the making, and returns when it has.
func holder(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	p := exec.Command(os.Args[0], "-test.run", "^TestHolds$")
	p.Env = append(os.Environ(), holdIn+"="+dir)
	_, err := p.StdinPipe()
	check(t, err)
	out, err := p.StdoutPipe()
	check(t, err)
	check(t, p.Start())
	t.Cleanup(func() { p.Process.Kill(); p.Wait() })
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "holds\n" {
		t.Fatalf("the process says %q, %v", line, err)
	}
	return p
}

// What a killed process was writing is gone after the next write of any file into the folder; what a living one is writing
// stays.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	living, dead := holder(t, dir), holder(t, dir)
	check(t, atomicfile.Write(filepath.Join(dir, "b"), nil, 0o644))
	if got := names(t, dir); len(got) != 3 {
		t.Errorf("two write, and there are %q", got)
	}
	for i, p := range []*exec.Cmd{dead, living} {
		check(t, p.Process.Kill())
		p.Wait()
		check(t, atomicfile.Write(filepath.Join(dir, "b"), nil, 0o644))
		if got := names(t, dir); len(got) != 2-i {
			t.Errorf("%d write, and there are %q", 1-i, got)
		}
	}
}

// A file in the making of another user's is not removed, whether he writes it or not.
func TestOtherUsers(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a file away")
	}
	dir := t.TempDir()
	p := holder(t, dir)
	check(t, p.Process.Kill())
	p.Wait()
	left := names(t, dir)
	check(t, os.Chown(filepath.Join(dir, left[0]), 65534, 65534))
	check(t, atomicfile.Write(filepath.Join(dir, "b"), nil, 0o644))
	if got := names(t, dir); !slices.Contains(got, left[0]) {
		t.Errorf("%q was removed", left[0])
	}
}

// A file that takes the place of another has its permissions, a link to a file stays one, and a pipe gets the content itself.
func TestInPlaceOf(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	check(t, os.WriteFile(at("private"), nil, 0o600))
	check(t, os.Symlink("private", at("link")))
	check(t, atomicfile.Write(at("link"), []byte("new"), 0o644))
	wantFile(t, at("private"), "new")
	info, err := os.Lstat(at("private"))
	check(t, err)
	link, err := os.Lstat(at("link"))
	check(t, err)
	if info.Mode() != 0o600 || link.Mode()&os.ModeSymlink == 0 {
		t.Errorf("modes are %v and %v (want -rw------- and a link's)", info.Mode(), link.Mode())
	}
	check(t, syscall.Mkfifo(at("pipe"), 0o600))
	reader, err := os.OpenFile(at("pipe"), os.O_RDWR, 0)
	check(t, err)
	defer reader.Close()
	check(t, atomicfile.Write(at("pipe"), []byte("through\n"), 0o644))
	if line, err := bufio.NewReader(reader).ReadString('\n'); line != "through\n" {
		t.Errorf("the pipe yields %q, %v", line, err)
	}
	check(t, atomicfile.Write(os.DevNull, []byte("away"), 0o644))
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("%s has become a file: %v", os.DevNull, err)
	}
}

// Of links in the making, which have no lock, those are removed that are an hour old.
func TestSymlink(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for range 2 {
		check(t, atomicfile.Symlink("target", at("a")))
	}
	if to, err := os.Readlink(at("a")); err != nil || to != "target" {
		t.Errorf("the link leads to %q, %v", to, err)
	}
	if err := atomicfile.Symlink("target", at("absent/a")); err == nil || !strings.Contains(err.Error(), at("absent/a")) {
		t.Errorf("error %v", err)
	}
	for _, name := range []string{"new", "old"} {
		check(t, os.Symlink("target", at(".fastnb-partial-"+name)))
	}
	old := unix.NsecToTimeval(time.Now().Add(-2 * time.Hour).UnixNano())
	check(t, unix.Lutimes(at(".fastnb-partial-old"), []unix.Timeval{old, old}))
	check(t, atomicfile.Symlink("target", at("a")))
	if got := names(t, dir); !slices.Equal(got, []string{".fastnb-partial-new", "a"}) {
		t.Errorf("the folder holds %q", got)
	}
}
