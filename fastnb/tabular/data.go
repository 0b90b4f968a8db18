package tabular

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Data is the rows of a table as numbers, in up to three splits; it is a [fastnb.Data]. Make it with FromTable.
//
// A batch has the categories' codes [rows, categories] int32 and the normalised numbers [rows, numbers] float32, each
// only if there are any. Labels are [rows] int32 classes, or [rows, targets] float32.
type Data struct {
	prep   *prep
	config dataConfig
	splits [3]rows
	report Report
	fitted string // what Fitted returns
	blank  bool   // there are no rows to learn from, only one that says what rows are like
}

var (
	_ fastnb.Data        = (*Data)(nil)
	_ fastnb.Targeted    = (*Data)(nil)
	_ fastnb.Logarithmic = (*Data)(nil)
	_ fastnb.Refitter    = (*Data)(nil)
	_ fastnb.OnDevice    = (*Data)(nil)
	_ fastnb.Shaped      = (*Data)(nil)
)

// rows are some rows as numbers.
type rows struct {
	n       int
	codes   []int32   // [n*categories]
	scaled  []float32 // [n*numbers]
	filled  []int     // where in scaled the median stands for a missing number
	labels  []int
	targets [][]float32
	names   []string
}

// FromTable makes data of a table: one target (Class, Target, LogTarget or Labels), the rest what the model sees. Text,
// truth values and whole numbers of at most MaxCard different values are categories, other numbers amounts; Cats and
// Conts overrule that.
//
// What turns columns into numbers is fitted to the training rows and used for all: a category that training does not
// have, and a missing one, has code 0; a missing number becomes the training rows' median, and has a category of its
// own, COLUMN_na, if it is ever missing in training; numbers are then normalised. These are the rules of fast.ai's
// Categorify, FillMissing and Normalize. The report says how many rows came in and how many values were missing or
// unknown, and which columns are categories only because a few odd values make text of their numbers; no row is left
// out.
func FromTable(t *Table, opts ...DataOption) (d *Data, err error) {
	defer verb.Name(&err, "tabular: FromTable")
	c := newDataConfig(opts)
	if err := c.check(t); err != nil {
		return nil, err
	}
	train, valid, err := c.split(t)
	if err != nil {
		return nil, err
	}
	p, notes, err := c.fit(t, train)
	if err != nil {
		return nil, err
	}
	d = &Data{prep: p, config: c, report: Report{Notes: notes}}
	if d.fitted, err = p.text(); err != nil {
		return nil, err
	}
	for split, rows := range [][]int{train, valid} {
		if err := d.add(fastnb.Split(split), t.Rows(rows), rows); err != nil {
			return nil, err
		}
	}
	if !c.testGiven {
		return d, nil
	}
	if err := d.add(fastnb.Test, c.test, nil); err != nil {
		return nil, err
	}
	return d, nil
}

// Fitted returns what was fitted to the training rows, as JSON.
func (d *Data) Fitted() (string, error) { return d.fitted, nil }

// add makes a split of a table's rows. Rows are named by the numbers given, else from 0.
func (d *Data) add(s fastnb.Split, t *Table, numbers []int) (err error) {
	r, counts, err := d.prep.apply(t)
	if err != nil {
		return fmt.Errorf("%s: %w", s, err)
	}
	if s != fastnb.Test {
		if err := r.label(d.prep.Target, t); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	r.names = d.prep.names(t, numbers)
	d.splits[s] = r
	d.report.add(s, t.Len(), counts)
	return nil
}

// count is how many values of a column are missing and how many are categories that training does not have.
type count struct {
	column           string
	missing, unknown int
}

// apply turns a table's columns into numbers, row by row.
func (p *prep) apply(t *Table) (rows, []count, error) {
	r := rows{n: t.Len(), codes: make([]int32, t.Len()*len(p.Cats)), scaled: make([]float32, t.Len()*len(p.Conts))}
	var counts []count
	for k, cat := range p.Cats {
		codes, missing, unknown, err := cat.code(t)
		if err != nil {
			return r, nil, err
		}
		spread(r.codes, codes, k, len(p.Cats))
		counts = append(counts, count{cat.name(), missing, unknown})
	}
	for k, cont := range p.Conts {
		values, missing, err := cont.scale(t)
		if err != nil {
			return r, nil, err
		}
		spread(r.scaled, values, k, len(p.Conts))
		r.filled = append(r.filled, cont.missing(t, k, len(p.Conts))...)
		counts = append(counts, count{cont.Column, missing, 0})
	}
	return r, counts, nil
}

// spread writes a column into a matrix of so many columns.
func spread[T any](matrix, column []T, k, columns int) {
	for r, v := range column {
		matrix[r*columns+k] = v
	}
}

// label adds the truth.
func (r *rows) label(t target, table *Table) (err error) {
	if t.Task == oneClass {
		r.labels, err = t.labels(table)
	} else {
		r.targets, err = t.values(table)
	}
	return err
}

// names returns the IDs of a table's rows, or their numbers: those given, else from 0.
func (p *prep) names(t *Table, numbers []int) []string {
	names, c := make([]string, t.Len()), t.Column(p.ID)
	for r := range names {
		switch {
		case c != nil:
			names[r] = c.text(r)
		case numbers != nil:
			names[r] = strconv.Itoa(numbers[r])
		default:
			names[r] = strconv.Itoa(r)
		}
	}
	return names
}

// WithTest returns the same data with a table as its test split; what was fitted to the training rows is applied to it.
// It has the columns that the model sees, in any order, and may have others.
func (d *Data) WithTest(t *Table) (other *Data, err error) {
	defer verb.Name(&err, "tabular: WithTest")
	return d.withTest(t)
}

func (d *Data) withTest(t *Table) (*Data, error) {
	if t == nil || t.Len() == 0 {
		return nil, errors.New("the table has no rows")
	}
	with := *d
	with.report = Report{}
	if err := with.add(fastnb.Test, t, nil); err != nil {
		return nil, err
	}
	return &with, nil
}

// Categories returns the values of a column of categories by code; code 0, "#na#", stands for all that training does
// not have.
func (d *Data) Categories(column string) (values []string, err error) {
	defer verb.Name(&err, "tabular: Categories")
	k, err := d.prep.category(column)
	if err != nil {
		return nil, err
	}
	return d.prep.Cats[k].labels(), nil
}

// Codes returns the code of every row of a split in a column of categories; see Categories.
func (d *Data) Codes(s fastnb.Split, column string) (codes []int32, err error) {
	defer verb.Name(&err, "tabular: Codes")
	k, err := d.prep.category(column)
	if err != nil {
		return nil, err
	}
	codes = make([]int32, 0, d.Len(s))
	for row := range slices.Chunk(d.splits[s].codes, len(d.prep.Cats)) {
		codes = append(codes, row[k])
	}
	return codes, nil
}

// WithTestCodes returns the same data with a test split of rows that are given by the codes of their categories, in the
// order of the columns; numbers are the training rows' means. A code that a category does not have is an error.
func (d *Data) WithTestCodes(rowsOfCodes [][]int32) (other *Data, err error) {
	defer verb.Name(&err, "tabular: WithTestCodes")
	n := len(rowsOfCodes)
	r := rows{n: n, scaled: make([]float32, n*len(d.prep.Conts)), names: make([]string, n)}
	for i, codes := range rowsOfCodes {
		if err := d.prep.checkCodes(codes); err != nil {
			return nil, fmt.Errorf("row %d: %w", i, err)
		}
		r.codes, r.names[i] = append(r.codes, codes...), strconv.Itoa(i)
	}
	with := *d
	with.splits[fastnb.Test] = r
	return &with, nil
}

// checkCodes tells whether the categories have a row's codes.
func (p *prep) checkCodes(codes []int32) error {
	if len(codes) != len(p.Cats) {
		return fmt.Errorf("%d codes for %d categories", len(codes), len(p.Cats))
	}
	for k, code := range codes {
		if size := p.Cats[k].size(); code < 0 || int(code) >= size {
			return fmt.Errorf("code %d of %q (want 0 to %d)", code, p.Cats[k].name(), size-1)
		}
	}
	return nil
}

// Counts returns how many training rows have each code of a column of categories, in the order of Categories.
func (d *Data) Counts(column string) (counts []int, err error) {
	defer verb.Name(&err, "tabular: Counts")
	values, err := d.Categories(column)
	if err != nil {
		return nil, err
	}
	codes, err := d.Codes(fastnb.Train, column)
	counts = make([]int, len(values))
	for _, code := range codes {
		counts[code]++
	}
	return counts, err
}

// Len returns the number of rows of a split, 0 where there is no such split.
func (d *Data) Len(s fastnb.Split) int { return d.splits[s].n }

// BatchSize returns the number of rows of a training batch.
func (d *Data) BatchSize() int { return min(d.config.batchSize, d.Len(fastnb.Train)) }

// Classes returns the names of the classes or labels, nil for a regression.
func (d *Data) Classes() []string { return d.prep.Target.classes() }

// Labels returns the class of every row of a split, nil for Test and where rows have no single class.
func (d *Data) Labels(s fastnb.Split) []int { return d.splits[s].labels }

// Targets returns what every row of a split is to give, [N][targets], nil for Test and where rows have a class.
func (d *Data) Targets(s fastnb.Split) [][]float32 { return d.splits[s].targets }

// Logs implements fastnb.Logarithmic: whether the targets are the logarithms of a [LogTarget].
func (d *Data) Logs() bool { return d.prep.Target.Log }

// Names returns the ID of every row of a split, or its number in the table.
func (d *Data) Names(s fastnb.Split) []string { return slices.Clone(d.splits[s].names) }

// Dir returns the folder that holds models and tmp.
func (d *Data) Dir() string { return d.config.workDir }

// Prepare returns the inputs as they are.
func (d *Data) Prepare(inputs []*graph.Node) []*graph.Node { return inputs }

// Report says what came in.
func (d *Data) Report() Report { return d.report }

// Fingerprint identifies a split: what its rows were turned into.
func (d *Data) Fingerprint(s fastnb.Split) string {
	h := sha256.New()
	r := d.splits[s]
	fmt.Fprintln(h, "tabular 1", r.n, d.prep)
	for _, t := range d.tensors(r.codes, r.scaled, r.n) {
		_ = t.ConstBytes(func(data []byte) { h.Write(data) })
	}
	fmt.Fprintln(h, r.labels, r.targets)
	return hex.EncodeToString(h.Sum(nil))
}

// TargetRange returns the least and the greatest target of the training rows, as the net learns it: of LogTarget the
// logarithm. Zeros where rows have classes.
func (d *Data) TargetRange() (low, high float64) {
	for i, row := range d.splits[fastnb.Train].targets {
		if i == 0 {
			low, high = float64(row[0]), float64(row[0])
		}
		low, high = min(low, float64(slices.Min(row))), max(high, float64(slices.Max(row)))
	}
	return low, high
}

// wide is the number of rows of a batch that nothing is learned from: small batches would only take longer.
const wide = 4096

// Batches reads a split as v says; Augment has no effect. A shuffled view has batches of BatchSize rows, others of
// 4096, or of 64 where the split has no more rows.
func (d *Data) Batches(v fastnb.View) iter.Seq2[fastnb.Batch, error] {
	return func(yield func(fastnb.Batch, error) bool) {
		if d.blank && v.Split == fastnb.Train {
			yield(fastnb.Batch{}, errBlank)
			return
		}
		n, size := d.Len(v.Split), d.size(v)
		order := v.Order(n)
		for i := range v.NumBatches(n, size) {
			if !yield(d.batch(v.Split, order[i*size:min((i+1)*size, n)], size), nil) {
				return
			}
		}
	}
}

// size is how many rows a batch of a view has.
func (d *Data) size(v fastnb.View) int {
	switch {
	case v.Shuffle:
		return d.BatchSize()
	case d.Len(v.Split) <= 64:
		return 64
	}
	return wide
}

// InputShapes implements fastnb.Shaped.
func (d *Data) InputShapes() []shapes.Shape {
	var all []shapes.Shape
	rows := d.size(fastnb.View{Split: fastnb.Train})
	if k := len(d.prep.Cats); k > 0 {
		all = append(all, shapes.Make(dtypes.Int32, rows, k))
	}
	if k := len(d.prep.Conts); k > 0 {
		all = append(all, shapes.Make(dtypes.Float32, rows, k))
	}
	return all
}

// batch gathers some rows; the last one is repeated where there are fewer than size.
func (d *Data) batch(s fastnb.Split, items []int, size int) fastnb.Batch {
	r := d.splits[s]
	padded := slices.Clone(items)
	for len(padded) < size {
		padded = append(padded, items[len(items)-1])
	}
	codes, scaled := gather(r.codes, padded, len(d.prep.Cats)), gather(r.scaled, padded, len(d.prep.Conts))
	return fastnb.Batch{Items: items, Inputs: d.tensors(codes, scaled, size), Labels: r.truth(padded)}
}

// tensors makes a batch's inputs of n rows.
func (d *Data) tensors(codes []int32, scaled []float32, n int) []*tensors.Tensor {
	var ts []*tensors.Tensor
	if k := len(d.prep.Cats); k > 0 {
		ts = append(ts, tensors.FromFlatDataAndDimensions(codes, n, k))
	}
	if k := len(d.prep.Conts); k > 0 {
		ts = append(ts, tensors.FromFlatDataAndDimensions(scaled, n, k))
	}
	return ts
}

// gather picks rows of a matrix.
func gather[T any](matrix []T, rows []int, columns int) []T {
	picked := make([]T, 0, len(rows)*columns)
	for _, r := range rows {
		picked = append(picked, matrix[r*columns:(r+1)*columns]...)
	}
	return picked
}

// truth returns the labels or targets of some rows, nil where there are none.
func (r rows) truth(items []int) *tensors.Tensor {
	switch {
	case r.labels != nil:
		labels := make([]int32, len(items))
		for i, item := range items {
			labels[i] = int32(r.labels[item])
		}
		return tensors.FromFlatDataAndDimensions(labels, len(items))
	case r.targets != nil:
		var flat []float32
		for _, item := range items {
			flat = append(flat, r.targets[item]...)
		}
		return tensors.FromFlatDataAndDimensions(flat, len(items), len(r.targets[0]))
	}
	return nil
}

// mostOnDevice is the number of bytes up to which a table is kept on the device.
const mostOnDevice = 2 << 30

// OnDevice returns all training rows as one batch, if they take at most 2 GiB.
func (d *Data) OnDevice() (fastnb.Batch, bool) {
	r := d.splits[fastnb.Train]
	if d.blank || 4*(len(r.codes)+len(r.scaled)) > mostOnDevice {
		return fastnb.Batch{}, false
	}
	all := make([]int, r.n)
	for i := range all {
		all[i] = i
	}
	return fastnb.Batch{Inputs: d.tensors(r.codes, r.scaled, r.n), Labels: r.truth(all)}, true
}
