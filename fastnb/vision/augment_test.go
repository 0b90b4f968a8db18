package vision

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

func TestNewDrawsHaveTheirShares(t *testing.T) {
	const n = 20000
	by := func(a Transforms) config { return config{size: 224, augment: a} }
	edge := -math.Log(1 - .4)
	for _, c := range []struct {
		name   string
		config config
		is     func(d draw) bool
		want   float64
	}{
		{"warped across", by(Transforms{Warp: .2}), func(d draw) bool { return d.warp[0] != 0 }, .75},
		{"warped across alone", by(Transforms{Warp: .2}), func(d draw) bool { return d.warp[0] != 0 && d.warp[1] == 0 }, .75 * .25},
		{"warped by over half", by(Transforms{Warp: .2}), func(d draw) bool { return math.Abs(d.warp[1]) > .1 }, .375},
		{"warped too much", by(Transforms{Warp: .2}), func(d draw) bool { return math.Abs(d.warp[1]) > .2 }, 0},
		{"warped always", by(Transforms{Warp: .2, WarpP: 1}), func(d draw) bool { return d.warp[0] != 0 && d.warp[1] != 0 }, 1},
		{"wider", by(Transforms{Stretch: .2, ZoomP: 1e-12}), func(d draw) bool { return d.scale[0] == 1 && d.scale[1] > 1 }, .375},
		{"higher by over .1", by(Transforms{Stretch: .2, ZoomP: 1e-12}), func(d draw) bool { return d.scale[0] > 1.1 && d.scale[1] == 1 }, .1875},
		{"stretched and zoomed", by(Transforms{Stretch: .2, ZoomP: 1, StretchP: .5}), func(d draw) bool { return d.scale[0] != d.scale[1] && min(d.scale[0], d.scale[1]) > 1 }, .5},
		{"brighter", by(Transforms{Lighting: .4}), func(d draw) bool { return d.colour.brightness > 0 }, .375},
		{"brighter by over half", by(Transforms{Lighting: .4}), func(d draw) bool { return d.colour.brightness > math.Log(.6/.4) }, .1875},
		{"too bright", by(Transforms{Lighting: .4}), func(d draw) bool { return math.Abs(d.colour.brightness) > math.Log(.7/.3)+1e-9 }, 0},
		{"more contrast by over half", by(Transforms{Lighting: .4}), func(d draw) bool { return math.Log(d.colour.contrast) > edge/2 }, .1875},
		{"less contrast, as bright", by(Transforms{Lighting: .4}), func(d draw) bool { return d.colour.contrast < 1 && d.colour.brightness == 0 }, .375 * .25},
		{"lit at half", by(Transforms{Lighting: .4, LightingP: .5}), func(d draw) bool { return d.colour.brightness != 0 }, .5},
		{"saturated", by(Transforms{Saturation: .4}), func(d draw) bool { return math.Log(d.colour.saturation) > edge/2 }, .1875},
		{"another hue", by(Transforms{Hue: .4}), func(d draw) bool { return d.colour.hue != 0 && math.Log(1+d.colour.hue) < edge }, .75},
		{"colours of none", by(SideOn), func(d draw) bool { return d.colour == uncoloured }, 1},
		{"cut out", by(Transforms{Cutout: .25}), func(d draw) bool { return d.cutout != box{} }, .5},
		{"cut out, whole", by(Transforms{Cutout: .25, CutoutP: 1}), func(d draw) bool {
			b := d.cutout
			return b.bottom-b.top == 56 && b.right-b.left == 56
		}, 169. / 224 * 169 / 224},
		{"erased", by(Transforms{Erase: .3}), func(d draw) bool { return d.erase != box{} }, .5},
		{"erased upright", by(Transforms{Erase: .3, EraseP: 1}), func(d draw) bool { return d.erase.bottom-d.erase.top > d.erase.right-d.erase.left }, .5},
		{"turned always", by(Transforms{Rotate: 5, RotateP: 1}), func(d draw) bool { return d.angle != 0 }, 1},
		{"zoomed always", by(Transforms{Rotate: 5, ZoomP: 1}), func(d draw) bool { return d.scale[0] > 1 }, 1},
		{"flipped at a tenth", by(Transforms{Flip: true, FlipP: .1}), func(d draw) bool { return d.flip }, .1},
		{"one of the other 7 at half", by(Transforms{Dihedral: true, DihedralP: .5}), func(d draw) bool { return d.flip || d.turns > 0 }, .5 * 7 / 8},
		{"lit as 0.7 at half", by(Transforms{Light: .1, Contrast: .1, LightP: .5}), func(d draw) bool { return d.light != 0 && d.contrast != 1 }, .5},
		{"padded, first row above", config{size: 224, crop: CropNo, augmentConfig: augmentConfig{pad: 4}}, func(d draw) bool { return d.start(0, 0) < 0 }, 4. / 9},
		{"padded, beyond", config{size: 224, crop: CropNo, augmentConfig: augmentConfig{pad: 4}}, func(d draw) bool { return math.Abs(d.start(0, 0)) > 4 }, 0},
	} {
		got := share(n, c.config, c.is)
		if sd := math.Sqrt(c.want * (1 - c.want) / n); math.Abs(got-c.want) > 4*sd+.001 { // whole pixels round
			t.Errorf("%s: %.4f, want %.4f +- %.4f", c.name, got, c.want, 4*sd)
		}
	}
}

// What is erased is of the area and the aspect that are asked for.
func TestErasedBoxes(t *testing.T) {
	const n, size = 5000, 100
	area := 0.
	for i := range n {
		b := Transforms{Erase: .3, EraseP: 1}.drawErase(rand.New(rand.NewPCG(1, uint64(i))), size)
		h, w := b.bottom-b.top, b.right-b.left
		if b.top < 0 || b.left < 0 || b.bottom > size || b.right > size || h < 0 || w < 0 {
			t.Fatalf("box %v", b)
		}
		area += float64(h*w) / size / size / n
	}
	if math.Abs(area-.15) > .005 {
		t.Errorf("mean area %.3f, want half of .3", area)
	}
}

// What the device covers is the box and nothing else: noise of the mean colour and its deviation, and the mean colour.
func TestCoveredBoxes(t *testing.T) {
	const n = 32
	c := config{size: n, augment: Transforms{Cutout: .1, Erase: .1}}
	drawn := identity
	drawn.erase, drawn.cutout = box{2, 30, 4, 20}, box{0, 5, 25, 32}
	p := noise(n, n)
	got := onDeviceBy(t, c, p, drawn)
	var sum, squares [3]float64
	for i := range n {
		for j := range n {
			for k := range 3 {
				v := float64(got[3*(i*n+j)+k])
				switch {
				case i < 5 && j >= 25:
					if math.Abs(v-float64(ImageNet.Mean[k])) > exact {
						t.Fatalf("cut out: %g", v)
					}
				case i >= 2 && i < 30 && j >= 4 && j < 20:
					z := (v - float64(ImageNet.Mean[k])) / float64(ImageNet.Std[k])
					sum[k], squares[k] = sum[k]+z, squares[k]+z*z
				default:
					if math.Abs(v-p.at(i, j, k)) > exact {
						t.Fatalf("pixel %d, %d beside the boxes is %g, want %g", i, j, v, p.at(i, j, k))
					}
				}
			}
		}
	}
	const count = 28 * 16
	for k := range 3 {
		mean, variance := sum[k]/count, squares[k]/count
		if math.Abs(mean) > 4/math.Sqrt(count) || math.Abs(variance-1) > 4*math.Sqrt(2./count) {
			t.Errorf("noise of mean %.3f and variance %.3f", mean, variance)
		}
	}
}

// drawnBy runs f on seeds, a pair for each image.
func drawnBy(t *testing.T, f func(r *Rand) *graph.Node, seeds ...uint32) [][]float32 {
	t.Helper()
	be, err := engine.Open()
	ok(t, err)
	exec, err := graph.NewExec(be, func(seeds *graph.Node) *graph.Node { return f(&Rand{seeds: seeds}) })
	ok(t, err)
	defer exec.Finalize()
	flat := tensors.MustCopyFlatData[float32](exec.MustCall1(tensors.FromFlatDataAndDimensions(seeds, len(seeds)/2, 2)))
	return slices.Collect(slices.Chunk(flat, len(flat)/(len(seeds)/2)))
}

func TestRandIsOfTheImageAlone(t *testing.T) {
	uniform := func(r *Rand) *graph.Node { return r.Uniform(1000) }
	alone, among := drawnBy(t, uniform, 7, 8), drawnBy(t, uniform, 1, 2, 7, 8, 7, 9)
	if !slices.Equal(alone[0], among[1]) {
		t.Error("other numbers among other images")
	}
	if slices.Equal(among[1], among[2]) || slices.Equal(among[0], among[1]) {
		t.Error("two images have the same numbers")
	}
	second := drawnBy(t, func(r *Rand) *graph.Node { r.Uniform(1000); return r.Uniform(1000) }, 7, 8)
	if slices.Equal(alone[0], second[0]) {
		t.Error("the second call draws what the first did")
	}
}

func TestRandIsUniformAndNormal(t *testing.T) {
	const n = 40000
	for _, c := range []struct {
		name           string
		draw           func(r *Rand) *graph.Node
		mean, variance float64
	}{
		{"uniform", func(r *Rand) *graph.Node { return r.Uniform(n/100, 100) }, .5, 1. / 12},
		{"normal", func(r *Rand) *graph.Node { return r.Normal(n) }, 0, 1},
		{"uniform, of many images", nil, .5, 1. / 12},
	} {
		var x []float32
		if c.draw != nil {
			x = drawnBy(t, c.draw, 3, 4)[0]
		} else {
			seeds := make([]uint32, 2*n)
			for i := range seeds {
				seeds[i] = uint32(i)
			}
			x = slices.Concat(drawnBy(t, func(r *Rand) *graph.Node { return r.Uniform(1) }, seeds...)...)
		}
		var sum, squares, neighbours float64
		for i, v := range x {
			d := float64(v) - c.mean
			sum, squares = sum+d, squares+d*d
			neighbours += d * (float64(x[(i+1)%len(x)]) - c.mean)
		}
		sd := math.Sqrt(c.variance / n)
		if math.Abs(sum/n) > 4*sd || math.Abs(squares/n/c.variance-1) > 4*math.Sqrt(2./n) || math.Abs(neighbours/n/c.variance) > 4/math.Sqrt(n) {
			t.Errorf("%s: mean %g from %g, variance %g, neighbours %g", c.name, sum/n, c.mean, squares/n, neighbours/n)
		}
	}
}

// A function of one's own sees images of 0 to 1 and makes what the net sees of them, in augmented views alone.
func TestTransformOfOnesOwn(t *testing.T) {
	dir := tree(t)
	upsideDown := func(x *graph.Node, _ *Rand) *graph.Node { return graph.Reverse(x, 1) }
	half := func(x *graph.Node, _ *Rand) *graph.Node { return graph.MulScalar(graph.ClipScalar(x, 0, 1), .5) }
	d := open(t, dir, CropCenter, Transform(upsideDown, half))
	clean, err := d.Images(fastnb.View{}, 3)
	ok(t, err)
	plain, err := open(t, dir, CropCenter).Images(fastnb.View{}, 3)
	ok(t, err)
	if !slices.Equal(fromImage(clean[0]).pix, fromImage(plain[0]).pix) {
		t.Error("a clean view is transformed")
	}
	own, err := d.Augmented(fastnb.Train, 3, 1)
	ok(t, err)
	p, q := fromImage(plain[0]), fromImage(own[0])
	for i := range 16 {
		for j := range 16 {
			for k := range 3 {
				if got, want := q.at(15-i, j, k), p.at(i, j, k)/2; math.Abs(got-want) > .5+exact {
					t.Fatalf("pixel %d, %d is %g, want %g", i, j, got, want)
				}
			}
		}
	}
}

// The same view shows an image with the same noise, whatever it is batched with; another view shows another.
func TestTransformIsOfTheViewAndTheItem(t *testing.T) {
	noisy := func(x *graph.Node, r *Rand) *graph.Node { return graph.Add(x, r.Normal(x.Shape().Dimensions[1:]...)) }
	d := open(t, tree(t), Transform(noisy))
	be, err := engine.Open()
	ok(t, err)
	exec, err := graph.NewExec(be, func(in []*graph.Node) *graph.Node { return d.Prepare(in)[0] })
	ok(t, err)
	defer exec.Finalize()
	row := func(seed uint64, at int, items ...int) []float32 {
		b, err := d.batch(fastnb.View{Augment: true, Seed: seed}, items, len(items))
		ok(t, err)
		var args []any
		for _, x := range b.Inputs {
			args = append(args, x)
		}
		all := tensors.MustCopyFlatData[float32](exec.MustCall1(args...))
		return all[at*3*16*16 : (at+1)*3*16*16]
	}
	if !slices.Equal(row(3, 0, 7), row(3, 2, 2, 9, 7)) {
		t.Error("an image has other noise among others")
	}
	if slices.Equal(row(3, 0, 7), row(4, 0, 7)) {
		t.Error("another view has the same noise")
	}
}

// A function that does not give images back is told where its graph is built, not by a panic.
func TestTransformThatGivesNoImages(t *testing.T) {
	for _, f := range []func(x *graph.Node, r *Rand) *graph.Node{
		func(x *graph.Node, _ *Rand) *graph.Node { return graph.ReduceMean(x, 1) },
		func(x *graph.Node, _ *Rand) *graph.Node { return graph.ConvertDType(x, dtypes.Uint8) },
		func(x *graph.Node, _ *Rand) *graph.Node { return nil },
		func(x *graph.Node, r *Rand) *graph.Node { return graph.Add(x, r.Uniform(0)) },
	} {
		_, err := open(t, tree(t), Transform(f)).Augmented(fastnb.Train, 0, 1)
		saysAll(t, err, "vision: ", "want")
	}
}

func TestOptionsOfTransformsOutOfRange(t *testing.T) {
	dir := tree(t)
	for _, c := range []struct {
		opts  []DataOption
		words []string
	}{
		{[]DataOption{Size(20), Presize(16)}, []string{"Presize(16) is below Size(20)"}},
		{[]DataOption{Presize(-1)}, []string{"Presize(-1)"}},
		{[]DataOption{Pad(-1)}, []string{"Pad(-1)", "want 0 to 16"}},
		{[]DataOption{Pad(17)}, []string{"Pad(17)", "want 0 to 16"}},
		{[]DataOption{Pad(4), CropCenter}, []string{"Pad(4)", "center", "CropRandom"}},
		{[]DataOption{Pad(4), CropGoogLeNet}, []string{"Pad(4)", "googlenet"}},
		{[]DataOption{PadMode(7)}, []string{"PadMode(7)", "PadReflection"}},
		{[]DataOption{Crop(9)}, []string{"Crop(9)", "CropPad"}},
		{[]DataOption{Transform(nil)}, []string{"Transform", "function 1 of 1 is nil"}},
		{[]DataOption{Augment(Transforms{Warp: .31})}, []string{"Augment: Warp is 0.31", "0 to .3"}},
		{[]DataOption{Augment(Transforms{Warp: math.NaN()})}, []string{"Warp is NaN"}},
		{[]DataOption{Augment(Transforms{Rotate: -5})}, []string{"Rotate is -5", "degrees"}},
		{[]DataOption{Augment(Transforms{Lighting: 1})}, []string{"Lighting is 1", "below 1"}},
		{[]DataOption{Augment(Transforms{Hue: 1})}, []string{"Hue is 1"}},
		{[]DataOption{Augment(Transforms{Saturation: 20})}, []string{"Saturation is 20"}},
		{[]DataOption{Augment(Transforms{Stretch: math.Inf(1)})}, []string{"Stretch is +Inf"}},
		{[]DataOption{Augment(Transforms{Cutout: 16})}, []string{"Cutout is 16", "as a part of the side"}},
		{[]DataOption{Augment(Transforms{Erase: 1.5})}, []string{"Erase is 1.5"}},
		{[]DataOption{Augment(Transforms{Flip: true, FlipP: 50})}, []string{"FlipP is 50", "0 to 1"}},
		{[]DataOption{Augment(Transforms{EraseP: -1})}, []string{"EraseP is -1"}},
	} {
		_, err := FromPaths(dir, append([]DataOption{Size(16), BatchSize(4)}, c.opts...)...)
		saysAll(t, err, append(c.words, "vision: FromPaths: ")...)
	}
	d := open(t, dir, Presize(20))
	_, err := d.With(Size(24))
	saysAll(t, err, "vision: With: ", "Presize(20) is below Size(24)")
}

// decodedFiles returns the files of decoded images, and when each was written.
func decodedFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "tmp", "images-*"))
	ok(t, err)
	all := map[string]string{}
	for _, path := range found {
		info, err := os.Stat(path)
		ok(t, err)
		all[path] = fmt.Sprint(info.ModTime(), info.Size())
	}
	return all
}

// Smaller sizes are made of what was decoded for the largest: nothing is decoded or written again.
func TestPresizedFilesServeEverySize(t *testing.T) {
	dir := tree(t)
	large := open(t, dir, Size(20), Presize(20))
	before := decodedFiles(t, dir)
	if len(before) != 3 {
		t.Fatalf("%d files of decoded images, want one for each split", len(before))
	}
	for _, size := range []int{8, 12, 20} {
		d, err := large.With(Size(size), Augment(AugTransforms))
		ok(t, err)
		for _, v := range []fastnb.View{{}, {Augment: true}} {
			for b, err := range d.Batches(v) {
				ok(t, err)
				if got := b.Inputs[0].Shape().Dimensions[1]; !v.Augment && got != size || v.Augment && got != min(20, 2*size) {
					t.Errorf("Size(%d), augmented %t: windows of %d", size, v.Augment, got)
				}
			}
		}
	}
	same(t, "files", decodedFiles(t, dir), before)
	open(t, dir, Size(12)) // without the option it is decoded for that size
	if got := len(decodedFiles(t, dir)); got != 6 {
		t.Errorf("%d files of decoded images, want 6", got)
	}
}

// A clean view is of the kept image; where that is of the Size itself, it is what it would be without the option.
func TestPresizedCleanViews(t *testing.T) {
	dir := tree(t)
	for _, crop := range []Crop{CropRandom, CropNo, CropPad} {
		whole := open(t, dir, Presize(20), crop, Size(20))
		plain := open(t, dir, crop, Size(20))
		same(t, "pixels of the kept size", pixelsOf(t, whole, fastnb.View{}), pixelsOf(t, plain, fastnb.View{}))
		same(t, "its fingerprint", whole.Fingerprint(fastnb.Train), plain.Fingerprint(fastnb.Train))

		small, direct := open(t, dir, Presize(20), crop, Size(12)), open(t, dir, crop, Size(12))
		if small.Fingerprint(fastnb.Train) == direct.Fingerprint(fastnb.Train) {
			t.Errorf("%v: presized images have the fingerprint of others", crop)
		}
		a, b := pixelsOf(t, small, fastnb.View{}), pixelsOf(t, direct, fastnb.View{})
		mean := 0.
		for i := range a {
			mean += math.Abs(float64(a[i]-b[i])) / float64(len(a))
		}
		if mean == 0 || mean > 12 {
			t.Errorf("%v: presized images differ from direct ones by %.2f levels in the mean", crop, mean)
		}
	}
}

// An augmented view that draws nothing shows the clean view: bit for bit where nothing is scaled, letterboxed too; of
// larger images the same part at the same place, from which a pixel to the left is as far as one to the right.
func TestAugmentedViewsShowWhatCleanOnesDo(t *testing.T) {
	for _, c := range []struct {
		name  string
		opts  []DataOption
		exact bool
	}{
		{"letterbox", []DataOption{CropPad}, true},
		{"letterbox, border", []DataOption{CropPad, PadBorder}, true},
		{"letterbox, zeros", []DataOption{CropPad, PadZeros}, true},
		{"presized to Size", []DataOption{CropCenter, Presize(32)}, true},
		{"presized", []DataOption{CropCenter, Presize(40)}, false},
		{"presized, over twice", []DataOption{CropCenter, Presize(75)}, false},
		{"presized letterbox", []DataOption{CropPad, Presize(80)}, false},
		{"presized, squashed", []DataOption{CropNo, Presize(60)}, false},
	} {
		d, err := FromPaths("testdata/pets", append(c.opts, Size(32), WorkDir(t.TempDir()))...)
		ok(t, err)
		clean, augmented := seen(t, d, fastnb.View{}), seen(t, d, fastnb.View{Augment: true, Seed: 8})
		here := apart(augmented, clean, 0, 0)
		if c.exact && here > 0 {
			t.Errorf("%s: %g levels apart", c.name, here)
		}
		for _, by := range [][2]int{{0, 1}, {1, 0}} {
			a, b := apart(augmented, clean, by[0], by[1]), apart(augmented, clean, -by[0], -by[1])
			if here > .4*min(a, b) || math.Abs(a-b) > .1*(a+b) {
				t.Errorf("%s: %.2f levels apart, moved by a pixel %.2f and %.2f", c.name, here, a, b)
			}
		}
	}
}

// apart returns the mean difference between pictures, the one moved by dy and dx, in levels, edges left out.
func apart(as, bs []picture, dy, dx int) (mean float64) {
	n := 0.
	for item, a := range as {
		for i := 1; i < a.h-1; i++ {
			for j := 1; j < a.w-1; j++ {
				for k := range 3 {
					mean += math.Abs(a.at(i+dy, j+dx, k) - bs[item].at(i, j, k))
					n++
				}
			}
		}
	}
	return mean / n
}

// seen returns the training images of a view as the net sees them, computed in Go.
func seen(t *testing.T, d *Data, v fastnb.View) (all []picture) {
	t.Helper()
	prepare, err := graph.NewExec(goBackend(t), func(in []*graph.Node) *graph.Node { return d.Prepare(in)[0] })
	ok(t, err)
	defer prepare.Finalize()
	for item := range d.Len(v.Split) {
		img, err := d.image(prepare, v, item)
		ok(t, err)
		all = append(all, fromImage(img))
	}
	return all
}

// A learner trains on all transforms, twice the same by the same seed; functions of one's own change what it sees in
// training and in test-time augmentation, not what it predicts of clean images.
func TestLearnerTrainsOnEveryTransform(t *testing.T) {
	all := Transforms{Rotate: 10, Dihedral: true, Light: .1, Contrast: .1, Warp: .2, Stretch: .2, Lighting: .2, Saturation: .2,
		Hue: .1, Cutout: .3, Erase: .3}
	dark := func(x *graph.Node, r *Rand) *graph.Node {
		share := graph.BroadcastToDims(r.Uniform(1, 1, 1), x.Shape().Dimensions...)
		return graph.Mul(x, share)
	}
	dir := tree(t)
	made := func(opts ...DataOption) *Learner {
		return tiny(t, open(t, dir, append(opts, Augment(all), Presize(20), Pad(2), PadBorder)...))
	}
	losses := func(l *Learner) []float64 {
		ok(t, l.Fit(fastnb.LR(.01), 2))
		return l.Recorder.Loss
	}
	one := losses(made(Transform(dark)))
	same(t, "losses of the same seed", losses(made(Transform(dark))), one)
	if slices.Equal(losses(made()), one) {
		t.Error("the function makes no difference in training")
	}
	a, b := made(Transform(dark)), made()
	same(t, "clean predictions", probsOfValid(t, a), probsOfValid(t, b))
	p, err := a.TTA(fastnb.Valid)
	ok(t, err)
	q, err := b.TTA(fastnb.Valid)
	ok(t, err)
	if slices.Equal(p.Probs[0], q.Probs[0]) {
		t.Error("the function makes no difference in test-time augmentation")
	}
}
