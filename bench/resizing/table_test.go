package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/bench/internal/results"
)

// Of the runs that are kept in testdata, progressive resizing is as right as the fixed size in 70% of its time, by the
// means over the seeds, but for two standard errors of the difference of two such accuracies.
func TestKeptRuns(t *testing.T) {
	runs, err := results.Read[result](filepath.Join("..", "..", "testdata", "resizing.json"))
	if err != nil {
		t.Fatal(err)
	}
	if runs == nil {
		t.Skip("testdata/resizing.json is not there: go run ./bench/resizing -out testdata/resizing.json makes it")
	}
	ways := map[string][]result{}
	for _, r := range runs {
		ways[r.Way] = append(ways[r.Way], r)
	}
	if len(ways["fixed"]) < 3 || len(ways["progressive"]) < 3 {
		t.Fatalf("%d and %d runs", len(ways["fixed"]), len(ways["progressive"]))
	}
	time, better, noise := against(ways["fixed"], ways["progressive"])
	if time > bar || better < -noise {
		t.Errorf("%.2f of the time, accuracy %+.4f, two standard errors %.4f", time, better, noise)
	}
}

func TestTable(t *testing.T) {
	ways, err := waysOf("224:4", "64:2,224:2")
	if err != nil {
		t.Fatal(err)
	}
	runs := []result{
		{Way: "fixed", Plan: "224:4", Seconds: 90, Photos: 100, Accuracy: .8},
		{Way: "fixed", Plan: "224:4", Seconds: 110, Photos: 100, Accuracy: .9},
		{Way: "fixed", Plan: "224:9", Seconds: 999, Photos: 100, Accuracy: .1}, // of another plan
		{Way: "progressive", Plan: "64:2,224:2", Seconds: 60, Photos: 100, Accuracy: .87},
	}
	var b strings.Builder
	if err := table(&b, ways, runs); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{ // 2 * sqrt(.85*.15/200 + .87*.13/100) = .0843
		"| fixed | 224:4 | 2 | 0.850 (0.800 to 0.900) |", "60% of the time", "accuracy +0.020", "errors are 0.084",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
}

func TestPlans(t *testing.T) {
	ways, err := waysOf("224:24", "64:10,128:8,224:6")
	if err != nil || len(ways[1].stages) != 3 || ways[1].stages[1] != (stage{128, 8}) {
		t.Error(ways, err)
	}
	for _, plan := range []string{"", "64", "64:0", "a:3", "64:3,", "64:3,128:2"} { // the last ends elsewhere
		if _, err := waysOf("224:24", plan); err == nil {
			t.Errorf("plan %q is taken", plan)
		}
	}
}
