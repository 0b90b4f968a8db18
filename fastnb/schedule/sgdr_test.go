package schedule

import (
	"math"
	"testing"
)

// 0.7's CosAnneal: cycle_len and cycle_mult, lr per batch.
func TestSGDR(t *testing.T) {
	for _, test := range []struct {
		lr           float64
		nb           int // batches of the first cycle
		cycles, mult int
		batch        int
		want         float64
	}{
		{1, 40, 3, 2, 0, .01}, {1, 40, 3, 2, 1, .01}, {1, 40, 3, 2, 2, .9938441703},
		{1, 40, 3, 2, 3, .9861849602}, {1, 40, 3, 2, 20, .5}, {1, 40, 3, 2, 39, .0015413331},
		{1, 40, 3, 2, 40, 1}, {1, 40, 3, 2, 80, .5}, {1, 40, 3, 2, 119, .0003854819},
		{1, 40, 3, 2, 120, 1}, {1, 40, 3, 2, 279, .0000963797},
		{.01, 360, 1, 1, 0, .0001}, {.01, 360, 1, 1, 17, .0001}, {.01, 360, 1, 1, 18, .00993844170},
		{.01, 360, 1, 1, 180, .005}, {.01, 360, 1, 1, 359, 1.9038e-7},
	} {
		n := SumGeom(test.nb, test.mult, test.cycles)
		got := SGDR(test.cycles, test.mult).Times(test.lr).Values(n)[test.batch]
		near(t, "lr", got, test.want, 1e-6*test.lr)
	}
}

// The rule counted in batches, as 0.7's loop applies it.
func annealed(nb, cycles, mult int) []float64 {
	var lrs []float64
	for k := range cycles {
		for i := range nb {
			lr := (1 + math.Cos(math.Pi*float64(i)/float64(nb))) / 2
			if k == 0 && i*20 < nb {
				lr = .01
			}
			lrs = append(lrs, lr)
		}
		nb *= mult
	}
	return lrs
}

func TestSGDRBatchByBatch(t *testing.T) {
	for nb := 1; nb < 130; nb++ {
		for _, c := range [][2]int{{1, 1}, {3, 1}, {3, 2}, {4, 3}, {7, 1}} {
			want := annealed(nb, c[0], c[1])
			for i, got := range SGDR(c[0], c[1]).Values(len(want)) {
				if math.Abs(got-want[i]) > 1e-9 {
					t.Fatalf("nb %d, %d cycles, mult %d: batch %d has %g, want %g", nb, c[0], c[1], i, got, want[i])
				}
			}
		}
	}
}

func TestSGDREnd(t *testing.T) { near(t, "end", SGDR(3, 2)(1), 0, 1e-12) }

// As many cycles as one likes: the k-th of them starts where arithmetic says, at 1, and a batch before that ends the one before.
func TestSGDROfManyCycles(t *testing.T) {
	const nb = 4 // batches of the first cycle
	for _, c := range []struct{ cycles, mult, k int }{{1_000_000, 1, 1}, {1_000_000, 1, 999_999}, {10_000_000, 1, 7_654_321}, {40, 2, 1}, {40, 2, 39}, {15, 7, 13}, {25, 3, 24}} {
		all, at := float64(SumGeom(nb, c.mult, c.cycles)), float64(SumGeom(nb, c.mult, c.k))
		s := SGDR(c.cycles, c.mult)
		near(t, "start", s(at/all), 1, 1e-9)
		near(t, "end of the one before", s((at-1)/all), (1+math.Cos(math.Pi*(1-1/(nb*math.Pow(float64(c.mult), float64(c.k-1))))))/2, 1e-6)
		near(t, "middle", s((at+nb/2*math.Pow(float64(c.mult), float64(c.k)))/all), .5, 1e-6)
	}
	near(t, "more than can be counted", SGDR(5000, 2)(.75), .5, 1e-9) // the last cycle is half of all
	near(t, "more than can be counted", SGDR(5000, 2)(0), .01, 0)
}

// old/tests/test_core.py of 0.7, three more, and what an int can't hold.
func TestSumGeom(t *testing.T) {
	for _, c := range [][4]int{{1, 1, 1, 1}, {1, 1, 3, 3}, {3, 10, 4, 3333}, {0, 2, 3, 0}, {1, 2, 0, 0}, {1, 2, 3, 7}, {1, 2, 4, 15}, {2, 2, 2, 6},
		{3, 0, 5, 3}, {1, 1, math.MaxInt, math.MaxInt}, {2, 1, math.MaxInt/2 + 1, math.MaxInt}, {1, 2, 62, 1<<62 - 1}, {1, 2, 63, math.MaxInt}, {1, 2, 64, math.MaxInt},
		{1, 2, math.MaxInt, math.MaxInt}, {2, math.MaxInt, 2, math.MaxInt}, {math.MaxInt, 1, 1, math.MaxInt}} {
		if got := SumGeom(c[0], c[1], c[2]); got != c[3] {
			t.Errorf("SumGeom(%d, %d, %d) = %d, want %d", c[0], c[1], c[2], got, c[3])
		}
	}
}
