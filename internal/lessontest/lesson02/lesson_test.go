package lesson02_test

import (
	"testing"

	"github.com/fastnb/fastnb/internal/lessontest"
)

const (
	marks    = "sweep.Valley, sweep.Steep"
	walks    = "left++"
	snapshot = `"snapshot_cyc_"`
	groups   = "one, three :="
)

// The walks on the map are the same everywhere; the ranges of fits leave room for another machine's luck.
var claims = lessontest.Claims{
	{Name: "too small", Cell: "too small, .03", Match: `too small, .03: .* loss (\S+)`, Min: .42, Max: .425},
	{Name: "right", Cell: "too small, .03", Match: `right, .6: .* loss -(\S+)`, Min: .83, Max: .84},
	{Name: "hardly begun", Cell: "1e-5, 1e-2, 3", Match: `rate 1e-05: accuracy (\S+),`, Max: .4},
	{Name: "fine", Cell: "1e-5, 1e-2, 3", Match: `rate 0.01: accuracy (\S+),`, Above: "hardly begun", By: .1},
	{Name: "rate .01, log loss", Cell: "1e-5, 1e-2, 3", Match: `rate 0.01: .* log loss (\S+)`, Above: "steep", By: .1},
	{Name: "no number", Cell: "1e-5, 1e-2, 3", Match: `loss is not a number in epoch (\d+)`},
	{Name: "steep", Cell: marks, Match: `steep, .* log loss (\S+)`, Max: 1.4},
	{Name: "constant", Cell: "bySeed", Match: `mean log loss: \[(\S+)`, Above: "cosine", By: .3},
	{Name: "cosine", Cell: "bySeed", Match: `mean log loss: \[\S+ \S+ (\S+)`, Max: 1.8},
	{Name: "narrow, constant", Cell: walks, Match: `at 0.100: (\d+) of 50`, Min: 12, Max: 12},
	{Name: "narrow, restarts", Cell: walks, Match: `at 0.003: (\d+) of 50`, Min: -1, Max: .5},
	{Name: "first snapshot", Cell: snapshot, Match: `0: .* log loss (\S+)`, Above: "mean of snapshots", By: .1},
	{Name: "mean of snapshots", Cell: snapshot, Match: `mean: .* log loss (\S+)`, Max: 1.3},
	{Name: "three rates", Cell: groups, Match: `three rates, seed 0: .* log loss (\S+);`, Above: "one rate"},
	{Name: "one rate", Cell: groups, Match: `one rate, seed 0: .* log loss (\S+);`, Max: 1.4},
	{Name: "body, one rate", Cell: groups, Match: `one rate, seed 0: .* by \[(\S+)`, Above: "body, three rates"},
	{Name: "body, three rates", Cell: groups, Match: `three rates, seed 0: .* by \[(\S+)`},
}

func TestLesson(t *testing.T) {
	lessontest.RunClaims(t, "02-learning-rate.ipynb", claims, "plant-seedlings")
}
