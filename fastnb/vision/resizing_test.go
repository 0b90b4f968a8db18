package vision

import (
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/gomlx/gomlx/core/tensors"
)

// netOf returns every number of a net, batch norms' statistics too.
func netOf(l *Learner) map[string][]float32 {
	all := map[string][]float32{}
	for v := range l.Store().IterVariables() {
		if !strings.Contains(v.Path(), "#") {
			all[v.Path()] = tensors.MustCopyFlatData[float32](v.MustValue())
		}
	}
	return all
}

// Progressive resizing: larger images, wherever they come from, leave every weight as it is, are normalised as the net
// wants it, and are made of the files that were decoded for the first ones.
func TestProgressiveResizing(t *testing.T) {
	dir := tree(t)
	small := open(t, dir, Size(8), Presize(20), Augment(AugTransforms))
	files := decodedFiles(t, dir)
	l := tiny(t, small)
	ok(t, l.Fit(fastnb.LR(.01), 1))
	weights := netOf(l)
	ok(t, l.Save("m"))
	larger := func(d *Data) *Data { return must(d.With(Size(16))) }
	for name, d := range map[string]*Data{
		"of the data":                        larger(small),
		"of the learner's data":              larger(l.Data()),
		"of data normalised for another net": larger(small.WithNorm(Norm{Std: [3]float32{1, 1, 1}})),
		"normalised for another net":         larger(small).WithNorm(ImageNet),
		"opened anew":                        open(t, dir, Presize(20)),
	} {
		ok(t, l.SetData(d))
		same(t, name+": weights", netOf(l), weights)
		same(t, name+": norm", l.Data().Norm(), wanted)
		same(t, name+": size", l.Data().Size(), 16)
		made := tiny(t, open(t, dir, Presize(20))) // for these images, not for others before
		ok(t, made.Load("m"))
		same(t, name+": predictions", probsOfValid(t, l), probsOfValid(t, made))
	}
	l.Unfreeze()
	ok(t, l.Fit(fastnb.LR(.01), 1))
	same(t, "decoded files", decodedFiles(t, dir), files)
}

// A model that was opened without its images looks at others as it did at its own: presized, or in a square with bars.
func TestOpenKnowsPresizeAndPadMode(t *testing.T) {
	for name, opts := range map[string][]DataOption{
		"presized":           {Presize(24)},
		"letterbox":          {CropPad, PadZeros},
		"presized letterbox": {CropPad, PadBorder, Presize(30)},
	} {
		dir := tree(t)
		l := tiny(t, open(t, dir, opts...))
		p, err := l.Predict(fastnb.Test)
		ok(t, err)
		files := testFiles(t, dir) // in the order of the data's
		got := predictedImages(t, opened(t, savedAs(t, l)), files)
		same(t, name, got, p.Probs)
		plain := predictedImages(t, tiny(t, open(t, dir)), files)
		if slices.EqualFunc(plain, p.Probs, func(a, b []float32) bool { return slices.Equal(a, b) }) {
			t.Errorf("%s: the option makes no difference; the test shows nothing", name)
		}
	}
}
