package fastnb

import (
	"slices"
	"testing"
)

// Names are in the order in which people have them.
func TestInOrder(t *testing.T) {
	want := []string{"", "0", "1", "2", "10", "a", "a/2.png", "a/10.png", "a/10.png.x", "a/010b", "b", "b1x", "b1y", "b02", "é"}
	for _, shift := range []int{3, 7, 11} {
		got := append(slices.Clone(want[shift:]), want[:shift]...)
		slices.SortStableFunc(got, inOrder)
		if !slices.Equal(got, want) {
			t.Errorf("%q (want %q)", got, want)
		}
	}
	if inOrder("a1", "a01") != -inOrder("a01", "a1") {
		t.Error("the order of equal numbers depends on who comes first")
	}
}
