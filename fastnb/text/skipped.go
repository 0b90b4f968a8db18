package text

import (
	"path/filepath"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/few"
)

// Skipped returns what FromFolders found in its folders and passed over, by folder and reason. A hidden folder counts
// as one.
func (d *Docs) Skipped() []fastnb.Skipped { return slices.Clone(d.skipped) }

const besideFolders = "beside folders of documents"

// skip notes what is passed over.
func (w *walker) skip(reason string, docs ...doc) {
	for _, d := range docs {
		w.passed.File(filepath.Join(w.root, filepath.FromSlash(d.name)), reason)
	}
}

// onceSkipped leaves the first of those of the same folder and reason, as where folders are named twice.
func onceSkipped(all []fastnb.Skipped) []fastnb.Skipped {
	seen := map[[2]string]bool{}
	return slices.DeleteFunc(all, func(s fastnb.Skipped) bool {
		kind := [2]string{s.Path, s.Reason}
		if s.Count == 1 {
			kind[0] = filepath.Dir(s.Path)
		}
		twice := seen[kind]
		seen[kind] = true
		return twice
	})
}

// shown is a line for each of the first few.
func shown(skipped []fastnb.Skipped) string {
	if len(skipped) == 0 {
		return ""
	}
	return "\n\t" + few.Of(skipped, 5, "\n\t", fastnb.Skipped.String)
}
