package fastnb

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"time"

	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/internal/atomicfile"
	"github.com/fastnb/fastnb/internal/verb"
)

// Predictor is what CrossValidate needs of a learner. The learners of all domains are Predictors.
type Predictor interface {
	Predict(Split) (*Preds, error)
	TTA(Split, ...TTAOption) (*Preds, error)
	Metrics() []metric.Metric
}

// FoldOption is an option of CrossValidate.
type FoldOption interface{ fold(*foldConfig) }

type foldOption func(*foldConfig)

func (o foldOption) fold(c *foldConfig) { o(c) }

type foldConfig struct {
	dir     string
	rows    [][]int
	metrics []metric.Metric
	given   bool // the metrics
	tta     []TTAOption
	useTTA  bool
}

// FoldDir keeps each fold's predictions in a folder, as fold0of5.preds.json for the first of five, and takes those that
// are there instead of training the fold again: a run that was killed goes on with the fold that it was in. What a file
// was made by is not known, so give each model a folder of its own. Default: nothing is kept.
func FoldDir(dir string) FoldOption { return foldOption(func(c *foldConfig) { c.dir = dir }) }

// FoldRows tells which rows of the whole the validation items of each fold are, by number from 0, in their order: what
// ValidRows was given, as package split makes them. OOF is then in the order of the whole. Default: OOF is in the order
// of the items' names, which are then each one item's.
func FoldRows(rows [][]int) FoldOption { return foldOption(func(c *foldConfig) { c.rows = rows }) }

// FoldMetrics sets what is measured of each fold. Default: the metrics of the learners; where each fold was kept, so
// that there are none, metric.Accuracy for classes, metric.AccuracyThresh(.5) for several labels, metric.RMSE for
// numbers.
func FoldMetrics(ms ...metric.Metric) FoldOption {
	return foldOption(func(c *foldConfig) { c.metrics, c.given = append([]metric.Metric{}, ms...), true })
}

// FoldTTA predicts by TTA with these options instead of Predict.
func FoldTTA(opts ...TTAOption) FoldOption {
	return foldOption(func(c *foldConfig) { c.tta, c.useTTA = opts, true })
}

// CrossValidate fits a model for each of the folds, numbered from 0, and puts their predictions together: train makes
// the learner that has fold number fold for its validation items, and trains it. Each learner predicts its validation
// and its test items and is forgotten before the next one is made, so that memory holds one at a time. What comes back
// has OOF, every item as predicted by the one learner that has not seen it, Test, the mean of the learners'
// predictions, and as String a table of how good each fold is.
//
// It is an error, told as soon as two folds are there, if folds have validation items in common or other classes, or
// predict other test items. What train returns is wrapped, with the number of the fold.
func CrossValidate[L Predictor](folds int, train func(fold int) (L, error), opts ...FoldOption) (f *Folds, err error) {
	defer verb.Name(&err, "fastnb: CrossValidate")
	var c foldConfig
	for _, o := range opts {
		o.fold(&c)
	}
	if err := c.check(folds, train == nil); err != nil {
		return nil, err
	}
	parts := &foldParts{rows: c.rows}
	for k := range folds {
		part, err := c.part(k, folds, func() (Predictor, error) { return train(k) })
		if err == nil {
			err = errors.Join(parts.add(part), measure(c.metrics, part.Valid))
		}
		if err != nil {
			return nil, fmt.Errorf("fold %d: %w", k, err)
		}
		runtime.GC() // what the device holds of a learner goes with it
	}
	return parts.whole(c.metrics), nil
}

// check tells what can be told before any work.
func (c *foldConfig) check(folds int, noTrain bool) error {
	switch {
	case folds < 2:
		return fmt.Errorf("%d folds (want 2 or more)", folds)
	case noTrain:
		return errors.New("train is nil (want a function that makes and trains the learner of a fold)")
	case c.rows != nil && len(c.rows) != folds:
		return fmt.Errorf("FoldRows has the rows of %d folds (want %d)", len(c.rows), folds)
	case c.rows != nil:
		return checkFoldRows(c.rows)
	}
	return nil
}

// part returns what a fold predicts: what was kept of it, or else by the learner that train gives.
func (c *foldConfig) part(k, folds int, train func() (Predictor, error)) (*foldPart, error) {
	path := ""
	if c.dir != "" {
		path = filepath.Join(c.dir, fmt.Sprintf("fold%dof%d.preds.json", k, folds))
		if p, err := readFold(path); !errors.Is(err, fs.ErrNotExist) {
			return p, err
		}
	}
	begun := time.Now()
	l, err := train()
	if err != nil {
		return nil, err
	}
	if v := reflect.ValueOf(l); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil, errors.New("train returned no learner, and no error")
	}
	if !c.given {
		c.metrics, c.given = l.Metrics(), true
	}
	p, err := c.predict(l)
	if err != nil {
		return nil, err
	}
	p.Seconds = time.Since(begun).Seconds()
	return p, p.write(path)
}

// predict returns the predictions of the learner of a fold; without a test split those for test items are nil.
func (c *foldConfig) predict(l Predictor) (p *foldPart, err error) {
	of := l.Predict
	if c.useTTA {
		of = func(s Split) (*Preds, error) { return l.TTA(s, c.tta...) }
	}
	p = &foldPart{}
	if p.Valid, err = of(Valid); err != nil {
		return nil, err
	}
	if p.Test, err = of(Test); errors.Is(err, ErrNoSplit) {
		p.Test, err = nil, nil
	}
	return p, err
}

// write keeps the part in a file, if there is a path.
func (p *foldPart) write(path string) error {
	p.Valid.Views = nil // the mean is what counts
	if p.Test != nil {
		p.Test.Views = nil
	}
	if path == "" {
		return nil
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), atomicfile.Write(path, text, 0o644))
}

func readFold(path string) (*foldPart, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	p := &foldPart{}
	if err := json.Unmarshal(text, p); err != nil {
		return nil, fmt.Errorf("%s: %w; remove it, and the fold is trained again", path, err)
	}
	if p.Valid == nil {
		return nil, fmt.Errorf("%s has no predictions; remove it, and the fold is trained again", path)
	}
	return p, nil
}
