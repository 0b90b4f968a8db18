// Package passed collects what the walk through a folder passes over.
package passed

import (
	"path/filepath"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
)

// List is what was passed over so far. Its zero value is empty.
type List struct {
	all    []fastnb.Skipped
	places map[[2]string]int // in all, by folder and reason
}

// shown is how many files an entry names.
const shown = 3

// File adds a file. What a folder has of one reason becomes one entry.
func (l *List) File(path, reason string) {
	kind := [2]string{filepath.Dir(path), reason}
	at, known := l.places[kind]
	if !known {
		if l.places == nil {
			l.places = map[[2]string]int{}
		}
		l.places[kind] = len(l.all)
		l.all = append(l.all, fastnb.Skipped{Path: path, Count: 1, Reason: reason})
		return
	}
	s := &l.all[at]
	if s.Count == 1 {
		s.Path, s.Names = kind[0], []string{filepath.Base(s.Path)}
	}
	if s.Count++; len(s.Names) < shown {
		s.Names = append(s.Names, filepath.Base(path))
	}
}

// Folder adds a folder with so many files in it, or a link to one.
func (l *List) Folder(path, reason string, files int) {
	l.all = append(l.all, fastnb.Skipped{Path: path, Count: files, Reason: reason})
}

// All returns what was passed over, in the order in which it was met.
func (l *List) All() []fastnb.Skipped { return slices.Clone(l.all) }
