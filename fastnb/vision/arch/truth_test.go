package arch

import (
	"encoding/json"
	"hash/fnv"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// truth is what PyTorch's net gives: testdata/truth.py wrote it, and says what is in it.
type truth struct {
	Name, Last string
	Logits     [][]float64
	LogitsNorm float64 `json:"logits_norm"`
	Loss       float64
	Tensors    []struct {
		Name   string
		Shape  []int
		Digest []float64
	}
}

const (
	truthSize   = 64
	truthImages = 4
)

func readTruth(t *testing.T) map[string]truth {
	data, err := os.ReadFile("testdata/truth.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []truth
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	byName := make(map[string]truth)
	for _, one := range all {
		byName[one.Name] = one
	}
	return byName
}

// uniform is truth.py's: n numbers in [-1, 1) from the name's hash.
func uniform(name string, n int) []float64 {
	hash := fnv.New64a()
	hash.Write([]byte(name))
	state, out := hash.Sum64(), make([]float64, n)
	for i := range out {
		state += 0x9e3779b97f4a7c15
		z := state
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		out[i] = float64((z^z>>31)>>40)/(1<<23) - 1
	}
	return out
}

// formula is truth.py's value.
func (tr truth) formula(name string, shape []int) pretrained.Tensor {
	n := size(shape)
	u := uniform(name, n)
	t := pretrained.Tensor{Shape: shape, Data: make([]float32, n)}
	for i, u := range u {
		t.Data[i] = float32(tr.value(name, shape, u))
	}
	return t
}

func (tr truth) value(name string, shape []int, u float64) float64 {
	switch {
	case len(shape) > 1:
		return u * math.Sqrt(6/float64(size(shape[1:])))
	case strings.HasSuffix(name, "running_var"):
		return 1 + u/4
	case strings.HasSuffix(name, tr.Last+".weight"):
		return (1 + u/4) * .2
	case strings.HasSuffix(name, "weight"):
		return 1 + u/4
	}
	return u / 4
}

func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// images returns the formula's, [n, h, w, 3].
func (tr truth) images() *tensors.Tensor {
	u := uniform("images", truthImages*3*truthSize*truthSize)
	x, plane := make([]float32, len(u)), truthSize*truthSize
	for i, u := range u {
		image, c, pixel := i/(3*plane), i/plane%3, i%plane
		x[(image*plane+pixel)*3+c] = float32(u)
	}
	return tensors.FromFlatDataAndDimensions(x, truthImages, truthSize, truthSize, 3)
}

// store has the net with the formula's weights.
func (tr truth) store(t *testing.T, a Arch) *model.Store {
	t.Helper()
	named := make(map[string]pretrained.Tensor)
	for _, p := range tr.Tensors {
		named[p.Name] = tr.formula(p.Name, p.Shape)
	}
	store := model.NewStore()
	if err := a.of(a.logits).Set(backend(t), store, named); err != nil {
		t.Fatal(err)
	}
	return store
}

// skipMost leaves out what other nets test as well: with -short all but two, of the others those whose graphs take the longest
// to compile and which are built of the same blocks as one that is left, unless FASTNB_ALL_NETS is set.
func skipMost(t *testing.T, a Arch, deepest ...string) {
	t.Helper()
	switch {
	case os.Getenv("FASTNB_ALL_NETS") != "":
	case testing.Short() && a.Name != ResNet18.Name && a.Name != EfficientNetLite0.Name:
		t.Skip("-short: compiles for long")
	case slices.Contains(deepest, a.Name):
		t.Skip("deeper or wider than a net of the same blocks; set FASTNB_ALL_NETS to compile it too")
	}
}

// TestLogits: evaluation mode, against PyTorch in float64.
func TestLogits(t *testing.T) {
	all := readTruth(t)
	for _, a := range archs {
		t.Run(a.Name, func(t *testing.T) {
			skipMost(t, a)
			tr := all[a.Name]
			tr.checkLogits(t, a, tr.store(t, a))
		})
	}
}

func (tr truth) checkLogits(t *testing.T, a Arch, store *model.Store) {
	t.Helper()
	y := model.MustNewExec(backend(t), store, a.logits).MustCall(tr.images())[0]
	got := tensors.MustCopyFlatData[float32](y)
	norm := 0.
	for _, v := range got {
		norm += float64(v) * float64(v)
	}
	norm = math.Sqrt(norm)
	if math.Abs(norm-tr.LogitsNorm) > 1e-4*tr.LogitsNorm {
		t.Errorf("norm of the logits %g (want %g)", norm, tr.LogitsNorm)
	}
	scale, worst := tr.LogitsNorm/math.Sqrt(float64(len(got))), 0.
	for i, row := range tr.Logits {
		for j, want := range row {
			worst = max(worst, math.Abs(float64(got[i*classes+j])-want)/scale)
		}
	}
	t.Logf("logits differ by at most %.1e of their size", worst)
	if !(worst < 1e-3) {
		t.Errorf("logits differ by %.1e of their size (want < 1e-3)", worst)
	}
}

// double turns the values of a store into float64.
func double(t *testing.T, store *model.Store) {
	t.Helper()
	for v := range store.IterVariables() {
		if err := v.SetValue(doubled(v.MustValue())); err != nil {
			t.Fatal(err)
		}
	}
}

func doubled(t *tensors.Tensor) *tensors.Tensor {
	from := tensors.MustCopyFlatData[float32](t)
	to := make([]float64, len(from))
	for i, f := range from {
		to[i] = float64(f)
	}
	return tensors.FromFlatDataAndDimensions(to, t.Shape().Dimensions...)
}

// TestTraining: loss, gradients of all parameters and new running statistics of one batch in training mode. In float64,
// because in float32 one ReLU that flips in the last layers changes a deep net's gradients by 1%.
func TestTraining(t *testing.T) {
	all := readTruth(t)
	for _, a := range archs {
		t.Run(a.Name, func(t *testing.T) {
			skipMost(t, a, ResNet152.Name, EfficientNetLite1.Name)
			all[a.Name].checkTraining(t, a)
		})
	}
}

func (tr truth) checkTraining(t *testing.T, a Arch) {
	store := tr.store(t, a)
	double(t, store)
	var paths []string
	step := model.MustNewExec(backend(t), store, func(s *model.Scope, x *graph.Node) []*graph.Node {
		s.Store().SetTraining(x.Graph(), true)
		labels := graph.Const(x.Graph(), []int32{0, 37, 74, 111})
		loss := graph.ReduceAllMean(nn.CrossEntropy(a.logits(s, x), labels))
		for v := range s.IterVariables() {
			if v.Trainable && v.InUseByGraph(x.Graph()) {
				paths = append(paths, v.Path())
			}
		}
		return append([]*graph.Node{loss}, s.BuildTrainableVariablesGradientsGraph(loss)...)
	})
	out := step.MustCall(doubled(tr.images()))
	if loss := out[0].Value().(float64); math.Abs(loss-tr.Loss) > 1e-6*tr.Loss {
		t.Errorf("loss %g (want %g)", loss, tr.Loss)
	}
	got := make(map[string]*tensors.Tensor)
	for i, path := range paths {
		got[path] = out[1+i]
	}
	for v := range store.IterVariables() {
		if strings.Contains(v.Name(), "running") {
			got[v.Path()] = v.MustValue()
		}
	}
	tr.compare(t, got)
}

// zero is a norm that is rounding in float64, where gradients are about 1e-3: a batch norm takes out what the bias before
// it adds, so that bias has none.
const zero = 1e-12

// compare holds norms and projections against PyTorch's.
func (tr truth) compare(t *testing.T, got map[string]*tensors.Tensor) {
	worst := 0.
	for _, want := range tr.Tensors {
		path := "/" + strings.ReplaceAll(want.Name, ".", "/")
		if got[path] == nil {
			t.Errorf("%s: nothing for it", want.Name)
			continue
		}
		norm := max(want.Digest[0], zero/1e-5)
		for i, d := range digest(want.Name, asTorch(got[path])) {
			diff := math.Abs(d-want.Digest[i]) / norm
			worst = max(worst, diff)
			if !(diff < 1e-5) {
				t.Errorf("%s: digest %d is %g (want %g, norm %g)", want.Name, i, d, want.Digest[i], norm)
			}
		}
	}
	t.Logf("%d tensors, digests differ by at most %.1e of the norm", len(tr.Tensors), worst)
}

// asTorch returns the values in PyTorch's order.
func asTorch(t *tensors.Tensor) []float64 {
	d, values := t.Shape().Dimensions, tensors.MustCopyFlatData[float64](t)
	switch len(d) {
	case 2:
		return reorder(values, func(i int) int { return i%d[0]*d[1] + i/d[0] })
	case 4:
		k := d[0] * d[1]
		return reorder(values, func(i int) int { return (i%k*d[2]+i/k%d[2])*d[3] + i/k/d[2] })
	}
	return values
}

func reorder(v []float64, from func(i int) int) []float64 {
	out := make([]float64, len(v))
	for i := range out {
		out[i] = v[from(i)]
	}
	return out
}

// digest is truth.py's: norm and two projections.
func digest(name string, g []float64) [3]float64 {
	var d [3]float64
	a, b := uniform("a:"+name, len(g)), uniform("b:"+name, len(g))
	for i, g := range g {
		d[0] += g * g
		d[1] += g * a[i]
		d[2] += g * b[i]
	}
	d[0] = math.Sqrt(d[0])
	return d
}

// TestFiles reads nets that PyTorch saved, where there is one: FASTNB_PEER_PYTHON is a Python with the packages that
// testdata/truth.py names.
func TestFiles(t *testing.T) {
	python := os.Getenv("FASTNB_PEER_PYTHON")
	if python == "" {
		t.Skip("FASTNB_PEER_PYTHON is not set")
	}
	all := readTruth(t)
	for _, a := range archs {
		t.Run(a.Name, func(t *testing.T) {
			dir := t.TempDir()
			if out, err := exec.Command(python, "testdata/truth.py", "--save", dir, a.Name).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			for _, ext := range []string{".pth", ".safetensors"} {
				store := model.NewStore()
				if err := a.LoadWithTop(backend(t), store, pretrained.File(filepath.Join(dir, a.Name+ext))); err != nil {
					t.Fatal(err)
				}
				all[a.Name].checkLogits(t, a, store)
			}
		})
	}
}
