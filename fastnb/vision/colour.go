package vision

import (
	"math"
	"math/rand/v2"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
)

// colour is what fastai v2's transforms of colour have drawn.
type colour struct {
	brightness float64 // added to the logits
	contrast   float64 // factor of the logits
	saturation float64 // factor of the distance from grey
	hue        float64 // turns
}

// uncoloured leaves colours as they are.
var uncoloured = colour{contrast: 1, saturation: 1}

// colourNumbers is how many of a colour and of a light the device gets.
const colourNumbers = 6

// colours tells whether there is anything to draw.
func (t Transforms) colours() bool { return t.Lighting > 0 || t.Saturation > 0 || t.Hue > 0 }

func (t Transforms) drawColour(r *rand.Rand) colour {
	c := uncoloured
	if at := uniform(r, .5-t.Lighting/2, .5+t.Lighting/2); r.Float64() < or(t.LightingP, often) {
		c.brightness = math.Log(at / (1 - at))
	}
	if factor := logUniform(r, t.Lighting); r.Float64() < or(t.LightingP, often) {
		c.contrast = factor
	}
	if factor := logUniform(r, t.Saturation); r.Float64() < or(t.SaturationP, often) {
		c.saturation = factor
	}
	if factor := logUniform(r, t.Hue); r.Float64() < or(t.HueP, often) {
		c.hue = factor - 1
	}
	return c
}

// logUniform draws a factor between 1-most and 1/(1-most), whose logarithm is uniform.
func logUniform(r *rand.Rand, most float64) float64 {
	edge := -math.Log(1 - most)
	return math.Exp(uniform(r, -edge, edge))
}

// recolour changes the colours of images of 0 to 255 by numbers [rows, 6], the last four of which are those of colour.
func (t Transforms) recolour(x, numbers *graph.Node) *graph.Node {
	x = graph.DivScalar(x, 255)
	number := func(k int) *graph.Node { return graph.InsertAxes(element(numbers, k), -1) }
	if t.Lighting > 0 || t.Saturation > 0 {
		x = relightLogits(x, number(2), number(3), number(4), t.Saturation > 0)
	}
	if t.Hue > 0 {
		x = turnHue(x, number(5))
	}
	return graph.MulScalar(x, 255)
}

// relightLogits changes brightness, contrast and saturation of images of 0 to 1 in their logits, as fastai v2 does.
func relightLogits(x, brightness, contrast, saturation *graph.Node, saturated bool) *graph.Node {
	const least = 1e-7 // fastai's, of a pixel and of what it lacks to 1
	x = graph.ClipScalar(x, least, 1-least)
	x = graph.Neg(graph.Log(graph.AddScalar(graph.Reciprocal(x), -1)))
	x = graph.Mul(graph.Add(x, brightness), contrast)
	if saturated {
		luma := graph.Const(x.Graph(), [][][][]float32{{{{.2989, .5870, .1140}}}}) // ITU-R BT.601
		grey := graph.ReduceAndKeep(graph.Mul(x, luma), graph.ReduceSum, -1)
		x = graph.Add(graph.Mul(x, saturation), graph.Mul(grey, graph.OneMinus(saturation)))
	}
	return graph.Sigmoid(x)
}

// turnHue turns the colours of images of 0 to 1 on the wheel: red, green and blue are thirds of a turn apart. Value and
// saturation, of hue, saturation and value, stay.
func turnHue(x, turns *graph.Node) *graph.Node {
	most, least := graph.ReduceAndKeep(x, graph.ReduceMax, -1), graph.ReduceAndKeep(x, graph.ReduceMin, -1)
	spread := graph.Sub(most, least)
	sixths := graph.AddScalar(hueOf(x, most, spread), 12)
	sixths = graph.Add(sixths, graph.MulScalar(turns, 6))
	var channels []*graph.Node
	for _, offset := range []float64{5, 3, 1} { // that leads red, green and blue to what blue is at each hue
		k := graph.AddScalar(sixths, offset)
		k = graph.Sub(k, graph.MulScalar(graph.Floor(graph.DivScalar(k, 6)), 6))
		lacks := graph.ClipScalar(graph.Min(k, graph.Neg(graph.AddScalar(k, -4))), 0, 1)
		channels = append(channels, graph.Sub(most, graph.Mul(spread, lacks)))
	}
	return graph.Concatenate(channels, -1)
}

// hueOf returns the hue in sixths of a turn, -1 to 5, 0 of what is grey.
func hueOf(x, most, spread *graph.Node) *graph.Node {
	channel := func(k int) *graph.Node {
		return graph.Slice(x, graph.AxisRange(), graph.AxisRange(), graph.AxisRange(), graph.AxisRange(k, k+1))
	}
	r, g, b := channel(0), channel(1), channel(2)
	by := graph.Where(graph.GreaterThan(spread, graph.ZerosLike(spread)), spread, graph.OnesLike(spread))
	red, green := graph.Div(graph.Sub(g, b), by), graph.AddScalar(graph.Div(graph.Sub(b, r), by), 2)
	blue := graph.AddScalar(graph.Div(graph.Sub(r, g), by), 4)
	return graph.Where(graph.Equal(r, most), red, graph.Where(graph.Equal(g, most), green, blue))
}

// element returns x[:, k] as [rows, 1, 1] float32.
func element(x *graph.Node, k int) *graph.Node {
	column := graph.Slice(x, graph.AxisRange(), graph.AxisElem(k))
	return graph.ConvertDType(graph.InsertAxes(column, -1), dtypes.Float32)
}
