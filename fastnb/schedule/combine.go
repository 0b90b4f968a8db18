package schedule

// Part is a schedule that runs for a share of a longer one.
type Part struct {
	Schedule Schedule
	Share    float64 // relative to the other parts; a share of 0 or less skips the part
}

// For makes the schedule a Part of a longer one. Shares are relative: For(.3) beside For(.7) is the same as For(3)
// beside For(7), so they can be given in epochs.
func (s Schedule) For(share float64) Part { return Part{s, share} }

// Combine runs the parts one after the other, each from its own 0 to its own 1. Where two meet, the later one
// starts. Combine of nothing is 0.
func Combine(parts ...Part) Schedule {
	var total float64
	for _, p := range parts {
		total += max(p.Share, 0)
	}
	return func(pct float64) float64 {
		var start, value float64
		for _, p := range parts {
			if p.Share <= 0 || start > 0 && before(pct, start) {
				continue
			}
			length := p.Share / total
			value = p.Schedule(within((pct - start) / length))
			start += length
		}
		return value
	}
}

// tolerance is the rounding that i/n and sums of shares may have, far below one batch of any fit.
const tolerance = 1e-10

// before tells whether pct lies before the join, rounding aside.
func before(pct, join float64) bool { return pct < join-tolerance }

// within keeps pct in [0, 1].
func within(pct float64) float64 { return min(max(pct, 0), 1) }
