package fastnb

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/internal/atomicfile"
	"github.com/fastnb/fastnb/internal/verb"
)

// predsJSON are Preds as JSON keeps them, whatever the model gives and whatever classes and items are called.
type predsJSON struct {
	Probs   []numbers[float32]
	Labels  []int
	Targets []numbers[float32]
	Logs    bool `json:",omitempty"`
	Classes names
	Names   names
	Loss    number[float64]
	Kept    []numbers[float32]
	Views   [][]numbers[float32]
}

// MarshalJSON implements json.Marshaler: numbers that JSON lacks are the strings "NaN", "+Inf" and "-Inf".
func (p Preds) MarshalJSON() ([]byte, error) {
	loss := number[float64]{p.Loss}
	j := predsJSON{rows(p.Probs), p.Labels, rows(p.Targets), p.Logs, p.Classes, p.Names, loss, rows(p.Kept), nil}
	for _, view := range p.Views {
		j.Views = append(j.Views, rows(view))
	}
	return json.Marshal(j)
}

// UnmarshalJSON implements json.Unmarshaler.
func (p *Preds) UnmarshalJSON(text []byte) error {
	var j predsJSON
	err := json.Unmarshal(text, &j)
	*p = Preds{ofRows(j.Probs), j.Labels, ofRows(j.Targets), j.Logs, j.Classes, j.Names, j.Loss.v, ofRows(j.Kept), nil}
	for _, view := range j.Views {
		p.Views = append(p.Views, ofRows(view))
	}
	if err != nil {
		return err
	}
	return p.check()
}

// check tells what about predictions from a file does not fit together, before their methods meet it.
func (p *Preds) check() error {
	columns := len(p.Classes)
	if columns == 0 && len(p.Probs) > 0 {
		columns = len(p.Probs[0])
	}
	for _, view := range append(p.Views, p.Probs) {
		if len(view) != len(p.Probs) {
			return fmt.Errorf("a view has predictions of %d items (want %d)", len(view), len(p.Probs))
		}
		if err := sameLengths(view, columns); err != nil {
			return err
		}
	}
	if len(p.Probs) == 0 {
		return p.checkKept()
	}
	if n := len(p.Names); n != 0 && n != len(p.Probs) {
		return fmt.Errorf("predictions of %d items have %d names", len(p.Probs), n)
	}
	if p.Kept != nil && len(p.Kept) != len(p.Probs) {
		return fmt.Errorf("%d items were kept, and %d are predicted", len(p.Kept), len(p.Probs))
	}
	return p.checkLabels()
}

// checkKept is check of what a model with Losses keeps in place of probabilities.
func (p *Preds) checkKept() error {
	for _, of := range []struct {
		what string
		n    int
	}{{"names", len(p.Names)}, {"labels", len(p.Labels)}, {"targets", len(p.Targets)}} {
		if of.n != 0 && of.n != len(p.Kept) {
			return fmt.Errorf("predictions of %d items have %d %s", len(p.Kept), of.n, of.what)
		}
	}
	if len(p.Kept) == 0 {
		return nil
	}
	return sameLengths(p.Kept, len(p.Kept[0]))
}

// sameLengths tells a row that has not so many numbers, or none.
func sameLengths(rows [][]float32, columns int) error {
	for i, row := range rows {
		if len(row) != columns || columns == 0 {
			return fmt.Errorf("item %d has %d numbers (want %d)", i, len(row), max(columns, 1))
		}
	}
	return nil
}

// SavePreds keeps predictions beside the checkpoints, as models/NAME.preds.json under the data's Dir, so that another
// cell can look at them without predicting again. The file is whole or not there, and LoadPreds gives what was saved:
// NaN, infinities and names that are not UTF-8 too. Predictions whose parts do not fit together are an error of both.
func (l *Learner) SavePreds(name string, p *Preds) (err error) {
	defer verb.Name(&err, "fastnb: SavePreds")
	if p == nil {
		return errors.New("the predictions are nil")
	}
	if err := p.check(); err != nil {
		return err
	}
	path, err := predsPath(l.feed.data.Dir(), name)
	if err != nil {
		return err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), atomicfile.Write(path, text, 0o644))
}

// LoadPreds reads predictions that SavePreds kept. ErrNoCheckpoint if there are none of that name.
func (l *Learner) LoadPreds(name string) (p *Preds, err error) {
	defer verb.Name(&err, "fastnb: LoadPreds")
	path, err := predsPath(l.feed.data.Dir(), name)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%q: %w; run the cell that calls SavePreds", name, ErrNoCheckpoint)
	}
	if err != nil {
		return nil, err
	}
	p = &Preds{}
	if err := json.Unmarshal(text, p); err != nil {
		return nil, fmt.Errorf("%s: %w; run the cell that calls SavePreds again", path, err)
	}
	return p, nil
}

func predsPath(dir, name string) (string, error) {
	if _, err := checkpointPath(dir, name); err != nil {
		return "", err
	}
	return filepath.Join(dir, "models", name+".preds.json"), nil
}
