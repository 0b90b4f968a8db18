package plots_test

import (
	"fmt"
	"image"
	"image/color"
	"log"
	"math"
	"strings"

	"github.com/fastnb/fastnb/plots"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// sweep returns learning rates and losses as LRFind does.
func sweep() (lrs, losses []float64) {
	for i := range 93 {
		lr := 1e-5 * math.Pow(1e6, float64(i)/100)
		lrs = append(lrs, lr)
		losses = append(losses, .75-.6/(1+math.Pow(3e-3/lr, 1.3))+.1*lr*lr)
	}
	return lrs, losses
}

func ExampleLossVsLR() {
	lrs, losses := sweep()
	p, err := plots.LossVsLR(lrs, losses, plots.Suggestion(2.2e-3))
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Save(plots.Width, plots.Height, "testdata/loss_vs_lr.png"); err != nil {
		log.Fatal(err)
	}
}

// Marks that are near each other.
func ExampleSuggestion() {
	lrs, losses := sweep()
	p, err := plots.LossVsLR(lrs, losses, plots.Suggestion(4.4e-3), plots.Suggestion(1.9e-3), plots.Suggestion(5.2e-3))
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Save(plots.Width, plots.Height, "testdata/suggestions.png"); err != nil {
		log.Fatal(err)
	}
}

// The whole sweep, from its first rate to its last. What is drawn goes from 1e-5 to 3.3.
func ExampleSkipEnd() {
	lrs, losses := sweep()
	p, err := plots.LossVsLR(lrs, losses, plots.SkipStart(0), plots.SkipEnd(0))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.1g to %.1f\n", p.X.Min, p.X.Max)
	// Output: 1e-05 to 3.3
}

func ExampleLosses() {
	var train []float64
	for i := range 360 {
		train = append(train, .7*math.Exp(-float64(i)/70)+.1+.02*math.Sin(float64(i)))
	}
	p, err := plots.Losses(train, plots.Valid{.3, .16, .15})
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Save(plots.Width, plots.Height, "testdata/losses.png"); err != nil {
		log.Fatal(err)
	}
}

// A fit that was stopped in its third epoch: the losses of the first two stand where they ended.
func ExampleEpochLen() {
	var train []float64
	for i := range 260 {
		train = append(train, .7*math.Exp(-float64(i)/70)+.1+.02*math.Sin(float64(i)))
	}
	p, err := plots.Losses(train, plots.Valid{.3, .16}, plots.EpochLen(120))
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Save(plots.Width, plots.Height, "testdata/losses_epoch_len.png"); err != nil {
		log.Fatal(err)
	}
}

func ExampleMetrics() {
	p, err := plots.Metrics(
		plots.Curve{Name: "accuracy", Values: []float64{.95, .97, .981, .983, .985}},
		plots.Curve{Name: "f1", Values: []float64{.94, .96, .975, .98, .981}})
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Save(plots.Width, plots.Height, "testdata/metrics.png"); err != nil {
		log.Fatal(err)
	}
}

// Eight curves: the seventh and the eighth have the colours of the first two, and are dashed.
func ExampleMetrics_many() {
	var curves []plots.Curve
	for i := range 8 {
		at := 2.6 - .1*float64(i)
		curves = append(curves, plots.Curve{Name: fmt.Sprintf("net %d", i+1), Values: []float64{at, at - .3, at - .4}})
	}
	curves[7].Values = append(curves[7].Values, 1.46, 1.44, 1.43)
	p, err := plots.Metrics(curves...)
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Save(plots.Width, plots.Height, "testdata/metrics_many.png"); err != nil {
		log.Fatal(err)
	}
}

func ExampleMetrics_one() {
	p, err := plots.Metrics(plots.Curve{Name: "accuracy", Values: []float64{.95}})
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Save(plots.Width, plots.Height, "testdata/metrics_one.png"); err != nil {
		log.Fatal(err)
	}
}

func ExampleSchedule() {
	var lrs []float64
	for _, batches := range []int{40, 80, 160} {
		for i := range batches {
			lrs = append(lrs, 1e-2*(1+math.Cos(math.Pi*float64(i)/float64(batches)))/2)
		}
	}
	f, err := plots.Schedule(lrs)
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/schedule.png"); err != nil {
		log.Fatal(err)
	}
}

func ExampleSchedule_momentum() {
	var lrs, moms []float64
	for i := range 200 {
		up := (1 - math.Cos(math.Pi*float64(i)/100)) / 2
		lrs, moms = append(lrs, 1e-2*up), append(moms, .95-.1*up)
	}
	f, err := plots.Schedule(lrs, plots.Mom(moms))
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/schedule_momentum.png"); err != nil {
		log.Fatal(err)
	}
}

func ExampleConfusion() {
	f, err := plots.Confusion([][]int{{996, 4}, {8, 992}}, []string{"cats", "dogs"})
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/confusion.png"); err != nil {
		log.Fatal(err)
	}
}

// A figure for a paper: drawn onto a canvas of the reader's own, here an SVG.
func ExampleFigure_Draw() {
	f, err := plots.Confusion([][]int{{996, 4}, {8, 992}}, []string{"cats", "dogs"})
	if err != nil {
		log.Fatal(err)
	}
	canvas := vgsvg.New(f.Size())
	f.Draw(draw.New(canvas))
	var file strings.Builder
	_, err = canvas.WriteTo(&file)
	fmt.Println(strings.Count(file.String(), ">996<"), strings.Count(file.String(), ">dogs<"), err)
	// Output: 1 2 <nil>
}

func ExampleConfusion_normalize() {
	matrix := [][]int{{46, 3, 0}, {8, 41, 1}, {0, 2, 49}}
	classes := []string{"Abyssinian", "Birman", "american_pit_bull_terrier_puppy"}
	f, err := plots.Confusion(matrix, classes, plots.Normalize(true))
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/confusion_normalize.png"); err != nil {
		log.Fatal(err)
	}
}

// disc is a picture of a disc on a gradient.
func disc(w, h int, c color.RGBA) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{uint8(255 * x / w), uint8(255 * y / h), 160, 255})
			if math.Hypot(float64(x-w/2), float64(y-h/2)) < float64(min(w, h))/3 {
				img.SetRGBA(x, y, c)
			}
		}
	}
	return img
}

func ExampleImageGrid() {
	red, white := color.RGBA{200, 40, 40, 255}, color.RGBA{250, 250, 250, 255}
	images := []image.Image{disc(224, 224, red), disc(500, 300, white), disc(200, 320, red), disc(12, 12, white)}
	f, err := plots.ImageGrid(images,
		[]string{"red 0.98", "white 0.91", "white 0.62\n(red)", "white 0.99"},
		plots.Right{true, true, false, true}, plots.Cell(112))
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/image_grid.png"); err != nil {
		log.Fatal(err)
	}
}
