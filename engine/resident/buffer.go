package resident

import (
	"fmt"
	"runtime"
	"sync/atomic"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"

	"github.com/fastnb/fastnb/engine/internal/wire"
)

// buffer is a tensor that the engine holds.
type buffer struct {
	backend *Backend
	number  uint64
	shape   shapes.Shape
	scalar  []byte // the value, where it came with the reply of Run
	gone    *atomic.Bool
}

// newBuffer makes the handle of the buffer of that number; when the handle is garbage the engine forgets the buffer.
func (be *Backend) newBuffer(number uint64, shape shapes.Shape) *buffer {
	b := &buffer{backend: be, number: number, shape: shape, gone: new(atomic.Bool)}
	c, gone := be.conn, b.gone
	runtime.AddCleanup(b, func(number uint64) {
		if !gone.Swap(true) {
			c.free(number)
		}
	}, number)
	return b
}

// BufferFromFlatData copies values to the engine. flat is a slice of the shape's Go type.
func (be *Backend) BufferFromFlatData(device compute.DeviceNum, flat any, shape shapes.Shape) (compute.Buffer, error) {
	data := dtypes.UnsafeByteSliceFromAny(flat)
	if device != 0 || shape.DType.IsPacked() || int64(len(data)) != shape.ByteSize() {
		return nil, fmt.Errorf("resident: %d bytes for a tensor of shape %s on device %d", len(data), shape, device)
	}
	r := &wire.Request{Verb: wire.Put, Buffer: be.buffers.Add(1), Shape: wire.FromShape(shape)}
	if err := be.put(r, data); err != nil {
		return nil, err
	}
	return be.newBuffer(r.Buffer, shape), nil
}

func (be *Backend) put(r *wire.Request, data []byte) error {
	if len(data) > small {
		a, err := be.arenas.take(len(data))
		if err != nil {
			return err
		}
		if a != nil {
			defer be.arenas.give(a)
			copy(a.data, data)
			r.Arena = a.number
			_, err = be.conn.ask(r)
			return err
		}
	}
	r.Data = data
	return be.conn.tell(r)
}

func (b *buffer) Backend() compute.Backend { return b.backend }

// Finalize has the engine forget the buffer.
func (b *buffer) Finalize() error {
	if !b.gone.Swap(true) {
		b.backend.conn.free(b.number)
	}
	return nil
}

func (b *buffer) Shape() (shapes.Shape, error)          { return b.shape, b.valid() }
func (b *buffer) DeviceNum() (compute.DeviceNum, error) { return 0, b.valid() }
func (b *buffer) Data() (any, error)                    { return nil, errNotShared }
func (be *Backend) HasSharedBuffers() bool              { return false }

func (be *Backend) NewSharedBuffer(compute.DeviceNum, shapes.Shape) (compute.Buffer, any, error) {
	return nil, nil, errNotShared
}

var errNotShared = fmt.Errorf("resident: %w for buffers in the engine's own memory", compute.ErrNotImplemented)

func (b *buffer) valid() error {
	if b.gone.Load() {
		return fmt.Errorf("resident: a buffer of shape %s that was finalized or donated", b.shape)
	}
	return nil
}

// ToFlatData copies the values into flat, a slice of the shape's Go type and size.
func (b *buffer) ToFlatData(flat any) error {
	if err := b.valid(); err != nil {
		return err
	}
	into := dtypes.UnsafeByteSliceFromAny(flat)
	if int64(len(into)) != b.shape.ByteSize() {
		return fmt.Errorf("resident: room for %d bytes, for a tensor of shape %s", len(into), b.shape)
	}
	if len(b.scalar) == len(into) && len(into) > 0 {
		copy(into, b.scalar)
		return nil
	}
	defer runtime.KeepAlive(b)
	return b.backend.get(b.number, into)
}

func (be *Backend) get(number uint64, into []byte) error {
	r := &wire.Request{Verb: wire.Get, Buffer: number}
	var a *arena
	if len(into) > small {
		var err error
		if a, err = be.arenas.take(len(into)); err != nil {
			return err
		}
	}
	if a != nil {
		defer be.arenas.give(a)
		r.Arena = a.number
	}
	reply, err := be.conn.ask(r)
	if err != nil {
		return err
	}
	if a != nil {
		copy(into, a.data)
		return nil
	}
	if copy(into, reply.Data) != len(into) {
		return fmt.Errorf("resident: the engine gave %d of %d bytes", len(reply.Data), len(into))
	}
	return nil
}

// CopyToDevice is an error: there is one device.
func (b *buffer) CopyToDevice(n compute.DeviceNum) (compute.Buffer, error) {
	return nil, fmt.Errorf("resident: no device %d to copy to", n)
}

// Keep lets a buffer outlive the connection, under a name that tells its content. Of what is kept the least recently
// used goes first when there is no room.
func (be *Backend) Keep(name string, b compute.Buffer) error {
	own, ok := b.(*buffer)
	if !ok || own.backend != be {
		return fmt.Errorf("resident: Keep: a %T that is no buffer of this engine", b)
	}
	if err := own.valid(); err != nil {
		return err
	}
	defer runtime.KeepAlive(own)
	_, err := be.conn.ask(&wire.Request{Verb: wire.Keep, Buffer: own.number, Name: name})
	return err
}

// Recall returns the buffer that is kept under a name; nil if there is none.
func (be *Backend) Recall(name string) (compute.Buffer, error) {
	number := be.buffers.Add(1)
	reply, err := be.conn.ask(&wire.Request{Verb: wire.Recall, Buffer: number, Name: name})
	if err != nil || !reply.Found {
		return nil, err
	}
	shape, err := reply.Shape.Of()
	if err != nil {
		return nil, fmt.Errorf("resident: Recall: %w", err)
	}
	return be.newBuffer(number, shape), nil
}
