package fastnb

import (
	"math"
	"slices"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat/distuv"
)

// computed runs a graph with a store's random numbers.
func computed(t *testing.T, f func(s *model.Scope, args []*graph.Node) []*graph.Node, args ...any) [][]float32 {
	t.Helper()
	be, err := engine.Open()
	if err != nil {
		t.Fatal(err)
	}
	store := model.NewStore()
	if err := store.SetRNGStateFromSeed(7); err != nil {
		t.Fatal(err)
	}
	exec, err := model.NewExec(be, store, f)
	if err != nil {
		t.Fatal(err)
	}
	outs, err := exec.Call(args...)
	if err != nil {
		t.Fatal(err)
	}
	flats := make([][]float32, len(outs))
	for i, out := range outs {
		if flats[i], err = tensors.CopyFlatData[float32](out); err != nil {
			t.Fatal(err)
		}
	}
	return flats
}

// Shares are the larger part of what Beta(alpha, alpha) divides: their distribution is that of the formula.
func TestMixShares(t *testing.T) {
	const n = 20000
	for _, alpha := range []float64{.2, .4, 1, 3} {
		shares := computed(t, func(s *model.Scope, args []*graph.Node) []*graph.Node {
			return []*graph.Node{mixture{"MixUp", alpha}.shares(s, args[0].Graph(), n)}
		}, float32(0))[0]
		slices.Sort(shares)
		beta := distuv.Beta{Alpha: alpha, Beta: alpha}
		if shares[0] < .5 || shares[n-1] > 1 {
			t.Errorf("alpha %g: shares from %g to %g", alpha, shares[0], shares[n-1])
		}
		for _, x := range []float64{.55, .7, .9, .99} {
			want := beta.CDF(x) - beta.CDF(1-x)
			below, _ := slices.BinarySearch(shares, float32(x))
			// three standard errors of a share of n
			if got := float64(below) / n; math.Abs(got-want) > 3*math.Sqrt(want*(1-want)/n) {
				t.Errorf("alpha %g: %.4f of the shares are below %g, want %.4f", alpha, got, x, want)
			}
		}
	}
}

// MixUp's inputs and losses are the sums that the paper has, of a row and the next one.
func TestMixUpIsTheFormula(t *testing.T) {
	x := [][]float32{{1, 2, 3}, {4, 5, 7}, {9, -1, 0}, {2, 2, 2}}
	labels := []int32{0, 2, 1, 0}
	outs := computed(t, func(s *model.Scope, args []*graph.Node) []*graph.Node {
		m := mixture{"MixUp", .4}
		mixed, share := m.inputs(s, args[:1])
		return []*graph.Node{mixed[0], share, m.loss(CrossEntropy, args[0], args[1], share)}
	}, x, labels)
	for i := range x {
		next, share := (i+1)%len(x), float64(outs[1][i])
		for k := range x[i] {
			want := share*float64(x[i][k]) + (1-share)*float64(x[next][k])
			if got := float64(outs[0][i*3+k]); math.Abs(got-want) > 1e-5 {
				t.Errorf("row %d, column %d: %g, want %g", i, k, got, want)
			}
		}
		want := share*entropy(x[i], labels[i]) + (1-share)*entropy(x[i], labels[next])
		if got := float64(outs[2][i]); math.Abs(got-want) > 1e-5 {
			t.Errorf("row %d: loss %g, want %g", i, got, want)
		}
	}
}

// entropy is -log softmax(logits)[label].
func entropy(logits []float32, label int32) float64 {
	var sum float64
	for _, v := range logits {
		sum += math.Exp(float64(v))
	}
	return math.Log(sum) - float64(logits[label])
}

// CutMix puts one box of the next image into each, and the share is that of the pixels which are left.
func TestCutMixPastesABox(t *testing.T) {
	const n, h, w = 64, 12, 16
	x := make([]float32, n*h*w)
	for i := range x {
		x[i] = float32(i / (h * w)) // each image has its number
	}
	outs := computed(t, func(s *model.Scope, args []*graph.Node) []*graph.Node {
		mixed, share := mixture{"CutMix", 1}.inputs(s, []*graph.Node{graph.Reshape(args[0], n, h, w, 1)})
		return []*graph.Node{mixed[0], share}
	}, x)
	var areas []float64
	for i := range n {
		image := outs[0][i*h*w : (i+1)*h*w]
		rows, cols, pasted := map[int]bool{}, map[int]bool{}, 0
		for at, v := range image {
			switch int(v) {
			case i:
			case (i + 1) % n:
				rows[at/w], cols[at%w] = true, true
				pasted++
			default:
				t.Fatalf("image %d has a pixel of image %g", i, v)
			}
		}
		if pasted != len(rows)*len(cols) {
			t.Errorf("image %d: %d pixels are pasted, in %d rows and %d columns: no box", i, pasted, len(rows), len(cols))
		}
		if got, want := float64(outs[1][i]), 1-float64(pasted)/(h*w); math.Abs(got-want) > 1e-6 {
			t.Errorf("image %d: share %g, want %g", i, got, want)
		}
		areas = append(areas, float64(pasted)/(h*w))
	}
	// A box of side r, a part of the image's, centred anywhere, keeps (r-r*r/4)^2 of its area on average; with alpha 1
	// its area r*r is even in [0, 1].
	want := quad.Fixed(func(area float64) float64 {
		r := math.Sqrt(area)
		return (r - r*r/4) * (r - r*r/4)
	}, 0, 1, 50, nil, 0)
	var mean float64
	for _, a := range areas {
		mean += a / n
	}
	if math.Abs(mean-want) > .08 { // three standard errors of 64 areas, some .2 each
		t.Errorf("boxes are %.3f of an image, want %.3f", mean, want)
	}
}

// A batch of one item is mixed with itself.
func TestMixOfOne(t *testing.T) {
	outs := computed(t, func(s *model.Scope, args []*graph.Node) []*graph.Node {
		mixed, _ := mixture{"MixUp", .4}.inputs(s, args)
		return mixed
	}, [][]float32{{3, -2}})
	if math.Abs(float64(outs[0][0])-3) > 1e-6 || math.Abs(float64(outs[0][1])+2) > 1e-6 {
		t.Errorf("%v, want 3 and -2", outs[0])
	}
}
