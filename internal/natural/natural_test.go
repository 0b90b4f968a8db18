package natural

import (
	"slices"
	"testing"
)

// Numbers of any length count, wherever they stand.
func TestNumbers(t *testing.T) {
	want := []string{"", "01", "1", "1.jpg", "2.jpg", "9a2", "9a10", "10.jpg", "99999999999999999999",
		"100000000000000000000", "a", "a1b", "a2", "a10", "b", "é1", "é10"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, Compare)
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Names are in the order in which people have them.
func TestInOrder(t *testing.T) {
	want := []string{"", "0", "1", "2", "10", "a", "a/2.png", "a/10.png", "a/10.png.x", "a/010b",
		"b", "b1x", "b1y", "b02", "é"}
	for _, shift := range []int{3, 7, 11} {
		got := append(slices.Clone(want[shift:]), want[:shift]...)
		slices.SortStableFunc(got, Compare)
		if !slices.Equal(got, want) {
			t.Errorf("%q (want %q)", got, want)
		}
	}
	if Compare("a1", "a01") != -Compare("a01", "a1") {
		t.Error("the order of equal numbers depends on who comes first")
	}
}
