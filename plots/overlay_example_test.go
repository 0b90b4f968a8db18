package plots_test

import (
	"fmt"
	"image"
	"image/color"
	"log"
	"math"

	"github.com/fastnb/fastnb/plots"
)

// Where a net looks, laid on what it sees.
func ExampleOverlay() {
	heat := make([][]float64, 64)
	for y := range heat {
		heat[y] = make([]float64, 64)
		for x := range heat[y] {
			heat[y][x] = math.Exp(-(math.Pow(float64(x-40), 2) + math.Pow(float64(y-24), 2)) / 200)
		}
	}
	img := disc(192, 192, color.RGBA{60, 140, 60, 255})
	hot, err := plots.Overlay(img, heat)
	if err != nil {
		log.Fatal(err)
	}
	f, err := plots.ImageGrid([]image.Image{img, hot}, []string{"a leaf", "what speaks for it"})
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/overlay.png"); err != nil {
		log.Fatal(err)
	}
}

// What a figure shows, for readers that see no pictures.
func ExampleFigure_Text() {
	f, err := plots.Confusion([][]int{{8, 2}, {0, 9}}, []string{"cat", "dog"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(f.Text())
	curves, err := plots.Importance([]string{"age", "city"}, []float64{.01, .2})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(curves.Text())
	steps, err := plots.Flow(plots.Step{Name: "photo", Does: "a file", Out: "bytes"}, plots.Step{Name: "net"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(steps.Text())
	// Output:
	// confusion matrix
	// - cat: 8 as cat, 2 as dog
	// - dog: 9 as dog
	// importance
	// - city: 0.2
	// - age: 0.01
	// - photo: a file → bytes
	// - net
}

// What a filter that looks for light above dark says of a disc.
func ExampleHeat() {
	heat := make([][]float64, 24)
	for y := range heat {
		heat[y] = make([]float64, 24)
		for x := range heat[y] {
			if r := math.Hypot(float64(x)-11.5, float64(y)-11.5); r > 8 && r < 10 {
				heat[y][x] = .5 + (float64(y)-11.5)/24
			}
		}
	}
	img, err := plots.Heat(heat)
	if err != nil {
		log.Fatal(err)
	}
	leaf := disc(192, 192, color.RGBA{60, 140, 60, 255})
	f, err := plots.ImageGrid([]image.Image{leaf, img}, []string{"a leaf", "its edges"})
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/heat.png"); err != nil {
		log.Fatal(err)
	}
}
