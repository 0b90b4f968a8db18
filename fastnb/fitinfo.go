package fastnb

import (
	"fmt"
	"slices"
	"strings"
)

// FitInfo is what a fit was asked for. It is zero where there was none, and in checkpoints saved by versions that did
// not keep it.
type FitInfo struct {
	Verb       string    `json:"verb"`                 // "Fit", "FitOneCycle", "FitSchedule", "FineTune"
	Cycles     int       `json:"cycles,omitempty"`     // of Fit
	CycleLen   int       `json:"cycle_len,omitempty"`  // epochs; 0 without CycleLen
	CycleMult  int       `json:"cycle_mult,omitempty"` // with CycleLen
	Epochs     int       `json:"epochs"`               // of all cycles
	LR         []float64 `json:"lr"`                   // as given, of each layer group that an optimizer sees
	WD         []float64 `json:"wd"`                   // likewise
	Clip       float64   `json:"clip,omitempty"`
	Mix        string    `json:"mix,omitempty"` // "MixUp(0.4)", "CutMix(1)"
	Optimizer  string    `json:"optimizer"`     // "SGD", "Adam"
	Groups     int       `json:"groups"`        // layer groups
	FrozenTo   int       `json:"frozen_to"`     // those before this one were frozen
	BN         string    `json:"bn,omitempty"`  // "keep", "batch", "train"
	BNFreeze   bool      `json:"bn_freeze,omitempty"`
	Precompute bool      `json:"precompute,omitempty"`
	Train      int       `json:"train"` // items
	Valid      int       `json:"valid"` // items
	BatchSize  int       `json:"batch_size"`
	Batches    int       `json:"batches"` // of an epoch
}

// String says it in words: "Fit 3 cycles of 1, 2, 4 epochs, lr 0.0001 to 0.01, frozen to -1". It is empty where there
// was no fit.
func (i FitInfo) String() string {
	if i.Verb == "" {
		return ""
	}
	parts := []string{i.Verb + " " + i.length(), "lr " + ends(i.LR)}
	if len(i.WD) > 0 && slices.Max(i.WD) > 0 {
		parts = append(parts, "wd "+ends(i.WD))
	}
	if i.Clip > 0 {
		parts = append(parts, fmt.Sprintf("clip %.3g", i.Clip))
	}
	if i.Mix != "" {
		parts = append(parts, i.Mix)
	}
	if i.FrozenTo > 0 {
		parts = append(parts, fmt.Sprintf("frozen to %d", i.FrozenTo-i.Groups))
	}
	if i.Precompute {
		parts = append(parts, "precomputed")
	}
	if i.BN == TrainBN.String() {
		parts = append(parts, "all batch norms trained")
	}
	if i.BNFreeze {
		parts = append(parts, "batch norm frozen")
	}
	return strings.Join(parts, ", ")
}

const mostLens = 6 // of cycles that are told

// length says how long the fit was to be.
func (i FitInfo) length() string {
	if i.CycleLen == 0 {
		return counted(i.Epochs, "epoch")
	}
	lens := []string{}
	for k, n := 0, i.CycleLen; k < i.Cycles && k < mostLens; k, n = k+1, n*i.CycleMult {
		if lens = append(lens, fmt.Sprint(n)); i.CycleMult == 1 {
			break
		}
	}
	if len(lens) == mostLens && i.Cycles > mostLens {
		lens = append(lens, "...")
	}
	last := counted(i.CycleLen, "epoch")
	if len(lens) > 1 {
		last = strings.Join(lens, ", ") + " epochs"
	}
	return counted(i.Cycles, "cycle") + " of " + last
}

// counted writes 1 epoch, 2 epochs.
func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// ends writes one value for all layer groups, or those of the first and the last.
func ends(vs []float64) string {
	switch n := len(vs); {
	case n == 0:
		return "unknown"
	case vs[0] == vs[n-1]:
		return fmt.Sprintf("%.3g", vs[0])
	default:
		return fmt.Sprintf("%.3g to %.3g", vs[0], vs[n-1])
	}
}
