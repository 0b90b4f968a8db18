package tabular_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// What is written for others of a LogTarget is the number, not its logarithm, however it is made and kept.
func TestLogTargetIsWrittenAsItself(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	opts := []tabular.DataOption{tabular.LogTarget("takings"), tabular.Conts("area")}
	l := learner(t, opts)
	check(t, l.FitOneCycle(fastnb.LR(1e-2), 2))
	p, err := l.Predict(fastnb.Valid)
	check(t, err)
	text, err := json.Marshal(p)
	check(t, err)
	kept := &fastnb.Preds{}
	check(t, json.Unmarshal(text, kept))
	mean, err := fastnb.Average(p, kept)
	check(t, err)
	sample := "id,sales\n"
	for _, name := range p.Names {
		sample += name + ",0\n"
	}
	path := filepath.Join(t.TempDir(), "sample.csv")
	check(t, os.WriteFile(path, []byte(sample), 0o666))
	for what, p := range map[string]*fastnb.Preds{"predicted": p, "kept": kept, "mean": mean} {
		s, err := p.SubmissionLike(path)
		check(t, err)
		check(t, s.Write(path+".out"))
		out, err := os.ReadFile(path + ".out")
		check(t, err)
		for i, line := range strings.Split(strings.TrimSpace(string(out)), "\n")[1:] {
			_, cell, _ := strings.Cut(line, ",")
			got, err := strconv.ParseFloat(cell, 64)
			check(t, err)
			if want := math.Exp(float64(p.Probs[i][0])); math.Abs(got/want-1) > 1e-6 {
				t.Fatalf("%s: line %q, the prediction is %g", what, line, want)
			}
		}
	}
	plain, err := learner(t, []tabular.DataOption{tabular.Target("takings"), tabular.Conts("area")}).Predict(fastnb.Valid)
	check(t, err)
	_, err = fastnb.Average(p, plain)
	if plain.Logs || err == nil {
		t.Errorf("the mean of logarithms and numbers: %v, %t", err, plain.Logs)
	}
}

// Folds of shuffled rows are put together in the order of the table.
func TestFoldsOfShuffledRows(t *testing.T) {
	table := shops(t, 60)
	all := table.Column("takings").Numbers
	rows := make([][]int, 3)
	for k := range rows {
		var err error
		rows[k], err = tabular.CVRows(60, k, 1./3, 42)
		check(t, err)
	}
	folds, err := fastnb.CrossValidate(3, func(k int) (*tabular.Learner, error) {
		data, err := tabular.FromTable(table, tabular.LogTarget("takings"), tabular.Conts("area"),
			tabular.ValidRows(rows[k]), tabular.WorkDir(t.TempDir()), tabular.BatchSize(8))
		if err != nil {
			return nil, err
		}
		return tabular.NewLearner(data, tabular.Layers(4))
	}, fastnb.FoldRows(rows))
	check(t, err)
	for i, target := range folds.OOF.Targets {
		if want := math.Log(all[i]); math.Abs(float64(target[0])-want) > 1e-5 {
			t.Fatalf("row %d has the target %g (want %g)", i, target[0], want)
		}
	}
	if !folds.OOF.Logs || fmt.Sprint(folds.OOF.Names[:3]) != "[0 1 2]" {
		t.Errorf("logarithms %t, names %q", folds.OOF.Logs, folds.OOF.Names[:3])
	}
}
