// Package python reads the files of this library with Python, for tests.
package python

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"testing"

	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/safetensors"
)

//go:embed read.py
var script string

// CheckSafetensors checks that a file is read as it was written by what reads the weights of other programs, and by
// Python's safetensors and numpy. The latter is a subtest that is skipped, and says why, where there is no Python with
// those; FASTNB_PYTHON names one (default python3).
func CheckSafetensors(t *testing.T, path string) {
	t.Helper()
	f, err := safetensors.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	named, err := pretrained.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range f.Tensors {
		want, err := x.Float32()
		got, is := named[x.Name]
		if err != nil || !is || !slices.Equal(got.Shape, x.Shape) || !slices.EqualFunc(got.Data, want, same) {
			t.Errorf("%s: tensor %q is read as %.99v, %v (want %v %.99v)", path, x.Name, got, err, x.Shape, want)
		}
	}
	t.Run("python", func(t *testing.T) {
		if got, want := read(t, path), summary(f); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: Python reads %v (want %v)", path, got, want)
		}
	})
}

func same(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }

// file is what a file holds; Tensors are by name: type, shape and checksum.
type file struct {
	Metadata map[string]string
	Tensors  map[string]array
}

type array struct {
	Type  string
	Shape []int
	Sum   string
}

// numpy has numpy's names of types.
var numpy = map[string]string{
	"F32": "float32", "F64": "float64", "I8": "int8", "I16": "int16", "I32": "int32", "I64": "int64",
	"U8": "uint8", "BOOL": "bool",
}

func summary(f *safetensors.File) file {
	s := file{f.Metadata, map[string]array{}}
	for _, x := range f.Tensors {
		sum := sha256.Sum256(x.Data)
		s.Tensors[x.Name] = array{numpy[x.DType], x.Shape, hex.EncodeToString(sum[:])}
	}
	return s
}

// read returns what Python reads. The test is skipped if there is none that can.
func read(t *testing.T, path string) (f file) {
	t.Helper()
	exe := cmp.Or(os.Getenv("FASTNB_PYTHON"), "python3")
	if out, err := exec.Command(exe, "-c", "import numpy, safetensors.numpy").CombinedOutput(); err != nil {
		t.Skipf("%s has no numpy and safetensors (FASTNB_PYTHON names another Python): %v %.200s", exe, err, out)
	}
	cmd := exec.Command(exe, "-c", script, path)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &f)
	}
	if err != nil {
		t.Fatalf("%s: %v: %s", path, err, out)
	}
	return f
}
