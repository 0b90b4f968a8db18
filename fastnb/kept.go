package fastnb

import (
	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// keeper is a backend that keeps tensors on the device beyond this process, under names that tell their content. The
// resident engine is one. What it kept may be gone at any time.
type keeper interface {
	Keep(name string, b compute.Buffer) error
	Recall(name string) (compute.Buffer, error) // nil if it is not kept
}

// worthKeeping is from how many bytes on a tensor is kept on the device: small ones are sent as fast as asked for.
const worthKeeping = 4096

// read returns a tensor of a checkpoint: as the device has kept it since it was saved or loaded before, else from
// the file, and then the device keeps it. That it can't keep it is no error.
func read(be compute.Backend, f *safetensors.File, st safetensors.Tensor) (*tensors.Tensor, error) {
	k, ok := be.(keeper)
	if !ok || len(st.Data) < worthKeeping {
		return decode(st)
	}
	name := keptName(f, st.Name)
	if b, err := k.Recall(name); err == nil && b != nil {
		return tensors.FromBuffer(b)
	}
	t, err := decode(st)
	if err == nil {
		keepTensor(be, k, name, t)
	}
	return t, err
}

// keptName names a tensor by the checksum of the checkpoint that it is part of.
func keptName(f *safetensors.File, name string) string {
	return f.Metadata[safetensors.ChecksumKey] + name
}

func keepTensor(be compute.Backend, k keeper, name string, t *tensors.Tensor) {
	if b, err := t.Buffer(be, 0); err == nil {
		_ = k.Keep(name, b)
	}
}

// keep has the device keep the variables that a checkpoint holds.
func keep(be compute.Backend, f *safetensors.File, vs []*model.Variable) {
	k, ok := be.(keeper)
	if !ok {
		return
	}
	for _, v := range vs {
		if t, err := v.Value(); err == nil && t.Shape().ByteSize() >= worthKeeping {
			keepTensor(be, k, keptName(f, v.Path()), t)
		}
	}
}
