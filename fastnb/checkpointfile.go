package fastnb

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/fastnb/fastnb/internal/atomicfile"
	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// checkpoint is what Save writes and Load reads: variables and a learner's state, in a file.
type checkpoint struct {
	file  *safetensors.File
	state *state
}

// newCheckpoint collects everything that Save writes.
func newCheckpoint(n *net, vs []*model.Variable, data Data, s *state) (*checkpoint, error) {
	f := &safetensors.File{Metadata: map[string]string{}}
	for _, v := range vs {
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
	if err := putHistory(f, s); err != nil {
		return nil, err
	}
	meta, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	if err := putFitted(f, data); err != nil {
		return nil, err
	}
	f.Metadata[stateKey] = string(meta)
	n.metadata.put(f)
	f.Metadata[safetensors.ChecksumKey] = f.Checksum(signed(f.Metadata))
	return &checkpoint{f, s}, nil
}

// putFitted puts what the data fitted into a checkpoint.
func putFitted(f *safetensors.File, data Data) error {
	d, ok := data.(Fitted)
	if !ok {
		return nil
	}
	text, err := d.Fitted()
	if err == nil && !utf8.ValidString(text) {
		err = fmt.Errorf("what the data fitted is not UTF-8, and so can't be kept in a checkpoint: "+
			"have the Fitted of %T give JSON or base64", d)
	}
	f.Metadata[fittedKey] = text
	return err
}

// checkKept tells before a fit what could not be kept after it.
func checkKept(vs []*model.Variable, data Data) error {
	for _, v := range vs {
		if !utf8.ValidString(v.Path()) {
			return fmt.Errorf("the variable %q is not UTF-8, and so can't be kept in a checkpoint; use another scope", v.Path())
		}
	}
	return putFitted(&safetensors.File{Metadata: map[string]string{}}, data)
}

// fitted is what the data fitted of the model in the checkpoint, "" if nothing.
func (c *checkpoint) fitted() string { return c.file.Metadata[fittedKey] }

// values returns the values of the variables, by path.
func (c *checkpoint) values(be compute.Backend) (map[string]*tensors.Tensor, error) {
	values := make(map[string]*tensors.Tensor, len(c.file.Tensors))
	for _, st := range c.file.Tensors {
		t, err := read(be, c.file, st)
		if err != nil {
			return nil, err
		}
		values[st.Name] = t
	}
	return values, nil
}

// write writes the checkpoint; when it is on the disk the file at path, if there is one, gets a second name: NAME.prev.
func (c *checkpoint) write(path string) error {
	out, err := atomicfile.Create(path, 0o644)
	if err != nil {
		return err
	}
	defer out.Discard()
	if err := errors.Join(safetensors.Write(out, c.file), out.Sync()); err != nil {
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

// checkpointPath returns the file of a checkpoint under the folder dir, the Dir of the data.
func checkpointPath(dir, name string) (string, error) {
	if name != filepath.Base(name) || !filepath.IsLocal(name) || strings.HasPrefix(name, ".") {
		return "", fmt.Errorf("%q is no name for a checkpoint; use letters and digits, no path", name)
	}
	return filepath.Join(dir, "models", name+checkpointExt), nil
}

// newCheckpointPath is checkpointPath of one that is to be written, into a folder that it makes if need be. Where a
// file of that name can't be, it says so: callbacks ask it before the first batch.
func newCheckpointPath(dir, name string) (string, error) {
	path, err := checkpointPath(dir, name)
	if err != nil {
		return "", err
	}
	if of, is := strings.CutSuffix(name, ".prev"); is {
		return "", fmt.Errorf("%q is no name for a checkpoint to save: it is where the one before %q is kept; use another",
			name, of)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	longest := filepath.Join(filepath.Dir(path), "."+filepath.Base(previous(path))+".0123456789") // while it is written
	if _, err := os.Lstat(longest); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%q is no name for a checkpoint: %w; use a short one of letters and digits", name,
			errors.Unwrap(err))
	}
	return path, nil
}

// namedCheckpoint reads the checkpoint of that name under the folder dir.
func namedCheckpoint(dir, name string) (*checkpoint, error) {
	path, err := checkpointPath(dir, name)
	if err != nil {
		return nil, err
	}
	c, err := readCheckpoint(path)
	if errors.Is(err, ErrNoCheckpoint) {
		return nil, fmt.Errorf("%q in %s: %w%s", name, filepath.Dir(path), ErrNoCheckpoint, saved(dir))
	}
	if err != nil {
		return nil, damaged(path, name, err)
	}
	return c, nil
}

// readCheckpoint reads a file and checks that it is whole. ErrNoCheckpoint if there is none, else ErrBadCheckpoint.
func readCheckpoint(path string) (*checkpoint, error) {
	c, err := readWhole(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrNoCheckpoint
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrBadCheckpoint, err)
	}
	return c, nil
}

func readWhole(path string) (*checkpoint, error) {
	f, err := safetensors.Read(path)
	if err != nil {
		return nil, err
	}
	s, err := parseState(f.Metadata)
	if err != nil {
		return nil, err
	}
	if f.Checksum(signed(f.Metadata)) != f.Metadata[safetensors.ChecksumKey] {
		return nil, errors.New("its checksum is wrong")
	}
	if err := takeHistory(f, s); err != nil {
		return nil, err
	}
	return &checkpoint{f, s}, nil
}

// readState reads what a checkpoint holds besides the variables. It does not read those if it can do without, and so
// sees no damage to them.
func readState(path string) (*state, error) {
	metadata, err := safetensors.ReadMetadata(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadCheckpoint, err)
	}
	s, err := parseState(metadata)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadCheckpoint, err)
	}
	if s.Recorder != nil {
		return s, nil
	}
	c, err := readCheckpoint(path) // the history is too long for the metadata
	if err != nil {
		return nil, err
	}
	return c.state, nil
}

// parseState reads what a checkpoint's metadata hold.
func parseState(metadata map[string]string) (*state, error) {
	s := &state{}
	if err := json.Unmarshal([]byte(metadata[stateKey]), s); err != nil {
		return nil, errors.New("it has no fastnb state")
	}
	return s, nil
}

// ReadFitted returns what the data of a checkpoint's learner fitted; the file is models/NAME.safetensors under its Dir.
// See Fitted. ErrBadCheckpoint if the file is damaged or holds nothing of the kind.
func ReadFitted(path string) (fitted string, err error) {
	defer verb.Name(&err, "fastnb: ReadFitted")
	c, err := readCheckpoint(path)
	if err == nil && c.fitted() == "" {
		err = fmt.Errorf("%w: its data fitted nothing", ErrBadCheckpoint)
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return c.fitted(), nil
}

// ReadMetadata returns what belongs to the model of a checkpoint besides its variables: what its learner was given by
// WithMetadata, under the same keys, and under "fitted" what its data fitted, if they did; see Fitted. The file is
// models/NAME.safetensors under the data's Dir. ErrNoCheckpoint if there is none, ErrBadCheckpoint if it is damaged.
func ReadMetadata(path string) (found map[string]string, err error) {
	defer verb.Name(&err, "fastnb: ReadMetadata")
	c, err := readCheckpoint(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	found = map[string]string{}
	for key, value := range c.file.Metadata {
		if name, is := strings.CutPrefix(key, modelKey); is || key == fittedKey {
			found[name] = value
		}
	}
	return found, nil
}

func damaged(path, name string, err error) error {
	err = fmt.Errorf("%q: %w", name, err)
	if _, missing := os.Stat(previous(path)); missing == nil {
		return fmt.Errorf("%w; the one before it is %q", err, name+".prev")
	}
	return fmt.Errorf("%w; save it again", err)
}

// isKept tells whether a checkpoint that names something so means name. Those of before had U+FFFD for each byte that
// is not UTF-8.
func isKept(saved, name string) bool { return saved == name || saved == string([]rune(name)) }

// checkpoints lists the files of the checkpoints under a folder.
func checkpoints(dir string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(dir, "models"))
	if os.IsNotExist(err) {
		return nil, nil
	}
	var paths []string
	for _, e := range entries {
		if name := e.Name(); strings.HasSuffix(name, checkpointExt) && !strings.HasPrefix(name, ".") {
			paths = append(paths, filepath.Join(dir, "models", name))
		}
	}
	return paths, err
}

const checkpointExt = safetensors.Ext

func checkpointName(path string) string {
	return strings.TrimSuffix(filepath.Base(path), checkpointExt)
}

// saved lists the checkpoints there are, for an error message.
func saved(dir string) string {
	files, _ := checkpoints(dir)
	if len(files) == 0 {
		return " (none was saved yet; run the cell that calls Save)"
	}
	for i, f := range files {
		files[i] = shown(checkpointName(f))
	}
	return fmt.Sprintf(" (there are %s)", strings.Join(files, ", "))
}
