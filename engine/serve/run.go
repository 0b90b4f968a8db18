package serve

import (
	"errors"
	"fmt"

	"github.com/gomlx/compute"

	"github.com/fastnb/fastnb/engine/internal/wire"
)

// run runs a program of the client on buffers of its table, and puts the results there.
func (c *client) run(r *wire.Request) (*wire.Reply, error) {
	p, err := c.toRun(r.Key)
	if err != nil {
		return nil, err
	}
	in, err := c.buffers.use(r.Buffers)
	if err != nil {
		return nil, err
	}
	defer letGo(in)
	if err := fits(p, in, r); err != nil {
		return nil, err
	}
	out, err := c.execute(p, in, r)
	if err != nil {
		return nil, err
	}
	c.server.programs.run(p)
	scalars, err := scalarsOf(p, out)
	if err != nil {
		return nil, err
	}
	return &wire.Reply{Scalars: scalars}, c.addAll(p, r.Outputs, out)
}

// toRun returns the client's program of the key, and counts a run.
func (c *client) toRun(key []byte) (*program, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.runs++
	if p := c.programs[string(key)]; p != nil {
		return p, nil
	}
	return nil, errors.New("no such program")
}

// execute has the backend run a program, with the buffers donated that may be.
func (c *client) execute(p *program, in []*tensor, r *wire.Request) ([]compute.Buffer, error) {
	inputs := make([]compute.Buffer, len(in))
	for i, t := range in {
		inputs[i] = t.buffer
	}
	donate := c.buffers.donate(r.Buffers, in, r.Donate)
	out, err := p.exec.Execute(inputs, donate, 0)
	if err != nil {
		c.buffers.putBack(r.Buffers, in, r.Donate)
		return nil, err
	}
	for i := range donate {
		if donate[i] {
			in[i].buffer = nil // the backend has destroyed it
		}
	}
	return out, nil
}

// scalarsOf reads the outputs that are single numbers.
func scalarsOf(p *program, out []compute.Buffer) (all []wire.Scalar, err error) {
	for i, shape := range p.exec.Outputs() {
		if shape.IsScalar() {
			t := &tensor{buffer: out[i], shape: shape}
			s := wire.Scalar{Output: i, Data: make([]byte, shape.ByteSize())}
			if err := copyOut(t, s.Data); err != nil {
				return nil, err
			}
			all = append(all, s)
		}
	}
	return all, nil
}

// fits checks a run against the program: a backend may crash on what does not fit.
func fits(p *program, in []*tensor, r *wire.Request) error {
	_, shapes := p.exec.Inputs()
	outputs := len(p.exec.Outputs())
	donations := len(r.Donate) == 0 || len(r.Donate) == len(in)
	if len(in) != len(shapes) || len(r.Outputs) != outputs || !donations {
		return fmt.Errorf("%d inputs, %d outputs and %d donations (want %d inputs and %d outputs)",
			len(in), len(r.Outputs), len(r.Donate), len(shapes), outputs)
	}
	for i, t := range in {
		if !t.shape.Equal(shapes[i]) {
			return fmt.Errorf("input %d is %s (want %s)", i, t.shape, shapes[i])
		}
	}
	return nil
}

// addAll puts the results of a run into the table.
func (c *client) addAll(p *program, numbers []uint64, out []compute.Buffer) error {
	for i, b := range out {
		if err := c.buffers.add(numbers[i], newTensor(b, p.exec.Outputs()[i], nil)); err != nil {
			return err
		}
	}
	return nil
}
