// Package tensorboard writes what a fit does to files that TensorBoard shows.
package tensorboard

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fastnb/fastnb/fastnb"
)

// Log is a callback that writes an event file into the folder Dir, made if need be: the scalars train/loss and
// train/lr of every batch, and valid/loss and each metric (valid/accuracy) of every epoch. The step is the number of
// batches done.
//
// The folder is one run; TensorBoard lays the runs of one parent side by side:
//
//	tensorboard --logdir runs
//
// The fits of one Log follow each other in its file, as FineTune's two. A new Log of the same Dir starts anew, and
// what an earlier one wrote there is removed: a cell that is run again gives the same picture.
type Log struct {
	Dir string

	now     func() time.Time // time.Now unless a test has another
	path    string           // of the file, empty before the first fit
	file    *os.File         // while a fit runs
	offset  int              // batches of the fits before
	written int              // batches of this fit
}

// suffix marks the files that are ours to remove.
const suffix = ".fastnb"

// BeginFit makes the file, or goes on with it.
func (g *Log) BeginFit(*fastnb.Learner) error { return failed(g.begin()) }

// state is what goes with a fit that is saved in its course.
type state struct {
	File    string `json:"file"`
	Size    int64  `json:"size"` // bytes that were written
	Offset  int    `json:"offset"`
	Written int    `json:"written"`
}

// FitState returns how much of the file is written.
func (g *Log) FitState(*fastnb.Learner) (string, error) {
	info, err := g.file.Stat()
	if err != nil {
		return "", failed(err)
	}
	text, err := json.Marshal(state{filepath.Base(g.path), info.Size(), g.offset, g.written})
	return string(text), failed(err)
}

// ResumeFit goes on with the file, from where it was when the fit was saved.
func (g *Log) ResumeFit(l *fastnb.Learner, text string) error {
	var s state
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return failed(err)
	}
	path := filepath.Join(g.Dir, filepath.Base(s.File))
	if info, err := os.Stat(path); err != nil || info.Size() < s.Size {
		return failed(g.anew(l.Recorder, s.Offset))
	}
	g.close()
	if err := os.Truncate(path, s.Size); err != nil {
		return failed(err)
	}
	if g.now == nil {
		g.now = time.Now
	}
	g.path, g.offset, g.written = path, s.Offset, s.Written
	return failed(g.open())
}

// anew writes what a fit has done so far, whose file is gone, after so many batches of the fits before.
func (g *Log) anew(r *fastnb.Recorder, offset int) error {
	g.offset, g.written = offset, 0
	if err := g.begin(); err != nil {
		return err
	}
	err := g.writeBatches(r)
	for _, e := range r.Epochs {
		if e.Metrics != nil || e.ValidLoss != 0 {
			err = errors.Join(err, g.writeEpoch(r, e))
		}
	}
	return err
}

// close closes the file of a fit that another callback kept from beginning.
func (g *Log) close() {
	if g.file != nil {
		g.file.Close()
		g.file = nil
	}
}

// EndBatches writes the batches that are new.
func (g *Log) EndBatches(l *fastnb.Learner) error { return failed(g.writeBatches(l.Recorder)) }

// EndEpoch writes the validation.
func (g *Log) EndEpoch(l *fastnb.Learner) error {
	if l.Data().Len(fastnb.Valid) == 0 {
		return nil
	}
	return failed(g.writeEpoch(l.Recorder, l.Recorder.Epochs[len(l.Recorder.Epochs)-1]))
}

// EndFit closes the file.
func (g *Log) EndFit(l *fastnb.Learner) error {
	err := g.writeBatches(l.Recorder) // of a call that ended the fit
	err = errors.Join(err, g.file.Close())
	g.file = nil
	return failed(err)
}

func (g *Log) begin() error {
	if g.now == nil {
		g.now = time.Now
	}
	g.close()
	if g.path == "" {
		if err := g.create(); err != nil {
			return err
		}
	}
	g.offset, g.written = g.offset+g.written, 0
	return g.open()
}

func (g *Log) open() (err error) {
	g.file, err = os.OpenFile(g.path, os.O_WRONLY|os.O_APPEND, 0)
	return err
}

// create makes the file, in the place of those of an earlier Log.
func (g *Log) create() error {
	if g.Dir == "" {
		return errors.New("no Dir; want the folder of the run, such as \"runs/head\"")
	}
	if err := os.MkdirAll(g.Dir, 0o755); err != nil {
		return err
	}
	if err := removeOld(g.Dir); err != nil {
		return err
	}
	at := g.now()
	path := filepath.Join(g.Dir, fmt.Sprintf("events.out.tfevents.%010d%s", at.Unix(), suffix))
	if err := os.WriteFile(path, record(record(nil, versionEvent(at)), startEvent(at, 0)), 0o644); err != nil {
		return err
	}
	g.path = path
	return nil
}

func removeOld(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if ours, _ := filepath.Match("events.out.tfevents.*"+suffix, e.Name()); ours {
			err = errors.Join(err, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

// writeBatches writes what the recorder has of the batches since the last time.
func (g *Log) writeBatches(r *fastnb.Recorder) error {
	var b []byte
	at := g.now()
	for ; g.written < len(r.RawLoss); g.written++ {
		i := g.written
		b = record(b, scalarEvent(at, g.offset+i+1, scalar{"train/loss", r.RawLoss[i]}, scalar{"train/lr", r.LR[i]}))
	}
	return g.write(b)
}

// writeEpoch writes the losses and metrics of an epoch.
func (g *Log) writeEpoch(r *fastnb.Recorder, e fastnb.Epoch) error {
	scalars := []scalar{{"valid/loss", e.ValidLoss}}
	for i, m := range e.Metrics {
		scalars = append(scalars, scalar{"valid/" + r.Metrics[i], m})
	}
	return g.write(record(nil, scalarEvent(g.now(), g.offset+e.Batches, scalars...)))
}

func (g *Log) write(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	_, err := g.file.Write(b)
	return err
}

func failed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("tensorboard: %w", err)
}
