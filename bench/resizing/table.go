package main

import (
	"fmt"
	"io"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// result is a net that was trained by a way, and what it scored on the validation photos at the last size.
type result struct {
	Way      string  `json:"way"`
	Plan     string  `json:"plan"` // size:epochs
	Seed     uint64  `json:"seed"`
	Seconds  float64 `json:"seconds"`
	Photos   int     `json:"photos"` // for validation
	Accuracy float64 `json:"accuracy"`
	LogLoss  float64 `json:"log_loss"`
	TTA      float64 `json:"tta"` // accuracy
}

func (r result) String() string {
	return fmt.Sprintf("%s %s, seed %d: accuracy %.4f, log loss %.4f, TTA %.4f, %.0f s", r.Way, r.Plan, r.Seed, r.Accuracy,
		r.LogLoss, r.TTA, r.Seconds)
}

// bar is the share of the fixed size's time that progressive resizing may take.
const bar = .7

// table prints a row for each way, means over its seeds, and how the second stands to the first.
func table(w io.Writer, ways []way, runs []result) error {
	fmt.Fprintln(w, "| way | sizes and epochs | seeds | accuracy | log loss | TTA | seconds |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|")
	var all [2][]result
	for i, way := range ways {
		other := func(r result) bool { return r.Way != way.name || r.Plan != way.plan }
		all[i] = slices.DeleteFunc(slices.Clone(runs), other)
		if len(all[i]) == 0 {
			return fmt.Errorf("no runs of %s", way.name)
		}
		of := func(number func(r result) float64) (numbers []float64) {
			for _, r := range all[i] {
				numbers = append(numbers, number(r))
			}
			return numbers
		}
		accuracies := of(func(r result) float64 { return r.Accuracy })
		fmt.Fprintf(w, "| %s | %s | %d | %.3f (%.3f to %.3f) | %.3f | %.3f | %.0f |\n", way.name, way.plan, len(all[i]),
			stat.Mean(accuracies, nil), slices.Min(accuracies), slices.Max(accuracies),
			stat.Mean(of(func(r result) float64 { return r.LogLoss }), nil),
			stat.Mean(of(func(r result) float64 { return r.TTA }), nil),
			stat.Mean(of(func(r result) float64 { return r.Seconds }), nil))
	}
	time, better, noise := against(all[0], all[1])
	fmt.Fprintf(w, "\n%.0f%% of the time (the bar is %.0f%%), accuracy %+.3f, where two standard errors are %.3f\n",
		100*time, 100*bar, better, noise)
	return nil
}

// against returns the share of the first way's time that the second takes, by how much its accuracy is higher, and two
// standard errors of such a difference.
func against(first, second []result) (time, better, noise float64) {
	a, b := meanOf(first), meanOf(second)
	variance := 0.
	for _, r := range []struct {
		result
		runs int
	}{{a, len(first)}, {b, len(second)}} {
		variance += r.Accuracy * (1 - r.Accuracy) / float64(r.runs*r.Photos)
	}
	return b.Seconds / a.Seconds, b.Accuracy - a.Accuracy, 2 * math.Sqrt(variance)
}

func meanOf(runs []result) (mean result) {
	n := float64(len(runs))
	for _, r := range runs {
		mean.Accuracy += r.Accuracy / n
		mean.Seconds += r.Seconds / n
		mean.Photos = r.Photos
	}
	return mean
}
