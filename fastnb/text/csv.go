package text

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/charset"
	"github.com/fastnb/fastnb/internal/few"
	"github.com/fastnb/fastnb/internal/instead"
	"github.com/fastnb/fastnb/internal/verb"
)

// FromCSV returns the documents that are the rows of a CSV file (RFC 4180) whose first row names the columns.
// [TextColumns] says where the text is, [LabelColumn] the class; [ValidColumn], [ValidCSV], [ValidShare] or [ValidRows]
// say what is for validation, [TestCSV] what is to be predicted. For a file without names there is [Header].
//
// The file is read once to find its rows; texts are then read from it as they are asked for. A file in another
// [Encoding] than UTF-8, whose lines end in \r alone, or that gzip compressed, is kept in memory. The error lists rows
// with fields too few or too many, by line. A text that is not in the encoding is an error when it is read, with all
// others of the kind.
func FromCSV(file string, opts ...DocsOption) (d *Docs, err error) {
	defer verb.Name(&err, "text: FromCSV")
	conf, err := docsConfigOf(filepath.Dir(file), opts)
	if err == nil {
		err = conf.only("FromCSV", "a CSV file", csvKind)
	}
	if err != nil {
		return nil, err
	}
	if conf.comma == 0 {
		conf.comma = ','
	}
	var splits [3][]doc
	var from tables
	for s, name := range []string{file, conf.validCSV, conf.testCSV} {
		if name == "" {
			continue
		}
		t, err := openTable(name, conf, fastnb.Split(s))
		if err != nil {
			return nil, err
		}
		t.number = len(from)
		from = append(from, t)
		if err := t.list(&splits); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if len(splits[fastnb.Train])+len(splits[fastnb.Valid]) == 0 {
		return nil, fmt.Errorf("%s: no rows (want texts below the names of the columns)", file)
	}
	return newDocs(from, conf, splits)
}

// table is a CSV file that is open.
type table struct {
	file    *os.File // closed when it is no longer referred to
	in      io.ReaderAt
	conf    docsConfig
	split   fastnb.Split // what its rows are, but for those that ValidColumn names
	number  int          // among the tables of a source
	start   int64        // behind a byte order mark
	columns []string
	texts   []int // columns of the text
	label   int   // -1 for none
	valid   int   // -1 for none
}

// openTable opens a file and finds its columns.
func openTable(name string, conf docsConfig, s fastnb.Split) (*table, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, cause(err))
	}
	t := &table{file: f, conf: conf, split: s, label: -1, valid: -1}
	if err := t.open(); err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return t, nil
}

func (t *table) open() error {
	if err := t.readLetters(); err != nil {
		return err
	}
	if err := t.readHeader(); err != nil {
		return err
	}
	return t.findColumns()
}

// readLetters finds the encoding, and how lines end. What is not in UTF-8 is decoded in memory.
func (t *table) readLetters() error {
	start, err := t.begin()
	if err != nil {
		return err
	}
	encoding, mark, err := charset.Of(start, t.conf.encoding)
	if err != nil {
		return err
	}
	if err := instead.Check(start); err != nil {
		return err
	}
	t.start = int64(mark)
	if encoding != charset.UTF8 || bytes.IndexByte(start, '\r') >= 0 && bytes.IndexByte(start, '\n') < 0 {
		return t.decodeAll()
	}
	return nil
}

// begin returns the first bytes. What gzip compressed is unpacked in memory.
func (t *table) begin() ([]byte, error) {
	t.in = t.file
	start := make([]byte, 1<<16)
	n, err := t.in.ReadAt(start, 0)
	if err != nil && err != io.EOF {
		return nil, cause(err)
	}
	if !instead.IsPacked(start[:n]) {
		return start[:n], nil
	}
	all, err := io.ReadAll(io.NewSectionReader(t.file, 0, 1<<62))
	if err != nil {
		return nil, cause(err)
	}
	if all, err = instead.Unpacked(all); err != nil {
		return nil, err
	}
	t.in = bytes.NewReader(all)
	return all[:min(len(all), len(start))], nil
}

// decodeAll reads the file into memory.
func (t *table) decodeAll() error {
	all, err := io.ReadAll(io.NewSectionReader(t.in, 0, 1<<62))
	if err != nil {
		return cause(err)
	}
	text, err := t.conf.decode(all)
	if !strings.Contains(text, "\n") {
		text = lines.Replace(text)
	}
	t.in, t.start = strings.NewReader(text), 0
	return err
}

// reader reads the records from an offset on.
func (t *table) reader(from, size int64) *csv.Reader {
	r := csv.NewReader(io.NewSectionReader(t.in, from, size))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = t.conf.comma, -1, true
	return r
}

func (t *table) readHeader() error {
	if t.conf.header != nil {
		t.columns = t.conf.header
		return nil
	}
	header, err := t.reader(t.start, 1<<62).Read()
	if err == io.EOF {
		return errors.New("the file is empty (want a row of column names, then the rows)")
	}
	if err != nil {
		return err
	}
	t.columns = make([]string, len(header))
	for i, name := range header {
		if t.columns[i], err = t.conf.decodeField(name); err != nil {
			return fmt.Errorf("line 1: %w", err)
		}
	}
	return nil
}

// decodeField is decode of a field of a file that is UTF-8, or has become it.
func (c docsConfig) decodeField(field string) (string, error) {
	if c.replace {
		return strings.ToValidUTF8(field, string(utf8.RuneError)), nil
	}
	return strings.Clone(field), replaceable(charset.Valid([]byte(field)))
}

func (t *table) findColumns() (err error) {
	texts := t.conf.textColumns
	if texts == nil {
		texts = []string{"text"}
	}
	for _, name := range texts {
		at, err := t.column("TextColumns", name)
		if err != nil {
			return err
		}
		t.texts = append(t.texts, at)
	}
	if t.split == fastnb.Test {
		return nil
	}
	switch {
	case t.conf.labelColumn != "":
		t.label, err = t.column("LabelColumn", t.conf.labelColumn)
	case slices.Contains(t.columns, "label"):
		t.label, err = t.column("LabelColumn", "label")
	}
	if err == nil && t.conf.validColumn != "" {
		t.valid, err = t.column("ValidColumn", t.conf.validColumn)
	}
	return err
}

// column returns the place of a column.
func (t *table) column(option, name string) (int, error) {
	at := slices.Index(t.columns, name)
	switch {
	case at < 0:
		return 0, fmt.Errorf("no column %q (there are %s; %s names another, Header those of a file without names)",
			name, quoted(t.columns), option)
	case slices.Contains(t.columns[at+1:], name):
		return 0, fmt.Errorf("column %q is there twice; rename one of them", name)
	}
	return at, nil
}

func quoted(names []string) string {
	all := make([]string, len(names))
	for i, n := range names {
		if len(n) > 60 {
			n = n[:57] + "..."
		}
		all[i] = strconv.Quote(n)
	}
	return strings.Join(all, ", ")
}

// maxRowErrors is how many wrong rows an error lists.
const maxRowErrors = 20

// list adds the rows to their splits. All wrong rows are told.
func (t *table) list(splits *[3][]doc) error {
	r := t.reader(t.start, 1<<62)
	wrong, named := []string{}, t.conf.header == nil
	for from := int64(0); ; from = r.InputOffset() {
		record, err := r.Read()
		if err == io.EOF {
			return rowErrors(wrong)
		}
		if err != nil {
			return fmt.Errorf("%w; a field with quotes must be quoted, and each quote in it doubled", err)
		}
		if named {
			named = false
			continue
		}
		line, _ := r.FieldPos(0)
		d, s, err := t.row(record)
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("line %d: %v", line, err))
			continue
		}
		d.name, d.table = fmt.Sprintf("%s:%d", filepath.Base(t.file.Name()), line), t.number
		d.at, d.size = t.start+from, r.InputOffset()-from
		splits[s] = append(splits[s], d)
	}
}

func rowErrors(wrong []string) error {
	if len(wrong) == 0 {
		return nil
	}
	return fmt.Errorf("wrong rows, %d:\n\t%s", len(wrong), few.Strings(wrong, maxRowErrors, "\n\t"))
}

// row looks at what is not text in a record.
func (t *table) row(record []string) (d doc, s fastnb.Split, err error) {
	s = t.split
	if len(record) != len(t.columns) {
		return d, s, fmt.Errorf("%d fields for %d columns; quote texts with commas", len(record), len(t.columns))
	}
	d.state = sumOf([]byte(t.join(record)))
	if t.label >= 0 {
		if d.class, err = t.conf.decodeField(record[t.label]); err != nil || d.class == "" {
			return d, s, cmp.Or(err, fmt.Errorf("no label in column %q", t.columns[t.label]))
		}
	}
	if t.valid >= 0 {
		valid, err := strconv.ParseBool(record[t.valid])
		if err != nil {
			return d, s, fmt.Errorf("%q in column %q (want true or false)", record[t.valid], t.columns[t.valid])
		}
		if valid {
			s = fastnb.Valid
		}
	}
	return d, s, nil
}

// tables are CSV files whose rows are documents.
type tables []*table

func (ts tables) id() string {
	var b strings.Builder
	for _, t := range ts {
		name, err := filepath.Abs(t.file.Name())
		if err != nil {
			name = t.file.Name()
		}
		fmt.Fprintf(&b, "csv %q %q %v %q\n", name, t.columns, t.texts, t.conf.comma)
	}
	return b.String()
}

// decode checks what read returns: its file is UTF-8, or has become it.
func (tables) decode(b []byte, c docsConfig) (string, error) { return c.decodeField(string(b)) }

func (ts tables) read(d doc) ([]byte, error) {
	t := ts[d.table]
	record, err := t.reader(d.at, d.size).Read()
	if err == nil && len(record) == len(t.columns) {
		if text := []byte(t.join(record)); sumOf(text) == d.state {
			return text, nil
		}
	}
	return nil, errors.New("the file has changed since it was opened; open it anew")
}

// join returns the text of a record: its column of text, or several with their numbers.
func (t *table) join(record []string) string {
	if len(t.texts) == 1 {
		return record[t.texts[0]]
	}
	var b strings.Builder
	for i, at := range t.texts {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%s %d %s", Fld, i+1, record[at])
	}
	return b.String()
}
