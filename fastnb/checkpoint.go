package fastnb

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/fastnb/fastnb/internal/atomicfile"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// state is what a checkpoint holds besides the variables.
type state struct {
	Model      words     `json:"model"`
	Classes    names     `json:"classes"`
	Data       words     `json:"data"` // fingerprint of the training items
	FrozenTo   int       `json:"frozen_to"`
	BN         string    `json:"bn,omitempty"` // none in checkpoints of before there was a choice
	BNFreeze   bool      `json:"bn_freeze"`
	Precompute bool      `json:"precompute"`
	Seed       uint64    `json:"seed"`
	Passes     uint64    `json:"passes"`
	Steps      uint64    `json:"steps"`
	Recorder   *Recorder `json:"recorder"`       // nil where it is a tensor of its own, see history
	Saved      time.Time `json:"saved,omitzero"` // zero in checkpoints of before it was kept
}

const (
	stateKey    = "fastnb"
	fittedKey   = "fitted"
	checksumKey = "sha256"
)

// Save writes a checkpoint: weights, batch-norm statistics, the optimizer's state, what is frozen, the history, the
// data's fingerprint and where the randomness is. It is the file models/NAME.safetensors under the data's Dir, whole
// or not there at all; the checkpoint of that name before it is kept as NAME.prev. Load gives what was saved, whatever the
// metrics measured (NaN, infinities) and whatever classes and metrics are called (names that are not UTF-8).
func (l *Learner) Save(name string) error { return failed("Save", l.save(name)) }

func (l *Learner) save(name string) error {
	path, err := l.newCheckpointPath(name)
	if err != nil {
		return err
	}
	if err := l.open(); err != nil {
		return err
	}
	f, err := l.checkpoint()
	if err != nil {
		return err
	}
	if err := write(path, f); err != nil {
		return err
	}
	l.keepVariables(f)
	return nil
}

// write writes a checkpoint; when it is on the disk the file at path, if there is one, gets a second name: NAME.prev.
func write(path string, f *safetensors.File) error {
	out, err := atomicfile.Create(path, 0o644)
	if err != nil {
		return err
	}
	defer out.Discard()
	if err := errors.Join(safetensors.Write(out, f), out.Sync()); err != nil {
		return err
	}
	if err := atomicfile.Link(path, previous(path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return out.Commit()
}

func previous(path string) string {
	return strings.TrimSuffix(path, checkpointExt) + ".prev" + checkpointExt
}

// checkpointPath returns the file of a checkpoint.
func (l *Learner) checkpointPath(name string) (string, error) {
	if name != filepath.Base(name) || !filepath.IsLocal(name) || strings.HasPrefix(name, ".") {
		return "", fmt.Errorf("%q is no name for a checkpoint; use letters and digits, no path", name)
	}
	return filepath.Join(l.data.Dir(), "models", name+checkpointExt), nil
}

// newCheckpointPath is checkpointPath of one that is to be written, into a folder that it makes if need be. Where a file of
// that name can't be, it says so: callbacks ask it before the first batch.
func (l *Learner) newCheckpointPath(name string) (string, error) {
	path, err := l.checkpointPath(name)
	if err != nil {
		return "", err
	}
	if of, is := strings.CutSuffix(name, ".prev"); is {
		return "", fmt.Errorf("%q is no name for a checkpoint to save: it is where the one before %q is kept; use another", name, of)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	longest := filepath.Join(filepath.Dir(path), "."+filepath.Base(previous(path))+".0123456789") // while it is written
	if _, err := os.Lstat(longest); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%q is no name for a checkpoint: %w; use a short one of letters and digits", name, errors.Unwrap(err))
	}
	return path, nil
}

// checkpoint collects everything that Save writes.
func (l *Learner) checkpoint() (*safetensors.File, error) {
	f := &safetensors.File{Metadata: map[string]string{}}
	for _, v := range l.variables() {
		t, err := v.Value()
		if err != nil {
			return nil, err
		}
		st, err := encode(v.Path(), t)
		if err != nil {
			return nil, err
		}
		f.Tensors = append(f.Tensors, st)
	}
	s := l.state()
	if err := putHistory(f, &s); err != nil {
		return nil, err
	}
	meta, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	if err := l.putFitted(f); err != nil {
		return nil, err
	}
	f.Metadata[stateKey] = string(meta)
	f.Metadata[checksumKey] = f.Checksum(string(meta) + f.Metadata[fittedKey])
	return f, nil
}

// putFitted puts what the data fitted into a checkpoint.
func (l *Learner) putFitted(f *safetensors.File) error {
	d, ok := l.data.(Fitted)
	if !ok {
		return nil
	}
	text, err := d.Fitted()
	if err == nil && !utf8.ValidString(text) {
		err = fmt.Errorf("what the data fitted is not UTF-8, and so can't be kept in a checkpoint: have the Fitted of %T give JSON or base64", d)
	}
	f.Metadata[fittedKey] = text
	return err
}

// checkKept tells before a fit what could not be kept after it.
func (l *Learner) checkKept() error {
	for _, v := range l.variables() {
		if !utf8.ValidString(v.Path()) {
			return fmt.Errorf("the variable %q is not UTF-8, and so can't be kept in a checkpoint; use another scope", v.Path())
		}
	}
	return l.putFitted(&safetensors.File{Metadata: map[string]string{}})
}

func (l *Learner) state() state {
	return state{
		Model: words(l.model.Name), Classes: l.data.Classes(), Data: words(l.data.Fingerprint(Train)), FrozenTo: l.frozenTo,
		BN: l.bn.String(), BNFreeze: l.bnFreeze, Precompute: l.precompute, Seed: l.seed, Passes: l.passes, Steps: l.steps,
		Recorder: cmp.Or(l.Recorder, &Recorder{}), Saved: time.Now().UTC().Truncate(time.Millisecond),
	}
}

// variables returns what a checkpoint holds, by path: everything but the random generator's state, which Steps names,
// and what is carried from batch to batch.
func (l *Learner) variables() []*model.Variable {
	return l.variablesWhere(func(v *model.Variable) bool { return v.Name() != model.RNGStateVariableName && !nn.IsState(v.Path()) })
}

// variablesWhere returns those variables, by path.
func (l *Learner) variablesWhere(keep func(v *model.Variable) bool) []*model.Variable {
	var vs []*model.Variable
	for v := range l.store.IterVariables() {
		if keep(v) {
			vs = append(vs, v)
		}
	}
	slices.SortFunc(vs, func(a, b *model.Variable) int { return strings.Compare(a.Path(), b.Path()) })
	return vs
}

// Load reads a checkpoint that Save wrote and leaves the learner as it was then. Its data are then prepared as the model in it
// was trained, or refused; see Fitted. ErrNoCheckpoint if there is none of
// that name; ErrBadCheckpoint if it is damaged or of another model. On an error the learner is as it was before.
func (l *Learner) Load(name string) error {
	f, s, err := l.readCheckpoint(name)
	if err != nil {
		return failed("Load", err)
	}
	if err := l.use(f, s); err != nil {
		return failed("Load", fmt.Errorf("checkpoint %q: %w", name, err))
	}
	return nil
}

// use takes over what a checkpoint holds.
func (l *Learner) use(f *safetensors.File, s *state) error {
	if err := l.setVariables(f); err != nil {
		return err
	}
	if err := l.adopt(f.Metadata[fittedKey]); err != nil {
		return err
	}
	if i := slices.Index(bnNames, s.BN); i >= 0 {
		l.bn = BN(i)
	}
	l.frozenTo, l.bnFreeze, l.precompute = s.FrozenTo, s.BNFreeze, s.Precompute
	l.seed, l.passes, l.steps, l.Recorder = s.Seed, s.Passes, s.Steps, s.Recorder
	return nil
}

// loadWeights reads the variables of a checkpoint and nothing else.
func (l *Learner) loadWeights(name string) error {
	f, _, err := l.readCheckpoint(name)
	if err != nil {
		return err
	}
	if err := l.setVariables(f); err != nil {
		return err
	}
	return l.adopt(f.Metadata[fittedKey])
}

func (l *Learner) readCheckpoint(name string) (*safetensors.File, *state, error) {
	path, err := l.checkpointPath(name)
	if err != nil {
		return nil, nil, err
	}
	f, s, err := readFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("%q in %s: %w%s", name, filepath.Dir(path), ErrNoCheckpoint, l.saved())
	}
	if err != nil {
		return nil, nil, damaged(path, name, err)
	}
	return f, s, l.fits(name, f, s)
}

// readFile reads a checkpoint's file and checks that it is whole.
func readFile(path string) (*safetensors.File, *state, error) {
	f, err := safetensors.Read(path)
	if err != nil {
		return nil, nil, err
	}
	s, err := parseState(f.Metadata)
	if err != nil {
		return nil, nil, err
	}
	if f.Checksum(f.Metadata[stateKey]+f.Metadata[fittedKey]) != f.Metadata[checksumKey] {
		return nil, nil, errors.New("its checksum is wrong")
	}
	if err := takeHistory(f, s); err != nil {
		return nil, nil, err
	}
	return f, s, nil
}

// parseState reads what a checkpoint's metadata hold.
func parseState(metadata map[string]string) (*state, error) {
	s := &state{}
	if err := json.Unmarshal([]byte(metadata[stateKey]), s); err != nil {
		return nil, errors.New("it has no fastnb state")
	}
	return s, nil
}

// ReadFitted returns what the data of a checkpoint's learner fitted; the file is models/NAME.safetensors under its Dir. See
// Fitted. ErrBadCheckpoint if the file is damaged or holds nothing of the kind.
func ReadFitted(path string) (string, error) {
	f, _, err := readFile(path)
	if err == nil && f.Metadata[fittedKey] == "" {
		err = errors.New("its data fitted nothing")
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", failed("ReadFitted", fmt.Errorf("%s: %w", path, ErrNoCheckpoint))
	case err != nil:
		return "", failed("ReadFitted", fmt.Errorf("%s: %w: %w", path, ErrBadCheckpoint, err))
	}
	return f.Metadata[fittedKey], nil
}

// LoadFile is Load of a checkpoint that lies elsewhere, whose file is path.
func (l *Learner) LoadFile(path string) error {
	f, s, err := readFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrNoCheckpoint
	} else if err != nil {
		err = fmt.Errorf("%w: %w", ErrBadCheckpoint, err)
	} else {
		err = l.fits(filepath.Base(path), f, s)
	}
	if err == nil {
		err = l.use(f, s)
	}
	if err != nil {
		return failed("LoadFile", fmt.Errorf("%s: %w", path, err))
	}
	return nil
}

func damaged(path, name string, err error) error {
	err = fmt.Errorf("%q: %w: %w", name, ErrBadCheckpoint, err)
	if _, missing := os.Stat(previous(path)); missing == nil {
		return fmt.Errorf("%w; the one before it is %q", err, name+".prev")
	}
	return fmt.Errorf("%w; save it again", err)
}

// fits tells whether a checkpoint's state is one of this learner's model and data.
func (l *Learner) fits(name string, f *safetensors.File, s *state) error {
	switch {
	case !isKept(string(s.Model), l.model.Name):
		return fmt.Errorf("%q: %w: it is of model %s, this learner's is %s", name, ErrBadCheckpoint, s.Model, l.model.Name)
	case !slices.EqualFunc(s.Classes, l.data.Classes(), isKept):
		return fmt.Errorf("%q: %w: its classes are %v, the data's %v", name, ErrBadCheckpoint, s.Classes, l.data.Classes())
	case s.FrozenTo < 0 || s.FrozenTo >= len(l.model.Groups):
		return fmt.Errorf("%q: %w: it froze %d layer groups, the model has %d", name, ErrBadCheckpoint, s.FrozenTo, len(l.model.Groups))
	}
	if _, err := l.adopted(f.Metadata[fittedKey]); err != nil {
		return fmt.Errorf("%q: %w: %w", name, ErrBadCheckpoint, err)
	}
	return nil
}

// isKept tells whether a checkpoint that names something so means name. Those of before had U+FFFD for each byte that is not
// UTF-8.
func isKept(saved, name string) bool { return saved == name || saved == string([]rune(name)) }

// checkFitted tells how what was fitted differs from what the learner's data fitted, if both fitted something.
func (l *Learner) checkFitted(fitted string) error {
	if c, ok := l.data.(FittedChecker); ok && fitted != "" {
		return c.CheckFitted(fitted)
	}
	return nil
}

// saved lists the checkpoints there are, for an error message.
func (l *Learner) saved() string {
	files, _ := checkpoints(l.data.Dir())
	if len(files) == 0 {
		return " (none was saved yet; run the cell that calls Save)"
	}
	for i, f := range files {
		files[i] = shown(checkpointName(f))
	}
	return fmt.Sprintf(" (there are %s)", strings.Join(files, ", "))
}

// setVariables puts a checkpoint's tensors into the store. The model's own variables must all be there, with their
// shapes; nothing is changed before that is known.
func (l *Learner) setVariables(f *safetensors.File) error {
	values := make(map[string]*tensors.Tensor, len(f.Tensors))
	for _, st := range f.Tensors {
		t, err := l.tensor(f, st)
		if err != nil {
			return err
		}
		values[st.Name] = t
	}
	if !l.ready {
		return l.openFrom(values)
	}
	if err := matches(l.store, values); err != nil {
		return err
	}
	return l.assign(values)
}

// openFrom gives a learner that was never used its variables.
func (l *Learner) openFrom(values map[string]*tensors.Tensor) error {
	fresh, old := model.NewStore(), l.store
	l.store = fresh
	err := l.assign(values)
	if err == nil {
		if err = l.trace(); err != nil {
			err = fmt.Errorf("%w: %w", ErrBadCheckpoint, err)
		}
	}
	if err == nil {
		err = matches(fresh, values)
	}
	if err != nil {
		l.store, l.ready = old, false
		l.forget()
	}
	return err
}

// assign sets variables and the optimizer's state, which is zero where values has none.
func (l *Learner) assign(values map[string]*tensors.Tensor) error {
	if err := l.resetOptimizer(); err != nil {
		return err
	}
	for _, path := range slices.Sorted(maps.Keys(values)) { // in an order, so that the same graph is built of them each time
		t, v := values[path], l.store.GetVariable(path)
		if v == nil {
			var err error
			if v, err = l.store.CreateVariable(path, t); err != nil {
				return err
			}
			v.SetTrainable(!optim.IsState(path))
			continue
		}
		if err := v.SetValue(t); err != nil {
			return err
		}
	}
	return nil
}

// fewOf lists the first few of many.
func fewOf(all []string) string {
	const few = 5
	if len(all) > few {
		return strings.Join(all[:few], ", ") + ", ..."
	}
	return strings.Join(all, ", ")
}

// matches tells which of the model's variables have no value of their shape.
func matches(store *model.Store, values map[string]*tensors.Tensor) error {
	var wrong []string
	for v := range store.IterVariables() {
		if optim.IsState(v.Path()) || nn.IsState(v.Path()) || v.Name() == model.RNGStateVariableName {
			continue
		}
		t, ok := values[v.Path()]
		if !ok {
			wrong = append(wrong, fmt.Sprintf("%s is missing", v.Path()))
		} else if !t.Shape().Equal(v.Shape()) {
			wrong = append(wrong, fmt.Sprintf("%s is %s (want %s)", v.Path(), t.Shape(), v.Shape()))
		}
	}
	if wrong != nil {
		slices.Sort(wrong)
		return fmt.Errorf("%w: %d variables do not fit: %s", ErrBadCheckpoint, len(wrong), fewOf(wrong))
	}
	return nil
}
