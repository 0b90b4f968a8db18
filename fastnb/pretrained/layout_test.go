package pretrained

import (
	"slices"
	"testing"
)

// A number for each channel, which torchvision keeps as an image of one pixel, is taken as such; any other shape stays.
func TestFlat(t *testing.T) {
	data := []float32{1, 2, 3}
	for _, c := range []struct{ shape, want []int }{
		{[]int{3, 1, 1}, []int{3}}, {[]int{1, 3, 1}, []int{1, 3, 1}}, {[]int{3}, []int{3}}, {[]int{3, 1}, []int{3, 1}},
	} {
		got := Flat.apply(Tensor{Shape: c.shape, Data: data})
		if !slices.Equal(got.Shape, c.want) || !slices.Equal(got.Data, data) {
			t.Errorf("%v is %v of %v, want %v of %v", c.shape, got.Shape, got.Data, c.want, data)
		}
	}
}
