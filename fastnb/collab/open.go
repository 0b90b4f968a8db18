package collab

import (
	"encoding/json"
	"errors"

	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/internal/verb"
)

// netKey is the key of a checkpoint's metadata that holds what the net is made of.
const netKey = "collab"

// kept is what a checkpoint keeps under netKey, as JSON.
type kept struct {
	User string `json:"user"` // columns
	Item string `json:"item"`
	net
}

// OpenOption is an option of Open.
type OpenOption interface{ open(*domain.Settings) }

// Open returns the learner of a checkpoint without its data: path is the checkpoint's file, models/NAME.safetensors
// under the data's WorkDir. It predicts and recommends as the learner that was saved, but knows no ratings: Recommend
// leaves out nothing, and each Item's Ratings are 0. To train it, give it ratings by SetData. The error wraps
// fastnb.ErrNoCheckpoint or fastnb.ErrBadCheckpoint.
func Open(path string, opts ...OpenOption) (l *Learner, err error) {
	defer verb.Name(&err, "collab: Open")
	var c config
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
	data *Data // without ratings
	net  net
}

// parseModel makes data and net of a checkpoint's metadata.
func parseModel(metadata map[string]string, dir string) (s saved, err error) {
	data, err := tabular.FromFitted(metadata["fitted"], dir)
	if err != nil {
		return s, err
	}
	text, there := metadata[netKey]
	if !there {
		return s, errors.New("it holds no factors and no range: it is of another learner, or of one before those " +
			"were kept; if so, Load it into NewLearner's on its data, and Save it again")
	}
	var k kept
	err = json.Unmarshal([]byte(text), &k)
	return saved{&Data{data, k.User, k.Item}, k.net}, err
}
