package nb

import (
	"math"
	"slices"
	"strconv"
)

// curve is what a fit's losses were so far.
type curve struct {
	train []float64 // smoothed, of every batch
	valid []point   // after every epoch; x in batches
}

type point struct{ x, y float64 }

// curvePoints is about how many points a line is drawn with.
const curvePoints = 200

// add adds the training loss of the next batch.
func (c *curve) add(loss float64) { c.train = append(c.train, loss) }

// addValid adds the validation loss after the batches so far.
func (c *curve) addValid(loss float64) {
	c.valid = append(c.valid, point{float64(len(c.train)), loss})
}

// trainLine returns the points of the training loss.
func (c *curve) trainLine() []point {
	return thinned(len(c.train), func(i int) point { return point{float64(i + 1), c.train[i]} })
}

// validLine returns the points of the validation loss.
func (c *curve) validLine() []point {
	return thinned(len(c.valid), func(i int) point { return c.valid[i] })
}

// thinned returns at most curvePoints of n points, the newest always. What can't be drawn is left out.
func thinned(n int, at func(i int) point) []point {
	step := (n + curvePoints - 1) / curvePoints
	var ps []point
	for i := n - 1; i >= 0; i -= step {
		if p := at(i); drawable(p.y) {
			ps = append(ps, p)
		}
	}
	slices.Reverse(ps)
	return ps
}

func drawable(v float64) bool { return math.Abs(v) <= 1e300 }

// bounds returns the losses between which the y axis runs: all of them, but for the training losses of the first tenth
// where those are so high that little else could be seen.
func bounds(train, valid []point) (low, high float64) {
	low, high = span(train[len(train)/10:], valid)
	if l, h := span(train, valid); h-l <= 2*(high-low) {
		low, high = l, h
	}
	room := .05 * (high - low)
	if room <= math.Abs(high)*1e-9 {
		room = max(math.Abs(high)*.05, 1e-6)
	}
	return low - room, high + room
}

// span returns the lowest and the highest loss.
func span(curves ...[]point) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, ps := range curves {
		for _, p := range ps {
			low, high = min(low, p.y), max(high, p.y)
		}
	}
	return low, high
}

// lossTicks returns two to five round values from low to high, with their labels.
func lossTicks(low, high float64) (at []float64, labels []string) {
	step := math.Pow10(int(math.Floor(math.Log10(high - low))))
	switch n := (high - low) / step; {
	case n < 2.5:
		step /= 2
	case n >= 5:
		step *= 2
	}
	for i := math.Ceil(low / step); i*step <= high; i++ {
		at, labels = append(at, i*step), append(labels, lossLabel(i*step, step))
	}
	return at, labels
}

// lossLabel writes a tick's value with the decimals that its step needs.
func lossLabel(v, step float64) string {
	if v == 0 { // or -0
		return "0"
	}
	if step < 1e-4 || step >= 1e5 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	return strconv.FormatFloat(v, 'f', max(0, -int(math.Floor(math.Log10(step)+1e-9))), 64)
}
