package fastnb

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/fastnb/fastnb/fastnb/safetensors"
)

// A recorder of millions of batches is longer than the header of a file may be: in a checkpoint it is then a tensor of bytes.

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
