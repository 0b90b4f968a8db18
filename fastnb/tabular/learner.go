package tabular

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/internal/verb"
)

// Learner is a [fastnb.Learner] of a table. It also predicts tables and rows that come as they are, and tells what
// it learned of the columns.
type Learner struct {
	*fastnb.Learner
	given *Data // what Data returns where the fastnb.Learner has other data than ours
}

// NewLearner returns a learner of data: fast.ai's net for structured data, with Adam, everything unfrozen. Its three
// layer groups are the embeddings, the hidden layers and the output.
func NewLearner(data *Data, opts ...LearnerOption) (l *Learner, err error) {
	defer verb.Name(&err, "tabular: NewLearner")
	c := newLearnerConfig(opts)
	if data == nil {
		return nil, errors.New("the data is nil")
	}
	if err := c.shape(data.prep); err != nil {
		return nil, err
	}
	return c.learnerOf(data)
}

// learnerOf returns a learner whose checkpoints hold the net.
func (c learnerConfig) learnerOf(data *Data) (*Learner, error) {
	l, err := c.Keeping(data, c.net.model(), netKey, c.net)
	if err != nil {
		return nil, err
	}
	return &Learner{l, data}, nil
}

// Data returns what the learner learns from, scaled as its net was trained.
func (l *Learner) Data() *Data { return domain.Data(l.Learner, l.given) }

// SetData gives the learner other rows, a sample say, and freezes all but the last layer group, as that of
// [fastnb.Learner] does. Their numbers are scaled as the net was trained; other columns, other categories or another
// target are an error: a net of theirs is made by NewLearner.
func (l *Learner) SetData(data *Data) (err error) {
	defer verb.Name(&err, "tabular: SetData")
	if err := domain.SetData(l.Learner, data); err != nil {
		return err
	}
	l.given = data
	return nil
}

// PredictTable predicts every row of a table that has the columns the model was trained on, in any order, among others;
// the target may be missing. Check says what is missing or unknown in it. A table that can't be predicted is a
// *fastnb.ItemError.
func (l *Learner) PredictTable(t *Table) (p *fastnb.Preds, err error) {
	defer verb.Name(&err, "tabular: PredictTable")
	d, err := l.Data().withTest(t)
	if err != nil {
		return nil, &fastnb.ItemError{Err: err}
	}
	return l.PredictOn(d, fastnb.Test)
}

// Check reports what the model does not find in a table that it could predict: values that are missing and categories
// that training did not have, by column. A table that it could not predict is an error, that of PredictTable.
func (l *Learner) Check(t *Table) (r Report, err error) {
	defer verb.Name(&err, "tabular: Check")
	d, err := l.Data().WithTest(t)
	if err != nil {
		return Report{}, err
	}
	return d.Report(), nil
}

// PredictRow predicts one row, given by column; of a classifier, p.Classes[p.Predicted()[0]] is the class. Columns that
// are left out are missing values, and a category that training did not have is unknown, which is no error:
// Data.Categories lists what there is. A column that the model does not see, or a value of another kind than training
// had, is a *fastnb.ItemError.
func (l *Learner) PredictRow(row Row) (p *fastnb.Preds, err error) {
	defer verb.Name(&err, "tabular: PredictRow")
	return l.PredictRows(row)
}

// PredictRows is PredictRow of several rows at once, in their order.
func (l *Learner) PredictRows(rows ...Row) (p *fastnb.Preds, err error) {
	defer verb.Name(&err, "tabular: PredictRows")
	t, err := l.Data().prep.table(rows)
	if err != nil {
		return nil, &fastnb.ItemError{Err: err}
	}
	return l.PredictTable(t)
}

// Values returns the predicted numbers of a regression in the target's own unit, one per row: of LogTarget no
// logarithm. Of several targets they are those of the first.
func (l *Learner) Values(p *fastnb.Preds) []float64 {
	values := make([]float64, len(p.Probs))
	for i, row := range p.Probs {
		values[i] = l.Data().prep.Target.undo(row[0])
	}
	return values
}

// Value is the column of a submission that holds what Values returns.
func (l *Learner) Value(name string) fastnb.Column {
	return fastnb.Column{Name: name, Value: func(p *fastnb.Preds, i int) string {
		return strconv.FormatFloat(l.Data().prep.Target.undo(p.Probs[i][0]), 'g', 8, 64)
	}}
}

// Embedding returns what the net learned of a category: the values it was fitted to, "#na#" for the unknown first, and
// the vector of each, [values][size].
func (l *Learner) Embedding(column string) (values []string, vectors [][]float64, err error) {
	defer verb.Name(&err, "tabular: Embedding")
	p := l.Data().prep
	k, err := p.category(column)
	if err != nil {
		return nil, nil, err
	}
	if vectors, err = nn.Vectors(l.Store(), fmt.Sprintf("/emb%d", k)); err != nil {
		return nil, nil, err
	}
	return p.Cats[k].labels(), vectors, nil
}

// category returns the place of a column among the categories.
func (p *prep) category(column string) (int, error) {
	if k := p.cat(column); k >= 0 {
		return k, nil
	}
	return 0, fmt.Errorf("no category %q (have %v)", column, p.catNames())
}

func (p *prep) catNames() []string {
	names := make([]string, len(p.Cats))
	for i, c := range p.Cats {
		names[i] = c.name()
	}
	return names
}
