package fastnb

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/fastnb/fastnb/fastnb/safetensors"
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

	Unfinished *unfinished `json:"unfinished,omitempty"` // nil where no fit was in progress
}

// A recorder of millions of batches is longer than the header of a file may be: in a checkpoint it is then a tensor of
// bytes.

const (
	historyName = "/fastnb/recorder"
	mostHistory = 100_000 // numbers of a recorder in the header, 25 bytes each
)

// putHistory takes a long recorder out of the state of a checkpoint and puts it among the tensors.
func putHistory(f *safetensors.File, s *state) error {
	if r := s.Recorder; 4*len(r.Loss)+(4+len(r.Metrics))*len(r.Epochs) <= mostHistory {
		return nil
	}
	text, err := json.Marshal(s.Recorder)
	if err != nil {
		return err
	}
	f.Tensors = append(f.Tensors, safetensors.Tensor{Name: historyName, DType: "U8", Shape: []int{len(text)}, Data: text})
	s.Recorder = nil
	return nil
}

// takeHistory undoes what putHistory did.
func takeHistory(f *safetensors.File, s *state) error {
	if s.Recorder != nil {
		return nil
	}
	i := slices.IndexFunc(f.Tensors, func(t safetensors.Tensor) bool { return t.Name == historyName })
	if i < 0 {
		return errors.New("it has no fastnb state")
	}
	s.Recorder = &Recorder{}
	err := json.Unmarshal(f.Tensors[i].Data, s.Recorder)
	f.Tensors = slices.Delete(f.Tensors, i, i+1)
	return err
}
