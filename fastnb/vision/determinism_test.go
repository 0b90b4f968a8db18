package vision_test

import (
	"math"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
	"github.com/gomlx/gomlx/core/tensors"
)

// three ends a fit after as many batches.
type three struct{}

func (three) EndBatch(l *fastnb.Learner) error {
	if len(l.Recorder.Loss) == 3 {
		return fastnb.ErrStop
	}
	return nil
}

// trained returns all weights of the real net, unfrozen, after two short fits on augmented photos.
func trained(t *testing.T, workers int) map[string][]float32 {
	t.Helper()
	d, err := vision.FromPaths(fetched(t, "pets_sample"), vision.Size(64), vision.BatchSize(16), vision.Augment(vision.SideOn),
		vision.Workers(workers), vision.WorkDir(t.TempDir()))
	check(t, err)
	l, err := vision.Pretrained(arch.EfficientNetLite0, d, quiet)
	check(t, err)
	l.Unfreeze()
	for range 2 {
		check(t, l.Fit(fastnb.LR(1e-4, 1e-3, 1e-2), 1, fastnb.Callbacks(three{})))
	}
	ws := map[string][]float32{}
	for v := range l.Store().IterVariables() {
		if !strings.Contains(v.Path(), "#") {
			ws[v.Path()] = tensors.MustCopyFlatData[float32](v.MustValue())
		}
	}
	return ws
}

// The same seed gives the same weights bit for bit, of the whole net, with photos decoded on one core or on many.
func TestSameSeedSameNet(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: compiles the net twice")
	}
	one, many := trained(t, 1), trained(t, 4)
	if len(one) < 200 || len(one) != len(many) {
		t.Fatalf("%d and %d variables", len(one), len(many))
	}
	for path, ws := range one {
		for i, w := range ws {
			if other := many[path][i]; math.Float32bits(w) != math.Float32bits(other) {
				t.Fatalf("%s[%d] is %g, the second time %g", path, i, w, other)
			}
		}
	}
}

// Images are normalised as the net's weights want it, whatever the data came with.
func TestNormalisationIsTheNets(t *testing.T) {
	d, err := vision.FromPaths(fetched(t, "pets_sample"), vision.Size(64), vision.WorkDir(t.TempDir()))
	check(t, err)
	for _, a := range []arch.Arch{arch.EfficientNetLite0, arch.ResNet34} {
		l, err := vision.Pretrained(a, d, quiet)
		check(t, err)
		if got := l.Data().Norm(); got.Mean != a.Mean || got.Std != a.Std {
			t.Errorf("%s: normalised by %v", a.Name, got)
		}
	}
}
