package text

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/internal/few"
)

// Skipped is what a folder has and FromFolders does not read.
type Skipped struct {
	Folder string   // from the path of the documents; "." is that
	Names  []string // the first three
	Count  int
	Reason string
}

// String is such as "train: 3 (urls_neg.txt, urls_pos.txt, urls_unsup.txt): beside folders of documents".
func (s Skipped) String() string {
	names := make([]string, 0, len(s.Names)+1)
	for _, n := range s.Names {
		names = append(names, strings.ToValidUTF8(n, "?"))
	}
	if s.Count > len(names) {
		names = append(names, "...")
	}
	return fmt.Sprintf("%s: %d (%s): %s", s.Folder, s.Count, strings.Join(names, ", "), s.Reason)
}

// Skipped returns what FromFolders found in its folders and passed over, by folder and reason. A hidden folder counts as one.
func (d *Docs) Skipped() []Skipped { return slices.Clone(d.skipped) }

const besideFolders = "beside folders of documents"

// skip notes what is passed over in a folder.
func (w *walker) skip(folder, reason string, docs ...doc) {
	for _, d := range docs {
		at, known := w.places[[2]string{folder, reason}]
		if !known {
			at, w.skipped = len(w.skipped), append(w.skipped, Skipped{Folder: folder, Reason: reason})
			w.places[[2]string{folder, reason}] = at
		}
		s := &w.skipped[at]
		if s.Count++; len(s.Names) < 3 {
			s.Names = append(s.Names, path.Base(d.name))
		}
	}
}

// onceSkipped leaves the first of those of the same folder and reason, as where folders are named twice.
func onceSkipped(all []Skipped) []Skipped {
	seen := map[[2]string]bool{}
	return slices.DeleteFunc(all, func(s Skipped) bool {
		twice := seen[[2]string{s.Folder, s.Reason}]
		seen[[2]string{s.Folder, s.Reason}] = true
		return twice
	})
}

// shown is a line for each of the first few.
func shown(skipped []Skipped) string {
	if len(skipped) == 0 {
		return ""
	}
	return "\n\t" + few.Of(skipped, 5, "\n\t", Skipped.String)
}
