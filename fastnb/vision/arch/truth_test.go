package arch

import (
	"cmp"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// truth is what PyTorch's net gives: testdata/truth.py wrote it, and says what is in it.
type truth struct {
	Name, Last            string
	Size, Classes, Params int
	Logits                [][]float64
	LogitsNorm            float64 `json:"logits_norm"`
	Loss                  float64
	Tensors               []truthTensor
}

type truthTensor struct {
	Name   string
	Shape  []int
	Digest []float64  // of its gradient, or of its value after the step
	Init   [2]float64 // at and spread; zero: the rule of formula
}

const truthImages = 4

// truthOf reads the net's truth from its family's file.
func truthOf(t *testing.T, a Arch) truth {
	t.Helper()
	data, err := os.ReadFile("testdata/truth-" + a.Family + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var all []truth
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(tr truth) bool { return tr.Name == a.Name })
	if i < 0 {
		t.Fatalf("testdata/truth-%s.json has no %s", a.Family, a.Name)
	}
	return all[i]
}

// formula is truth.py's value.
func (tr truth) formula(p truthTensor) pretrained.Tensor {
	next, at, spread := synth.Uniform(p.Name), p.Init[0], p.Init[1]
	if p.Init == ([2]float64{}) {
		at, spread = tr.rule(p.Name, p.Shape)
	}
	t := pretrained.Tensor{Shape: p.Shape, Data: make([]float32, size(p.Shape))}
	for i := range t.Data {
		t.Data[i] = float32(at + spread*next())
	}
	return t
}

// rule is truth.py's exact: values are at + spread * u.
func (tr truth) rule(name string, shape []int) (at, spread float64) {
	switch {
	case len(shape) > 1:
		return 0, math.Sqrt(6 / float64(size(shape[1:])))
	case strings.HasSuffix(name, "running_var"):
		return 1, .25
	case tr.Last != "" && strings.HasSuffix("."+name, "."+tr.Last+".weight"):
		return .2, .05
	case strings.HasSuffix(name, "weight"):
		return 1, .25
	}
	return 0, .25
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
	next, plane := synth.Uniform("images"), tr.Size*tr.Size
	x := make([]float32, truthImages*3*plane)
	for i := range x {
		image, c, pixel := i/(3*plane), i/plane%3, i%plane
		x[(image*plane+pixel)*3+c] = float32(next())
	}
	return tensors.FromFlatDataAndDimensions(x, truthImages, tr.Size, tr.Size, 3)
}

// store has the net with the formula's weights.
func (tr truth) store(t *testing.T, a Arch) *model.Store {
	t.Helper()
	named := make(map[string]pretrained.Tensor)
	for _, p := range tr.Tensors {
		named[p.Name] = tr.formula(p)
	}
	store := model.NewStore()
	if err := a.of(a.logits).Set(backend(t), store, named); err != nil {
		t.Fatal(err)
	}
	return store
}

// skipMost leaves out all nets but the first of each family, which is built as the others are and has the fewest
// parameters, unless FASTNB_ALL_NETS is set; with -short all but two of these.
func skipMost(t *testing.T, a Arch) {
	t.Helper()
	switch {
	case os.Getenv("FASTNB_ALL_NETS") != "":
	case testing.Short() && a.Name != ResNet18.Name && a.Name != EfficientNetLite0.Name:
		t.Skip("-short: compiles for long")
	case !isFirst(a):
		t.Skip("larger than a net that is built in the same way; set FASTNB_ALL_NETS to compile it too")
	}
}

// isFirst tells whether a net is the smallest of its family.
func isFirst(a Arch) bool {
	return slices.ContainsFunc(families, func(family []Arch) bool { return family[0].Name == a.Name })
}

// TestLogits: evaluation mode, against PyTorch in float64.
func TestLogits(t *testing.T) {
	for _, a := range List() {
		t.Run(a.Name, func(t *testing.T) {
			skipMost(t, a)
			tr := truthOf(t, a)
			worst := tr.checkLogits(t, a, tr.store(t, a))
			record(a, func(d *deviation) { d.logits = worst })
		})
	}
}

func (tr truth) checkLogits(t *testing.T, a Arch, store *model.Store) (worst float64) {
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
	scale := tr.LogitsNorm / math.Sqrt(float64(len(got)))
	for i, row := range tr.Logits {
		for j, want := range row {
			worst = max(worst, math.Abs(float64(got[i*tr.Classes+j])-want)/scale)
		}
	}
	t.Logf("logits differ by at most %.1e of their size", worst)
	if !(worst < 1e-3) {
		t.Errorf("logits differ by %.1e of their size (want < 1e-3)", worst)
	}
	return worst
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
	for _, a := range List() {
		t.Run(a.Name, func(t *testing.T) {
			skipMost(t, a)
			worst := truthOf(t, a).checkTraining(t, a)
			record(a, func(d *deviation) { d.gradients = worst })
		})
	}
}

// checkTraining returns by how much of their norm gradients and running statistics differ.
func (tr truth) checkTraining(t *testing.T, a Arch) (worst float64) {
	store := tr.store(t, a)
	double(t, store)
	var paths []string
	step := model.MustNewExec(backend(t), store, func(s *model.Scope, x *graph.Node) []*graph.Node {
		s.Store().SetTraining(x.Graph(), true)
		labels := graph.Const(x.Graph(), tr.labels())
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
	return tr.compare(t, got)
}

func (tr truth) labels() []int32 {
	labels := make([]int32, truthImages)
	for i := range labels {
		labels[i] = int32(i * 37 % tr.Classes)
	}
	return labels
}

// zero is a norm that is rounding in float64, where gradients are about 1e-3: a batch norm takes out what the bias before
// it adds, so that bias has none.
const zero = 1e-12

// elsewhere are the variables whose paths are not their names in PyTorch.
var elsewhere = map[string]string{
	"cls_token": "/patch_embed/cls_token",
	"pos_embed": "/patch_embed/pos_embed",
}

// compare holds norms and projections against PyTorch's.
func (tr truth) compare(t *testing.T, got map[string]*tensors.Tensor) (worst float64) {
	t.Helper()
	for _, want := range tr.Tensors {
		path := cmp.Or(elsewhere[want.Name], "/"+strings.ReplaceAll(want.Name, ".", "/"))
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
	return worst
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
	a, b := synth.Uniform("a:"+name), synth.Uniform("b:"+name)
	for _, g := range g {
		d[0] += g * g
		d[1] += g * a()
		d[2] += g * b()
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
	for _, a := range List() {
		t.Run(a.Name, func(t *testing.T) {
			skipMost(t, a)
			dir, script := t.TempDir(), "testdata/truth.py"
			if out, err := exec.Command(python, script, "--save", dir, a.Family, a.Name).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			for _, ext := range []string{".pth", ".safetensors"} {
				store := model.NewStore()
				if err := a.LoadWithTop(backend(t), store, pretrained.File(filepath.Join(dir, a.Name+ext))); err != nil {
					t.Fatal(err)
				}
				truthOf(t, a).checkLogits(t, a, store)
			}
		})
	}
}
