package plots_test

import (
	"image"
	"image/color"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/plots"
)

// Heat draws 0 black and 1 white, each number a pixel; what is no heat map is an error, of Overlay too.
func TestHeat(t *testing.T) {
	img, err := plots.Heat([][]float64{{0, .5, 1}, {1, .25, 0}})
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[image.Point]uint8{{0, 0}: 0, {1, 0}: 128, {2, 0}: 255, {1, 1}: 64, {2, 1}: 0} {
		if got := img.At(at.X, at.Y).(color.Gray).Y; got != want {
			t.Errorf("at %v: %d (want %d)", at, got, want)
		}
	}
	for want, heat := range map[string][][]float64{
		"the heat map is empty": nil, "heat[0][1] is 2 (want 0 to 1)": {{0, 2}}, "row 1 of the heat map": {{0}, {0, 1}},
	} {
		if _, err := plots.Heat(heat); err == nil || !strings.Contains(err.Error(), "Heat: "+want) {
			t.Errorf("%v (want %q)", err, want)
		}
		if _, err := plots.Overlay(img, heat); err == nil || !strings.Contains(err.Error(), "Overlay: "+want) {
			t.Errorf("%v (want %q)", err, want)
		}
	}
}
