package resident

import (
	"fmt"
	"runtime"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/shapes"

	"github.com/fastnb/fastnb/engine/internal/wire"
)

// executable is a program that the engine has compiled.
type executable struct {
	backend    *Backend
	name       string
	key        []byte
	parameters []string
	inputs     []shapes.Shape
	outputs    []shapes.Shape
}

// Finalize does nothing: the engine keeps the program for the next cell, as long as it has room.
func (e *executable) Finalize() {}

func (e *executable) Inputs() ([]string, []shapes.Shape) { return e.parameters, e.inputs }
func (e *executable) Outputs() []shapes.Shape            { return e.outputs }

// Execute runs the program, and returns when it is done.
func (e *executable) Execute(inputs []compute.Buffer, donate []bool, device compute.DeviceNum) (
	[]compute.Buffer, error) {
	r := &wire.Request{Verb: wire.Run, Key: e.key, Donate: donate,
		Buffers: make([]uint64, len(inputs)), Outputs: make([]uint64, len(e.outputs))}
	if err := e.check(inputs, donate, device); err != nil {
		return nil, err
	}
	for i, in := range inputs {
		r.Buffers[i] = in.(*buffer).number
	}
	last := e.backend.buffers.Add(uint64(len(e.outputs)))
	for i := range r.Outputs {
		r.Outputs[i] = last - uint64(len(e.outputs)-1-i)
	}
	reply, err := e.backend.conn.ask(r)
	runtime.KeepAlive(inputs)
	if err != nil {
		return nil, err
	}
	for i, in := range inputs {
		if len(donate) > 0 && donate[i] {
			in.(*buffer).gone.Store(true)
		}
	}
	return e.results(r.Outputs, reply.Scalars), nil
}

func (e *executable) results(numbers []uint64, scalars []wire.Scalar) []compute.Buffer {
	out := make([]compute.Buffer, len(e.outputs))
	for i, s := range e.outputs {
		out[i] = e.backend.newBuffer(numbers[i], s)
	}
	for _, s := range scalars {
		if s.Output >= 0 && s.Output < len(out) {
			out[s.Output].(*buffer).scalar = s.Data
		}
	}
	return out
}

func (e *executable) check(inputs []compute.Buffer, donate []bool, device compute.DeviceNum) error {
	if device != 0 || len(inputs) != len(e.inputs) || (len(donate) > 0 && len(donate) != len(inputs)) {
		return fmt.Errorf("resident: %q: %d inputs and %d donations on device %d (want %d inputs on device 0)",
			e.name, len(inputs), len(donate), device, len(e.inputs))
	}
	for i, in := range inputs {
		b, ok := in.(*buffer)
		if !ok || b.backend != e.backend {
			return fmt.Errorf("resident: %q: input %d is no buffer of this engine", e.name, i)
		}
		if err := b.valid(); err != nil {
			return fmt.Errorf("%w, as input %d of %q", err, i, e.name)
		}
		if !b.shape.Equal(e.inputs[i]) {
			return fmt.Errorf("resident: %q: input %d (%s) is %s, want %s", e.name, i, e.parameters[i], b.shape, e.inputs[i])
		}
	}
	return nil
}
