package fastnb

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/fastnb/fastnb/internal/verb"
)

// Save writes a checkpoint: weights, batch-norm statistics, the optimizer's state, what is frozen, the history, the
// data's fingerprint and where the randomness is. It is the file models/NAME.safetensors under the data's Dir, whole or
// not there at all; the checkpoint of that name before it is kept as NAME.prev. Load gives what was saved, whatever the
// metrics measured (NaN, infinities) and whatever classes and metrics are called (names that are not UTF-8).
func (l *Learner) Save(name string) (err error) {
	defer verb.Name(&err, "fastnb: Save")
	return l.save(name, nil)
}

// save is Save, within a fit that is at, or outside of one where at is nil.
func (l *Learner) save(name string, at *unfinished) error {
	path, err := newCheckpointPath(l.feed.data.Dir(), name)
	if err != nil {
		return err
	}
	if err := l.Open(); err != nil {
		return err
	}
	s, vs := stateOf(l), l.net.variables()
	if s.Unfinished = at; at != nil {
		vs = l.net.carried()
	}
	c, err := newCheckpoint(l.net, vs, l.feed.data, &s)
	if err != nil {
		return err
	}
	if err := c.write(path); err != nil {
		return err
	}
	if at == nil {
		keep(l.net.be, c.file, vs)
	}
	return nil
}

func stateOf(l *Learner) state {
	n, c, data := l.net, l.clock, l.feed.data
	return state{
		Model: words(n.model.Name), Classes: data.Classes(), Data: words(data.Fingerprint(Train)),
		FrozenTo: n.frozenTo, BN: n.bn.String(), BNFreeze: n.bnFreeze, Precompute: l.feed.precompute,
		Seed: c.seed, Passes: c.passes, Steps: c.steps,
		Recorder: cmp.Or(l.Recorder, &Recorder{}), Saved: time.Now().UTC().Truncate(time.Millisecond),
	}
}

// Load reads a checkpoint that Save wrote and leaves the learner as it was then. Its data are then prepared as the
// model in it was trained, or refused; see Fitted. ErrNoCheckpoint if there is none of that name; ErrBadCheckpoint if
// it is damaged or of another model. On an error the learner is as it was before.
func (l *Learner) Load(name string) (err error) {
	defer verb.Name(&err, "fastnb: Load")
	c, err := l.gate().named(name)
	if err != nil {
		return err
	}
	if err := l.use(c); err != nil {
		return fmt.Errorf("checkpoint %q: %w", name, err)
	}
	return nil
}

// LoadFile is Load of a checkpoint that lies elsewhere, whose file is path.
func (l *Learner) LoadFile(path string) (err error) {
	defer verb.Name(&err, "fastnb: LoadFile")
	c, err := readCheckpoint(path)
	if err == nil {
		err = l.gate().fits(filepath.Base(path), c)
	}
	if err == nil {
		err = l.use(c)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// use takes over what a checkpoint holds.
func (l *Learner) use(c *checkpoint) error {
	if err := l.useWeights(c); err != nil {
		return err
	}
	s := c.state
	if i := slices.Index(bnNames, s.BN); i >= 0 {
		l.net.bn = BN(i)
	}
	l.net.frozenTo, l.net.bnFreeze, l.feed.precompute = s.FrozenTo, s.BNFreeze, s.Precompute
	*l.clock = clock{seed: s.Seed, passes: s.Passes, steps: s.Steps}
	l.Recorder = s.Recorder
	return nil
}

// useWeights takes over the variables of a checkpoint, and how the data of their model were prepared.
func (l *Learner) useWeights(c *checkpoint) error {
	values, err := c.values(l.net.be)
	if err != nil {
		return err
	}
	if err := l.net.set(values, l.feed.data, l.clock.initial()); err != nil {
		return err
	}
	data, err := l.gate().adopted(c.fitted())
	if err == nil && data != nil {
		l.feed.take(data)
	}
	return err
}

// LoadWeights reads the variables of a checkpoint, those of the optimizer too, and leaves the rest of the learner as
// it is: what is frozen, the history, where the randomness is. The data are prepared as by Load, whose errors it has.
func (l *Learner) LoadWeights(name string) (err error) {
	defer verb.Name(&err, "fastnb: LoadWeights")
	c, err := l.gate().named(name)
	if err != nil {
		return err
	}
	return l.useWeights(c)
}

// CanSave tells why Save could write no checkpoint of that name, nil if it could. A callback that is to save asks it
// before the first batch, and returns the error with its own name before it.
func (l *Learner) CanSave(name string) error {
	_, err := newCheckpointPath(l.feed.data.Dir(), name)
	return err
}
