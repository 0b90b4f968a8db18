package vision

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/tensors"
)

// Every net, the smallest of its family unless FASTNB_ALL_NETS is set, trains two steps on tiny pictures, frozen and
// not, is saved, loaded, and found by its name.
func TestNets(t *testing.T) {
	families := map[string]bool{}
	for _, a := range arch.List() {
		first := !families[a.Family]
		families[a.Family] = true
		t.Run(a.Name, func(t *testing.T) {
			switch {
			case os.Getenv("FASTNB_ALL_NETS") != "":
			case testing.Short():
				t.Skip("-short: compiles for long")
			case !first:
				t.Skip("larger than a net that is built in the same way; set FASTNB_ALL_NETS to train it too")
			}
			trainsAndReturns(t, a)
		})
	}
}

func trainsAndReturns(t *testing.T, a arch.Arch) {
	be, err := engine.Open()
	ok(t, err)
	d := open(t, tree(t), Size(max(32, a.MinSize)), BatchSize(5))
	d.splits[fastnb.Valid] = split{} // after two steps the running statistics of a deep net are not those of its layers
	l, err := Pretrained(a, d, FromScratch(), Layers(), On(be), With(fastnb.WithProgress(nil)))
	ok(t, err)
	twoSteps(t, l, a, [3]bool{true, true, true})
	l.Freeze()
	twoSteps(t, l, a, [3]bool{false, false, true})
	ok(t, l.Save("net"))
	saved := weightsOf(t, l)
	l.Unfreeze()
	ok(t, l.Fit(fastnb.LR(1e-3), 1))
	ok(t, l.Load("net"))
	same(t, "the weights that were loaded", weightsOf(t, l), saved)
	again, err := Open(l.Data().Dir()+"/models/net.safetensors", On(be), With(fastnb.WithProgress(nil)))
	ok(t, err)
	same(t, "the weights of Open", weightsOf(t, again), saved)
}

// twoSteps trains on two batches, and wants the weights of these groups to change, and no others.
func twoSteps(t *testing.T, l *Learner, a arch.Arch, groups [3]bool) {
	t.Helper()
	before := weightsOf(t, l)
	ok(t, l.Fit(fastnb.LR(1e-3), 1))
	after := weightsOf(t, l)
	same(t, "the number of steps", len(l.Recorder.RawLoss), 2)
	var changed [3]bool
	for path, values := range after {
		k := groupOf(a, path)
		changed[k] = changed[k] || !slices.Equal(values, before[path])
	}
	same(t, "which groups changed", changed, groups)
}

// groupOf returns the layer group of a weight.
func groupOf(a arch.Arch, path string) int {
	for k, scopes := range a.Groups {
		if slices.ContainsFunc(scopes, func(scope string) bool { return strings.HasPrefix(path, scope+"/") }) {
			return k
		}
	}
	return len(a.Groups)
}

// weightsOf returns a copy of all weights and running statistics of body and head, by path.
func weightsOf(t *testing.T, l *Learner) map[string][]float32 {
	t.Helper()
	weights := map[string][]float32{}
	for v := range l.Store().IterVariables() {
		if v.Shape().DType != dtypes.Float32 { // counters
			continue
		}
		value, err := v.Value()
		ok(t, err)
		weights[v.Path()], err = tensors.CopyFlatData[float32](value)
		ok(t, err)
	}
	return weights
}

// Nets that can't be trained as asked are refused before any work.
func TestNetsThatDoNotFit(t *testing.T) {
	d := open(t, tree(t), Size(24))
	for _, test := range []struct {
		a    arch.Arch
		opts []LearnerOption
		want string
	}{
		{arch.WRN22, nil, "vision: Pretrained: wrn_22 has no public weights; give FromScratch() to start from random ones, " +
			"or Weights(pretrained.File(path)) to start from those of a file"},
		{arch.ViTSmall16, []LearnerOption{FromScratch()}, "vision: Pretrained: vit_small_patch16_224 takes images " +
			"whose sides are multiples of 16 pixels, the data's have 24; want Size(16) or Size(32)"},
		{arch.VGG16, []LearnerOption{FromScratch()}, "vision: Pretrained: vgg16 takes images of 32 pixels or more, " +
			"the data's have 24 (see Size)"},
		{arch.Arch{Name: "none"}, nil, "vision: Pretrained: the net has no Body (arch.List has those that are there)"},
	} {
		if _, err := Pretrained(test.a, d, test.opts...); err == nil || err.Error() != test.want {
			t.Errorf("%s: %v (want %q)", test.a.Name, err, test.want)
		}
	}
}
