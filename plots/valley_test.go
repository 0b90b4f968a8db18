package plots

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// What can't be drawn is an error that names the fix; a path that diverges, or has no points, can be drawn.
func TestValleyOfAnything(t *testing.T) {
	bowl := func(x, y float64) float64 { return x*x + y*y }
	nowhere := func(float64, float64) float64 { return math.NaN() }
	half := func(x, _ float64) float64 { return math.Log(x) }
	path := []Points{{Name: "a", X: []float64{1, -1, math.Inf(1), 0}, Y: []float64{1, -2, 0, 0}}, {Name: "none"}}
	inf := math.Inf(1)
	for name, test := range map[string]struct {
		f     func(x, y float64) float64
		paths []Points
		opts  []ValleyOption
		want  string
	}{
		"a path that diverges":   {bowl, path, nil, ""},
		"no path":                {bowl, nil, []ValleyOption{XRange{-1, 1}, YRange{-1, 1}}, ""},
		"half of a plane":        {half, nil, []ValleyOption{XRange{-1, 1}, YRange{-1, 1}}, ""},
		"no path and no range":   {bowl, nil, nil, "give XRange and YRange"},
		"a path that stays":      {bowl, []Points{{X: []float64{1}, Y: []float64{1}}}, nil, "give XRange and YRange"},
		"a range without an end": {bowl, path, []ValleyOption{XRange{0, inf}}, "finite"},
		"no numbers":             {nowhere, path, nil, "finite nowhere"},
		"too few Y":              {bowl, []Points{{"a", []float64{1, 2}, []float64{1}}}, nil, `"a": 1 Y for 2 X`},
		"too many paths":         {bowl, make([]Points, 13), nil, "13 paths (want 12 at most)"},
	} {
		f, err := Valley(test.f, test.paths, test.opts...)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v (want %q)", name, err, test.want)
		}
		if err == nil {
			f.Draw(draw.New(vgimg.New(4*vg.Inch, 3*vg.Inch)))
		}
	}
}
