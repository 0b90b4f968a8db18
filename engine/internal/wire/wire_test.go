package wire

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

func TestFrames(t *testing.T) {
	sent := []*Request{
		{Seq: 1, Verb: Hello, Version: Version, Idle: true, Owner: "o"},
		{Seq: 2, Verb: Put, Buffer: 3, Shape: FromShape(shapes.Make(dtypes.Float32, 2, 0)), Data: []byte{1, 2}},
		{Verb: Run, Key: []byte("k"), Buffers: []uint64{1 << 60, 2}, Donate: []bool{true, false}, Outputs: []uint64{4}},
		{Verb: Hello, Owner: "caf\xe9", Holder: &Holder{Name: "\xff\x00\n.ipynb"}}, // as files can be called
		{Verb: Compile, Name: "step of caf\xe9", Program: bytes.Repeat([]byte{7}, 3<<20)},
	}
	var b bytes.Buffer
	for _, r := range sent {
		if err := WriteFrame(&b, r); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range sent {
		var got Request
		if err := ReadFrame(&b, &got); err != nil || !reflect.DeepEqual(&got, want) {
			t.Errorf("frame %d comes back as %+v, %v", i, got.Verb, err)
		}
	}
	if err := ReadFrame(&b, &Request{}); err != io.EOF {
		t.Errorf("after the last frame: %v", err)
	}
}

func TestBadFrames(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"cut in the head": {[]byte{0, 0}, io.ErrUnexpectedEOF},
		"cut after it":    {[]byte{0, 0, 0, 9}, io.ErrUnexpectedEOF},
		"cut in the body": {[]byte{0, 0, 0, 9, 1, 2}, io.ErrUnexpectedEOF},
		"too large":       {[]byte{0xff, 0, 0, 0, 1}, ErrTooLarge},
	} {
		if err := ReadFrame(bytes.NewReader(c.data), &Request{}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v (want %v)", name, err, c.want)
		}
	}
}

func TestShapes(t *testing.T) {
	want := shapes.Make(dtypes.Int32, 3, 0, 5)
	if got, err := FromShape(want).Of(); err != nil || !got.Equal(want) {
		t.Errorf("%s comes back as %s, %v", want, got, err)
	}
	for name, s := range map[string]*Shape{
		"none": nil, "of no type": {DType: 12345}, "invalid": {}, "negative": {DType: int(dtypes.Float32), Dims: []int{-1}},
		"too large": {DType: int(dtypes.Float32), Dims: []int{1 << 31, 1 << 31, 4}},
	} {
		if got, err := s.Of(); err == nil {
			t.Errorf("a shape that is %s is %s", name, got)
		}
	}
}

// FuzzRequest fuzzes the decoding of a frame.
func FuzzRequest(f *testing.F) {
	var b bytes.Buffer
	shape := FromShape(shapes.Make(dtypes.Float32, 2))
	if err := WriteFrame(&b, &Request{Seq: 2, Verb: Put, Buffer: 3, Shape: shape, Data: []byte{1, 2}}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, message []byte) {
		var r Request
		if ReadFrame(bytes.NewReader(message), &r) == nil && r.Shape != nil {
			if s, err := r.Shape.Of(); err == nil && s.ByteSize() < 0 {
				t.Errorf("%v has %d bytes", s, s.ByteSize())
			}
		}
	})
}
