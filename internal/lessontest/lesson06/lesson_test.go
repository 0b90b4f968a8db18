package lesson06_test

import (
	"testing"

	"github.com/fastnb/fastnb/internal/lessontest"
)

// The cells of what channels know of breeds, of covered photos, and of the net that cheats.
const (
	depths  = `agreement(peaks, labels))`
	squares = `falling(learn, heats, sides, hottest)`
	cheat   = `all(tempted)`
)

var claims = lessontest.Claims{
	{Name: "chance", Cell: depths, Match: `at random (\S+)`, Min: .4, Max: .5},
	{Name: "third block", Cell: depths, Match: `/_blocks/2, \d+ channels (\S+)`, Min: .45, Max: .55},
	{Name: "eighth block", Cell: depths, Match: `/_blocks/7, \d+ channels (\S+)`, Min: .45, Max: .55},
	{Name: "last layer", Cell: depths, Match: `/_bn1, \d+ channels (\S+)`, Above: "third block", By: .1},

	{Name: "uncovered", Cell: squares, Match: `(?m)^0 (\S+)`, Min: .95, Max: 1},
	{Name: "hot, 64 pixels", Cell: squares, Match: `(?m)^64 (\S+)`, Min: .8, Max: .92},
	{Name: "hot, 96 pixels", Cell: squares, Match: `(?m)^96 (\S+)`, Min: .65, Max: .85},
	{Name: "middle, 64 pixels", Cell: squares, Match: `(?m)^64 \S+ (\S+)`, Above: "hot, 64 pixels"},
	{Name: "middle, 96 pixels", Cell: squares, Match: `(?m)^96 \S+ (\S+)`, Above: "hot, 96 pixels", By: .03},
	{Name: "cold, 64 pixels", Cell: squares, Match: `(?m)^64 \S+ \S+ (\S+)`, Min: .96, Max: 1},

	{Name: "cheat without marks", Cell: cheat, Match: `without marks: right \S+ \S+ (\S+)`, Min: .2, Max: .5},
	{Name: "cheat with marks", Cell: cheat, Match: `their breed's mark: right \S+ \S+ (\S+)`, Min: .95, Max: 1},
	{Name: "cheat with another's", Cell: cheat, Match: `another breed's mark: right \S+ \S+ (\S+)`, Max: .1},
	{Name: "pretrained with another's", Cell: cheat, Match: `another breed's mark: right \S+ (\S+)`, Min: .9, Max: 1},
	{Name: "stock in the corner", Cell: cheat, Match: `in the corner (\S+)`, Max: .1},
	{Name: "cheat in the corner", Cell: cheat, Match: `in the corner \S+ \S+ (\S+)`, Above: "stock in the corner", By: .3},
}

func TestLesson(t *testing.T) {
	lessontest.RunClaims(t, "06-what-the-net-sees.ipynb", claims, "pets_sample")
}
