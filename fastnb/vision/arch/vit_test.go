package arch

import (
	"math"
	"strings"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// The weights by which an axis is resized are those of torch.nn.functional.interpolate (2.15.0) with mode="bicubic" and
// antialias=True of an identity matrix, and none is changed where the length stays.
func TestCubicWeights(t *testing.T) {
	for _, c := range []struct {
		in, out int
		want    [][]float64
	}{
		{5, 3, [][]float64{
			{0.5846154, 0.4461538, 7.116814e-17, -0.03076923, 0},
			{-0.0372093, 0.2465116, 0.5813953, 0.2465116, -0.0372093},
			{0, -0.03076923, 6.321001e-32, 0.4461538, 0.5846154},
		}},
		{3, 5, [][]float64{
			{1.075472, -0.0754717, 0},
			{0.6492537, 0.3955224, -0.04477612},
			{0, 1, 0},
			{-0.04477612, 0.3955224, 0.6492537},
			{0, -0.0754717, 1.075472},
		}},
		{14, 4, [][]float64{
			{0.2316009, 0.3052537, 0.2781125, 0.1738274, 0.05692888, -0.009516302, -0.02280534, -0.01266963, -0.0007320232, 0, 0, 0, 0, 0},
			{-0.02082691, -0.008690733, 0.05199013, 0.1587473, 0.2539854, 0.278772, 0.2115088, 0.103106, 0.01280469, -0.01866708, -0.01763859, -0.005091021, 0, 0},
		}},
		{4, 4, [][]float64{
			{1, 0, 0, 0},
			{0, 1, 0, 0},
			{0, 0, 1, 0},
			{0, 0, 0, 1},
		}},
	} {
		weights := cubicWeights(c.in, c.out)
		for i, want := range c.want {
			for j, got := range weights[i] {
				if math.Abs(got-want[j]) > 1e-6 {
					t.Errorf("%d to %d: weight %d, %d is %.7f, want %.7f", c.in, c.out, i, j, got, want[j])
				}
			}
		}
	}
}

// A ViT has images of other sizes than 224, also oblong ones, and names those that it takes where one doesn't fit.
func TestViTSizes(t *testing.T) {
	for size, want := range map[[2]int]string{
		{224, 224}: "", {96, 160}: "", {16, 16}: "",
		{100, 96}: "multiples of 16 pixels, not 100 x 96 (want Size(96)",
		{8, 8}:    "multiples of 16 pixels, not 8 x 8 (want Size(16)",
	} {
		var out shapes.Shape
		net := ViTSmall16.of(func(s *model.Scope, x *graph.Node) *graph.Node {
			y := ViTSmall16.Body(s, graph.Parameter(x.Graph(), "other", shapes.Make(dtypes.Float32, 2, size[0], size[1], 3)))
			out = y.Shape()
			return y
		})
		_, err := net.Variables(backend(t))
		switch {
		case want != "":
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v: %v, want %q", size, err, want)
			}
		case err != nil || !out.Equal(shapes.Make(dtypes.Float32, 2, 1, 1, ViTSmall16.Features)):
			t.Errorf("%v: features %s, %v", size, out, err)
		}
	}
}
