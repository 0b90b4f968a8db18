// Package plottext says in words what a plot shows, for readers that see no pictures.
package plottext

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
)

// Of returns a line on a plot: its title, what its axes are and from where to where they go, such as "plot: loss, 0.1
// to 3.2, against learning rate, 1e-05 to 10".
func Of(p *plot.Plot) string {
	x, y := axis(p.X, "x"), axis(p.Y, "y")
	return strings.Join(strings.Fields("plot: "+titled(p.Title.Text)+y+", against "+x), " ")
}

// All returns the lines of several plots.
func All(ps []*plot.Plot) string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = Of(p)
	}
	return strings.Join(lines, "\n")
}

func titled(title string) string {
	if title == "" {
		return ""
	}
	return title + ": "
}

// axis says what an axis is; of one without numbers nothing more.
func axis(a plot.Axis, name string) string {
	name = cmp.Or(a.Label.Text, name)
	if _, named := a.Tick.Marker.(plot.ConstantTicks); named || math.IsInf(a.Min, 0) || math.IsInf(a.Max, 0) {
		return name
	}
	return fmt.Sprintf("%s, %.4g to %.4g", name, a.Min, a.Max)
}
