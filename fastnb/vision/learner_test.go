package vision_test

import (
	"math"
	"os"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fetched returns the folder of a data set, or skips the test where this machine can't have it.
func fetched(t testing.TB, name string) string {
	t.Helper()
	if name != "pets_sample" && os.Getenv("FASTNB_MIRROR") == "" {
		t.Skipf("%s: set FASTNB_MIRROR to a folder that holds its archive", name)
	}
	path, err := datasets.Fetch(name)
	check(t, err)
	return path
}

// quiet is a learner option: no progress in a test's output.
var quiet = vision.With(fastnb.WithProgress(nil))

// lite returns a learner of pretrained Lite0 that keeps its files in the test's folder.
func lite(t testing.TB, path string, seed uint64, opts ...vision.DataOption) *vision.Learner {
	t.Helper()
	opts = append([]vision.DataOption{vision.BatchSize(32), vision.WorkDir(t.TempDir())}, opts...)
	d, err := vision.FromPaths(path, opts...)
	check(t, err)
	l, err := vision.Pretrained(arch.EfficientNetLite0, d, quiet, vision.With(fastnb.Seed(seed), fastnb.WithOptimizer(optim.Adam{})))
	check(t, err)
	return l
}

// REFERENCE (d) 12: fast.ai's head of a ResNet-34 for two classes has 528,898 parameters.
func TestHeadParameters(t *testing.T) {
	be, err := engine.Open()
	check(t, err)
	store := model.NewStore()
	g := graph.NewGraph(be, "head")
	defer g.Finalize()
	model.SetStore(g, store)
	x := graph.Parameter(g, "x", shapes.Make(dtypes.Float32, 2, 1024))
	y := vision.Head(store.RootScope(), x, []int{512}, []float64{.25, .5}, 2)
	n := 0
	for v := range store.IterVariables() {
		if v.Trainable {
			n += v.Shape().Size()
		}
	}
	if n != 528898 || y.Shape().Dim(1) != 2 {
		t.Errorf("%d parameters, output %s; want 528898 and [2, 2]", n, y.Shape())
	}
}

func TestPretrainedWrongUse(t *testing.T) {
	d, err := vision.FromPaths(fetched(t, "pets_sample"), vision.WorkDir(t.TempDir()))
	check(t, err)
	for want, opt := range map[string]vision.LearnerOption{
		"Ps: 3 dropouts for 2 dense layers (want 1 or 2)":       vision.Ps(.1, .2, .3),
		"Ps: dropout 1 (want 0 or more, below 1)":               vision.Ps(1),
		"Precompute: the body is not frozen; call Freeze first": vision.FromScratch(),
	} {
		if _, err := vision.Pretrained(arch.EfficientNetLite0, d, quiet, vision.Precompute(true), opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// Head training on cached activations equals training through the real frozen body without augmentation.
func TestPrecomputeEqualsTheFrozenNet(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains through a net with real weights")
	}
	path := fetched(t, "pets_sample")
	head := func(precompute bool) []float32 {
		d, err := vision.FromPaths(path, vision.Size(96), vision.BatchSize(32), vision.WorkDir(t.TempDir()), vision.CropNo)
		check(t, err)
		l, err := vision.Pretrained(arch.EfficientNetLite0, d, quiet, vision.Precompute(precompute))
		check(t, err)
		check(t, l.Fit(fastnb.LR(0.01), 1))
		flat, err := tensors.CopyFlatData[float32](l.Store().GetVariable("/head/1/fc/weight").MustValue())
		check(t, err)
		return flat
	}
	cached, through := head(true), head(false)
	for i, w := range through {
		if math.Abs(float64(w-cached[i])) > 1e-4 {
			t.Fatalf("weight %d is %g on cached activations, %g through the body", i, cached[i], w)
		}
	}
}

// A pretrained body keeps the statistics of its batch norms, one from scratch doesn't, and an option chooses.
func TestBNByDefault(t *testing.T) {
	data, err := vision.FromPaths(fetched(t, "pets_sample"), vision.Size(32), vision.WorkDir(t.TempDir()))
	check(t, err)
	for want, opts := range map[fastnb.BN][]vision.LearnerOption{
		fastnb.KeepBN: nil, fastnb.BatchBN: {vision.FromScratch()}, fastnb.TrainBN: {vision.With(fastnb.TrainBN)},
	} {
		l, err := vision.Pretrained(arch.EfficientNetLite0, data, append(opts, quiet)...)
		check(t, err)
		if l.BN() != want {
			t.Errorf("%v, want %v", l.BN(), want)
		}
	}
}
