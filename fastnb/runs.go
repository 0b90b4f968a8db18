package fastnb

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/fastnb/fastnb/internal/verb"
)

// Run is a checkpoint looked back on: the fit that led to it, and what came of it. A checkpoint knows its last fit
// alone.
type Run struct {
	Name        string    // of the checkpoint, as Load takes it
	Saved       time.Time // when
	Model       string
	Classes     []string  // nil for regression
	Fingerprint string    // of the training items
	Recorder    *Recorder // the fit: what was asked for, curves, epochs. Nil where Err is not
	Err         error     // why the checkpoint can't be read
}

// Runs are the checkpoints of a folder, the oldest first. As a table it goes to nb.ShowTable.
type Runs []Run

// Runs returns the checkpoints that were saved beside the learner's data. None is no error.
func (l *Learner) Runs() (runs Runs, err error) {
	defer verb.Name(&err, "fastnb: Runs")
	return readRuns(l.feed.data.Dir())
}

// ReadRuns returns the checkpoints under the folder dir, the Dir of the data that they were learned from. Weights are
// not read, so it is fast, and damage to those shows only in Load. What can't be read is in the list too, with its Err.
func ReadRuns(dir string) (runs Runs, err error) {
	defer verb.Name(&err, "fastnb: ReadRuns")
	if _, err := os.Stat(dir); os.IsNotExist(err) {
		return nil, fmt.Errorf("%w (want the Dir of the data that the models learned from)", err)
	} else if err != nil {
		return nil, err
	}
	return readRuns(dir)
}

// ReadRun returns the checkpoint whose file is path, as ReadRuns does all of a folder. ErrNoCheckpoint if there is
// none; what can't be read is ErrBadCheckpoint, here an error.
func ReadRun(path string) (r Run, err error) {
	defer verb.Name(&err, "fastnb: ReadRun")
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return r, fmt.Errorf("%s: %w", path, ErrNoCheckpoint)
	}
	if r = readRun(path); r.Err != nil {
		return r, fmt.Errorf("%s: %w", path, r.Err)
	}
	return r, nil
}

func readRuns(dir string) (Runs, error) {
	paths, err := checkpoints(dir)
	if err != nil {
		return nil, err
	}
	runs := make(Runs, len(paths))
	for i, path := range paths {
		runs[i] = readRun(path)
	}
	slices.SortStableFunc(runs, func(a, b Run) int {
		return cmp.Or(a.Saved.Compare(b.Saved), strings.Compare(a.Name, b.Name))
	})
	return runs, nil
}

// readRun reads a checkpoint's run. One of before the time was kept has its file's.
func readRun(path string) Run {
	r := Run{Name: checkpointName(path)}
	if info, err := os.Stat(path); err == nil {
		r.Saved = info.ModTime()
	}
	s, err := readState(path)
	if err != nil {
		r.Err = err
		return r
	}
	if !s.Saved.IsZero() {
		r.Saved = s.Saved.Local()
	}
	r.Model, r.Classes, r.Fingerprint, r.Recorder = string(s.Model), s.Classes, string(s.Data), s.Recorder
	return r
}

// RunCurve is a run's losses, as plots.Runs overlays them; plots.Run is another name of the same type.
type RunCurve = struct {
	Name     string
	Train    []float64 // smoothed training loss of every batch
	Valid    []float64 // validation loss of every epoch; nil without a valid split
	EpochLen int       // batches of an epoch; 0 where no epoch was finished and it was not kept
}

// Curves returns the losses of every run in which there was a batch: nb.Show(plots.Runs(runs.Curves())).
func (rs Runs) Curves() []RunCurve {
	var curves []RunCurve
	for _, r := range rs {
		if r.Recorder != nil && len(r.Recorder.Loss) > 0 {
			curves = append(curves, RunCurve{r.Name, r.Recorder.Loss, r.validLosses(), r.epochLen()})
		}
	}
	return curves
}

// validLosses returns the validation loss of every epoch, nil where nothing was validated.
func (r Run) validLosses() []float64 {
	losses := r.Recorder.ValidLosses()
	if !slices.ContainsFunc(losses, func(v float64) bool { return v != 0 }) {
		return nil
	}
	return losses
}

// epochLen returns the number of batches of an epoch, 0 if it is not known.
func (r Run) epochLen() int {
	if n := r.Recorder.Fit.Batches; n > 0 || len(r.Recorder.Epochs) == 0 {
		return n
	}
	return r.Recorder.Epochs[0].Batches
}
