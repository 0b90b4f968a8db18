package plots

import (
	"fmt"
	"image"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// What classes, metrics and runs are called is the user's: names that are not UTF-8, of several lines, of none, of thousands
// of letters. Each is drawn, or refused in words.
func TestStrangeNames(t *testing.T) {
	two := []string{"caf\xe9", "a\nb\x00\t"}
	one := []float64{1, 2}
	for _, names := range [][]string{two, {"", " "}, {"🐈", "<b>&amp;"}, {strings.Repeat("long ", 500), strings.Repeat("x", 3000)}, {"same", "same"}} {
		for what, plot := range map[string]func() (any, error){
			"Metrics": func() (any, error) { return Metrics(Curve{names[0], one}, Curve{names[1], one}) },
			"Runs": func() (any, error) {
				return Runs([]Run{{Name: names[0], Train: one}, {Name: names[1], Train: one, Valid: one[:1]}})
			},
			"Confusion": func() (any, error) { return Confusion([][]int{{1, 2}, {3, 4}}, names) },
			"ROC": func() (any, error) {
				return ROC(Points{names[0], []float64{0, 1}, []float64{0, 1}}, Points{names[1], []float64{0, 1}, []float64{1, 1}})
			},
			"Thresholds": func() (any, error) {
				return Thresholds([]float64{.2, .5}, []Curve{{names[0], one}, {names[1], one}}, Suggestion(.2))
			},
			"Importance":   func() (any, error) { return Importance(names, one) },
			"DependenceOn": func() (any, error) { return DependenceOn(names, one) },
			"CurveGrid":    func() (any, error) { return CurveGrid([]Panel{{names[0], nil, []Curve{{names[1], one}}}}) },
			"Embedding":    func() (any, error) { return Embedding([][]float64{{1, 2}, {3, 4}}, names) },
			"ImageGrid": func() (any, error) {
				return ImageGrid([]image.Image{image.NewGray(image.Rect(0, 0, 2, 2)), image.NewGray(image.Rect(0, 0, 2, 2))}, names)
			},
		} {
			t.Run(fmt.Sprintf("%s of %.8q", what, names[0]), func(t *testing.T) {
				p, err := plot()
				if err != nil {
					t.Fatal(err)
				}
				p.(interface{ Draw(draw.Canvas) }).Draw(draw.New(vgimg.New(4*vg.Inch, 3*vg.Inch)))
			})
		}
	}
}
