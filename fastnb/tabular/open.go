package tabular

import (
	"encoding/json"
	"errors"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/fastnb/fastnb/internal/verb"
)

// netKey is the key of a checkpoint's metadata that holds the net's sizes.
const netKey = "tabular"

// fitted is what a checkpoint keeps of the data, as JSON.
type fitted struct {
	Prep *prep `json:"prep"`
	Net  *net  `json:"net,omitempty"` // of checkpoints of before, which had no metadata
}

// parse reads what Data.Fitted returned.
func parse(text string) (fitted, error) {
	var f fitted
	if err := json.Unmarshal([]byte(text), &f); err != nil || f.Prep == nil {
		return f, errors.New("what it fitted is of no table")
	}
	return f, nil
}

// text is what Data.Fitted returns.
func (p *prep) text() (string, error) {
	text, err := json.Marshal(fitted{Prep: p})
	return string(text), err
}

// OpenOption is an option of Open.
type OpenOption interface{ open(*domain.Settings) }

// Open returns the learner of a checkpoint without its data, for predicting where the table that it was trained on is
// not: path is the checkpoint's file, models/NAME.safetensors under the data's WorkDir. It predicts as the learner that
// was saved; to train it, give it rows by SetData. The error wraps fastnb.ErrNoCheckpoint or fastnb.ErrBadCheckpoint.
func Open(path string, opts ...OpenOption) (l *Learner, err error) {
	defer verb.Name(&err, "tabular: Open")
	var c learnerConfig
	for _, o := range opts {
		o.open(&c.Settings)
	}
	found, err := domain.Read(path, parseModel)
	if err != nil {
		return nil, err
	}
	c.net = found.net
	if l, err = c.learnerOf(found.data); err != nil {
		return nil, err
	}
	if err := l.LoadFile(path); err != nil {
		return nil, err
	}
	return l, nil
}

// saved is what a checkpoint holds of a learner besides its weights.
type saved struct {
	data *Data // without rows
	net  net
}

// parseModel makes data and net of a checkpoint's metadata.
func parseModel(metadata map[string]string, dir string) (s saved, err error) {
	f, err := parse(metadata["fitted"])
	if err != nil {
		return s, err
	}
	switch text := metadata[netKey]; {
	case text != "":
		err = json.Unmarshal([]byte(text), &s.net)
	case f.Net != nil:
		s.net = *f.Net
	}
	if err != nil || s.net.Outputs == 0 {
		return s, errors.New("it is of no tabular learner")
	}
	s.data, err = f.blank(dir)
	return s, err
}

// FromFitted returns data without rows that know what a model's data fitted, as [Data.Fitted] or fastnb.ReadFitted
// returns it: categories, medians, means and deviations. It is for models of your own, which can so be opened without
// their data: what WithTest adds to it is predicted; nothing can be learned from it. Models are saved under workDir.
func FromFitted(text, workDir string) (d *Data, err error) {
	defer verb.Name(&err, "tabular: FromFitted")
	f, err := parse(text)
	if err != nil {
		return nil, err
	}
	return f.blank(workDir)
}

// blank is data of two training rows of unknown values, which are not read: a learner wants a batch's size of data, and
// nets with batch norm want two rows.
func (f fitted) blank(dir string) (*Data, error) {
	p := f.Prep
	text, err := p.text()
	if err != nil {
		return nil, err
	}
	d := &Data{prep: p, fitted: text, config: newDataConfig(nil), blank: true}
	d.config.workDir = dir
	r := rows{n: 2, names: []string{"0", "1"}}
	r.codes, r.scaled = make([]int32, 2*len(p.Cats)), make([]float32, 2*len(p.Conts))
	if p.Target.Task == oneClass {
		r.labels = []int{0, 0}
	} else {
		n := p.Target.outputs()
		r.targets = [][]float32{make([]float32, n), make([]float32, n)}
	}
	d.splits[fastnb.Train] = r
	return d, nil
}

var errBlank = errors.New("the model was opened without its data and has no training rows; give it some by SetData")
