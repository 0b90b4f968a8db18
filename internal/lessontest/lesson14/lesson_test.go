package lesson14_test

import (
	"testing"

	"github.com/fastnb/fastnb/internal/lessontest"
)

const (
	rates   = `names := []string{"timid"`
	films   = `fastnb.Moms(.8, .7, .8)`
	guesses = `beside("pets", p, err)`
	row     = `"education": education,`
	texts   = `mine := []string{`
	broken  = `serve.MaxPixels(10_000)`
	times   = `one := vision.BatchSize(1)`
)

// What the text says of the outputs.
var claims = lessontest.Claims{
	{Name: "timid", Cell: rates, Match: `(?m)^1 [\d.]+ [\d.]+ ([\d.]+)`, Max: .6},
	{Name: "wild is no number", Cell: rates, Match: `loss is not a number .* at learning rate ([\d.]+);`, Min: 3, Max: 3},
	{Name: "pets", Cell: guesses, Match: `pets +accuracy ([\d.]+)`, Min: .9, Above: "timid", By: .3},

	{Name: "third epoch", Cell: films, Match: `(?m)^2 [\d.]+ ([\d.]+)`},
	{Name: "last epoch", Cell: films, Match: `(?m)^5 [\d.]+ ([\d.]+)`, Above: "third epoch", By: .05},
	{Name: "train loss", Cell: films, Match: `(?m)^2 ([\d.]+)`, Above: "last train loss"},
	{Name: "last train loss", Cell: films, Match: `(?m)^5 ([\d.]+)`},

	{Name: "income", Cell: guesses, Match: `income +accuracy ([\d.]+)`, Above: "not rich", By: .04},
	{Name: "not rich", Cell: guesses, Match: `income .* same answer ([\d.]+)`},
	{Name: "reviews", Cell: guesses, Match: `reviews +accuracy ([\d.]+)`, Above: "always one", By: .1},
	{Name: "always one", Cell: guesses, Match: `reviews .* same answer ([\d.]+)`},

	{Name: "differs", Cell: `largest = max(`, Match: `probability: (\S+)`, Max: 1e-12},
	{Name: "noise", Cell: `noise := image`, Match: `it says: \S+ ([\d.]+)`, Min: .34},

	{Name: "school", Cell: row, Match: `HS-grad +([\d.]+)`},
	{Name: "college", Cell: row, Match: `Bachelors +([\d.]+)`, Above: "school"},
	{Name: "doctor", Cell: row, Match: `Doctorate +([\d.]+)`, Above: "college"},
	{Name: "praise", Cell: texts, Match: `([\d.]+)  A wonderful`, Min: .9},
	{Name: "blame", Cell: texts, Match: `([\d.]+)  The worst`, Max: .1},
	{Name: "not bad", Cell: texts, Match: `([\d.]+)  Not bad`, Max: .5},

	{Name: "unreadable", Cell: broken, Match: `(\d+) Unprocessable`, Min: 422, Max: 422},
	{Name: "too large", Cell: broken, Match: `(\d+) Request Entity`, Min: 413, Max: 413},
	{Name: "a text", Cell: broken, Match: `(\d+) Unsupported`, Min: 415, Max: 415},
	{Name: "wrong address", Cell: broken, Match: `(\d+) Not Found`, Min: 404, Max: 404},

	{Name: "in a cell", Cell: "server := open()\n", Match: `"prob": ([\d.]+)`, Min: .5},
	{Name: "by the binary", Cell: `await("http`, Match: `"prob": ([\d.]+)`, Above: "in a cell", By: -1e-5},
	{Name: "in a cell again", Cell: "server := open()\n", Match: `"prob": ([\d.]+)`, Above: "by the binary", By: -1e-5},

	{Name: "a photo's time", Cell: times, Match: `pets .* answer in +([\d.]+)`, Above: "a review's time"},
	{Name: "a review's time", Cell: times, Match: `reviews .* answer in +([\d.]+)`},
	{Name: "a row's time", Cell: times, Match: `income .* answer in +([\d.]+)`},
	{Name: "a photo's time again", Cell: times, Match: `pets .* answer in +([\d.]+)`, Above: "a row's time"},
}

func TestLesson(t *testing.T) {
	lessontest.RunClaims(t, "14-out-of-the-notebook.ipynb", claims, "pets_sample", "adult_sample", "imdb_sample")
}
