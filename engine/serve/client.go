package serve

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"

	"github.com/fastnb/fastnb/engine/internal/wire"
)

// client is one connection with what it holds.
type client struct {
	server *Server
	socket *net.UnixConn
	in     *rightsReader
	began  time.Time

	sending sync.Mutex
	out     *bufio.Writer

	working sync.WaitGroup // requests that are answered beside the others

	mu       sync.Mutex
	owner    string
	holder   int // the process for which it connects, or 0
	buffers  map[uint64]*tensor
	programs map[string]*program
	arenas   map[uint64][]byte
	bytes    int64
	runs     int64
}

func newClient(s *Server, socket *net.UnixConn) *client {
	return &client{server: s, socket: socket, in: newRightsReader(socket), out: bufio.NewWriterSize(socket, 1<<16), began: time.Now(),
		buffers: map[uint64]*tensor{}, programs: map[string]*program{}, arenas: map[uint64][]byte{}}
}

// errHostile ends a connection.
var errHostile = errors.New("a message that no client of ours sends")

// serve answers requests until the connection ends, then frees what it held.
func (c *client) serve() {
	defer c.free()
	for greeted := false; ; {
		r := new(wire.Request)
		if err := wire.ReadFrame(c.in, r); err != nil {
			return
		}
		if !greeted && r.Verb != wire.Hello {
			return
		}
		greeted = true
		if _, err := try(func(r *wire.Request) (*wire.Reply, error) { return nil, c.do(r) }, r); err != nil {
			say("the connection of %q ends: %v", c.status().Owner, err)
			return
		}
	}
}

// do does what a request asks for; an error ends the connection. What may take long runs beside the rest.
func (c *client) do(r *wire.Request) error {
	switch r.Verb {
	case wire.Hello:
		return c.hello(r)
	case wire.Put:
		return c.put(r)
	case wire.Free:
		c.forget(r.Buffers)
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

// bye tells why the engine ends, and closes the connection. It does not wait for a client that does not listen.
func (c *client) bye(why string) {
	c.socket.SetWriteDeadline(time.Now().Add(time.Second))
	c.sending.Lock()
	defer c.sending.Unlock()
	if wire.WriteFrame(c.out, &wire.Reply{Error: why}) == nil {
		c.out.Flush()
	}
	c.socket.Close()
}

// beside answers a request while others are read.
func (c *client) beside(r *wire.Request, do func(*wire.Request) (*wire.Reply, error)) {
	c.working.Add(1)
	go func() {
		defer c.working.Done()
		reply, err := try(do, r)
		c.answer(r, reply, err)
	}()
}

// try makes an error of a panic of the backend.
func try(do func(*wire.Request) (*wire.Reply, error), r *wire.Request) (reply *wire.Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	return do(r)
}

func (c *client) answer(r *wire.Request, reply *wire.Reply, err error) error {
	if r.Seq == 0 {
		return nil
	}
	if reply == nil {
		reply = &wire.Reply{}
	}
	if reply.Seq = r.Seq; err != nil {
		reply.Error = err.Error()
	}
	c.sending.Lock()
	defer c.sending.Unlock()
	err = wire.WriteFrame(c.out, reply)
	if errors.Is(err, wire.ErrTooLarge) {
		err = wire.WriteFrame(c.out, &wire.Reply{Seq: r.Seq, Error: err.Error()})
	}
	if err == nil {
		err = c.out.Flush()
	}
	if err != nil {
		c.socket.Close() // nobody is to wait for an answer that does not come
	}
	return err
}

// put makes a buffer of values. A client that asked for no reply hears of an error where it uses the buffer.
func (c *client) put(r *wire.Request) error {
	t := newTensor(c.fill(r))
	if err := c.hold(r.Buffer, t); err != nil {
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
		if data, err = c.arena(r.Arena, shape.ByteSize()); err != nil {
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

// arena returns the first n bytes of shared memory.
func (c *client) arena(number uint64, n int64) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	memory := c.arenas[number]
	if int64(len(memory)) < n {
		return nil, fmt.Errorf("no arena %d of %d bytes", number, n)
	}
	return memory[:n], nil
}

// share takes memory that the client shares, or gives it back.
func (c *client) share(r *wire.Request) error {
	c.unshare(r.Arena)
	if r.Size == 0 {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.arenas) >= maxArenas {
		c.in.close()
		return fmt.Errorf("more than %d arenas", maxArenas)
	}
	memory, err := c.in.memory(r.Size)
	if err != nil {
		return err
	}
	c.arenas[r.Arena] = memory
	return nil
}

// unshare gives shared memory back, when work that may be reading or writing there is done.
func (c *client) unshare(number uint64) {
	c.mu.Lock()
	old := c.arenas[number]
	delete(c.arenas, number)
	c.mu.Unlock()
	if old != nil {
		c.working.Wait()
		unmap(old)
	}
}

const maxArenas = 64

// hold makes t the buffer of that number, which must be new.
func (c *client) hold(number uint64, t *tensor) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.buffers[number] != nil || number == 0 {
		t.letGo()
		return errHostile
	}
	c.buffers[number] = t
	c.bytes += t.bytes()
	return nil
}

// forget drops buffers. Numbers that are not there are no error: what was donated is gone already.
func (c *client) forget(numbers []uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range numbers {
		if c.buffers[n] != nil {
			c.drop(n)
		}
	}
}

// drop takes a buffer from the table; work that is under way may go on with it.
func (c *client) drop(number uint64) {
	t := c.buffers[number]
	delete(c.buffers, number)
	c.bytes -= t.bytes()
	t.letGo()
}

// use returns the tensors of the numbers, held for the caller.
func (c *client) use(numbers []uint64) ([]*tensor, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := make([]*tensor, len(numbers))
	for i, n := range numbers {
		t := c.buffers[n]
		switch {
		case t == nil:
			return nil, fmt.Errorf("no buffer %d", n)
		case t.err != nil:
			return nil, fmt.Errorf("buffer %d: %w", n, t.err)
		}
		found[i] = t
	}
	for _, t := range found {
		t.hold()
	}
	return found, nil
}

func letGo(all []*tensor) {
	for _, t := range all {
		t.letGo()
	}
}

func (c *client) get(r *wire.Request) (*wire.Reply, error) {
	found, err := c.use([]uint64{r.Buffer})
	if err != nil {
		return nil, err
	}
	defer letGo(found)
	t, reply := found[0], &wire.Reply{}
	var into []byte
	if r.Arena != 0 {
		into, err = c.arena(r.Arena, t.bytes())
	} else {
		into = make([]byte, t.bytes())
		reply.Data = into
	}
	if err != nil {
		return nil, err
	}
	return reply, copyOut(t, into)
}

// copyOut copies a tensor's values.
func copyOut(t *tensor, into []byte) error {
	flat, err := flatView(t.shape, into)
	if err != nil {
		return err
	}
	if err := t.buffer.ToFlatData(flat); err != nil {
		return err
	}
	copy(into, dtypes.UnsafeByteSliceFromAny(flat)) // where flat is no view
	return nil
}

// keep lets a buffer outlive the connection.
func (c *client) keep(r *wire.Request) error {
	found, err := c.use([]uint64{r.Buffer})
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
	if err := c.hold(r.Buffer, t); err != nil {
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

func (c *client) run(r *wire.Request) (*wire.Reply, error) {
	c.mu.Lock()
	p := c.programs[string(r.Key)]
	c.runs++
	c.mu.Unlock()
	if p == nil {
		return nil, errors.New("no such program")
	}
	in, err := c.use(r.Buffers)
	if err != nil {
		return nil, err
	}
	defer letGo(in)
	if err := fits(p, in, r); err != nil {
		return nil, err
	}
	inputs := make([]compute.Buffer, len(in))
	for i, t := range in {
		inputs[i] = t.buffer
	}
	donate := c.donate(in, r)
	out, err := p.exec.Execute(inputs, donate, 0)
	if err != nil {
		c.undonate(in, donate, r)
		return nil, err
	}
	for i := range donate {
		if donate[i] {
			in[i].buffer = nil // the backend has destroyed it
		}
	}
	c.server.programs.run(p)
	scalars, err := scalarsOf(p, out)
	if err != nil {
		return nil, err
	}
	return &wire.Reply{Scalars: scalars}, c.holdAll(p, r.Outputs, out)
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
	if len(in) != len(shapes) || len(r.Outputs) != len(p.exec.Outputs()) || (len(r.Donate) > 0 && len(r.Donate) != len(in)) {
		return fmt.Errorf("%d inputs, %d outputs and %d donations (want %d inputs and %d outputs)",
			len(in), len(r.Outputs), len(r.Donate), len(shapes), len(p.exec.Outputs()))
	}
	for i, t := range in {
		if !t.shape.Equal(shapes[i]) {
			return fmt.Errorf("input %d is %s (want %s)", i, t.shape, shapes[i])
		}
	}
	return nil
}

// donate takes the buffers that the program may overwrite from the table, and says which of them it really may: those
// that nothing else holds.
func (c *client) donate(in []*tensor, r *wire.Request) []bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	really := make([]bool, len(r.Donate))
	for i := range r.Donate {
		if r.Donate[i] && c.buffers[r.Buffers[i]] == in[i] {
			c.drop(r.Buffers[i])
			really[i] = in[i].holders.Load() == 1
		}
	}
	return really
}

// undonate puts back what a run that failed did not take.
func (c *client) undonate(in []*tensor, donate []bool, r *wire.Request) {
	for i := range donate {
		if r.Donate[i] && in[i].buffer != nil {
			in[i].hold()
			c.hold(r.Buffers[i], in[i])
		}
	}
}

func (c *client) holdAll(p *program, numbers []uint64, out []compute.Buffer) error {
	for i, b := range out {
		if err := c.hold(numbers[i], newTensor(b, p.exec.Outputs()[i], nil)); err != nil {
			return err
		}
	}
	return nil
}

// free lets go of everything, when the connection has ended and the work for it is done.
func (c *client) free() {
	c.socket.Close()
	c.working.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	for n := range c.buffers {
		c.drop(n)
	}
	for _, p := range c.programs {
		c.server.programs.leave(p)
	}
	for _, memory := range c.arenas {
		unmap(memory)
	}
	c.in.close()
}

func (c *client) status() wire.ClientStatus {
	c.mu.Lock()
	defer c.mu.Unlock()
	return wire.ClientStatus{Owner: c.owner, Seconds: time.Since(c.began).Seconds(), Buffers: len(c.buffers), Bytes: c.bytes,
		Programs: len(c.programs), Runs: c.runs}
}
