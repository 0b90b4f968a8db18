package pretrained

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// What a pickle may hold, besides nil, bool, int, float64, string and []byte.
type (
	tuple []any
	list  struct{ items []any }
	dict  struct{ entries []entry } // as written: a later entry of the same key counts
	entry struct{ key, value any }
	call  func(args tuple) (any, error) // a class or function that is known
	large struct{}                      // an integer of more than 64 bits
)

// unpickler runs the program that a pickle is, and knows only data. All that it allocates is part of the input, or at
// most as long. See https://docs.python.org/3/library/pickletools.html.
type unpickler struct {
	data       []byte
	pos        int
	stack      []any
	marks      []int // heights of the stack
	memo       map[int]any
	global     func(module, name string) (any, error)
	persistent func(id any) (any, error)
	done       bool
	err        error // the first one; nothing is done after it
}

// load runs one pickle and returns its value; the rest of the data may follow from pos on.
func (u *unpickler) load() (any, error) {
	u.stack, u.marks, u.memo, u.done = nil, nil, map[int]any{}, false
	for !u.done && u.err == nil {
		op := u.byte()
		if do := opcodes[op]; do != nil {
			do(u)
		} else if u.err == nil {
			u.fail("opcode %#x is not known", op)
		}
	}
	value := u.pop()
	if u.err != nil {
		return nil, fmt.Errorf("at byte %d of the pickle: %w", u.pos, u.err)
	}
	return value, nil
}

func (u *unpickler) fail(format string, args ...any) {
	u.failWith(fmt.Errorf(format, args...))
}

func (u *unpickler) failWith(err error) {
	if u.err == nil {
		u.err = err
	}
}

// next takes n bytes of the program, or none if there aren't so many.
func (u *unpickler) next(n uint64) []byte {
	if u.err != nil || n > uint64(len(u.data)-u.pos) {
		u.failWith(errors.New("the file is cut or damaged"))
		return nil
	}
	start := u.pos
	u.pos += int(n)
	return u.data[start:u.pos]
}

// uint takes a little-endian number of size bytes.
func (u *unpickler) uint(size int) uint64 {
	var b [8]byte
	copy(b[:], u.next(uint64(size)))
	return binary.LittleEndian.Uint64(b[:])
}

func (u *unpickler) byte() byte { return byte(u.uint(1)) }

// line takes the rest of a line.
func (u *unpickler) line() string {
	n := bytes.IndexByte(u.data[u.pos:], '\n')
	text := u.next(uint64(n + 1)) // none if there is no end: then 0 bytes are taken
	if len(text) == 0 {
		u.fail("a line without an end")
		return ""
	}
	return string(text[:n])
}

func (u *unpickler) push(v any) { u.stack = append(u.stack, v) }

// base is the height of the stack at the last mark: nothing below can be popped.
func (u *unpickler) base() int {
	if len(u.marks) == 0 {
		return 0
	}
	return u.marks[len(u.marks)-1]
}

func (u *unpickler) top() any {
	if len(u.stack) <= u.base() {
		u.fail("the stack is empty")
		return nil
	}
	return u.stack[len(u.stack)-1]
}

func (u *unpickler) pop() any {
	v := u.top()
	if u.err == nil {
		u.stack = u.stack[:len(u.stack)-1]
	}
	return v
}

// popMark takes what lies above the last mark, and the mark.
func (u *unpickler) popMark() []any {
	if len(u.marks) == 0 {
		u.fail("no mark on the stack")
		return nil
	}
	from := u.base()
	items := slices.Clone(u.stack[from:])
	u.stack, u.marks = u.stack[:from], u.marks[:len(u.marks)-1]
	return items
}

// tuple replaces the topmost n values by a tuple of them.
func (u *unpickler) tuple(n int) {
	t := make(tuple, n)
	for i := range t {
		t[n-1-i] = u.pop()
	}
	u.push(t)
}

// integer parses a decimal number; the booleans of protocol 0 are 00 and 01.
func (u *unpickler) integer(text string) any {
	if text == "00" || text == "01" {
		return text == "01"
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		u.fail("%q is not a number", text)
	}
	return n
}

// long decodes a two's complement little-endian number.
func long(b []byte) any {
	if len(b) > 8 {
		return large{}
	}
	var n int64
	for i, x := range b {
		n |= int64(x) << (8 * i)
	}
	if len(b) > 0 && len(b) < 8 && b[len(b)-1] >= 0x80 {
		n -= 1 << (8 * len(b))
	}
	return int(n)
}

func (u *unpickler) get(key int) {
	v, ok := u.memo[key]
	if !ok {
		u.fail("no value numbered %d", key)
	}
	u.push(v)
}

func (u *unpickler) put(key int) { u.memo[key] = u.top() }

func (u *unpickler) append(items []any) {
	switch l := u.top().(type) {
	case *list:
		l.items = append(l.items, items...)
	case *inert:
	default:
		u.fail("an element for what is not a list")
	}
}

func (u *unpickler) setItems(items []any) {
	top := u.top()
	if _, ok := top.(*inert); ok {
		return
	}
	d, ok := top.(*dict)
	if !ok || len(items)%2 != 0 {
		u.fail("an entry for what is not a map")
		return
	}
	for i := 0; i < len(items); i += 2 {
		d.entries = append(d.entries, entry{items[i], items[i+1]})
	}
}

func (u *unpickler) pushGlobal(module, name string) {
	if u.err != nil {
		return
	}
	v, err := u.global(module, name)
	if err != nil {
		u.failWith(err)
	}
	u.push(v)
}

// reduce calls a function.
func (u *unpickler) reduce() {
	args, isTuple := u.pop().(tuple)
	callee := u.pop()
	if c, ok := callee.(class); ok && isTuple {
		u.push(&inert{string(c)})
		return
	}
	f, isCall := callee.(call)
	if !isTuple || !isCall {
		u.fail("a call of what cannot be called")
		return
	}
	v, err := f(args)
	if err != nil {
		u.failWith(err)
	}
	u.push(v)
}

// resolve asks for what lies outside the pickle.
func (u *unpickler) resolve(id any) {
	if u.err != nil {
		return
	}
	v, err := u.persistent(id)
	if err != nil {
		u.failWith(err)
	}
	u.push(v)
}
