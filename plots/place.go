package plots

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// spot is where a label stands: its box, and the line that leads to it if it is not beside its dot. The zero spot is
// none.
type spot struct {
	box      vg.Rectangle
	from, to vg.Point // the line, if they differ
}

// rings are the distances from a dot at which a label is tried; beyond the first it needs a line.
var rings = []vg.Length{dot + 2, 11, 19, 28, 38}

// place finds a spot for each label that overlaps no other one, no dot and no line, inside room: a greedy choice, first
// for the dots that have most others around them, among the sides of the dot and then ever further away. While some
// labels find none it tries again with those first, and keeps the best try. A size of 0 is no label. It returns the
// spot of each, and how many labels found none.
func place(dots, sizes []vg.Point, room vg.Rectangle) (spots []spot, lost int) {
	order, lost := crowdedFirst(dots), len(dots)+1
	tries := 12
	if len(dots) > 300 { // where the best is hardly better
		tries = 1
	}
	for range tries {
		found, without := placeInOrder(order, dots, sizes, room)
		if len(without) < lost {
			spots, lost = found, len(without)
		}
		if lost == 0 {
			break
		}
		order = first(without, order)
	}
	return spots, lost
}

// placeInOrder is one try. It returns the dots whose labels found no spot, too.
func placeInOrder(order []int, dots, sizes []vg.Point, room vg.Rectangle) (spots []spot, without []int) {
	taken := make([]vg.Rectangle, len(dots))
	for i, at := range dots {
		taken[i] = around(at, dot+.5)
	}
	spots = make([]spot, len(dots))
	for _, i := range order {
		if sizes[i].X == 0 {
			continue
		}
		s, parts := firstFree(dots[i], sizes[i], room, nearby(i, dots[i], sizes[i], taken))
		if parts == nil {
			without = append(without, i)
			continue
		}
		spots[i], taken = s, append(taken, parts...)
	}
	return spots, without
}

// first moves some numbers to the front of an order.
func first(some, order []int) []int {
	moved := slices.Clone(some)
	for _, i := range order {
		if !slices.Contains(some, i) {
			moved = append(moved, i)
		}
	}
	return moved
}

// crowdedFirst returns the numbers of the dots, those with most others near them first.
func crowdedFirst(dots []vg.Point) []int {
	order, near := make([]int, len(dots)), make([]int, len(dots))
	for i, a := range dots {
		order[i] = i
		for _, b := range dots {
			if math.Abs(float64(a.X-b.X)) < 70 && math.Abs(float64(a.Y-b.Y)) < 25 {
				near[i]++
			}
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(near[j], near[i]) })
	return order
}

// nearby returns the boxes that a label of dot i could meet, but for the dot's own.
func nearby(i int, at, size vg.Point, taken []vg.Rectangle) []vg.Rectangle {
	var boxes []vg.Rectangle
	meets := overlaps([]vg.Rectangle{around(at, rings[len(rings)-1]+max(size.X, size.Y))})
	for j, box := range taken {
		if j != i && meets(box) {
			boxes = append(boxes, box)
		}
	}
	return boxes
}

// firstFree returns the best spot that is free and the boxes that it takes; none if there is no such spot.
func firstFree(at, size vg.Point, room vg.Rectangle, taken []vg.Rectangle) (spot, []vg.Rectangle) {
	for n, distance := range rings {
		for _, d := range directions {
			s := spotAt(at, size, d, distance)
			if n > 0 {
				s.lead(at)
			}
			if parts := s.parts(); inside(s.box, room) && !slices.ContainsFunc(taken, overlaps(parts)) {
				return s, parts
			}
		}
	}
	return spot{}, nil
}

// directions are where a label may stand, as shares of half its width and half its height: right, left, above, below,
// then the corners, then what is between.
var directions = []vg.Point{
	{X: 1}, {X: -1}, {Y: 1}, {Y: -1},
	{X: 1, Y: 1}, {X: 1, Y: -1}, {X: -1, Y: 1}, {X: -1, Y: -1},
	{X: .5, Y: 1}, {X: .5, Y: -1}, {X: -.5, Y: 1}, {X: -.5, Y: -1},
}

// spotAt is the spot whose box is, seen from the dot, a distance away in a direction.
func spotAt(at, size, d vg.Point, distance vg.Length) spot {
	length := vg.Length(math.Hypot(float64(d.X), float64(d.Y)))
	middle := vg.Point{X: at.X + d.X*(distance/length+size.X/2), Y: at.Y + d.Y*(distance/length+size.Y/2)}
	half := vg.Point{X: size.X / 2, Y: size.Y / 2}
	return spot{box: vg.Rectangle{Min: middle.Sub(half), Max: middle.Add(half)}}
}

// lead adds the line from the edge of the dot to the nearest point of the box.
func (s *spot) lead(at vg.Point) {
	s.to = vg.Point{X: min(max(at.X, s.box.Min.X), s.box.Max.X), Y: min(max(at.Y, s.box.Min.Y), s.box.Max.Y)}
	way := s.to.Sub(at)
	length := vg.Length(math.Hypot(float64(way.X), float64(way.Y)))
	s.from = at.Add(way.Scale((dot + 1) / length))
}

// parts returns what the spot takes: its box, and small ones along its line.
func (s spot) parts() []vg.Rectangle {
	parts := []vg.Rectangle{s.box}
	way := s.to.Sub(s.from)
	steps := math.Ceil(math.Hypot(float64(way.X), float64(way.Y)) / 1.5)
	for i := 0.; i < steps; i++ {
		parts = append(parts, around(s.from.Add(way.Scale(vg.Length(i/steps))), .75))
	}
	return parts
}

func (s spot) drawLine(c draw.Canvas) {
	if s.from != s.to {
		c.StrokeLine2(draw.LineStyle{Color: grey, Width: .5}, s.from.X, s.from.Y, s.to.X, s.to.Y)
	}
}

func around(at vg.Point, r vg.Length) vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: at.X - r, Y: at.Y - r}, Max: vg.Point{X: at.X + r, Y: at.Y + r}}
}

func inside(box, room vg.Rectangle) bool {
	return box.Min.X >= room.Min.X && box.Max.X <= room.Max.X && box.Min.Y >= room.Min.Y && box.Max.Y <= room.Max.Y
}

// overlaps tells of a box whether it overlaps any of the parts.
func overlaps(parts []vg.Rectangle) func(vg.Rectangle) bool {
	return func(b vg.Rectangle) bool {
		return slices.ContainsFunc(parts, func(a vg.Rectangle) bool {
			return a.Min.X < b.Max.X && b.Min.X < a.Max.X && a.Min.Y < b.Max.Y && b.Min.Y < a.Max.Y
		})
	}
}
