package safetensors

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// begin begins a file in a folder of its own.
func begin(t *testing.T) (w *Writer, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "a"+Ext)
	w, err := Create(path)
	check(t, err)
	t.Cleanup(w.Discard)
	return w, path
}

func open(t *testing.T, path string) *Reader {
	t.Helper()
	r, err := Open(path)
	check(t, err)
	t.Cleanup(func() { r.Close() })
	return r
}

// wantEmpty checks that nothing is left in the folder of a file.
func wantEmpty(t *testing.T, path string) {
	t.Helper()
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// What is written in parts is read as it was, by each way of reading.
func TestWriter(t *testing.T) {
	numbers := make([]int32, 100_000)
	for i := range numbers {
		numbers[i] = int32(i*i - 7)
	}
	all := Bytes(numbers)
	want := []Tensor{
		{Name: "counted", DType: "I32", Shape: []int{100_000}, Data: all},
		{Name: "rows", DType: "U8", Shape: []int{2, 3}, Data: []byte("abcdef")},
		{Name: "none", DType: "F16", Shape: []int{0, 3}, Data: []byte{}},
		{Name: "scalar", DType: "F64", Shape: []int{}, Data: make([]byte, 8)},
	}
	w, path := begin(t)
	w.Begin("counted", "I32", -1)
	for part := range slices.Chunk(all, 7777) {
		if n, err := w.Write(part); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
	}
	w.Begin("rows", "U8", -1, 3)
	_, err := io.WriteString(w, "abcdef")
	check(t, err)
	w.Begin("none", "F16", -1, 3)
	check(t, w.Add(want[3]))
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("before Commit: %v", err)
	}
	check(t, w.Commit(map[string]string{"key": "ü"}))
	wantFile(t, path, &File{map[string]string{"key": "ü"}, want})
}

// wantFile checks what a file holds, by Read, Map, Tensor and Section.
func wantFile(t *testing.T, path string, want *File) {
	t.Helper()
	read, err := Read(path)
	check(t, err)
	r := open(t, path)
	mapped, err := r.Map()
	check(t, err)
	for _, got := range []*File{read, mapped} {
		if !reflect.DeepEqual(got.Metadata, want.Metadata) || !slices.EqualFunc(got.Tensors, want.Tensors, equal) {
			t.Errorf("read %.200v, want %.200v", got, want)
		}
	}
	for _, x := range want.Tensors {
		got, err := r.Tensor(x.Name)
		if err != nil || !equal(got, x) {
			t.Errorf("%s: %.99v, %v (want %.99v)", x.Name, got, err, x)
		}
		if found, err := mapped.Tensor(x.Name); err != nil || !equal(found, x) {
			t.Errorf("%s: %.99v, %v (want %.99v)", x.Name, found, err, x)
		}
	}
}

// A header longer than what was left for it costs a copy of the data, and nothing else.
func TestWriterOfManyTensors(t *testing.T) {
	w, path := begin(t)
	want := &File{Metadata: map[string]string{"text": strings.Repeat("long ", 2000)}}
	for i := range 500 {
		x := FromNumbers("tensor "+strconv.Itoa(i), []int{2}, []int64{int64(i), -1})
		want.Tensors = append(want.Tensors, x)
		check(t, w.Add(x))
	}
	check(t, w.Commit(want.Metadata))
	wantFile(t, path, want)
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

// The data begin where a page of memory does, so that tensors which begin at a multiple of their element are aligned.
func TestWriterAligns(t *testing.T) {
	w, path := begin(t)
	check(t, w.Add(FromNumbers("a", []int{3}, []int64{1, 2, 3})))
	check(t, w.Commit(nil))
	if r := open(t, path); r.start != 4096 || r.Metadata != nil {
		t.Errorf("the data begin at %d with metadata %v", r.start, r.Metadata)
	}
	f, err := open(t, path).Map()
	check(t, err)
	got, err := Numbers[int64](f.Tensors[0])
	if err != nil || littleEndian && &Bytes(got)[0] != &f.Tensors[0].Data[0] {
		t.Errorf("%v, %v: not the file's own numbers", got, err)
	}
}

// What cannot be written is an error, at once or at the end, and leaves what was there.
func TestWriterRefuses(t *testing.T) {
	two, large := []byte{1, 2}, make([]byte, 1e6)
	for want, write := range map[string]func(w *Writer){
		`tensor "a": 2 bytes for U8[3] (want 3)`: func(w *Writer) { w.Begin("a", "U8", 3); w.Write(two) },
		`2 bytes for I32[0] (want 0)`:            func(w *Writer) { w.Begin("a", "I32", -1); w.Write(two) },
		`2 bytes for F64[0 0] (want 0)`:          func(w *Writer) { w.Begin("a", "F64", -1, 0); w.Write(two) },
		"impossible shape [2 -1]":                func(w *Writer) { w.Begin("a", "U8", 2, -1); w.Write(two) },
		`unknown type "X"`:                       func(w *Writer) { w.Begin("a", "X", -1); w.Write(two) },
		`"a" is there twice`:                     func(w *Writer) { w.Begin("a", "U8", 0); w.Begin("a", "U8", 0) },
		`"__metadata__" is there twice`:          func(w *Writer) { w.Begin("__metadata__", "U8", 0) },
		`"\xff" is not UTF-8`:                    func(w *Writer) { w.Begin("\xff", "U8", 0) },
		"call Begin first":                       func(w *Writer) { w.Write(two) },
		"file already closed":                    func(w *Writer) { w.Begin("a", "U8", -1); w.Discard(); w.Write(large) },
	} {
		w, path := begin(t)
		write(w)
		if err := w.Commit(map[string]string{"k": "v"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v (want %s)", err, want)
		}
		wantEmpty(t, path)
	}
	path := filepath.Join(t.TempDir(), "none", "a")
	if _, err := Create(path); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("without a folder: %v", err)
	}
}

// The first error is the one that stays.
func TestWriterKeepsItsError(t *testing.T) {
	w, path := begin(t)
	w.Begin("a", "U8", 1)
	w.Begin("b", "U8", -1)
	if n, err := w.Write([]byte{1}); n != 0 || err == nil || !strings.Contains(err.Error(), `"a": 0 bytes`) {
		t.Errorf("%d written, %v", n, err)
	}
	if err := w.Commit(nil); err == nil || !strings.Contains(err.Error(), `"a": 0 bytes`) {
		t.Error(err)
	}
	wantEmpty(t, path)
}

// Until Commit, and after Discard, the file of before is there.
func TestWriterDiscards(t *testing.T) {
	w, path := begin(t)
	check(t, w.Add(Tensor{Name: "old", DType: "U8", Shape: []int{1}, Data: []byte{1}}))
	check(t, w.Commit(nil))
	w, err := Create(path)
	check(t, err)
	check(t, w.Add(Tensor{Name: "new", DType: "U8", Shape: []int{1}, Data: []byte{2}}))
	w.Discard()
	if _, err := open(t, path).Tensor("old"); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

// The file of the reference implementation, with every type, is opened as it is read.
func TestOpenReference(t *testing.T) {
	want, err := Read("testdata/all.safetensors")
	check(t, err)
	wantFile(t, "testdata/all.safetensors", want)
}

// Where the system maps no files, they are read.
func TestMapWithoutMapping(t *testing.T) {
	r := open(t, "testdata/all.safetensors")
	check(t, r.readAll())
	got, err := r.Map()
	check(t, err)
	want, err := Read("testdata/all.safetensors")
	if err != nil || !reflect.DeepEqual(got, want) || r.unmap != nil {
		t.Errorf("%v, %v", got, err)
	}
}

// A section is its tensor and not a byte more, however it is asked.
func TestSection(t *testing.T) {
	w, path := begin(t)
	for _, name := range []string{"abcd", "efgh", "ijkl"} {
		check(t, w.Add(Tensor{Name: name, DType: "U8", Shape: []int{4}, Data: []byte(name)}))
	}
	check(t, w.Commit(nil))
	r := open(t, path)
	head, section, err := r.Section("efgh")
	if err != nil || head.Data != nil || head.Len() != 4 || section.Size() != 4 {
		t.Fatal(head, section, err)
	}
	var all sync.WaitGroup
	for at := range 4 {
		all.Go(func() {
			buf := make([]byte, 8)
			if n, err := section.ReadAt(buf, int64(at)); err != io.EOF || string(buf[:n]) != "efgh"[at:] {
				t.Errorf("from %d: %q, %v", at, buf[:n], err)
			}
		})
	}
	all.Wait()
	for _, at := range []int64{-1, 5, math.MaxInt64} {
		if n, err := section.ReadAt(make([]byte, 1), at); n != 0 || err == nil {
			t.Errorf("from %d: %d bytes, %v", at, n, err)
		}
	}
	if _, _, err := r.Section("none"); err == nil || !strings.Contains(err.Error(), `no tensor "none"`) {
		t.Error(err)
	}
}

// A file that is cut after it was opened gives errors, not the end of the program.
func TestCutWhileOpen(t *testing.T) {
	w, path := begin(t)
	check(t, w.Add(FromNumbers("a", []int{1000}, make([]int64, 1000))))
	check(t, w.Commit(nil))
	r := open(t, path)
	_, section, err := r.Section("a")
	check(t, err)
	check(t, os.Truncate(path, 5000))
	if _, err := section.ReadAt(make([]byte, 8), 7000); err == nil {
		t.Error("read beyond the end")
	}
	if _, err := r.Tensor("a"); err == nil || !strings.Contains(err.Error(), path) {
		t.Error(err)
	}
	if _, err := r.Map(); err == nil || !strings.Contains(err.Error(), path) {
		t.Error(err)
	}
	check(t, r.Close())
	check(t, r.Close())
}

// What a header claims is not allocated: only what a file has.
func TestHostileHeaderAllocatesLittle(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	const huge = "1099511627776"
	dims, useless := strings.Repeat("1,", 10_000)+"1", `{"a":{}`
	for i := range 10_000 {
		useless += fmt.Sprintf(`,"%d":{}`, i)
	}
	for name, buf := range map[string][]byte{
		"a long header":  append([]byte{0xff, 0xff, 0xff, 5, 0, 0, 0, 0}, "{}"...),
		"no end":         bytes.Repeat([]byte{0x7f}, 9),
		"a long tensor":  raw(`{"a":{"dtype":"U8","shape":[`+huge+`],"data_offsets":[0,`+huge+`]}}`, 8),
		"a large shape":  raw(`{"a":{"dtype":"F64","shape":[`+huge+`],"data_offsets":[0,8]}}`, 8),
		"many a size":    raw(`{"a":{"dtype":"U8","shape":[`+dims+`],"data_offsets":[0,1]}}`, 1),
		"many brackets":  raw(`{"a":`+strings.Repeat("[", 9000)+strings.Repeat("]", 9000)+`}`, 0),
		"many of no use": raw(useless+`}`, 0),
	} {
		check(t, os.WriteFile(path, buf, 0o644))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r, err := Open(path)
		if err == nil {
			_, err = r.Tensor("a")
			r.Close()
		}
		runtime.ReadMemStats(&after)
		if got, most := after.TotalAlloc-before.TotalAlloc, uint64(40*len(buf)+1<<17); got > most {
			t.Errorf("%s: %d bytes allocated for a file of %d, error %v", name, got, len(buf), err)
		}
	}
}

// Open refuses what Parse refuses, and gives what it gives.
func FuzzOpen(f *testing.F) {
	reference, err := os.ReadFile("testdata/all.safetensors")
	check(f, err)
	f.Add(reference)
	f.Add(raw(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1))
	f.Add(raw(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,2]}}`, 1))
	path := filepath.Join(f.TempDir(), "a")
	f.Fuzz(func(t *testing.T, buf []byte) {
		check(t, os.WriteFile(path, buf, 0o644))
		want, wanted := Parse(buf)
		r, err := Open(path)
		if (err == nil) != (wanted == nil) {
			t.Fatalf("opened: %v; parsed: %v", err, wanted)
		}
		if err != nil {
			return
		}
		defer r.Close()
		if got, err := r.Map(); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%v, %v", got, err)
		}
	})
}

// Numbers are those that were written, whatever their place in memory is.
func TestNumbers(t *testing.T) {
	numbers(t, "I8", []int8{-128, 0, 127})
	numbers(t, "I16", []int16{math.MinInt16, 0, 5})
	numbers(t, "I32", []int32{math.MinInt32, 0, 5})
	numbers(t, "I64", []int64{math.MinInt64, 0, 5})
	numbers(t, "U8", []uint8{0, 255})
	numbers(t, "U16", []uint16{0, math.MaxUint16})
	numbers(t, "U32", []uint32{0, math.MaxUint32})
	numbers(t, "U64", []uint64{0, math.MaxUint64})
	numbers(t, "F32", []float32{-.1, math.MaxFloat32, float32(math.Inf(1))})
	numbers(t, "F64", []float64{-.1, math.MaxFloat64, math.Inf(-1)})
	numbers(t, "F64", []float64{})
	numbers[int64](t, "I64", nil)
}

func numbers[T Number](t *testing.T, dtype string, want []T) {
	t.Helper()
	x := FromNumbers("x", []int{len(want)}, want)
	moved := append(make([]byte, 1, 1+len(x.Data)), x.Data...)[1:]
	for _, data := range [][]byte{x.Data, moved} {
		got, err := Numbers[T](Tensor{Name: "x", DType: dtype, Shape: x.Shape, Data: data})
		if err != nil || x.DType != dtype || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v (want %s%v)", x.DType, got, err, dtype, want)
		}
	}
	floats, err := x.Float32()
	for i, v := range want {
		if err != nil || floats[i] != float32(v) {
			t.Errorf("%s: %v, %v as float32", dtype, v, floats)
		}
	}
}

func TestNumbersRefuses(t *testing.T) {
	x := FromNumbers("x", []int{2}, []int32{1, 2})
	if got, err := Numbers[float32](x); err == nil || !strings.Contains(err.Error(), `"x" is of type I32 (want F32)`) {
		t.Errorf("%v, %v", got, err)
	}
	x.Shape = []int{3}
	if got, err := Numbers[int32](x); err == nil || !strings.Contains(err.Error(), "want 12") {
		t.Errorf("%v, %v", got, err)
	}
}
