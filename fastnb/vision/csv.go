package vision

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/internal/charset"
	"github.com/fastnb/fastnb/internal/few"
	"github.com/fastnb/fastnb/internal/instead"
	"github.com/fastnb/fastnb/internal/verb"
)

// FromCSV makes image data from a CSV file (RFC 4180) that lists images, a row each, below a row of column names; for a
// file without names there is [Header]. [FileColumn] has the files, by default the first column, from the folder of the
// CSV file or a [Folder] in it; [Suffix] is how their names go on. What is to be predicted is one class, in
// [LabelColumn]; several labels, by [LabelDelim] or [LabelColumns]; or numbers, by [Target]. For validation are the
// rows that [ValidColumn], [ValidRows], [ValidShare] or [Fold] say, by default a fifth; [TestCSV] or [TestFolder] has
// images to be predicted. Tmp and models are kept in the folder of the CSV file. Space around names and labels is
// dropped. A file that gzip compressed is read, too.
//
// The errors are those of [FromItems], with the lines of the file; rows with fields too few or too many are listed.
func FromCSV(file string, opts ...DataOption) (_ *Data, err error) {
	defer verb.Name(&err, "vision: FromCSV")
	return dataOf(csvSource{file}, opts)
}

// csvSource is a CSV file.
type csvSource struct{ file string }

func (s csvSource) root() string { return filepath.Dir(s.file) }

func (s csvSource) takes() []string { return []string{forCSV, forTables} }

func (s csvSource) list(d *Data) ([]folder, error) {
	t, err := readSheet(s.file, d.config)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.file, err)
	}
	folders, err := tableList(d, filepath.Base(s.file), t, t.place)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.file, err)
	}
	return folders, nil
}

// sheet is a CSV file in memory.
type sheet struct {
	columns []string
	rows    [][]string
	lines   []int // of each row
}

// Len implements Table.
func (s *sheet) Len() int { return len(s.rows) }

// Names implements Table.
func (s *sheet) Names() []string { return s.columns }

// Strings implements Table.
func (s *sheet) Strings(column string) []string {
	k := slices.Index(s.columns, column)
	if k < 0 {
		return nil
	}
	values := make([]string, len(s.rows))
	for i, row := range s.rows {
		values[i] = row[k]
	}
	return values
}

func (s *sheet) place(row int) string { return fmt.Sprintf("line %d", s.lines[row]) }

// readSheet reads a CSV file.
func readSheet(path string, c config) (*sheet, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, cause(err)
	}
	if content, err = instead.Unpacked(content); err != nil {
		return nil, err
	}
	if err := instead.Check(content[:min(len(content), 1<<16)]); err != nil {
		return nil, err
	}
	text, err := charset.Decode(content, c.encoding)
	if err != nil {
		return nil, fmt.Errorf("%w; Encoding names another", err)
	}
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	s := &sheet{columns: c.header}
	if err := s.read(text, c.comma); err != nil {
		return nil, err
	}
	return s, nil
}

// read reads the rows, and the names of the columns where there are none yet.
func (s *sheet) read(text string, comma rune) error {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	if comma != 0 {
		r.Comma = comma
	}
	var wrong []string
	for {
		record, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("%w; a field with quotes must be quoted, and each quote in it doubled", err)
		}
		line, _ := r.FieldPos(0)
		switch {
		case s.columns == nil:
			s.columns = trimmed(record)
		case len(record) != len(s.columns):
			wrong = append(wrong, fmt.Sprintf("line %d: %d fields for %d columns", line, len(record), len(s.columns)))
		default:
			s.rows, s.lines = append(s.rows, record), append(s.lines, line)
		}
	}
	return s.whole(wrong, r.Comma)
}

// whole tells what is wrong with the file as a table.
func (s *sheet) whole(wrong []string, comma rune) error {
	if s.columns == nil {
		return errors.New("the file is empty (want a row of column names, then a row for each image)")
	}
	if len(wrong) > 0 {
		return fmt.Errorf("wrong rows, %d (a field with %q in it must be quoted):\n\t%s", len(wrong), string(comma),
			few.Strings(wrong, 20, "\n\t"))
	}
	if len(s.columns) > 1 {
		return nil
	}
	for _, other := range []string{";", "\t", ",", "|"} {
		if strings.Contains(s.columns[0], other) {
			return fmt.Errorf("the only column is called %q; Comma(%q) separates columns by that",
				s.columns[0], []rune(other)[0])
		}
	}
	return nil
}

// trimmed drops the space around names.
func trimmed(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = strings.TrimSpace(name)
	}
	return all
}
