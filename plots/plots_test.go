package plots

import (
	"image"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot"
)

func TestErrors(t *testing.T) {
	nan := math.NaN()
	img := image.NewGray(image.Rect(0, 0, 4, 4))
	many := make([]float64, 100)
	rates := make([]float64, 100)
	for i := range rates {
		rates[i] = float64(i + 1)
	}
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
	} {
		if test.err == nil || !strings.HasPrefix(test.err.Error(), "plots: ") || !strings.Contains(test.err.Error(), test.want) {
			t.Errorf("error %v, want it to say %q", test.err, test.want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

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
