package plots

import (
	"reflect"
	"testing"
)

func TestHistogramCounts(t *testing.T) {
	hundred := make([]float64, 100)
	for i := range hundred {
		hundred[i] = float64(i) + .5
	}
	for _, test := range []struct {
		name       string
		h          histogram
		values     []float64
		low, width float64
		counts     []int
	}{
		{"whole numbers", histogram{}, []float64{1, 3, 3, 4}, .5, 1, []int{1, 0, 2, 1}},
		{"lower ends in, the last upper end too", histogram{bins: 2, told: true}, []float64{0, .9, 1, 2}, 0, 1, []int{2, 2}},
		{"all the same", histogram{}, []float64{2.5, 2.5}, 2, 1, []int{2}},
		{"all the same, told", histogram{bins: 5, told: true}, []float64{2.5, 2.5}, 2, 1, []int{2}},
		{"all the same, large", histogram{}, []float64{100}, 95, 10, []int{1}},
		// width 2*50/cbrt(100) = 21.5 gives 5 bins, the least is 8
		{"few bins", histogram{}, hundred, .5, 99. / 8, []int{13, 12, 13, 12, 12, 13, 12, 13}},
	} {
		if err := test.h.count(test.values); err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if h := test.h; h.low != test.low || h.width != test.width || !reflect.DeepEqual(h.counts, test.counts) {
			t.Errorf("%s: from %g by %g: %v, want from %g by %g: %v", test.name, h.low, h.width, h.counts, test.low, test.width, test.counts)
		}
	}
}

// numpy.histogram_bin_edges(v, "fd") has 15 bins for these values.
func TestFreedmanDiaconis(t *testing.T) {
	var v []float64
	for i := range 1000 {
		v = append(v, float64(i%40+i%25))
	}
	if got := freedmanDiaconis(v, 63); got != 15 {
		t.Errorf("%d bins, want 15", got)
	}
}

func TestImportanceOrder(t *testing.T) {
	f := importance{names: []string{"a", "b", "c", "d"}, drops: []float64{1, -1, 3, 1}}
	f.figure()
	if want := []int{2, 0, 3, 1}; !reflect.DeepEqual(f.order, want) {
		t.Errorf("order %v, want %v", f.order, want)
	}
}

func TestAscending(t *testing.T) {
	xys := ascending([]float64{3, 1, 2}, []float64{30, 10, 20})
	for i, want := range []float64{1, 2, 3} {
		if xys[i].X != want || xys[i].Y != 10*want {
			t.Errorf("point %d is %v, want (%g, %g)", i, xys[i], want, 10*want)
		}
	}
}
