package main

import (
	"fmt"
	"slices"
)

// table prints a row for each set, batch size and way: accuracy and log loss after each stage, the mean over the seeds
// and the least and most accuracy.
func table(mine, theirs []result) {
	fmt.Println("| set | batches of | way | seeds | linear probe | head | all | TTA | seconds |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|")
	for _, p := range sets {
		for _, bs := range []int{16, 32, 64} {
			for _, w := range ways {
				row(p.name, bs, w.name, where(mine, p.name, w.name, bs))
			}
			row(p.name, bs, "fastai", where(theirs, p.name, "", bs))
		}
	}
}

func where(runs []result, set, way string, bs int) []result {
	return slices.DeleteFunc(slices.Clone(runs), func(r result) bool { return r.Set != set || r.Way != way || r.BS != bs })
}

func row(set string, bs int, way string, runs []result) {
	if len(runs) == 0 {
		return
	}
	seconds := 0.
	for _, r := range runs {
		seconds += r.Seconds / float64(len(runs))
	}
	fmt.Printf("| %s | %d | %s | %d | %s | %s | %s | %s | %.0f |\n", set, bs, way, len(runs),
		spread(runs, func(r result) *score { return r.Probe }), spread(runs, func(r result) *score { return r.Head }),
		spread(runs, func(r result) *score { return r.All }), spread(runs, func(r result) *score { return r.TTA }), seconds)
}

// spread writes the means of a stage, with the least and most accuracy.
func spread(runs []result, stage func(result) *score) string {
	var accuracies []float64
	var mean score
	for _, r := range runs {
		s := stage(r)
		if s == nil {
			return "-"
		}
		accuracies = append(accuracies, s.Accuracy)
		mean.Accuracy += s.Accuracy / float64(len(runs))
		mean.LogLoss += s.LogLoss / float64(len(runs))
	}
	return fmt.Sprintf("%.3f (%.3f to %.3f), %.3f", mean.Accuracy, slices.Min(accuracies), slices.Max(accuracies),
		mean.LogLoss)
}
