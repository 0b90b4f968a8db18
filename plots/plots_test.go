package plots

import (
	"image"
	"math"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

func TestErrors(t *testing.T) {
	nan := math.NaN()
	img := image.NewGray(image.Rect(0, 0, 4, 4))
	many := make([]float64, 100)
	rates := make([]float64, 100)
	for i := range rates {
		rates[i] = float64(i + 1)
	}
	panel := Panel{"a", nil, []Curve{{"f", []float64{1, -1}}}}
	for _, test := range []struct {
		want string // in the error
		err  error
	}{
		{"nothing to draw", second(LossVsLR(nil, nil))},
		{"1 learning rates for 2 losses", second(LossVsLR([]float64{1}, []float64{1, 2}))},
		{"losses[2] is NaN", second(LossVsLR(rates[:5], []float64{1, 1, nan, 1, 1}))},
		{"learning rate of 0 cannot stand on a log axis", second(LossVsLR(many, many))},
		{"SkipStart(99) and SkipEnd(5) leave less than 2", second(LossVsLR(rates, many, SkipStart(99)))},
		{"SkipStart(-1)", second(LossVsLR(rates, many, SkipStart(-1)))},
		{"Suggestion(1000) lies outside", second(LossVsLR(rates, many, Suggestion(1000)))},
		{"Suggestion(NaN) lies outside", second(LossVsLR(rates, many, Suggestion(nan)))},
		{"no finite training losses", second(Losses([]float64{nan}))},
		{"train[1] is NaN", second(Losses([]float64{1, nan, 2, nan}))},
		{"Valid[0] is +Inf", second(Losses(many, Valid{math.Inf(1)}))},
		{"3 epochs of 50 batches do not fit in 100", second(Losses(many, Valid{1, 2, 3}, EpochLen(50)))},
		{"SkipStart(100) of 100", second(Losses(many, SkipStart(100)))},
		{"no curves", second(Metrics())},
		{`no values for "accurcy"`, second(Metrics(Curve{Name: "accurcy"}))},
		{"f1[0] is NaN", second(Metrics(Curve{"f1", []float64{nan}}))},
		{"no learning rates", second(Schedule(nil))},
		{"1 momenta for 100 learning rates", second(Schedule(many, Mom{1}))},
		{"Mom[0] is NaN", second(Schedule([]float64{1}, Mom{nan}))},
		{"the matrix is empty", second(Confusion(nil, nil))},
		{"1 class names for a matrix of 2 rows", second(Confusion([][]int{{1, 2}, {3, 4}}, []string{"a"}))},
		{"row 1 has 1 columns", second(Confusion([][]int{{1, 2}, {3}}, []string{"a", "b"}))},
		{"matrix[0][0] is -1", second(Confusion([][]int{{-1}}, []string{"a"}))},
		{"no images", second(ImageGrid(nil, nil))},
		{"image 1 is empty", second(ImageGrid([]image.Image{img, nil}, nil))},
		{"1 titles for 2 images", second(ImageGrid([]image.Image{img, img}, []string{"a"}))},
		{"1 Right for 2 images", second(ImageGrid([]image.Image{img, img}, nil, Right{true}))},
		{"Cols(0)", second(ImageGrid([]image.Image{img}, nil, Cols(0)))},
		{"Cell(3)", second(ImageGrid([]image.Image{img}, nil, Cell(3)))},
		{"no points; pass the scores", second(Embedding(nil, nil))},
		{"1 labels for 2 points", second(Embedding([][]float64{{1, 2}, {3, 4}}, []string{"a"}))},
		{"1 Groups for 2 points", second(Embedding([][]float64{{1, 2}, {3, 4}}, nil, Groups{"a"}))},
		{"xy[1] has 3 numbers (want 2", second(Embedding([][]float64{{1, 2}, {3, 4, 5}}, nil))},
		{"xy[0][1] is NaN", second(Embedding([][]float64{{1, nan}}, nil))},
		{"19 different Groups (want at most 18", second(Embedding(make2D(19), nil, numberedGroups(19)))},
		{"no features", second(Importance(nil, nil))},
		{"1 drops for 2 names", second(Importance([]string{"a", "b"}, []float64{1}))},
		{"drops[1] is +Inf", second(Importance([]string{"a", "b"}, []float64{1, math.Inf(1)}))},
		{"0 Spread for 1 names", second(Importance([]string{"a"}, []float64{1}, Spread{}))},
		{`the Spread of "a" is -1 (want 0 or more)`, second(Importance([]string{"a"}, []float64{1}, Spread{-1}))},
		{"no values of the feature", second(Dependence(nil, nil))},
		{"2 y for 1 x", second(Dependence([]float64{1}, []float64{1, 2}))},
		{"x[0] is NaN", second(Dependence([]float64{nan}, []float64{1}))},
		{"y[0] is NaN", second(Dependence([]float64{1}, []float64{nan}))},
		{"2 Lines[1] for 1 x", second(Dependence([]float64{1}, []float64{1}, Lines{{1}, {1, 2}}))},
		{"no values of the feature", second(DependenceOn(nil, nil))},
		{"1 y for 2 categories", second(DependenceOn([]string{"a", "b"}, []float64{1}))},
		{"Lines[0][0] is NaN", second(DependenceOn([]string{"a"}, []float64{1}, Lines{{nan}}))},
		{"no actual values", second(PredictedVsActual(nil, nil))},
		{"1 predicted for 2 actual values", second(PredictedVsActual([]float64{1, 2}, []float64{1}))},
		{"predicted[1] is NaN", second(PredictedVsActual([]float64{1, 2}, []float64{1, nan}))},
		{"actual[0] is -Inf", second(PredictedVsActual([]float64{math.Inf(-1)}, []float64{1}))},
		{"no values", second(Histogram(nil))},
		{"values[0] is 1e+301 (want finite numbers, at most 1e300)", second(Histogram([]float64{1e301, -1e301}))},
		{"values[2] is NaN", second(Histogram([]float64{1, 2, nan}))},
		{"no panels", second(CurveGrid(nil))},
		{`panel 1, "b": no curves`, second(CurveGrid([]Panel{panel, {Title: "b"}}))},
		{`panel 0, "a": 2 values of "f" for 3 X`, second(CurveGrid([]Panel{{"a", []float64{1, 2, 3}, []Curve{{"f", []float64{1, 2}}}}}))},
		{`no values for "f"`, second(CurveGrid([]Panel{{"a", nil, []Curve{{"f", nil}}}}))},
		{"f[1] is NaN", second(CurveGrid([]Panel{{"a", nil, []Curve{{"f", []float64{1, nan}}}}}))},
		{"X[0] is NaN", second(CurveGrid([]Panel{{"a", []float64{nan}, []Curve{{"f", []float64{1}}}}}))},
		{`"f" has a value of -1, which cannot stand on a log axis`, second(CurveGrid([]Panel{panel}, LogY(true)))},
		{"YRange{2, 2} (want a low end below a high one)", second(CurveGrid([]Panel{panel}, YRange{2, 2}))},
		{"YRange{NaN, 2}", second(CurveGrid([]Panel{panel}, YRange{nan, 2}))},
		{"YRange{0, 2} with LogY", second(CurveGrid([]Panel{panel}, YRange{0, 2}, LogY(true)))},
		{"Cols(0)", second(CurveGrid([]Panel{panel}, Cols(0)))},
		{"Cell(79)", second(CurveGrid([]Panel{panel}, Cell(79)))},
		{"13 names of curves (want at most 12", second(CurveGrid([]Panel{{"a", nil, numberedCurves(13)}}))},
		{"ROC: 0 curves (want 1 to 12)", second(ROC())},
		{"PrecisionRecall: 13 curves", second(PrecisionRecall(make([]Points, 13)...))},
		{`ROC: "cat": no points; metric.ROC has none where all items are of one kind`, second(ROC(Points{Name: "cat"}))},
		{`"cat": 1 Y for 2 X`, second(PrecisionRecall(Points{"cat", []float64{0, 1}, []float64{1}}))},
		{`Calibration: "": point 1 is NaN, 1 (want shares from 0 to 1)`, second(Calibration(Points{"", []float64{0, nan}, []float64{1, 1}}))},
		{"point 0 is 0, 1.5", second(ROC(Points{"", []float64{0}, []float64{1.5}}))},
		{"Thresholds: no thresholds", second(Thresholds(nil, []Curve{{"f", nil}}))},
		{"Thresholds: 0 curves", second(Thresholds([]float64{.5}, nil))},
		{"at[0] is NaN", second(Thresholds([]float64{nan}, []Curve{{"f", []float64{1}}}))},
		{"not in ascending order", second(Thresholds([]float64{.5, .2}, []Curve{{"f", []float64{1, 1}}}))},
		{"1 f for 2 thresholds", second(Thresholds([]float64{.2, .5}, []Curve{{"f", []float64{1}}}))},
		{"f[1] is NaN", second(Thresholds([]float64{.2, .5}, []Curve{{"f", []float64{1, nan}}}))},
		{"Suggestion(0.9) lies outside of the thresholds drawn, 0.2 to 0.5", second(Thresholds([]float64{.2, .5}, []Curve{{"f", []float64{1, 1}}}, Suggestion(.9)))},
		{"Bins(0) (want 1 to 10000)", second(Histogram([]float64{1}, Bins(0)))},
	} {
		if test.err == nil || !strings.HasPrefix(test.err.Error(), "plots: ") || !strings.Contains(test.err.Error(), test.want) {
			t.Errorf("error %v, want it to say %q", test.err, test.want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func make2D(n int) [][]float64 {
	xy := make([][]float64, n)
	for i := range xy {
		xy[i] = []float64{float64(i), float64(i * i % 7)}
	}
	return xy
}

func numberedGroups(n int) Groups {
	groups := make(Groups, n)
	for i := range groups {
		groups[i] = strconv.Itoa(i)
	}
	return groups
}

func numberedCurves(n int) []Curve {
	curves := make([]Curve, n)
	for i := range curves {
		curves[i] = Curve{strconv.Itoa(i), []float64{1}}
	}
	return curves
}

// What is odd but can be drawn is drawn: one value, the same value many times, very large and very small ones.
func TestOddValues(t *testing.T) {
	for name, v := range map[string][]float64{
		"one":        {3},
		"same":       {-2, -2, -2},
		"zeros":      {0, 0},
		"huge":       {1e300, -1e300, 0},
		"huge alone": {1e300},
		"tiny":       {math.SmallestNonzeroFloat64, 0},
		"ids":        {1700000000000000001, 1700000000000000001},
		"close":      {1e15, 1e15 + .125, 1e15},
	} {
		t.Run(name, func(t *testing.T) {
			xy, names := make([][]float64, len(v)), make([]string, len(v))
			for i := range v {
				xy[i], names[i] = []float64{v[i], v[len(v)-1-i]}, "name"
			}
			var drawn []interface{ Draw(draw.Canvas) }
			add := func(d interface{ Draw(draw.Canvas) }, err error) {
				if err != nil {
					t.Error(err)
					return
				}
				drawn = append(drawn, d)
			}
			add(Embedding(xy, names, Groups(names)))
			add(Importance(names, v, Spread(make([]float64, len(v)))))
			add(Dependence(v, v, Lines{v}))
			add(DependenceOn(names, v, Lines{v}))
			add(PredictedVsActual(v, v))
			add(Histogram(v))
			add(CurveGrid([]Panel{{"name", v, []Curve{{"v", v}}}, {"name", nil, []Curve{{"v", v}}}}))
			for _, d := range drawn {
				d.Draw(draw.New(vgimg.New(Width, Height)))
			}
		})
	}
}

func TestSkips(t *testing.T) {
	lrs, losses := make([]float64, 100), make([]float64, 100)
	for i := range lrs {
		lrs[i], losses[i] = math.Pow(10, float64(i)), float64(i)
	}
	losses[99], losses[98] = math.NaN(), math.Inf(1) // how a sweep ends
	for _, test := range []struct {
		name        string
		n           int // points of the sweep
		f           lossVsLR
		first, last float64
	}{
		{"fast.ai's", 98, lossVsLR{skip: 10, skipEnd: 5}, 10, 92},
		{"not finite at the end", 100, lossVsLR{skip: 10, skipEnd: 5}, 10, 92},
		{"as told", 98, lossVsLR{skip: 1, skipEnd: 2, told: true}, 1, 95},
		{"a short sweep is drawn whole", 16, lossVsLR{skip: 10, skipEnd: 5}, 0, 15},
	} {
		c, err := test.f.curve(lrs[:test.n], losses[:test.n])
		if err != nil || c[0].Y != test.first || c[len(c)-1].Y != test.last {
			t.Errorf("%s: %v, %v; want losses %g to %g", test.name, c, err, test.first, test.last)
		}
	}
}

func TestLossAt(t *testing.T) {
	c, _ := sweep([]float64{1e-3, 1e-2, 1e-1}, []float64{3, 1, 2})
	for lr, want := range map[float64]float64{1e-3: 3, 1e-2: 1, 1e-1: 2, math.Sqrt(1e-5): 2} {
		if got := lossAt(c, lr); math.Abs(got-want) > 1e-12 {
			t.Errorf("lossAt(%g) = %g, want %g", lr, got, want)
		}
	}
}

func TestTicks(t *testing.T) {
	labels := func(low, high float64, ticker interface {
		Ticks(low, high float64) []plot.Tick
	}) string {
		var s []string
		for _, t := range ticker.Ticks(low, high) {
			s = append(s, t.Label)
		}
		return strings.Join(s, " ")
	}
	for _, test := range []struct{ got, want string }{
		{labels(0, 1, linearTicks{}), "0 0.2 0.4 0.6 0.8 1.0"},
		{labels(-.03, .61, linearTicks{}), "0 0.1 0.2 0.3 0.4 0.5 0.6"},
		{labels(0, 4e-4, linearTicks{}), "0 1e-4 2e-4 3e-4 4e-4"},
		{labels(-1, 1, linearTicks{}), "-1.0 -0.5 0 0.5 1.0"},
		{labels(.98, .991, linearTicks{}), "0.980 0.982 0.984 0.986 0.988 0.990"},
		{labels(1e300, 1e300, linearTicks{}), "1e300"},
		{labels(1, 3, wholeTicks{}), "1 2 3"},
		{labels(0, 279, wholeTicks{}), "0 50 100 150 200 250"},
		{labels(1e-5, 10, logTicks{}), "1e-5 1e-4 1e-3 1e-2 1e-1 1 10"},
		{labels(1e-4, 3e-3, logTicks{}), "1e-4 2e-4 5e-4 1e-3 2e-3"},
		{scientific(.00012), "1.2e-4"},
		{scientific(2), "2e0"},
		{scientific(12000), "1.2e4"},
		{scientific(1e12), "1e12"},
	} {
		if test.got != test.want {
			t.Errorf("ticks %q, want %q", test.got, test.want)
		}
	}
}

func TestFit(t *testing.T) {
	for _, test := range []struct{ w, h, wantW, wantH int }{
		{500, 250, 300, 150},
		{224, 224, 300, 300},
		{28, 28, 280, 280}, // ten times, pixels kept
		{30, 15, 300, 150},
		{4000, 1, 300, 2},
	} {
		b := fit(image.NewGray(image.Rect(3, 5, 3+test.w, 5+test.h)), 300).Bounds()
		if b.Dx() != test.wantW || b.Dy() != test.wantH {
			t.Errorf("%d x %d fits as %v, want %d x %d", test.w, test.h, b, test.wantW, test.wantH)
		}
	}
}

func TestFigureSave(t *testing.T) {
	f, err := Schedule([]float64{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Save(t.TempDir() + "/no/such/folder.png"); err == nil {
		t.Error("saving into a missing folder succeeds")
	}
}

// The areas in the keys are those of the curves: of a square, of a step, whichever way the points run.
func TestAreas(t *testing.T) {
	up, down := plotter.XYs{{X: 0, Y: 0}, {X: 0, Y: 1}, {X: 1, Y: 1}}, []float64{1, .5, 0}
	if got := area(up); got != 1 {
		t.Errorf("the area is %g, want 1", got)
	}
	f := scores{steps: true}
	xys, err := f.read(Points{"", down, []float64{.25, .5, 1}})
	if got := stepArea(xys); err != nil || got != .5*.5+.5*.25 {
		t.Errorf("the area of steps is %g, %v, want %g", got, err, .5*.5+.5*.25)
	}
	if got := len(f.path(xys)); got != 5 {
		t.Errorf("3 points are %d of steps, want 5", got)
	}
	many := make(plotter.XYs, 100000)
	for i := range many {
		many[i] = plotter.XY{X: float64(i) / 1e5, Y: float64(i) / 1e5}
	}
	if got := thinned(many); len(got) > 1100 || got[len(got)-1] != many[len(many)-1] {
		t.Errorf("%d points are drawn, the last %v", len(got), got[len(got)-1])
	}
}
