package serve

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"

	"github.com/fastnb/fastnb/engine/internal/wire"
)

// tensor is a buffer of the backend, or why there is none. It is held by a connection's table, by each piece of work
// that uses it, and by what is kept; the last to let go frees it.
type tensor struct {
	buffer  compute.Buffer
	shape   shapes.Shape
	err     error
	holders atomic.Int32
}

func newTensor(buffer compute.Buffer, shape shapes.Shape, err error) *tensor {
	t := &tensor{buffer: buffer, shape: shape, err: err}
	t.holders.Store(1)
	return t
}

func (t *tensor) hold() { t.holders.Add(1) }

func (t *tensor) letGo() {
	if t.holders.Add(-1) == 0 && t.buffer != nil {
		t.buffer.Finalize()
		t.buffer = nil
	}
}

func (t *tensor) bytes() int64 {
	if t.err != nil {
		return 0
	}
	return t.shape.ByteSize()
}

func letGo(all []*tensor) {
	for _, t := range all {
		t.letGo()
	}
}

// kept are tensors that outlive the connections that made them, under names. When there are more than room bytes of
// them, the least recently used go.
type kept struct {
	room int64

	mu     sync.Mutex
	order  []string // the most recently used last
	byName map[string]*tensor
	bytes  int64
}

func newKept(room int64) *kept { return &kept{room: room, byName: map[string]*tensor{}} }

// keep keeps t under a name. What was there under it stays: a name tells the content.
func (k *kept) keep(name string, t *tensor) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byName[name] != nil {
		k.touch(name)
		return
	}
	if t.bytes() > k.room {
		return // it would only drive the others out
	}
	t.hold()
	k.byName[name] = t
	k.order = append(k.order, name)
	k.bytes += t.bytes()
	k.shrink(k.room)
}

// recall returns what is kept under a name, held for the caller, or nil.
func (k *kept) recall(name string) *tensor {
	k.mu.Lock()
	defer k.mu.Unlock()
	t := k.byName[name]
	if t != nil {
		t.hold()
		k.touch(name)
	}
	return t
}

func (k *kept) touch(name string) {
	i := slices.Index(k.order, name)
	k.order = append(slices.Delete(k.order, i, i+1), name)
}

func (k *kept) shrink(room int64) {
	for len(k.order) > 0 && k.bytes > room {
		name := k.order[0]
		t := k.byName[name]
		k.order = k.order[1:]
		delete(k.byName, name)
		k.bytes -= t.bytes()
		t.letGo()
	}
}

func (k *kept) release() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.shrink(-1)
}

func (k *kept) status() []wire.KeptStatus {
	k.mu.Lock()
	defer k.mu.Unlock()
	all := make([]wire.KeptStatus, len(k.order))
	for i, name := range k.order {
		all[i] = wire.KeptStatus{Name: name, Bytes: k.byName[name].bytes()}
	}
	return all
}

// flatView shows bytes as a slice of the shape's Go type, without a copy.
func flatView(shape shapes.Shape, data []byte) (any, error) {
	if int64(len(data)) != shape.ByteSize() {
		return nil, fmt.Errorf("%d bytes for a tensor of shape %s", len(data), shape)
	}
	if len(data) == 0 || uintptr(unsafe.Pointer(&data[0]))%8 != 0 {
		return flatOf(shape, data)
	}
	return dtypes.UnsafeAnySliceFromBytes(unsafe.Pointer(&data[0]), shape.DType, shape.Size()), nil
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
