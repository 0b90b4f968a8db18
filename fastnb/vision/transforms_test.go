package vision

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// devices have the graphs that run Pixels, one for each configuration; each compiles once for each shape.
var devices sync.Map

// onDevice transforms p into a square of size by what was drawn, as Prepare does, before the normalisation.
func onDevice(t *testing.T, p picture, size int, drawn draw) []float32 {
	t.Helper()
	return onDeviceBy(t, config{size: size}, p, drawn)
}

// onDeviceBy is onDevice by a configuration.
func onDeviceBy(t *testing.T, c config, p picture, drawn draw) []float32 {
	t.Helper()
	key := fmt.Sprintf("%+v", c)
	pixels, found := devices.Load(key)
	if !found {
		be, err := engine.Open()
		ok(t, err)
		d := &Data{config: c, norm: ImageNet}
		pixels, err = graph.NewExec(be, func(in []*graph.Node) *graph.Node { return d.Pixels(in) })
		ok(t, err)
		devices.Store(key, pixels)
	}
	long := max(p.h, p.w)
	window := make([]uint8, 3*min(p.h, p.w)*long)
	p.copyLandscape(window, long)
	b := c.newDrawn(1)
	b.set(0, drawn, p.h, p.w)
	args := []any{tensors.FromFlatDataAndDimensions(window, 1, min(p.h, p.w), long, 3)}
	for _, x := range b.tensors() {
		args = append(args, x)
	}
	return tensors.MustCopyFlatData[float32](pixels.(*graph.Exec).MustCall1(args...))
}

// noise returns a picture in which no pixel is like another.
func noise(h, w int) picture {
	p, r := newPicture(h, w), rand.New(rand.NewPCG(1, 2))
	for i := range p.pix {
		p.pix[i] = byte(r.IntN(256))
	}
	return p
}

// at returns a pixel of p, mirrored beyond its edges.
func (p picture) at(y, x, k int) float64 {
	fold := func(v, n int) int {
		v = ((v % (2 * n)) + 2*n) % (2 * n)
		return min(v, 2*n-1-v)
	}
	return float64(p.pix[3*(fold(y, p.h)*p.w+fold(x, p.w))+k])
}

// wantPixels compares the device's pixels with those of want, a function of row, column and channel.
func wantPixels(t *testing.T, got []float32, size int, tolerance float64, want func(i, j, k int) float64) {
	t.Helper()
	for i := range size {
		for j := range size {
			for k := range 3 {
				if g, w := float64(got[3*(i*size+j)+k]), want(i, j, k); math.Abs(g-w) > tolerance {
					t.Fatalf("pixel %d, %d, channel %d is %g, want %g", i, j, k, g, w)
				}
			}
		}
	}
}

// exact is for pixels that are copied; the light's arithmetic rounds.
const exact = 1e-3

func TestEachTransformAlone(t *testing.T) {
	const n = 8
	p := noise(n, n)
	with := func(change func(d *draw)) draw {
		d := identity
		change(&d)
		return d
	}
	last := n - 1
	for _, c := range []struct {
		name  string
		drawn draw
		want  func(i, j, k int) float64
	}{
		{"none", identity, p.at},
		{"flip", with(func(d *draw) { d.flip = true }), func(i, j, k int) float64 { return p.at(i, last-j, k) }},
		{"quarter turn", with(func(d *draw) { d.turns = 1 }), func(i, j, k int) float64 { return p.at(j, last-i, k) }},
		{"half turn", with(func(d *draw) { d.turns = 2 }), func(i, j, k int) float64 { return p.at(last-i, last-j, k) }},
		{"three quarters", with(func(d *draw) { d.turns = 3 }), func(i, j, k int) float64 { return p.at(last-j, i, k) }},
		{"turn, then flip", with(func(d *draw) { d.turns, d.flip = 1, true }), func(i, j, k int) float64 { return p.at(last-j, last-i, k) }},
		{"rotate by 90 degrees", with(func(d *draw) { d.angle = math.Pi / 2 }), func(i, j, k int) float64 { return p.at(j, last-i, k) }},
		{"zoom 2, upper left", with(func(d *draw) { d.scale, d.crop = [2]float64{2, 2}, [2]float64{0, 0} }), func(i, j, k int) float64 {
			return bilinear(p, float64(i)/2-.25, float64(j)/2-.25, k)
		}},
		{"zoom 2, centre", with(func(d *draw) { d.scale = [2]float64{2, 2} }), func(i, j, k int) float64 {
			return bilinear(p, float64(i)/2+1.75, float64(j)/2+1.75, k)
		}},
		{"zoom 2, lower right", with(func(d *draw) { d.scale, d.crop = [2]float64{2, 2}, [2]float64{.999, .999} }), func(i, j, k int) float64 {
			return bilinear(p, float64(i)/2+3.75, float64(j)/2+3.75, k)
		}},
		{"rotate by 30 degrees", with(func(d *draw) { d.angle = math.Pi / 6 }), func(i, j, k int) float64 {
			y, x := float64(i)-3.5, float64(j)-3.5
			sin, cos := math.Sincos(math.Pi / 6)
			return bilinear(p, 3.5+y*cos+x*sin, 3.5+x*cos-y*sin, k)
		}},
	} {
		t.Run(c.name, func(t *testing.T) { wantPixels(t, onDevice(t, p, n, c.drawn), n, .01, c.want) })
	}
}

// bilinear is the definition, in float64.
func bilinear(p picture, y, x float64, k int) float64 {
	top, left := math.Floor(y), math.Floor(x)
	fy, fx := y-top, x-left
	i, j := int(top), int(left)
	return (1-fy)*((1-fx)*p.at(i, j, k)+fx*p.at(i, j+1, k)) + fy*((1-fx)*p.at(i+1, j, k)+fx*p.at(i+1, j+1, k))
}

func TestCropAnywhere(t *testing.T) {
	const n = 6
	for _, shape := range [][2]int{{n, 9}, {9, n}} { // the second is held on its side
		p := noise(shape[0], shape[1])
		for _, c := range []struct {
			position float64
			start    int
		}{{0, 0}, {.3, 1}, {centre, 1}, {.6, 2}, {.999, 3}} {
			drawn := identity
			drawn.crop = [2]float64{c.position, c.position}
			top, left := min(c.start, p.h-n), min(c.start, p.w-n)
			wantPixels(t, onDevice(t, p, n, drawn), n, exact, func(i, j, k int) float64 { return p.at(top+i, left+j, k) })
		}
	}
}

func TestTurnedPhotoIsCutFromTheTurnedFrame(t *testing.T) {
	const n = 6
	p := noise(n, 9)
	drawn := identity
	drawn.turns, drawn.crop = 1, [2]float64{0, 0}
	wantPixels(t, onDevice(t, p, n, drawn), n, exact, func(i, j, k int) float64 { return p.at(j, 8-i, k) })
}

func TestRotateAgreesWithPillow(t *testing.T) {
	p := peer(t, "square.png")
	for _, degrees := range []float64{10, -7.5} {
		want := peer(t, fmt.Sprintf("square.rotate%g.png", degrees))
		drawn := identity
		drawn.angle = degrees * math.Pi / 180
		got := onDevice(t, p, p.h, drawn)
		inside := func(i, j int) bool { // Pillow's corners are black
			y, x := float64(i)-31.5, float64(j)-31.5
			return math.Hypot(y, x) < 31
		}
		wantPixels(t, got, p.h, 1, func(i, j, k int) float64 {
			if !inside(i, j) {
				return float64(got[3*(i*p.w+j)+k])
			}
			return want.at(i, j, k)
		})
	}
}

func TestBeyondTheEdgeIsTheMirrorImage(t *testing.T) {
	p := noise(4, 4)
	drawn := identity
	drawn.scale = [2]float64{.25, .25} // zoomed out: the square shows 16 x 16 pixels about the image
	m := drawn.affine(4, 4, 4)
	wantPixels(t, onDevice(t, p, 4, drawn), 4, .01, func(i, j, k int) float64 {
		y := m[0][0]*float64(i) + m[0][2]
		x := m[1][1]*float64(j) + m[1][2]
		return bilinear(p, y, x, k)
	})
	if m[0][2] > -4 {
		t.Errorf("the first row is %g: not far enough outside for this test", m[0][2])
	}
}

func TestLight(t *testing.T) {
	const n = 8
	p := noise(n, n)
	mean := 0.
	for _, v := range p.pix {
		mean += float64(v) / float64(len(p.pix))
	}
	for _, c := range []struct{ light, amount float64 }{{.05, 0}, {-.5, 0}, {0, .05}, {0, -.05}, {.3, .4}} {
		drawn := identity
		drawn.light, drawn.contrast = c.light, contrast(c.amount)
		wantPixels(t, onDevice(t, p, n, drawn), n, .01, func(i, j, k int) float64 {
			v := (p.at(i, j, k)-mean)*drawn.contrast + mean + 255*c.light
			return min(max(v, 0), 255)
		})
	}
	if a, b := contrast(.25), contrast(-.25); math.Abs(a-1.25) > 1e-12 || math.Abs(a*b-1) > 1e-12 {
		t.Errorf("contrast factors %g and %g, want 1.25 and its inverse", a, b)
	}
}

// share returns the share of n draws for which is holds.
func share(n int, c config, is func(d draw) bool) float64 {
	count := 0
	for i := range n {
		if is(c.draw(rand.New(rand.NewPCG(7, uint64(i))), 224, 300)) {
			count++
		}
	}
	return float64(count) / float64(n)
}

func TestDrawsHaveTheirShares(t *testing.T) {
	const n = 20000
	side := config{size: 224, augment: SideOn, maxZoom: 1.2}
	down := config{size: 224, augment: TopDown}
	none := config{size: 224, augment: None}
	ten := 10 * math.Pi / 180
	for _, c := range []struct {
		name   string
		config config
		is     func(d draw) bool
		want   float64
	}{
		{"turned", side, func(d draw) bool { return d.angle != 0 }, .75},
		{"turned by over 5 degrees", side, func(d draw) bool { return math.Abs(d.angle) > ten/2 }, .375},
		{"turned to the left", side, func(d draw) bool { return d.angle > 0 }, .375},
		{"turned too far", side, func(d draw) bool { return math.Abs(d.angle) > ten }, 0},
		{"flipped", side, func(d draw) bool { return d.flip }, .5},
		{"quarter turns side-on", side, func(d draw) bool { return d.turns != 0 }, 0},
		{"zoomed", side, func(d draw) bool { return d.scale[0] != 1 }, .75},
		{"zoomed by over 1.1", side, func(d draw) bool { return d.scale[0] > 1.1 && d.scale[1] == d.scale[0] }, .375},
		{"zoomed too far", side, func(d draw) bool { return d.scale[0] > 1.2 }, 0},
		{"zoomed by over 1.05, by default", config{size: 224, augment: Basic}, func(d draw) bool { return d.scale[0] > 1.05 }, .375},
		{"cropped in the left third", side, func(d draw) bool { return d.crop[1] < 1./3 }, 1. / 3},
		{"brighter", side, func(d draw) bool { return d.light > 0 && d.light <= .05 }, .5},
		{"more contrast", side, func(d draw) bool { return d.contrast > 1 && d.contrast <= 1.05 }, .5},
		{"as dihedral 3, flipped", down, func(d draw) bool { return d.turns == 3 && d.flip }, 1. / 8},
		{"as dihedral 0", down, func(d draw) bool { return d.turns == 0 && !d.flip }, 1. / 8},
		{"flipped with basic", config{size: 224, augment: Basic}, func(d draw) bool { return d.flip || d.turns > 0 }, 0},
		{"unchanged but for the crop", none, func(d draw) bool {
			d.crop = identity.crop
			return d == identity
		}, 1},
		{"in the centre", config{size: 224, augment: SideOn, crop: CropCenter}, func(d draw) bool { return d.crop == identity.crop }, 1},
		{"squashed and zoomed", config{size: 224, augment: SideOn, crop: CropNo}, func(d draw) bool { return d.scale[0] != 1 }, 0},
	} {
		got := share(n, c.config, c.is)
		if sd := math.Sqrt(c.want * (1 - c.want) / n); math.Abs(got-c.want) > 4*sd {
			t.Errorf("%s: %.4f, want %.4f +- %.4f", c.name, got, c.want, 4*sd)
		}
	}
}

func TestGoogLeNetPartsAreOfTheImage(t *testing.T) {
	c := config{size: 224, augment: SideOn, crop: CropGoogLeNet}
	areas := 0.
	const n = 5000
	for i := range n {
		d := c.draw(rand.New(rand.NewPCG(3, uint64(i))), 224, 300)
		d.angle, d.flip = 0, false
		m := d.affine(224, 300, 224)
		for k, side := range []float64{224, 300} {
			step := m[k][k]
			first, last := m[k][2]-step/2+.5, m[k][2]+223*step+step/2+.5
			if first < -.51 || last > side+.51 {
				t.Fatalf("draw %d covers %g to %g of %g", i, first, last, side)
			}
		}
		areas += 224 * 224 / (d.scale[0] * d.scale[1]) / (224 * 300) / n
	}
	if areas < .4 || areas > .56 { // U(.08, 1) has mean .54; large parts of the wrong shape are drawn again
		t.Errorf("mean area %.3f", areas)
	}
}
