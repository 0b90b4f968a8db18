package plots

import (
	"math/rand"
	"reflect"
	"testing"

	"gonum.org/v1/plot/vg"
)

// scattered returns dots in a room, many of them crowded in its middle, and the sizes of their labels.
func scattered(n int, room vg.Rectangle) (dots, sizes []vg.Point) {
	rng := rand.New(rand.NewSource(7))
	for range n {
		at := vg.Point{X: vg.Length(.5+.12*rng.NormFloat64()) * room.Max.X, Y: vg.Length(.5+.2*rng.NormFloat64()) * room.Max.Y}
		dots = append(dots, vg.Point{X: min(max(at.X, 5), room.Max.X-5), Y: min(max(at.Y, 5), room.Max.Y-5)})
		sizes = append(sizes, vg.Point{X: vg.Length(20 + rng.Intn(80)), Y: 10})
	}
	return dots, sizes
}

func TestPlaceOverlapsNothing(t *testing.T) {
	room := vg.Rectangle{Max: vg.Point{X: 500, Y: 350}}
	for _, n := range []int{1, 16, 50, 400} {
		dots, sizes := scattered(n, room)
		spots, lost := place(dots, sizes, room)
		var taken []vg.Rectangle
		for _, at := range dots {
			taken = append(taken, around(at, dot))
		}
		found := 0
		for i, s := range spots {
			if s == (spot{}) {
				continue
			}
			found++
			if !inside(s.box, room) {
				t.Errorf("%d labels: number %d lies outside, %v", n, i, s.box)
			}
			parts := s.parts()
			for j, box := range taken {
				if j != i && overlaps(parts)(box) {
					t.Errorf("%d labels: number %d overlaps %v", n, i, box)
				}
			}
			taken = append(taken, parts...)
		}
		if found+lost != n {
			t.Errorf("%d labels: %d found room and %d did not", n, found, lost)
		}
		if n <= 16 && lost > 0 || n == 400 && (lost == 0 || found < 60) {
			t.Errorf("%d labels: no room for %d", n, lost)
		}
		if again, _ := place(dots, sizes, room); !reflect.DeepEqual(again, spots) {
			t.Errorf("%d labels: another result for the same dots", n)
		}
	}
}

func TestPlace(t *testing.T) {
	room := vg.Rectangle{Max: vg.Point{X: 100, Y: 100}}
	at, size := vg.Point{X: 50, Y: 50}, vg.Point{X: 30, Y: 10}
	for _, test := range []struct {
		name   string
		others []vg.Point
		want   vg.Point // lower left of the label's box
	}{
		{"on the right", nil, vg.Point{X: 50 + dot + 2, Y: 45}},
		{"on the left, with a dot on the right", []vg.Point{{X: 62, Y: 50}}, vg.Point{X: 20 - dot - 2, Y: 45}},
		{"above, with dots on both sides", []vg.Point{{X: 62, Y: 50}, {X: 38, Y: 50}}, vg.Point{X: 35, Y: 50 + dot + 2}},
	} {
		spots, _ := place(append([]vg.Point{at}, test.others...), append([]vg.Point{size}, make([]vg.Point, len(test.others))...), room)
		if got := spots[0].box.Min; got.Sub(test.want) != (vg.Point{}) || spots[0].from != spots[0].to {
			t.Errorf("%s: at %v, want %v and no line", test.name, got, test.want)
		}
	}
	if spots, lost := place([]vg.Point{at}, []vg.Point{{X: 101, Y: 10}}, room); lost != 1 || spots[0] != (spot{}) {
		t.Errorf("a label wider than the room is placed at %v", spots[0].box)
	}
}
