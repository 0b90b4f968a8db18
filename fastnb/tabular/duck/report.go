package duck

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/few"
)

// Report is what Read did. RowsIn = RowsOut + the number of lines skipped.
type Report struct {
	Table   string
	Paths   []string         // the files
	RowsIn  int              // rows in the files
	RowsOut int              // rows in the table
	Skipped []fastnb.Skipped // lines that SkipBad left out
	Columns []string         // names and types, in their order: "Store BIGINT"
	Notes   []string         // what was read otherwise than it is written, or is text and was hardly meant to be
}

// shown is how many bad lines a text names.
const shown = 5

// String returns the report as text: a line, and one more for each of the first bad lines and each note.
func (r Report) String() string {
	s := fmt.Sprintf("%s: %d rows of %d columns from %s", r.Table, r.RowsOut, len(r.Columns), r.from())
	if len(r.Skipped) > 0 {
		s = fmt.Sprintf("%s; %d of %d left out:\n%s", s, r.RowsIn-r.RowsOut, r.RowsIn, listed(r.Skipped))
	}
	return strings.Join(append([]string{s}, r.Notes...), "\n")
}

func (r *reading) note(format string, args ...any) {
	r.report.Notes = append(r.report.Notes, fmt.Sprintf(format, args...))
}

// from names the files.
func (r Report) from() string {
	switch n := len(r.Paths); n {
	case 0:
		return "no file"
	case 1:
		return filepath.Base(r.Paths[0])
	default:
		return fmt.Sprintf("%d files, %s to %s", n, filepath.Base(r.Paths[0]), filepath.Base(r.Paths[n-1]))
	}
}

func listed(bad []fastnb.Skipped) string {
	return few.Of(bad, shown, "\n", fastnb.Skipped.String)
}
