package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestReadReference reads a file that the reference implementation wrote, with every type (testdata/make.py).
func TestReadReference(t *testing.T) {
	f, err := Read("testdata/all.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]string{"format": "pt", "note": "fixture"}; !reflect.DeepEqual(f.Metadata, want) {
		t.Errorf("metadata %v (want %v)", f.Metadata, want)
	}
	truth := readTruth(t)
	if len(f.Tensors) != len(truth) {
		t.Errorf("%d tensors (want %d)", len(f.Tensors), len(truth))
	}
	for _, tensor := range f.Tensors {
		want := truth[tensor.Name]
		got, err := tensor.Float32()
		if err != nil || !slices.Equal(tensor.Shape, want.Shape) || !sameBits(got, want.floats(t)) {
			t.Errorf("%s%v = %v, %v (want %v %v)", tensor.Name, tensor.Shape, got, err, want.Shape, want.Values)
		}
	}
}

type truth struct {
	Shape  []int
	Values []string
}

func readTruth(t *testing.T) (all map[string]truth) {
	text, err := os.ReadFile("testdata/all.json")
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (w truth) floats(t *testing.T) []float32 {
	out := make([]float32, len(w.Values))
	for i, s := range w.Values {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		out[i] = float32(v)
	}
	return out
}

func sameBits(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) })
}

func TestRoundTrip(t *testing.T) {
	f := &File{
		Metadata: map[string]string{"k": "v\n<&"},
		Tensors: []Tensor{
			{Name: "step", DType: "I64", Shape: []int{}, Data: make([]byte, 8)},
			{Name: "b", DType: "F32", Shape: []int{2, 1}, Data: []byte{1, 2, 3, 4, 5, 6, 7, 8}},
			{Name: "a \"quoted\"", DType: "F32", Shape: []int{1}, Data: []byte{1, 2, 3, 4}},
			{Name: "empty", DType: "F16", Shape: []int{0, 3}, Data: []byte{}},
			{Name: "u", DType: "U8", Shape: []int{3}, Data: []byte{7, 8, 9}},
		},
	}
	for _, want := range []*File{f, {}, {Tensors: []Tensor{}}, {Metadata: map[string]string{}, Tensors: f.Tensors[:1]}} {
		var buf bytes.Buffer
		if err := Write(&buf, want); err != nil {
			t.Fatal(err)
		}
		if n := binary.LittleEndian.Uint64(buf.Bytes()); n%8 != 0 {
			t.Errorf("header of %d bytes: the data are not aligned", n)
		}
		got, err := Parse(buf.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.Metadata, want.Metadata) || !slices.EqualFunc(got.Tensors, want.Tensors, equal) {
			t.Errorf("read %v (wrote %v)", got, want)
		}
	}
}

func equal(a, b Tensor) bool { return reflect.DeepEqual(a, b) }

func TestWriteAlignsWideTypesFirst(t *testing.T) {
	var buf bytes.Buffer
	err := Write(&buf, &File{Tensors: []Tensor{
		{Name: "a", DType: "U8", Shape: []int{1}, Data: []byte{1}},
		{Name: "b", DType: "F32", Shape: []int{1}, Data: []byte{1, 2, 3, 4}},
		{Name: "c", DType: "F32", Shape: []int{1}, Data: []byte{5, 6, 7, 8}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse(buf.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tensor := range f.Tensors {
		names = append(names, tensor.Name)
	}
	if want := []string{"b", "c", "a"}; !slices.Equal(names, want) {
		t.Errorf("order %v (want %v)", names, want)
	}
}

func TestWriteRefuses(t *testing.T) {
	one := Tensor{Name: "a", DType: "U8", Shape: []int{1}, Data: []byte{1}}
	for want, f := range map[string]*File{
		`the name "a" is there twice`:            {Tensors: []Tensor{one, one}},
		`"__metadata__" is there twice`:          {Metadata: map[string]string{}, Tensors: []Tensor{{Name: "__metadata__", DType: "U8", Shape: []int{0}}}},
		`tensor "a": 1 bytes for U8[2] (want 2)`: {Tensors: []Tensor{{Name: "a", DType: "U8", Shape: []int{2}, Data: []byte{1}}}},
		`"a\xff" is not UTF-8`:                   {Tensors: []Tensor{{Name: "a\xff", DType: "U8", Shape: []int{0}}}},
		`"\xfe" is not UTF-8`:                    {Metadata: map[string]string{"a": "\xfe"}},
		`unknown type "Q7"`:                      {Tensors: []Tensor{{Name: "a", DType: "Q7"}}},
	} {
		if err := Write(&bytes.Buffer{}, f); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v (want %s)", err, want)
		}
	}
}

// raw makes a file of a header and n bytes of data.
func raw(header string, n int) []byte {
	buf := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(buf, header...), make([]byte, n)...)
}

const lfs = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 7\n"

func TestHostile(t *testing.T) {
	huge := binary.LittleEndian.AppendUint64(nil, math.MaxUint64)
	for _, c := range []struct {
		want string
		buf  []byte
	}{
		{"too few", nil},
		{"too few", []byte{1, 2, 3}},
		{"a header of 18446744073709551615 bytes", huge},
		{"a header of 99 bytes", append(binary.LittleEndian.AppendUint64(nil, 99), '{')},
		{"a Git LFS pointer, which stands for a file of 7 bytes", []byte(lfs)},
		{"not a JSON object", raw("", 0)},
		{"not a JSON object", raw("[]", 0)},
		{"not UTF-8", raw("{\"a\xff\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}", 0)},
		{"header:", raw("{", 0)},
		{"header:", raw("{} x", 0)},
		{"header:", raw(`{"a":`+strings.Repeat("[", 20000), 0)},
		{"metadata:", raw(`{"__metadata__":{"a":1}}`, 0)},
		{"0 data offsets", raw(`{"a":{}}`, 0)},
		{"0 data offsets", raw(`{"a":null}`, 0)},
		{"3 data offsets", raw(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}`, 1)},
		{"unknown type", raw(`{"a":{"dtype":"X","shape":[1],"data_offsets":[0,1]}}`, 1)},
		{"want 4", raw(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,3]}}`, 3)},
		{"impossible shape", raw(`{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}`, 1)},
		{"impossible shape", raw(`{"a":{"dtype":"U8","shape":[4611686018427387904,4],"data_offsets":[0,0]}}`, 0)},
		{`tensor "a"`, raw(`{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}`, 1)},
		{"at -1 to 0", raw(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[-1,0]}}`, 1)},
		{"at 1 to 0", raw(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}`, 1)},
		{"at 0 to 9", raw(`{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}`, 1)},
		{"at 0 to 1", raw(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1)}, // overlap
		{"cut or damaged", raw(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 2)},
		{"does not end at a byte", raw(`{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,0]}}`, 0)},
	} {
		if f, err := Parse(c.buf); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.70q: %v, %v (want %q)", c.buf, f, err, c.want)
		}
	}
}

func TestFloat32Refuses(t *testing.T) {
	for _, tensor := range []Tensor{
		{Name: "c", DType: "C64", Shape: []int{1}, Data: make([]byte, 8)},
		{Name: "short", DType: "F32", Shape: []int{2}, Data: make([]byte, 4)},
	} {
		if got, err := tensor.Float32(); err == nil {
			t.Errorf("%s: %v (want an error)", tensor.Name, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	reference, err := os.ReadFile("testdata/all.safetensors")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(reference)
	f.Add(raw(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1))
	f.Fuzz(func(t *testing.T, buf []byte) {
		file, err := Parse(buf)
		if err != nil {
			return
		}
		for _, tensor := range file.Tensors {
			if _, err := tensor.Float32(); err == nil && len(tensor.Data) == 0 && tensor.Len() != 0 {
				t.Errorf("%d elements out of no data", tensor.Len())
			}
		}
		var out bytes.Buffer
		if err := Write(&out, file); err != nil {
			t.Errorf("read, but cannot be written: %v", err)
		}
	})
}

func ExampleWrite() {
	var buf bytes.Buffer
	f := &File{Tensors: []Tensor{{Name: "bias", DType: "F32", Shape: []int{1}, Data: []byte{0, 0, 128, 63}}}}
	if err := Write(&buf, f); err != nil {
		fmt.Println(err)
	}
	read, err := Parse(buf.Bytes())
	if err != nil {
		fmt.Println(err)
	}
	values, err := read.Tensors[0].Float32()
	fmt.Println(read.Tensors[0].Name, values, err)
	// Output: bias [1] <nil>
}

// A file that can't be written leaves the one before it as it was, and nothing beside it.
func TestWriteFileIsWholeOrNot(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.safetensors")
	good := &File{Tensors: []Tensor{{Name: "x", DType: "U8", Shape: []int{2}, Data: []byte{1, 2}}}}
	if err := WriteFile(path, good); err != nil {
		t.Fatal(err)
	}
	bad := &File{Tensors: []Tensor{{Name: "x", DType: "U8", Shape: []int{3}, Data: []byte{1, 2}}}}
	if err := WriteFile(path, bad); err == nil {
		t.Error("a tensor shorter than its shape was written")
	}
	f, err := Read(path)
	if err != nil || len(f.Tensors) != 1 || len(f.Tensors[0].Data) != 2 {
		t.Errorf("the file holds %v, %v", f, err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("the folder holds %v", entries)
	}
}
