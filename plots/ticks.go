package plots

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// linearTicks marks round values, four to seven of them.
type linearTicks struct{}

// Ticks implements plot.Ticker.
func (linearTicks) Ticks(low, high float64) []plot.Tick {
	if !(high-low > 1e-300) { // values so large, or so small, that nothing lies between them
		return []plot.Tick{{Value: low, Label: scientific(low)}}
	}
	step := roundStep((high - low) / 5)
	var ticks []plot.Tick
	for i := int(math.Ceil(low/step - 1e-9)); float64(i)*step <= high+1e-9*step; i++ {
		v := float64(i) * step
		ticks = append(ticks, plot.Tick{Value: v, Label: number(v, step)})
	}
	return ticks
}

// roundStep returns 1, 2 or 5 times a power of ten, about s or above it.
func roundStep(s float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(s)))
	for _, m := range []float64{1, 2, 5} {
		if s <= m*power*1.4 {
			return m * power
		}
	}
	return 10 * power
}

// wholeTicks is linearTicks for what is counted.
type wholeTicks struct{}

// Ticks implements plot.Ticker.
func (wholeTicks) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for _, t := range (linearTicks{}).Ticks(low, high) {
		if t.Value == math.Round(t.Value) {
			t.Label = strconv.FormatFloat(t.Value, 'f', 0, 64)
			ticks = append(ticks, t)
		}
	}
	return ticks
}

// number writes a tick's value with the decimals that its step needs.
func number(v, step float64) string {
	if v == 0 {
		return "0"
	}
	if step < 1e-3 || step >= 1e5 {
		return scientific(v)
	}
	return strconv.FormatFloat(v, 'f', max(0, int(math.Ceil(-math.Log10(step)-1e-9))), 64)
}

// scientific writes 0.00012 as 1.2e-4.
func scientific(v float64) string {
	s := strconv.FormatFloat(v, 'e', 1, 64)
	s = strings.Replace(s, ".0e", "e", 1)
	s = strings.Replace(s, "e-0", "e-", 1)
	return strings.Replace(strings.Replace(s, "e+0", "e", 1), "e+", "e", 1)
}

// logTicks marks powers of ten, and 2 and 5 times them where there are few.
type logTicks struct{}

// Ticks implements plot.Ticker.
func (logTicks) Ticks(low, high float64) []plot.Tick {
	first, last := int(math.Floor(math.Log10(low))), int(math.Ceil(math.Log10(high)))
	every, steps := 1+(last-first)/9, []float64{1}
	if math.Log10(high/low) < 2.5 {
		steps = []float64{1, 2, 5}
	}
	var ticks []plot.Tick
	for power := first; power <= last; power += every {
		for _, m := range steps {
			v := m * math.Pow10(power)
			if v > low*(1-1e-9) && v < high*(1+1e-9) {
				ticks = append(ticks, plot.Tick{Value: v, Label: power10(v)})
			}
		}
	}
	return ticks
}

// power10 writes learning rates as they are spoken of: 1e-5 ... 1e-1, 1, 10.
func power10(v float64) string {
	if v >= 1-1e-9 && v < 1e4 {
		return strconv.FormatFloat(v, 'g', 4, 64)
	}
	return scientific(v)
}
