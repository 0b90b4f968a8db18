package fastnb

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/internal/atomicfile"
)

// SavePreds keeps predictions beside the checkpoints, as models/NAME.preds.json under the data's Dir, so that another
// cell can look at them without predicting again. The file is whole or not there.
func (l *Learner) SavePreds(name string, p *Preds) error {
	path, err := l.predsPath(name)
	if err != nil {
		return failed("SavePreds", err)
	}
	text, err := json.Marshal(p)
	if err != nil {
		return failed("SavePreds", err)
	}
	return failed("SavePreds", errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), atomicfile.Write(path, text, 0o644)))
}

// LoadPreds reads predictions that SavePreds kept. ErrNoCheckpoint if there are none of that name.
func (l *Learner) LoadPreds(name string) (*Preds, error) {
	path, err := l.predsPath(name)
	if err != nil {
		return nil, failed("LoadPreds", err)
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, failed("LoadPreds", fmt.Errorf("%q: %w; run the cell that calls SavePreds", name, ErrNoCheckpoint))
	}
	if err != nil {
		return nil, failed("LoadPreds", err)
	}
	p := &Preds{}
	if err := json.Unmarshal(text, p); err != nil {
		return nil, failed("LoadPreds", fmt.Errorf("%s: %w", path, err))
	}
	return p, nil
}

func (l *Learner) predsPath(name string) (string, error) {
	if _, err := l.checkpointPath(name); err != nil {
		return "", err
	}
	return filepath.Join(l.data.Dir(), "models", name+".preds.json"), nil
}
