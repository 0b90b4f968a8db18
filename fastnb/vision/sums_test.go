package vision

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/fastnb/fastnb/fastnb"
)

// TestOtherContentsUnderTheSameNames changes contents as mv, cp -p, rsync -t and tar do: names, sizes and times stay.
func TestOtherContentsUnderTheSameNames(t *testing.T) {
	at := time.Unix(1700000000, 0)
	red, blue := bitmap(255, 0), bitmap(0, 255)
	dir := t.TempDir()
	put := func(data []byte, path ...string) {
		write(t, data, append([]string{dir}, path...)...)
		if err := os.Chtimes(filepath.Join(append([]string{dir}, path...)...), at, at); err != nil {
			t.Fatal(err)
		}
	}
	for _, split := range []string{"train", "valid"} {
		put(red, split, "a", "0.bmp")
		put(blue, split, "b", "0.bmp")
	}
	first := func() ([]float32, string) {
		d := open(t, dir)
		return pixelsOf(t, d, fastnb.View{Split: fastnb.Train})[:3], d.Fingerprint(fastnb.Train)
	}
	was, fingerprint := first()
	a, b, c := filepath.Join(dir, "train", "a", "0.bmp"), filepath.Join(dir, "train", "b", "0.bmp"), filepath.Join(dir, "c.bmp")
	for what, change := range map[string]func(){
		"renamed":     func() { move(t, a, c); move(t, b, a); move(t, c, b) },
		"overwritten": func() { put(blue, "train", "a", "0.bmp"); put(red, "train", "b", "0.bmp") },
	} {
		change()
		if now, f := first(); slices.Equal(now, was) || f == fingerprint {
			t.Errorf("%s: the pixels are still %g, or the fingerprint", what, now)
		}
		put(red, "train", "a", "0.bmp")
		put(blue, "train", "b", "0.bmp")
		if now, f := first(); !slices.Equal(now, was) || f != fingerprint {
			t.Errorf("%s and put right: the pixels are %g, want %g", what, now, was)
		}
	}
	touched := time.Unix(1800000000, 0)
	if err := os.Chtimes(a, touched, touched); err != nil {
		t.Fatal(err)
	}
	if _, f := first(); f != fingerprint {
		t.Error("the same contents at another time have another fingerprint")
	}
}

func move(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// bitmap returns a BMP of 16 x 16 pixels of one colour.
func bitmap(red, blue byte) []byte {
	b := append([]byte("BM\x36\x03\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x10\x00\x00\x00\x10\x00\x00\x00\x01\x00\x18\x00"), make([]byte, 24)...)
	return append(b, slices.Repeat([]byte{blue, 0, red}, 256)...)
}

func TestContentsAreReadWhereStampsDiffer(t *testing.T) {
	dir := t.TempDir()
	write(t, []byte("content"), dir, "x")
	is := stampOf(filepath.Join(dir, "x"))
	if is == (stamp{}) {
		t.Skip("no such stamps on this system")
	}
	remembered, content := [sha256.Size]byte{1, 2, 3}, sha256.Sum256([]byte("content"))
	changed, inode, modified, size := is, is, is, is
	changed.Changed--
	inode.Inode++
	modified.Modified++
	size.Size++
	for what, c := range map[string]struct {
		stamp stamp
		want  [sha256.Size]byte
	}{
		"as it was": {is, remembered}, "changed": {changed, content}, "another inode": {inode, content},
		"modified": {modified, content}, "of another size": {size, content},
	} {
		s := &sums{root: dir, path: filepath.Join(dir, "sums"), workers: 1, known: map[string]known{"x": {c.stamp, remembered}}}
		files := []file{{name: "x"}}
		if err := s.fill(files); err != nil || files[0].sum != c.want {
			t.Errorf("%s: %x, %v; want %x", what, files[0].sum, err, c.want)
		}
	}
}

func TestSumsAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sums")
	want := map[string]known{"a/\xff.jpg": {stamp{1, 2, 3, 4, 5}, sha256.Sum256([]byte("a"))}}
	s := &sums{path: path, known: want}
	if err := s.write(); err != nil {
		t.Fatal(err)
	}
	if got := openSums("", path, 1).known; len(got) != 1 || got["a/\xff.jpg"] != want["a/\xff.jpg"] {
		t.Errorf("%v, want %v", got, want)
	}
	if err := os.WriteFile(path, []byte("damaged"), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := openSums("", path, 1).known; len(got) != 0 {
		t.Errorf("a damaged file holds %v", got)
	}
}
