package fastnb

import (
	"fmt"
	"strings"
)

// Skipped is what a source of data passed over, and why: a file, a line of one, or several files of a folder.
type Skipped struct {
	Path   string   // of the file, or of the folder that they lie in
	Line   int      // of the file, from 1; 0 for all of it
	Names  []string // in the folder, the first three; nil for one file
	Count  int      // of files, or 1 for a line
	Reason string
}

// String returns a line such as "pets/train/cat: 2 files (a.txt, b.txt): no image, by name and by content".
func (s Skipped) String() string {
	at := s.Path
	switch {
	case s.Line > 0:
		at = fmt.Sprintf("%s:%d", s.Path, s.Line)
	case s.Count > 1 && s.Names == nil:
		at = fmt.Sprintf("%s: %d files", s.Path, s.Count)
	case s.Count > 1:
		names := strings.Join(s.Names, ", ")
		if s.Count > len(s.Names) {
			names += ", ..."
		}
		at = fmt.Sprintf("%s: %d files (%s)", s.Path, s.Count, names)
	}
	return strings.ToValidUTF8(at+": "+s.Reason, "?")
}
