package fastnb

import (
	"errors"
	"io/fs"
	"os"
)

// fitFiles are the checkpoints that a fit writes, and those of one that was not finished.
type fitFiles struct {
	feed *feed
	save func(name string, at *unfinished) error // at nil: of no fit in progress
	load func(name string) error
}

// The checkpoints of a fit that was not finished: saved in the course of it, or when the user stopped it.
const (
	inCourse  = "unfinished"
	atTheStop = "interrupted"
)

// find returns the newest checkpoint of a fit of this model that was not finished, nil if there is none. It reads no
// weights.
func (f *fitFiles) find() (name string, of *state) {
	for _, n := range []string{inCourse, atTheStop} {
		path, err := checkpointPath(f.feed.data.Dir(), n)
		if err != nil {
			continue
		}
		s, err := readState(path)
		if err != nil || s.Unfinished == nil || !isKept(string(s.Model), f.feed.graphs.net.model.Name) {
			continue
		}
		if of == nil || s.Saved.After(of.Saved) {
			name, of = n, s
		}
	}
	return name, of
}

// isInPart tells whether the fit that was not finished is in that part of FineTune.
func (f *fitFiles) isInPart(part int) bool {
	_, of := f.find()
	return of != nil && of.Unfinished.Plan.Fit.Verb == "FineTune" && of.Unfinished.Plan.Part == part
}

// forget removes what was saved of a fit of this plan, which has come to its end.
func (f *fitFiles) forget(of func() plan) error {
	for name, s := f.find(); s != nil; name, s = f.find() {
		if differs, err := of().differs(s.Unfinished.Plan); differs != "" && name != inCourse || err != nil {
			return err
		}
		if err := f.remove(name); err != nil {
			return err
		}
	}
	return nil
}

// remove removes a checkpoint, and the one of its name before it.
func (f *fitFiles) remove(name string) error {
	path, err := checkpointPath(f.feed.data.Dir(), name)
	if err != nil {
		return err
	}
	for _, p := range []string{previous(path), path} {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
