package tabular

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/optim"
)

// Learner is a [fastnb.Learner] of a table. Besides it predicts tables and rows that come as they are, and tells what it
// learned of the columns.
type Learner struct {
	*fastnb.Learner
	data *Data
	net  net
}

// NewLearner returns a learner of data: fast.ai's net for structured data, with Adam, everything unfrozen. Its three
// layer groups are the embeddings, the hidden layers and the output.
func NewLearner(data *Data, opts ...LearnerOption) (*Learner, error) {
	l, err := newLearner(data, newLearnerConfig(opts))
	if err != nil {
		return nil, fmt.Errorf("tabular: NewLearner: %w", err)
	}
	return l, nil
}

func newLearner(data *Data, c learnerConfig) (*Learner, error) {
	if data == nil {
		return nil, errors.New("the data is nil")
	}
	if err := c.shape(data.prep); err != nil {
		return nil, err
	}
	data = data.withNet(c.net)
	l, err := c.Learner(data, c.net.model(), fastnb.WithOptimizer(optim.Adam{}))
	if err != nil {
		return nil, err
	}
	return &Learner{l, data, c.net}, nil
}

// saved is what a checkpoint keeps, besides the weights, for OpenLearner.
type saved struct {
	Prep *prep `json:"prep"`
	Net  net   `json:"net"`
}

// withNet returns the same data, which keeps the net's sizes in checkpoints too.
func (d *Data) withNet(n net) *Data {
	other := *d
	other.net, other.fitted = n, ""
	other.fitted, _ = other.Fitted() // once, not for every row that is predicted
	return &other
}

// Fitted returns what was fitted to the training rows and the sizes of the net, as JSON.
func (d *Data) Fitted() (string, error) {
	if d.fitted != "" {
		return d.fitted, nil
	}
	text, err := json.Marshal(saved{d.prep, d.net})
	return string(text), err
}

// CheckFitted tells how what a checkpoint or other data fitted differs: other columns, other categories or another target,
// so that a net that has learned the one can't use the other. Medians, means and deviations may differ.
func (d *Data) CheckFitted(fitted string) error {
	var s saved
	if err := json.Unmarshal([]byte(fitted), &s); err != nil || s.Prep == nil {
		return errors.New("what it fitted is of no table")
	}
	return d.prep.like(s.Prep)
}

// OpenLearner returns a learner for predicting where the table that it was trained on is not: path is a checkpoint's file,
// models/NAME.safetensors under the data's WorkDir. It has no rows to learn from until SetData gives it some. The error
// wraps fastnb.ErrNoCheckpoint or fastnb.ErrBadCheckpoint. Of the options On and With count: the net is the checkpoint's.
func OpenLearner(path string, opts ...LearnerOption) (*Learner, error) {
	l, err := openLearner(path, newLearnerConfig(opts))
	if err != nil {
		return nil, fmt.Errorf("tabular: OpenLearner: %w", err)
	}
	return l, nil
}

func openLearner(path string, c learnerConfig) (*Learner, error) {
	text, err := fastnb.ReadFitted(path)
	if err != nil {
		return nil, err
	}
	var s saved
	if err := json.Unmarshal([]byte(text), &s); err != nil || s.Prep == nil || s.Net.Outputs == 0 {
		return nil, fmt.Errorf("%s: %w: it is of no tabular learner", path, fastnb.ErrBadCheckpoint)
	}
	data := s.blank()
	l, err := c.Learner(data, s.Net.model(), fastnb.WithOptimizer(optim.Adam{}))
	if err != nil {
		return nil, err
	}
	return &Learner{l, data, s.Net}, l.LoadFile(path)
}

// blank is data of two training rows of unknown values, which are not learned from: a batch as a net with batch norm
// wants it.
func (s saved) blank() *Data {
	d := &Data{prep: s.Prep, net: s.Net, config: newDataConfig(nil), blank: true}
	r := rows{n: 2, names: []string{"0", "1"}}
	r.codes, r.scaled = make([]int32, 2*len(s.Prep.Cats)), make([]float32, 2*len(s.Prep.Conts))
	if s.Prep.Target.Task == oneClass {
		r.labels = []int{0, 0}
	} else {
		n := s.Prep.Target.outputs()
		r.targets = [][]float32{make([]float32, n), make([]float32, n)}
	}
	d.splits[fastnb.Train] = r
	return d
}

// SetData gives the learner other data, fitted to the same values: a sample, say. What was fitted to others does not fit
// the net and is an error.
func (l *Learner) SetData(data *Data) error {
	if data == nil {
		return errors.New("tabular: SetData: the data is nil")
	}
	if !reflect.DeepEqual(data.prep, l.Table().prep) {
		return errors.New("tabular: SetData: the data were fitted to other training rows; a net of theirs is made by NewLearner")
	}
	data = data.withNet(l.net)
	if err := l.Learner.SetData(data); err != nil {
		return err
	}
	l.data = data
	return nil
}

// Table returns the data that the learner learns from, scaled as its net was trained.
func (l *Learner) Table() *Data {
	if d, ok := l.Data().(*Data); ok {
		return d
	}
	return l.data
}

// PredictOn is that of [fastnb.Learner]. Of a table, data that were fitted to other training rows are an error: their numbers
// and codes stand for others.
func (l *Learner) PredictOn(data fastnb.Data, split fastnb.Split) (*fastnb.Preds, error) {
	if d, ok := data.(*Data); ok && d.prep != l.Table().prep && !reflect.DeepEqual(d.prep, l.Table().prep) {
		return nil, errors.New("tabular: PredictOn: the data were fitted to other training rows; PredictTable takes the table itself")
	}
	return l.Learner.PredictOn(data, split)
}

// PredictTable predicts every row of a table that has the columns the model was trained on, in any order, among others; the
// target may be missing. The report says what was missing or unknown in it.
func (l *Learner) PredictTable(t *Table) (*fastnb.Preds, Report, error) {
	d, err := l.Table().withTest(t)
	if err != nil {
		return nil, Report{}, fmt.Errorf("tabular: PredictTable: %w", err)
	}
	p, err := l.PredictOn(d, fastnb.Test)
	return p, d.report, err
}

// PredictRow predicts one row, given by column; of a classifier, p.Classes[p.Predicted()[0]] is the class. Columns that are
// left out are missing values, and a category that training did not have is unknown, which is no error: Data.Categories
// lists what there is, and PredictTable reports what is unknown.
func (l *Learner) PredictRow(row Row) (*fastnb.Preds, error) {
	t, err := row.table(l.Table().prep)
	if err != nil {
		return nil, fmt.Errorf("tabular: PredictRow: %w", err)
	}
	p, _, err := l.PredictTable(t)
	return p, err
}

// Values returns the predicted numbers of a regression in the target's own unit, one per row: of LogTarget no logarithm.
// Of several targets they are those of the first.
func (l *Learner) Values(p *fastnb.Preds) []float64 {
	values := make([]float64, len(p.Probs))
	for i, row := range p.Probs {
		values[i] = l.Table().prep.Target.undo(row[0])
	}
	return values
}

// Value is the column of a submission that holds what Values returns.
func (l *Learner) Value(name string) fastnb.Column {
	return fastnb.Column{Name: name, Value: func(p *fastnb.Preds, i int) string {
		return strconv.FormatFloat(l.Table().prep.Target.undo(p.Probs[i][0]), 'g', 8, 64)
	}}
}

// Embedding returns what the net learned of a category: the values it was fitted to, "#na#" for the unknown first, and the
// vector of each, [values][size].
func (l *Learner) Embedding(column string) (values []string, vectors [][]float64, err error) {
	k := l.Table().prep.cat(column)
	if k < 0 {
		return nil, nil, fmt.Errorf("tabular: Embedding: no category %q (have %v)", column, l.Table().prep.catNames())
	}
	if vectors, err = nn.Vectors(l.Store(), fmt.Sprintf("/emb%d", k)); err != nil {
		return nil, nil, fmt.Errorf("tabular: Embedding: %w", err)
	}
	return l.Table().prep.Cats[k].labels(), vectors, nil
}

func (p *prep) catNames() []string {
	names := make([]string, len(p.Cats))
	for i, c := range p.Cats {
		names[i] = c.name()
	}
	return names
}
