package lesson04_test

import (
	"testing"

	"github.com/fastnb/fastnb/internal/lessontest"
)

// The cells of the last table, of right pictures by their number of breeds, of sizes, and of thresholds for each label.
const (
	steps  = `judged("softmax, at its best"`
	breeds = `softmax, own := `
	sizes  = `judged("whole net, 64, then 128"`
	each   = `each(whole[0].valid)`
)

var claims = lessontest.Claims{
	{Name: "naive", Cell: steps, Match: `always \S+ (\S+)`, Min: .8, Max: .9},
	{Name: "softmax", Cell: steps, Match: `softmax, \.5 \S+ (\S+)`, Min: .5, Max: .65},
	{Name: "naive beside softmax", Cell: steps, Match: `always \S+ (\S+)`, Above: "softmax", By: .15},
	{Name: "softmax at its best is no better than naive", Cell: steps,
		Match: `softmax, at its best \S+ (\S+)`, Min: .83, Max: .88},
	{Name: "head", Cell: steps, Match: `head, \.5 \S+ (\S+)`, Above: "softmax", By: .2},
	{Name: "whole", Cell: steps, Match: `whole net, \.5 \S+ (\S+)`, Above: "head", By: .02},
	{Name: "whole at its best", Cell: steps, Match: `whole net, at its best \S+ (\S+)`,
		Above: "whole", By: .01},
	{Name: "head at its best", Cell: steps, Match: `head, at its best \S+ (\S+)`,
		Above: "head", By: .02},
	{Name: "log loss of the whole net", Cell: steps,
		Match: `whole net, \.5 \S+ \S+ \S+ \S+ (\S+)`, Min: .15, Max: .35},
	{Name: "log loss of the head", Cell: steps,
		Match: `head, \.5 \S+ \S+ \S+ \S+ (\S+)`, Above: "log loss of the whole net"},
	{Name: "log loss of softmax", Cell: steps,
		Match: `softmax, \.5 \S+ \S+ \S+ \S+ (\S+)`, Above: "log loss of the head", By: .3},
	{Name: "two breeds by softmax", Cell: breeds, Match: `(?m)^2 (\S+)`, Max: 1e-9},
	{Name: "none by softmax", Cell: breeds, Match: `(?m)^0 (\S+) \S+$`, Max: 1e-9},
	{Name: "none by sigmoid", Cell: breeds, Match: `(?m)^0 \S+ (\S+)$`, Min: .95, Max: 1},
	{Name: "one by sigmoid", Cell: breeds, Match: `(?m)^1 \S+ (\S+)$`, Min: .75, Max: .95},
	{Name: "one by softmax", Cell: breeds, Match: `(?m)^1 (\S+) \S+$`, Above: "one by sigmoid", By: .02},
	{Name: "grown", Cell: sizes, Match: `then 128 \S+ (\S+)`, Min: .75, Max: .9},
	{Name: "128 from the start", Cell: sizes, Match: `net, 128 pixels \S+ (\S+)`,
		Above: "grown", By: .02},
	{Name: "head of the table of sizes", Cell: sizes, Match: `head alone \S+ (\S+)`, Min: .8, Max: .9},
	{Name: "one threshold, valid", Cell: each, Match: `heads, one for all (\S+)`, Min: .85, Max: .95},
	{Name: "each threshold, valid", Cell: each, Match: `heads, one for each (\S+)`,
		Above: "one threshold, valid"},
	{Name: "each threshold, test", Cell: each, Match: `heads, one for each \S+ (\S+)`, Min: .85, Max: .95},
	{Name: "one threshold, test", Cell: each, Match: `heads, one for all \S+ (\S+)`,
		Above: "each threshold, test"},
	{Name: "all right at the threshold", Cell: each, Match: `net, one for all \S+ \S+ \S+ (\S+)`,
		Min: .6, Max: .9},
	{Name: "all right at .5", Cell: each, Match: `net, \.5 \S+ \S+ \S+ (\S+)`,
		Above: "all right at the threshold"},
}

func TestLesson(t *testing.T) {
	lessontest.RunClaims(t, "04-more-than-one-answer.ipynb", claims, "pets_sample")
}
