package lesson03_test

import (
	"testing"

	"github.com/fastnb/fastnb/internal/lessontest"
)

// The ranges are for 120 photos, of which one is .008, and other machines' luck.
var claims = lessontest.Claims{
	{Name: "a validation that lies", Cell: "first(45)", Match: `(?m)^2 \d\.\d+ \d\.\d+ (\d\.\d+)`, Max: .3},
	{Name: "luck of 120", Cell: "math.Sqrt", Match: `120 photos: .* give or take (\S+)`, Min: .033, Max: .033},
	{Name: "probe at 128, out of fold", Cell: "nb.ShowTable(f, nil)", Match: `all 600 \S+ (\S+)`, Min: .58, Max: .7},
	{Name: "the pair", Cell: "MostConfused(6)", Match: `(\d+) of Black-grass taken for Loose Silky-bent`, Min: 8},
	{Name: "probe at 64", Cell: "[]int{64, 128}", Match: `64 pixels: accuracy (\S+),`, Min: .45, Max: .58},
	{Name: "probe at 128", Cell: "[]int{64, 128}", Match: `128 pixels: accuracy (\S+),`, Above: "probe at 64", By: .05},
	{Name: "known by heart", Cell: "vision.None", Match: `(?m)^11 (\d\.\d+) \d\.\d+ \d\.\d+ `, Max: .25},
	{Name: "loss, as it is", Cell: "vision.None", Match: `log loss (\S+)`, Above: "loss at 64", By: .2},
	{Name: "loss at 64", Cell: `keep(learn, "at 64")`, Match: `log loss (\S+)`, Max: 1.3},
	{Name: "no dropout", Cell: "head(128, vision.Ps(p))", Match: `p = 0.0: accuracy (\S+),`, Above: "half", By: -.04},
	{Name: "half", Cell: "head(128, vision.Ps(p))", Match: `p = 0.5: accuracy (\S+),`, Above: "no dropout", By: -.04},
	{Name: "eight in ten", Cell: "head(128, vision.Ps(p))", Match: `p = 0.8: accuracy (\S+),`, Max: .62},
	{Name: "fold 0's probe", Cell: `"linear probe"`, Match: `linear probe: accuracy (\S+),`, Max: .7},
	{Name: "everything at 128", Cell: `"linear probe"`, Match: `128 only: accuracy (\S+),`,
		Above: "fold 0's probe", By: .08},
	{Name: "grown", Cell: `"linear probe"`, Match: `64 to 128: accuracy (\S+),`, Above: "everything at 128", By: -.06},
	{Name: "at 160", Cell: `"linear probe"`, Match: `to 160: accuracy (\S+),`, Above: "grown", By: .01},
	{Name: "nine views", Cell: `"linear probe"`, Match: `nine views: accuracy (\S+),`, Above: "at 160", By: -.02},
	{Name: "in the end", Cell: `"linear probe"`, Match: `nine views: accuracy (\S+),`, Min: .82, Max: .95},
	{Name: "answers", Cell: "s.Write(", Match: `(\d+) answers in submission.csv`, Min: 120, Max: 120},
}

func TestLesson(t *testing.T) {
	lessontest.RunClaims(t, "03-plant-seedlings.ipynb", claims, "plant-seedlings")
}
