package vision

import (
	"crypto/sha256"
	"encoding/gob"
	"io"
	"os"
	"time"

	"github.com/fastnb/fastnb/internal/atomicfile"
)

// stamp is what tells that a file is as it was without reading it. The time of its last change and its inode are kept
// by no mv, cp -p, rsync -t or tar, unlike its name, size and modification time. It is the zero stamp where the system
// has no such thing.
type stamp struct {
	Size, Modified, Changed int64 // ns
	Device, Inode           uint64
}

// known is the sum of a file's content when it had the stamp.
type known struct {
	Stamp stamp
	Sum   [sha256.Size]byte
}

// unsettled is how long after a change a file may change again with the same stamp, as clocks of file systems tick
// slowly.
const unsettled = 2 * time.Second

// sums remembers what files contain, in a file of its own, so that they are read again only where their stamps differ.
type sums struct {
	root, path string
	workers    int
	known      map[string]known // by name
}

// openSums reads what is remembered at path; nothing where that is missing or damaged.
func openSums(root, path string, workers int) *sums {
	s := &sums{root: root, path: path, workers: workers}
	if f, err := os.Open(path); err == nil {
		defer f.Close()
		if gob.NewDecoder(f).Decode(&s.known) != nil {
			s.known = nil
		}
	}
	return s
}

// fill gives each file the sum of its content, zero where it can't be read, and remembers the sums.
func (s *sums) fill(files []file) error {
	now := make(map[string]known, len(files))
	var anew []int
	for i, f := range files {
		if k, ok := s.known[f.name]; ok && k.Stamp == stampOf(s.place(f.name)) {
			files[i].sum, now[f.name] = k.Sum, k
		} else {
			anew = append(anew, i)
		}
	}
	read := make([]known, len(anew))
	parallel(len(anew), s.workers, func(k int) { read[k] = s.read(files[anew[k]].name) })
	changed := len(now) != len(s.known)
	for k, i := range anew {
		files[i].sum = read[k].Sum
		if read[k].Stamp != (stamp{}) {
			now[files[i].name], changed = read[k], true
		}
	}
	if !changed {
		return nil
	}
	s.known = now
	return s.write()
}

func (s *sums) place(name string) string { return placeOf(s.root, name) }

// read returns what a file contains, with its stamp where that may be relied on later.
func (s *sums) read(name string) (k known) {
	is := stampOf(s.place(name))
	settled := time.Since(time.Unix(0, is.Changed)) > unsettled
	k.Sum = sumOf(s.place(name))
	if settled && k.Sum != [sha256.Size]byte{} {
		k.Stamp = is
	}
	return k
}

// write leaves the sums at the path, whole or not at all.
func (s *sums) write() error {
	out, err := atomicfile.Create(s.path, 0o644)
	if err != nil {
		return err
	}
	defer out.Discard()
	if err := gob.NewEncoder(out).Encode(s.known); err != nil {
		return err
	}
	return out.Commit()
}

// sumOf returns the SHA-256 of a regular file, zero where it can't be read.
func sumOf(path string) (sum [sha256.Size]byte) {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return sum
	}
	f, err := os.Open(path)
	if err != nil {
		return sum
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return sum
	}
	return [sha256.Size]byte(h.Sum(nil))
}
