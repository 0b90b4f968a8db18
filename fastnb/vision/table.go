package vision

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/few"
	"github.com/fastnb/fastnb/internal/verb"
)

// Table is what [FromTable] reads; a *tabular.Table is one.
type Table interface {
	Len() int                       // the number of rows
	Names() []string                // of the columns, in their order
	Strings(column string) []string // the values of a column as text, "" where one is missing; nil if there is none
}

// FromTable makes image data from a table that lists images, a row each: [FileColumn] has their files, from path or a
// [Folder] in it, and one of [LabelColumn], [LabelDelim], [LabelColumns] and [Target] says what is to be predicted. For
// validation are the rows that [ValidColumn], [ValidRows], [ValidShare] or [Fold] say, by default a fifth. Space around
// names and labels is dropped. The errors are those of [FromItems].
func FromTable(path string, t Table, opts ...DataOption) (_ *Data, err error) {
	defer verb.Name(&err, "vision: FromTable")
	if t == nil {
		return nil, errors.New("the table is nil")
	}
	return dataOf(tableSource{path, t}, opts)
}

// tableSource is a table that was given.
type tableSource struct {
	path  string
	table Table
}

func (s tableSource) root() string { return s.path }

func (s tableSource) takes() []string { return []string{forTables} }

func (s tableSource) list(d *Data) ([]folder, error) {
	return tableList(d, itemsID, s.table, func(row int) string { return fmt.Sprintf("row %d", row) })
}

// tableReader makes a list of the rows of a table.
type tableReader struct {
	Table
	conf  config
	place func(row int) string
	list  *list
	named []string // columns that options name
}

// tableList lists the images of a table.
func tableList(d *Data, id string, t Table, place func(row int) string) ([]folder, error) {
	r := &tableReader{Table: t, conf: d.config, place: place, list: &list{id: id, what: "row"}}
	if t.Len() == 0 {
		return nil, errors.New("no rows (want an image in each, below the names of the columns)")
	}
	if err := r.read(); err != nil {
		return nil, err
	}
	if err := r.readTest(); err != nil {
		return nil, err
	}
	return r.list.folders(d)
}

// column returns the values of a column, without the space around them.
func (r *tableReader) column(option, name string) ([]string, error) {
	r.named = append(r.named, name)
	values := r.Strings(name)
	if values == nil {
		return nil, noColumn(option, name, r.Names())
	}
	if n := countOf(r.Names(), name); n > 1 {
		return nil, fmt.Errorf("column %q is there %d times; rename all but one", name, n)
	}
	trimmed := make([]string, len(values))
	for i, v := range values {
		trimmed[i] = strings.TrimSpace(v)
	}
	return trimmed, nil
}

func noColumn(option, name string, names []string) error {
	return fmt.Errorf("no column %q (there are %s); %s names another, Header the columns of a CSV file without names",
		name, few.Of(names, 50, ", ", quoted), option)
}

// quoted quotes a name, cut where it is long.
func quoted(name string) string {
	if len(name) > 60 {
		name = name[:57] + "..."
	}
	return strconv.Quote(name)
}

func countOf(names []string, name string) (n int) {
	for _, s := range names {
		if s == name {
			n++
		}
	}
	return n
}

// read lists the rows.
func (r *tableReader) read() error {
	files, err := r.column("FileColumn", r.fileColumn())
	if err != nil {
		return err
	}
	valid, err := r.optional("ValidColumn", r.conf.held.column)
	if err != nil {
		return err
	}
	groups, err := r.optional("GroupColumn", r.conf.groupColumn)
	if err != nil {
		return err
	}
	truths, err := r.truths()
	if err != nil {
		return err
	}
	for i, name := range files {
		f := file{name: r.file(r.conf.folder, name), truth: truths(i), group: groups[i]}
		r.list.add(f, r.splitOf(valid[i], i), r.place(i))
	}
	if r.conf.groupColumn != "" {
		r.list.checkGroups(true)
	}
	return nil
}

// fileColumn returns the name of the column of files.
func (r *tableReader) fileColumn() string {
	if name := r.conf.fileColumn; name != "" {
		return name
	}
	if names := r.Names(); len(names) > 0 {
		return names[0]
	}
	return ""
}

// optional returns the values of a column, empty ones where it has no name.
func (r *tableReader) optional(option, name string) ([]string, error) {
	if name == "" {
		return make([]string, r.Len()), nil
	}
	return r.column(option, name)
}

// file returns the name of an image from the path of the data. Windows' separators will do.
func (r *tableReader) file(folder, name string) string {
	if name == "" {
		return ""
	}
	name = strings.ReplaceAll(name, `\`, "/") + r.conf.suffix
	if path.IsAbs(name) {
		return name
	}
	return path.Join(filepath.ToSlash(folder), name)
}

// splitOf returns what a cell of ValidColumn says.
func (r *tableReader) splitOf(cell string, row int) fastnb.Split {
	if r.conf.held.column == "" {
		return fastnb.Train
	}
	valid, err := strconv.ParseBool(strings.ToLower(cell))
	if err != nil {
		r.list.faults.add(fmt.Sprintf("that don't say true or false in column %q", r.conf.held.column),
			fmt.Sprintf("%s, %q", r.place(row), cell))
	}
	if valid {
		return fastnb.Valid
	}
	return fastnb.Train
}

// truths finds the columns of what is to be predicted, and returns what reads a row of them.
func (r *tableReader) truths() (func(row int) truth, error) {
	switch c := r.conf; {
	case c.targets != nil:
		r.list.kind, r.list.columns = numbers, c.targets
		columns, err := r.columns("Target", c.targets)
		return func(row int) truth { return truth{numbers: r.numbers(columns, row)} }, err
	case c.labelColumns != nil:
		r.list.kind, r.list.classes = manyLabels, c.labelColumns
		columns, err := r.columns("LabelColumns", c.labelColumns)
		return func(row int) truth { return truth{labels: r.marked(columns, row)} }, err
	}
	name, err := r.labelColumn()
	if err != nil {
		return nil, err
	}
	cells, err := r.column("LabelColumn", name)
	if err != nil || r.conf.delim == "" {
		return func(row int) truth { return truth{class: cells[row]} }, err
	}
	r.list.kind = manyLabels
	return func(row int) truth { return truth{labels: r.parted(cells[row], row)} }, nil
}

// columns returns the values of some columns, each named once.
func (r *tableReader) columns(option string, names []string) (all [][]string, err error) {
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return nil, fmt.Errorf("%s names column %q twice", option, name)
		}
		values, err := r.column(option, name)
		if err != nil {
			return nil, err
		}
		all = append(all, values)
	}
	return all, nil
}

// labelColumn returns the name of the column of labels.
func (r *tableReader) labelColumn() (string, error) {
	if name := r.conf.labelColumn; name != "" {
		return name, nil
	}
	for _, name := range r.Names() {
		if name == "label" && !slices.Contains(r.named, name) {
			return name, nil
		}
	}
	for _, name := range r.Names() {
		if !slices.Contains(r.named, name) {
			return name, nil
		}
	}
	return "", fmt.Errorf("no column of labels (there are %s); a list of images to be predicted is for TestCSV",
		few.Of(r.Names(), 50, ", ", quoted))
}

// parted returns the labels of a cell.
func (r *tableReader) parted(cell string, row int) []string {
	if cell == "" {
		return nil
	}
	parts := strings.Split(cell, r.conf.delim)
	if strings.TrimSpace(r.conf.delim) == "" {
		parts = strings.Fields(cell)
	}
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
	}
	return r.list.labelsOf(parts, r.place(row))
}

// marked returns the labels whose columns are true in a row.
func (r *tableReader) marked(columns [][]string, row int) (labels []string) {
	for k, values := range columns {
		on, err := strconv.ParseBool(strings.ToLower(values[row]))
		if x, isNumber := parseNumber(values[row]); err != nil && isNumber == nil && (x == 0 || x == 1) {
			on, err = x == 1, nil // 1.0
		}
		if err != nil {
			r.list.faults.add("that don't say 0 or 1 of a label",
				fmt.Sprintf("%s, %q in column %q", r.place(row), values[row], r.conf.labelColumns[k]))
		}
		if on {
			labels = append(labels, r.conf.labelColumns[k])
		}
	}
	return labels
}

// numbers returns the numbers of a row.
func (r *tableReader) numbers(columns [][]string, row int) []float32 {
	all := make([]float32, len(columns))
	for k, values := range columns {
		place := fmt.Sprintf("%s, column %q", r.place(row), r.conf.targets[k])
		x, err := parseNumber(values[row])
		if err != nil {
			r.list.faults.add("without a number that is to be predicted", fmt.Sprintf("%s, %q", place, values[row]))
			continue
		}
		all[k] = r.list.number(x, place)
	}
	return all
}

// parseNumber reads a number, NaN and infinities too.
func parseNumber(cell string) (float64, error) {
	return strconv.ParseFloat(strings.TrimSpace(cell), 64)
}

// readTest lists the images to be predicted: those of TestCSV, or else those in TestFolder.
func (r *tableReader) readTest() error {
	c := r.conf
	if c.testCSV == "" {
		return nil
	}
	s, err := readSheet(c.testCSV, c)
	if err != nil {
		return fmt.Errorf("%s: %w", c.testCSV, err)
	}
	column := r.fileColumn()
	if s.Strings(column) == nil && c.fileColumn == "" {
		column = s.columns[0]
	}
	names := s.Strings(column)
	if names == nil {
		return fmt.Errorf("%s: %w", c.testCSV, noColumn("FileColumn", column, s.columns))
	}
	folder := c.folder
	if c.test != "" {
		folder = c.test
	}
	for i, name := range names {
		r.list.add(file{name: r.file(folder, strings.TrimSpace(name))}, fastnb.Test,
			filepath.Base(c.testCSV)+" "+s.place(i))
	}
	return nil
}
