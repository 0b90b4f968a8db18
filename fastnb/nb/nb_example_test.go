package nb_test

import (
	"fmt"
	"strconv"

	"github.com/fastnb/fastnb/fastnb/nb"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
)

func ExampleMust() {
	n := nb.Must(strconv.Atoi("42"))
	fmt.Println(n)
	// Output: 42
}

func ExampleCheck() {
	_, err := strconv.Atoi("42")
	nb.Check(err)
	fmt.Println("no error, so the cell goes on")
	// Output: no error, so the cell goes on
}

// squares returns a plot and its error, as the functions of package plots do.
func squares() (*plot.Plot, error) {
	p := plot.New()
	line, err := plotter.NewLine(plotter.XYs{{X: 1, Y: 1}, {X: 2, Y: 4}, {X: 3, Y: 9}})
	if err == nil {
		p.Add(line)
	}
	return p, err
}

func ExampleShow() {
	nb.Show(squares())
	// Output:
}

func ExampleSize() {
	p, err := squares()
	nb.Show(p, err, nb.Size{Width: 300, Height: 300})
	// Output:
}

// learner stands for anything with checkpoints.
type learner struct{ weights string }

func (l *learner) Load(name string) error {
	l.weights = "weights of " + name
	return nil
}

func ExampleLoad() {
	learn := nb.Load(&learner{}, "head")
	fmt.Println(learn.weights)
	// Output: weights of head
}

// A fit calls these methods; see fastnb.Progress.
func ExampleProgress() {
	p := nb.NewProgress()
	p.Begin(2, 100, []string{"epoch", "train_loss", "valid_loss", "accuracy", "time"})
	for epoch, row := range [][]string{
		{"0", "0.402123", "0.250034", "0.912000", "00:05"},
		{"1", "0.221450", "0.190871", "0.941000", "00:04"},
	} {
		for batch := range 100 {
			p.Batch(epoch, batch, .3)
		}
		p.Scores([]float64{.250034, .190871}[epoch], []string{"accuracy"}, []float64{[]float64{.912, .941}[epoch]})
		p.Epoch(row)
	}
	p.End(nil)
	// Output:
	// epoch  train_loss  valid_loss  accuracy    time
	// 0      0.402123    0.250034    0.912000    00:05
	// 1      0.221450    0.190871    0.941000    00:04
}
