package serve

import (
	"errors"
	"fmt"
	"image"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/fastnb/fastnb/fastnb"
)

// Kind is what a model takes.
type Kind string

// The kinds, and what an item of a request is for Model.Prepare.
const (
	Image Kind = "image" // []byte, the contents of a file
	Text  Kind = "text"  // string, in UTF-8
	Row   Kind = "row"   // map[string]any, by column: string, float64, bool, or nil where the value is missing
	User  Kind = "user"  // string, the user's name
)

// Model is what a server predicts with. [Images], [Texts], [Rows] and [Users] make one of a learner; your own may be
// anything.
type Model interface {
	// About says what the model takes and predicts. It is asked once.
	About() About

	// Prepare makes of an item of a request what Predict takes. It is called by many goroutines at once. Its error is
	// told to who asked, with the status 422.
	Prepare(item any) (any, error)

	// Predict predicts what Prepare returned, in this order. It is called by one goroutine at a time, with no more items
	// than BatchSize. Where it fails on several items it is called again for each, so that one bad item is an error for
	// who sent it alone. An [ItemError], which the learners' own verbs return of such an item, is told with the status
	// 422, any other error with 500, and logged.
	Predict(items []any) ([]Prediction, error)
}

// About is what a model takes and predicts.
type About struct {
	Kind    Kind     `json:"kind"`
	Classes []string `json:"classes,omitempty"`
	Columns []Column `json:"columns,omitempty"` // of Row
}

// Column is a column of a table that the model sees.
type Column struct {
	Name   string   `json:"name"`
	Kind   string   `json:"kind"`             // "text", "number" or "bool"
	Values []string `json:"values,omitempty"` // of a category: those that training had
	Usual  string   `json:"usual,omitempty"`  // what the page suggests
}

// ItemError says what is wrong with an item that can't be predicted.
type ItemError = fastnb.ItemError

// ImageLearner is what Images needs of a learner; *vision.Learner has it.
type ImageLearner interface {
	Square(img any) (*image.NRGBA, error)
	PredictSquares(squares ...*image.NRGBA) (*fastnb.Preds, error)
}

// Images is a model of a learner of images. Size tells how many pixels an image has before it is decoded:
// vision.ImageSize does. Targets name the numbers of a regression.
func Images(l ImageLearner, size func(contents []byte) (width, height int, err error), targets ...string) Model {
	return &images{l, size, targets}
}

type images struct {
	learner ImageLearner
	size    func([]byte) (int, int, error)
	targets []string
}

func (m *images) About() About { return About{Kind: Image} }

func (m *images) Prepare(item any) (any, error) {
	square, err := m.learner.Square(item)
	if err != nil {
		return nil, fmt.Errorf("the image can't be read: %w", plain(err))
	}
	return square, nil
}

func (m *images) Predict(items []any) ([]Prediction, error) {
	p, err := m.learner.PredictSquares(typed[*image.NRGBA](items)...)
	return Predictions(p, m.targets), err
}

// Pixels implements Sizer.
func (m *images) Pixels(contents []byte) (width, height int, err error) { return m.size(contents) }

// TextLearner is what Texts needs of a learner; *text.Classifier has it.
type TextLearner interface {
	PredictTexts(texts ...string) (*fastnb.Preds, error)
}

// Texts is a model of a classifier of texts.
func Texts(l TextLearner) Model { return texts{l} }

type texts struct{ learner TextLearner }

func (m texts) About() About { return About{Kind: Text} }

func (m texts) Prepare(item any) (any, error) {
	s, ok := item.(string)
	if !ok || !utf8.ValidString(s) {
		return nil, errors.New("the text is not in UTF-8; save it as that")
	}
	return s, nil
}

func (m texts) Predict(items []any) ([]Prediction, error) {
	p, err := m.learner.PredictTexts(typed[string](items)...)
	return Predictions(p, nil), err
}

// RowLearner is what Rows needs of a learner; *tabular.Learner has it, where R is tabular.Row.
type RowLearner[R ~map[string]any] interface {
	PredictRows(rows ...R) (*fastnb.Preds, error)
	Values(p *fastnb.Preds) []float64
}

// Rows is a model of a learner of a table, which sees these columns. Targets name the numbers of a regression.
func Rows[R ~map[string]any](l RowLearner[R], columns []Column, targets ...string) Model {
	return rows[R]{l, columns, targets}
}

type rows[R ~map[string]any] struct {
	learner RowLearner[R]
	columns []Column
	targets []string
}

func (m rows[R]) About() About { return About{Kind: Row, Columns: m.columns} }

// Prepare checks a row: PredictRows would refuse it among others.
func (m rows[R]) Prepare(item any) (any, error) {
	row, _ := item.(map[string]any)
	if len(row) == 0 {
		return nil, errors.New("the row has no column")
	}
	known := map[string]bool{}
	for _, c := range m.columns {
		known[c.Name] = true
		if x, ok := row[c.Name].(float64); ok && (math.IsNaN(x) || math.IsInf(x, 0)) {
			return nil, fmt.Errorf("column %q is %v (want a finite number, or null)", c.Name, x)
		}
	}
	for _, name := range sortedKeys(row) {
		if !known[name] {
			return nil, fmt.Errorf("no column %q (the model sees %s)", name, names(m.columns))
		}
	}
	return R(row), nil
}

func (m rows[R]) Predict(items []any) ([]Prediction, error) {
	p, err := m.learner.PredictRows(typed[R](items)...)
	if err != nil {
		return nil, err
	}
	return RowPredictions(m.learner, p, m.targets...), nil
}

// RowPredictions returns predictions of a table's rows one by one, as [Predictions] does and [Rows] serves them. The
// number of a regression is in its target's own unit, as the learner's Values gives it.
func RowPredictions[R ~map[string]any](l RowLearner[R], p *fastnb.Preds, targets ...string) []Prediction {
	all := Predictions(p, targets)
	if p.Classes == nil {
		for i, v := range l.Values(p) {
			all[i].Values[0].Value = v
		}
	}
	return all
}

// UserLearner is what Users needs of a learner; *collab.Learner has it, where A is collab.Advice.
type UserLearner[A ~struct {
	Item   string
	Rating float64
}] interface {
	Recommend(user string, n int) ([]A, error)
}

// Users is a model of a learner of ratings: of a user it predicts what he would rate best.
func Users[A ~struct {
	Item   string
	Rating float64
}](l UserLearner[A]) Model {
	return users[A]{l}
}

type users[A ~struct {
	Item   string
	Rating float64
}] struct{ learner UserLearner[A] }

func (m users[A]) About() About { return About{Kind: User} }

func (m users[A]) Prepare(item any) (any, error) { return item, nil }

func (m users[A]) Predict(items []any) ([]Prediction, error) {
	all := make([]Prediction, len(items))
	for i, user := range typed[string](items) {
		advice, err := m.learner.Recommend(user, math.MaxInt)
		if err != nil {
			return nil, err
		}
		for _, a := range advice {
			all[i].Items = append(all[i].Items, Advice(a))
		}
	}
	return all, nil
}

// Labels is a model of several labels: of each item it says which hold, in place of the most probable class. See
// [Prediction.Labelled].
func Labels(m Model) Model { return labels{m} }

type labels struct{ Model }

func (m labels) Predict(items []any) ([]Prediction, error) {
	all, err := m.Model.Predict(items)
	for i := range all {
		all[i] = all[i].Labelled()
	}
	return all, err
}

// Pixels implements Sizer where the model does.
func (m labels) Pixels(contents []byte) (width, height int, err error) {
	s, ok := m.Model.(Sizer)
	if !ok {
		return 0, 0, errors.New("the model tells no sizes")
	}
	return s.Pixels(contents)
}

// plain returns an error of a learner without the names of its verb and its sentinel: who asks over HTTP has called
// neither.
func plain(err error) error {
	if e := errors.Unwrap(err); e != nil {
		err = e
	}
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		all := several.Unwrap()
		err = all[len(all)-1]
	}
	return err
}

// typed returns items as what they are.
func typed[T any](items []any) []T {
	all := make([]T, len(items))
	for i, x := range items {
		all[i], _ = x.(T)
	}
	return all
}

// value reads what a form or a CSV file has for a column; nothing is a missing value.
func (c Column) value(text string) (any, error) {
	switch {
	case text == "":
		return nil, nil
	case c.Kind == "number":
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fmt.Errorf("column %q is %q (want a number such as 12.5, or nothing)", c.Name, text)
		}
		return x, nil
	case c.Kind == "bool":
		b, err := strconv.ParseBool(text)
		if err != nil {
			return nil, fmt.Errorf("column %q is %q (want true, false, or nothing)", c.Name, text)
		}
		return b, nil
	}
	return text, nil
}
