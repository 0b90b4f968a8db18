package vision_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
)

// gradCAMs is what pytorch-grad-cam gives: testdata/gradcam.py says of what.
type gradCAMs struct {
	Size, Step int
	Classes    []string
	Photos     []struct {
		File  string
		Probs []float64
		Heat  map[string][]float64 // by class, every Step-th pixel
	}
}

// The heat maps of pretrained Lite0 are pytorch-grad-cam's, for the likeliest class and the unlikeliest. What is left is
// the decoder's: of the same squares as PNG all 18 correlate by 1.00000.
func TestGradCAMAsPyTorch(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: compiles a pretrained net")
	}
	var peer gradCAMs
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "gradcam.json"))
	check(t, err)
	check(t, json.Unmarshal(text, &peer))
	path := fetched(t, "pets_sample")
	data, err := vision.FromPaths(path, vision.Size(peer.Size), vision.BatchSize(4), vision.WorkDir(t.TempDir()))
	check(t, err)
	l, err := vision.Pretrained(arch.EfficientNetLite0, data, quiet)
	check(t, err)
	formulaHead(t, l)
	for _, class := range peer.Classes {
		var photos []any
		var wants [][]float64
		for _, photo := range peer.Photos {
			if want, asked := photo.Heat[class]; asked {
				photos, wants = append(photos, filepath.Join(path, "valid", photo.File)), append(wants, want)
			}
		}
		maps, err := vision.GradCAMImages(l, photos, vision.ForClass(class))
		check(t, err)
		for i, m := range maps {
			peer.compare(t, m, class, wants[i])
		}
	}
}

func (peer gradCAMs) compare(t *testing.T, m vision.HeatMap, class string, want []float64) {
	t.Helper()
	if m.Class != class || len(m.Heat) != peer.Size || len(m.Heat[0]) != peer.Size {
		t.Fatalf("%s: %s of %d rows (want %s of %d)", m.Name, m.Class, len(m.Heat), class, peer.Size)
	}
	var got []float64
	for y := peer.Step / 2; y < peer.Size; y += peer.Step {
		for x := peer.Step / 2; x < peer.Size; x += peer.Step {
			got = append(got, m.Heat[y][x])
		}
	}
	r, apart := stat.Correlation(got, want, nil), floats.Distance(got, want, math.Inf(1))
	t.Logf("%s, %s: correlation %.5f, at most %.3f apart", m.Name, class, r, apart)
	if !(r > .98) {
		t.Errorf("%s, %s: correlation %.3f (want over .98)", m.Name, class, r)
	}
}

// formulaHead gives a learner's head the weights of testdata/gradcam.py.
func formulaHead(t *testing.T, l *vision.Learner) {
	t.Helper()
	check(t, l.Open())
	for v := range l.Store().IterVariables() {
		if name := strings.ReplaceAll(strings.Trim(v.Path(), "/"), "/", "."); strings.HasPrefix(name, "head.") {
			check(t, v.SetValue(formulaTensor(name, v)))
		}
	}
}

func formulaTensor(name string, v *model.Variable) *tensors.Tensor {
	shape := v.Shape()
	next, flat := synth.Uniform(name), make([]float32, shape.Size())
	for i := range flat {
		u := next()
		switch {
		case shape.Rank() == 2: // PyTorch has the outputs first
			in, out := shape.Dim(0), shape.Dim(1)
			flat[i%in*out+i/in] = float32(u * math.Sqrt(6/float64(in)))
		case strings.HasSuffix(name, "weight"), strings.HasSuffix(name, "running_var"):
			flat[i] = float32(1 + u/4)
		default:
			flat[i] = float32(u / 4)
		}
	}
	return tensors.FromFlatDataAndDimensions(flat, shape.Dimensions...)
}

func TestGradCAMWrongUse(t *testing.T) {
	l := tiny()
	for want, call := range map[string]func() error{
		`vision: GradCAM: ForClass("cat"): no such class`: func() error {
			_, err := vision.GradCAM(l, fastnb.Valid, []int{0}, vision.ForClass("cat"))
			return err
		},
		"vision: GradCAM: item 99 of the valid images": func() error {
			_, err := vision.GradCAM(l, fastnb.Valid, []int{99})
			return err
		},
		"vision: GradCAMImages: no images": func() error {
			_, err := vision.GradCAMImages(l, nil)
			return err
		},
		"none of Pretrained's or Open's": func() error {
			_, err := vision.GradCAM(&vision.Learner{Learner: l.Learner}, fastnb.Valid, []int{0})
			return err
		},
	} {
		if err := call(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v (want %q)", err, want)
		}
	}
}

// Features of one pixel have no place in them.
func TestGradCAMOfOnePixel(t *testing.T) {
	data := nb.Must(vision.FromPaths("testdata/pets", vision.Size(7), vision.BatchSize(4), work()))
	l := nb.Must(vision.Pretrained(tinyNet, data, vision.FromScratch(), quiet))
	_, err := vision.GradCAM(l, fastnb.Valid, []int{0})
	if err == nil || !strings.Contains(err.Error(), "one pixel of an image of 7 x 7") {
		t.Errorf("%v", err)
	}
}
