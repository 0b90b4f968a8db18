package pretrained

import (
	"encoding/binary"
	"math"
	"strconv"
)

// opcodes are the instructions of the pickle machine, protocols 0 to 5, that data need. Those that make objects in
// the ways of old (INST, OBJ), extensions and buffers outside the file are left out.
var opcodes [256]func(u *unpickler)

func init() {
	for op, do := range map[byte]func(u *unpickler){
		'.':  func(u *unpickler) { u.done = true },
		0x80: func(u *unpickler) { u.byte() },  // PROTO
		0x95: func(u *unpickler) { u.uint(8) }, // FRAME: its bytes follow as they would without it
		'(':  func(u *unpickler) { u.marks = append(u.marks, len(u.stack)) },
		'0':  func(u *unpickler) { u.pop() },
		'1':  func(u *unpickler) { u.popMark() },
		'2':  func(u *unpickler) { u.push(u.top()) },
		'N':  func(u *unpickler) { u.push(nil) },
		0x88: func(u *unpickler) { u.push(true) },
		0x89: func(u *unpickler) { u.push(false) },
		'I':  func(u *unpickler) { u.push(u.integer(u.line())) },
		'L':  func(u *unpickler) { u.push(u.integer(trimL(u.line()))) },
		'J':  func(u *unpickler) { u.push(int(int32(u.uint(4)))) },
		'K':  func(u *unpickler) { u.push(int(u.uint(1))) },
		'M':  func(u *unpickler) { u.push(int(u.uint(2))) },
		0x8a: func(u *unpickler) { u.push(long(u.next(u.uint(1)))) },
		0x8b: func(u *unpickler) { u.push(long(u.next(u.uint(4)))) },
		'F':  func(u *unpickler) { u.push(u.parseFloat(u.line())) },
		'G':  func(u *unpickler) { u.push(u.float()) },
		'S':  func(u *unpickler) { u.push(u.unquote(u.line())) },
		'V':  func(u *unpickler) { u.push(u.line()) },
		'T':  func(u *unpickler) { u.push(string(u.next(u.uint(4)))) },
		'U':  func(u *unpickler) { u.push(string(u.next(u.uint(1)))) },
		'X':  func(u *unpickler) { u.push(string(u.next(u.uint(4)))) },
		0x8c: func(u *unpickler) { u.push(string(u.next(u.uint(1)))) },
		0x8d: func(u *unpickler) { u.push(string(u.next(u.uint(8)))) },
		'B':  func(u *unpickler) { u.push(u.next(u.uint(4))) },
		'C':  func(u *unpickler) { u.push(u.next(u.uint(1))) },
		0x8e: func(u *unpickler) { u.push(u.next(u.uint(8))) },
		')':  func(u *unpickler) { u.push(tuple{}) },
		0x85: func(u *unpickler) { u.tuple(1) },
		0x86: func(u *unpickler) { u.tuple(2) },
		0x87: func(u *unpickler) { u.tuple(3) },
		't':  func(u *unpickler) { u.push(tuple(u.popMark())) },
		']':  func(u *unpickler) { u.push(&list{}) },
		'l':  func(u *unpickler) { u.push(&list{items: u.popMark()}) },
		'a':  func(u *unpickler) { v := u.pop(); u.append([]any{v}) },
		'e':  func(u *unpickler) { v := u.popMark(); u.append(v) },
		'}':  func(u *unpickler) { u.push(&dict{}) },
		'd':  func(u *unpickler) { v := u.popMark(); u.push(&dict{}); u.setItems(v) },
		's':  func(u *unpickler) { v, k := u.pop(), u.pop(); u.setItems([]any{k, v}) },
		'u':  func(u *unpickler) { v := u.popMark(); u.setItems(v) },
		'p':  func(u *unpickler) { u.put(u.memoKey(u.line())) },
		'q':  func(u *unpickler) { u.put(int(u.uint(1))) },
		'r':  func(u *unpickler) { u.put(int(u.uint(4))) },
		0x94: func(u *unpickler) { u.put(len(u.memo)) },
		'g':  func(u *unpickler) { u.get(u.memoKey(u.line())) },
		'h':  func(u *unpickler) { u.get(int(u.uint(1))) },
		'j':  func(u *unpickler) { u.get(int(u.uint(4))) },
		'c':  func(u *unpickler) { module, name := u.line(), u.line(); u.pushGlobal(module, name) },
		0x93: func(u *unpickler) { name, module := u.string(), u.string(); u.pushGlobal(module, name) },
		'R':  (*unpickler).reduce,
		0x81: (*unpickler).newObject,
		0x92: func(u *unpickler) { u.pop(); u.newObject() }, // NEWOBJ_EX has named arguments, too
		0x8f: func(u *unpickler) { u.push(&list{}) },        // a set
		0x90: func(u *unpickler) { v := u.popMark(); u.append(v) },
		0x91: func(u *unpickler) { u.push(&list{items: u.popMark()}) },
		'b':  func(u *unpickler) { u.pop() }, // BUILD sets attributes; no data that we want are in them
		'P':  func(u *unpickler) { u.resolve(u.line()) },
		'Q':  func(u *unpickler) { u.resolve(u.pop()) },
	} {
		opcodes[op] = do
	}
}

// trimL removes the suffix of a long integer of Python 2.
func trimL(text string) string {
	if n := len(text); n > 0 && text[n-1] == 'L' {
		return text[:n-1]
	}
	return text
}

func (u *unpickler) parseFloat(text string) float64 {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		u.fail("%q is not a number", text)
	}
	return f
}

func (u *unpickler) float() float64 {
	b := u.next(8)
	if len(b) < 8 {
		return 0
	}
	return math.Float64frombits(binary.BigEndian.Uint64(b))
}

// unquote takes a string of protocol 0 out of its quotes; escapes stay as they are.
func (u *unpickler) unquote(text string) string {
	if n := len(text); n >= 2 && text[0] == text[n-1] {
		return text[1 : n-1]
	}
	u.fail("%.40q is not a quoted string", text)
	return ""
}

func (u *unpickler) memoKey(text string) int {
	n, _ := u.integer(text).(int)
	return n
}

func (u *unpickler) string() string {
	s, ok := u.pop().(string)
	if !ok {
		u.fail("a name that is not a string")
	}
	return s
}
