package serve

import (
	"github.com/gomlx/compute"
	"github.com/gomlx/compute/shapes"

	"github.com/fastnb/fastnb/engine/internal/wire"
)

// do does what a request asks for; an error ends the connection. What may take long runs beside the rest.
func (c *client) do(r *wire.Request) error {
	switch r.Verb {
	case wire.Hello:
		return c.hello(r)
	case wire.Put:
		return c.put(r)
	case wire.Free:
		c.buffers.remove(r.Buffers)
		return nil
	case wire.Share:
		return c.answer(r, nil, c.share(r))
	case wire.Compile:
		c.beside(r, c.compile)
	case wire.Get:
		c.beside(r, c.get)
	case wire.Run:
		c.beside(r, c.run)
	case wire.Keep:
		return c.answer(r, nil, c.keep(r))
	case wire.Recall:
		return c.recall(r)
	case wire.Status:
		return c.answer(r, &wire.Reply{Status: c.server.statusFor(c)}, nil)
	case wire.Release:
		c.server.Release()
		return c.answer(r, nil, nil)
	case wire.Stop:
		return c.stop(r)
	default:
		return errHostile
	}
	return nil
}

func (c *client) hello(r *wire.Request) error {
	c.server.hold(r.Holder)
	c.mu.Lock()
	c.owner = r.Owner
	if r.Holder != nil {
		c.holder = r.Holder.PID
	}
	c.mu.Unlock()
	about := c.server.about
	return c.answer(r, &wire.Reply{Engine: &about}, nil)
}

// stop ends the engine, or says who uses it.
func (c *client) stop(r *wire.Request) error {
	if c.server.end(c, r) {
		return c.answer(r, &wire.Reply{Found: true}, nil)
	}
	return c.answer(r, &wire.Reply{Status: c.server.statusFor(c)}, nil)
}

// put makes a buffer of values. A client that asked for no reply hears of an error where it uses the buffer.
func (c *client) put(r *wire.Request) error {
	t := newTensor(c.fill(r))
	if err := c.buffers.add(r.Buffer, t); err != nil {
		return err
	}
	return c.answer(r, nil, t.err)
}

func (c *client) fill(r *wire.Request) (compute.Buffer, shapes.Shape, error) {
	shape, err := r.Shape.Of()
	if err != nil {
		return nil, shape, err
	}
	data := r.Data
	if r.Arena != 0 {
		if data, err = c.arenas.first(r.Arena, shape.ByteSize()); err != nil {
			return nil, shape, err
		}
	}
	flat, err := flatView(shape, data)
	if err != nil {
		return nil, shape, err
	}
	b, err := c.server.backend.BufferFromFlatData(0, flat, shape)
	return b, shape, err
}

// share takes memory that the client shares, or gives it back.
func (c *client) share(r *wire.Request) error {
	c.arenas.remove(r.Arena, &c.working)
	if r.Size == 0 {
		return nil
	}
	return c.arenas.add(r.Arena, c.in, r.Size)
}

// get copies a buffer out.
func (c *client) get(r *wire.Request) (*wire.Reply, error) {
	found, err := c.buffers.use([]uint64{r.Buffer})
	if err != nil {
		return nil, err
	}
	defer letGo(found)
	t, reply := found[0], &wire.Reply{}
	var into []byte
	if r.Arena != 0 {
		into, err = c.arenas.first(r.Arena, t.bytes())
	} else {
		into = make([]byte, t.bytes())
		reply.Data = into
	}
	if err != nil {
		return nil, err
	}
	return reply, copyOut(t, into)
}

// keep lets a buffer outlive the connection.
func (c *client) keep(r *wire.Request) error {
	found, err := c.buffers.use([]uint64{r.Buffer})
	if err != nil {
		return err
	}
	defer letGo(found)
	c.server.kept.keep(r.Name, found[0])
	return nil
}

// recall makes what is kept under a name a buffer of the client.
func (c *client) recall(r *wire.Request) error {
	t := c.server.kept.recall(r.Name)
	if t == nil {
		return c.answer(r, nil, nil)
	}
	if err := c.buffers.add(r.Buffer, t); err != nil {
		return err
	}
	return c.answer(r, &wire.Reply{Found: true, Shape: wire.FromShape(t.shape)}, nil)
}

func (c *client) compile(r *wire.Request) (*wire.Reply, error) {
	p, err := c.server.programs.find(r.Key)
	if p == nil && err == nil && len(r.Program) > 0 {
		p, err = c.server.programs.compile(r.Name, r.Key, r.Program)
	}
	if err != nil || p == nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.programs[string(r.Key)] != nil {
		defer c.server.programs.leave(p)
	}
	c.programs[string(r.Key)] = p
	return &wire.Reply{Found: true}, nil
}
