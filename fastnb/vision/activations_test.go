package vision_test

import (
	"errors"
	"image"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/gomlx/gomlx/core/tensors"
)

// The first convolution's activations are the image's windows times its weights, worked out here by hand; peaks are
// their largest values, and the most exciting images are those with the largest peaks.
func TestActivations(t *testing.T) {
	l := tiny()
	seen, err := vision.Activations(l, fastnb.Train, []int{2, 5}, "/conv1")
	check(t, err)
	check(t, l.Open())
	w := tensors.MustCopyFlatData[float32](l.Store().GetVariable("/conv1/weight").MustValue())
	b := tensors.MustCopyFlatData[float32](l.Store().GetVariable("/conv1/bias").MustValue())
	peaks, err := vision.Peaks(l, fastnb.Train, "/conv1")
	check(t, err)
	for i, item := range []int{2, 5} {
		for k := range 8 {
			for _, at := range []image.Point{{0, 0}, {7, 3}, {14, 14}} {
				want := convolved(seen[i].Image, w, k, 2*at.X, 2*at.Y) + float64(b[k])
				if got := float64(seen[i].Maps[k][at.Y][at.X]); math.Abs(got-want) > .02 { // images are of whole levels
					t.Errorf("item %d, channel %d at %v: %g (want %g)", item, k, at, got, want)
				}
			}
			if got := float64(peaks[item][k]); math.Abs(got-seen[i].Peak(k)) > 1e-5 {
				t.Errorf("item %d: peak %d is %g, of the map %g", item, k, got, seen[i].Peak(k))
			}
		}
	}
	most, err := vision.MostExciting(l, fastnb.Train, "/conv1", []int{3, 6}, 4)
	check(t, err)
	for i, k := range []int{3, 6} {
		column := make([]float64, len(peaks))
		for item, row := range peaks {
			column[item] = float64(row[k])
		}
		slices.Sort(column)
		for n, a := range most[i] {
			if want := column[len(column)-1-n]; math.Abs(a.Peak(k)-want) > 1e-5 {
				t.Errorf("channel %d: image %d has a peak of %g (want %g)", k, n, a.Peak(k), want)
			}
		}
	}
}

// convolved is a window of 3 x 3 pixels of an image, in shares of 255, times the weights [3, 3, 3, 8] of a channel.
func convolved(img image.Image, w []float32, channel, left, top int) (sum float64) {
	for y := range 3 {
		for x := range 3 {
			r, g, b, _ := img.At(left+x, top+y).RGBA()
			for c, v := range []uint32{r, g, b} {
				sum += float64(v>>8) / 255 * float64(w[((y*3+x)*3+c)*8+channel])
			}
		}
	}
	return sum
}

// A filter's picture has its largest weight at 1 or 255, and the signs of the others.
func TestFilters(t *testing.T) {
	l := tiny()
	all, err := vision.Filters(l)
	check(t, err)
	w := tensors.MustCopyFlatData[float32](l.Store().GetVariable("/conv1/weight").MustValue())
	for k, img := range all {
		furthest := 0
		for i := range 9 {
			r, g, b, _ := img.At(i%3, i/3).RGBA()
			for c, v := range []uint32{r, g, b} {
				level := int(v>>8) - 128
				furthest = max(furthest, level, -level)
				if weight := w[(i*3+c)*8+k]; level*int(math.Copysign(1, float64(weight))) < 0 {
					t.Errorf("filter %d: a weight of %g is drawn as %d", k, weight, level)
				}
			}
		}
		if furthest != 127 {
			t.Errorf("filter %d: the furthest level is %d from grey (want 127)", k, furthest)
		}
	}
}

func TestActivationsWrongUse(t *testing.T) {
	l := tiny()
	for want, call := range map[string]func() error{
		`vision: Activations: no layer "/conv9"; Learner.Summary lists them, from /conv1 to`: func() error {
			_, err := vision.Activations(l, fastnb.Valid, []int{0}, "/conv9")
			return err
		},
		"vision: Activations: item 99 of the valid images": func() error {
			_, err := vision.Activations(l, fastnb.Valid, []int{99}, "/conv1")
			return err
		},
		"vision: MostExciting: channel 8 of /conv1 (want 0 to 7)": func() error {
			_, err := vision.MostExciting(l, fastnb.Valid, "/conv1", []int{8}, 1)
			return err
		},
	} {
		if err := call(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v (want %q)", err, want)
		}
	}
	if _, err := vision.Peaks(l, fastnb.Test, "/conv1"); !errors.Is(err, fastnb.ErrNoSplit) {
		t.Errorf("%v (want %v)", err, fastnb.ErrNoSplit)
	}
}
