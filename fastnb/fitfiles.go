package fastnb

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// fitFiles are the checkpoints that a fit writes, and those of fits that began where it begins and were not finished.
// Such a one is named by where the learner was, its seed and how much it had trained, and by what was asked for, so
// that fits of other learners and other fits of one learner have files of their own.
type fitFiles struct {
	feed  *feed
	save  func(name string, at *unfinished) error // at nil: of no fit in progress
	load  func(name string) error
	start clock
}

const (
	inCourse  = "unfinished-"
	atTheStop = "interrupted"
)

// keptFit is a fit that was not finished.
type keptFit struct {
	name  string // of its checkpoint
	state *state
}

// at is where the fit was when it was saved.
func (k keptFit) at() *unfinished { return k.state.Unfinished }

// digest names what parts say in eight letters.
func digest(parts ...any) string {
	h := sha256.New()
	fmt.Fprintln(h, parts...)
	return hex.EncodeToString(h.Sum(nil))[:8]
}

// place names where the learner was when the fit began.
func (f *fitFiles) place() string {
	c := f.start
	return inCourse + digest(f.feed.graphs.net.model.Name, c.seed, c.passes, c.steps) + "-"
}

// name is that of the checkpoint of a fit of this plan in its course.
func (f *fitFiles) name(p plan) (string, error) {
	text, err := json.Marshal(p)
	return f.place() + digest(string(text)), err
}

// unfinished returns the fits that began here and were not finished, the newest first, and why others can't be read. It
// reads no weights but of fits whose history is too long for a file's header.
func (f *fitFiles) unfinished() (all []keptFit, err error) {
	paths, err := checkpoints(f.feed.data.Dir())
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		name := checkpointName(path)
		if !strings.HasPrefix(name, f.place()) || strings.HasSuffix(name, ".prev") {
			continue
		}
		s, bad := readState(path)
		if bad == nil && s.Unfinished == nil {
			bad = fmt.Errorf("%w: it is of no fit in its course", ErrBadCheckpoint)
		}
		if bad != nil {
			err = errors.Join(err, damaged(path, name, bad))
			continue
		}
		all = append(all, keptFit{name, s})
	}
	slices.SortFunc(all, func(a, b keptFit) int { return b.state.Saved.Compare(a.state.Saved) })
	return all, err
}

// isInPart tells whether a FineTune that began here is in that part.
func (f *fitFiles) isInPart(part int) bool {
	all, _ := f.unfinished()
	return slices.ContainsFunc(all, func(k keptFit) bool { return k.at().Plan.isPart(part) })
}

// forget removes what was saved in the course of a fit of this plan, which has come to its end, and of the first part
// of a FineTune with the second.
func (f *fitFiles) forget(own func() plan, part int) error {
	all, err := f.unfinished()
	if err != nil || len(all) == 0 || part == 1 { // the second part may yet be killed before it is saved
		return nil
	}
	name, err := f.name(own())
	for _, k := range all {
		if k.name == name || part == 2 && k.at().Plan.isPart(1) {
			err = errors.Join(err, f.remove(k.name))
		}
	}
	return err
}

// remove removes a checkpoint, and the one of its name before it.
func (f *fitFiles) remove(name string) error {
	path := filepath.Join(f.feed.data.Dir(), "models", name+checkpointExt)
	for _, p := range []string{previous(path), path} {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
