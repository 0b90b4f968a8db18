package fastnb

import (
	"fmt"
	"math"
	"strconv"
)

// Header returns the names of the columns of the epoch table, those of Row.
func (r *Recorder) Header() []string { return epochColumns(r.Metrics, r.validated()) }

// Row returns the row of the epoch table for Epochs[i]: its number, losses, metrics and time, as Progress shows them.
// What was not measured in it is empty.
func (r *Recorder) Row(i int) []string { return epochRow(i, r.Epochs[i], r.Metrics, r.validated()) }

// validated tells whether there was anything to validate on. Checkpoints of before Fit was kept tell by what they have.
func (r *Recorder) validated() bool {
	return r.Fit.Valid > 0 || len(r.Epochs) > 0 && r.Epochs[0].ValidLoss != 0
}

// epochColumns returns the head of the epoch table, with or without what is measured on a valid split.
func epochColumns(metrics []string, valid bool) []string {
	cols := []string{"epoch", "train_loss"}
	if valid {
		cols = append(cols, "valid_loss")
		for _, m := range metrics {
			cols = append(cols, shown(m))
		}
	}
	return append(cols, "time")
}

// epochRow returns the epoch table's row for e, the epoch numbered i, under epochColumns of the same metrics.
func epochRow(i int, e Epoch, metrics []string, valid bool) []string {
	row := []string{strconv.Itoa(i), figure(e.TrainLoss, 6)}
	if valid {
		row = append(row, figure(e.ValidLoss, 6))
		for at := range metrics {
			cell := ""
			if at < len(e.Metrics) {
				cell = figure(e.Metrics[at], 6)
			}
			row = append(row, cell)
		}
	}
	s := int(e.Seconds + 0.5)
	return append(row, fmt.Sprintf("%02d:%02d", s/60, s%60))
}

// figure writes a number with so many decimals; one that those would make hundreds of digits of, or nothing, in powers
// of ten.
func figure(v float64, decimals int) string {
	if a := math.Abs(v); a >= 1e12 && !math.IsInf(v, 0) || a != 0 && a < .5*math.Pow10(-decimals) {
		return strconv.FormatFloat(v, 'g', 4, 64)
	}
	return strconv.FormatFloat(v, 'f', decimals, 64)
}
