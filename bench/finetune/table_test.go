package main

import (
	"math"
	"path/filepath"
	"testing"

	"github.com/fastnb/fastnb/bench/internal/results"
)

// validated is how many validation photos of a set a net is tried on.
var validated = map[string]float64{"plant-seedlings": 90, "pets_sample": 120, "dogscats": 400, "cifar10": 600}

// Of the runs that are kept in testdata, KeepBN's are at least as good as fastai's and as a linear probe's by their
// mean over the seeds, and no stage is worse than the one before, but for two standard errors of such a difference.
func TestKeptRuns(t *testing.T) {
	mine, err := results.Read[result](filepath.Join("..", "..", "testdata", "finetune.json"))
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := results.Read[result](filepath.Join("..", "..", "testdata", "fastai_finetune.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range sets {
		for _, bs := range []int{16, 64} {
			ours, peers := where(mine, p.name, "keep", bs), where(theirs, p.name, "", bs)
			if len(ours) < 3 || len(peers) == 0 {
				t.Fatalf("%s, batches of %d: %d runs of ours and %d of fastai's", p.name, bs, len(ours), len(peers))
			}
			tta := meanOf(ours, func(r result) *score { return r.TTA })
			all := meanOf(ours, func(r result) *score { return r.All })
			for what, than := range map[string]float64{
				"fastai":           meanOf(peers, func(r result) *score { return r.TTA }),
				"the linear probe": meanOf(peers, func(r result) *score { return r.Probe }),
				"before TTA":       all,
			} {
				notWorse(t, p.name, bs, tta, what, than, len(ours), len(peers))
			}
			head := meanOf(ours, func(r result) *score { return r.Head })
			notWorse(t, p.name, bs, all, "the head alone", head, len(ours), len(ours))
		}
	}
}

func meanOf(runs []result, stage func(result) *score) (accuracy float64) {
	for _, r := range runs {
		accuracy += stage(r).Accuracy / float64(len(runs))
	}
	return accuracy
}

// notWorse tells where an accuracy, the mean of n runs, is below another's, of m runs, by more than chance explains.
func notWorse(t *testing.T, set string, bs int, accuracy float64, what string, than float64, n, m int) {
	t.Helper()
	variance := accuracy*(1-accuracy)/float64(n) + than*(1-than)/float64(m)
	if noise := 2 * math.Sqrt(variance/validated[set]); accuracy < than-noise {
		t.Errorf("%s, batches of %d: %.3f, less than %.3f of %s by more than %.3f", set, bs, accuracy, than, what, noise)
	}
}
