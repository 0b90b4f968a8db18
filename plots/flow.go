package plots

import (
	"errors"
	"fmt"
	"image/color"
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Step is a step of a Flow: its name, what it does, and what comes out of it.
type Step struct {
	Name string
	Does string // below the name, in smaller letters; it may have several lines
	Out  string // above the arrow to the next step
}

// The sizes of a Flow's boxes and of the arrows between them.
const (
	boxWidth   = 92 * vg.Length(1)
	boxPadding = 9
	arrow      = 62
	arrowHead  = 5
)

// mostSteps is how many steps one row can have so that a page holds it.
const mostSteps = 8

// Flow draws steps as boxes from left to right, an arrow from each to the next: what something goes through. Words that
// are wider than their place are cut. No step, a step without a name and more than 8 are errors.
func Flow(steps ...Step) (*Figure, error) {
	if err := checkSteps(steps); err != nil {
		return nil, failed("Flow", err)
	}
	lines := 0
	for _, s := range steps {
		if s.Does != "" {
			lines = max(lines, 1+strings.Count(s.Does, "\n"))
		}
	}
	n := vg.Length(len(steps))
	f := flow{steps, vg.Length(1+lines)*leading + 2*boxPadding}
	return &Figure{Width: n*boxWidth + (n-1)*arrow + 2, Height: f.height + 2, draw: f.draw, text: f.text()}, nil
}

func checkSteps(steps []Step) error {
	switch n := len(steps); {
	case n == 0:
		return errors.New("no steps (want one or more)")
	case n > mostSteps:
		return fmt.Errorf("%d steps (want at most %d in a row)", n, mostSteps)
	}
	for i, s := range steps {
		if strings.TrimSpace(s.Name) == "" {
			return fmt.Errorf("step %d has no name", i)
		}
	}
	return nil
}

// flow is the steps of a Flow and the height of their boxes.
type flow struct {
	steps  []Step
	height vg.Length
}

// text lists the steps.
func (f flow) text() string {
	lines := make([]string, len(f.steps))
	for i, s := range f.steps {
		lines[i] = "- " + s.Name
		if s.Does != "" {
			lines[i] += ": " + strings.ReplaceAll(s.Does, "\n", " ")
		}
		if s.Out != "" {
			lines[i] += " → " + s.Out
		}
	}
	return strings.Join(lines, "\n")
}

func (f flow) draw(_ *Figure, c draw.Canvas) {
	bottom := (c.Min.Y + c.Max.Y - f.height) / 2
	for i, s := range f.steps {
		left := c.Min.X + 1 + vg.Length(i)*(boxWidth+arrow)
		f.drawBox(c, s, left, bottom, cycle[i%len(cycle)])
		if i < len(f.steps)-1 {
			f.drawArrow(c, s.Out, left+boxWidth, bottom+f.height/2)
		}
	}
}

// drawBox draws a step, with a bar of a colour at its left.
func (f flow) drawBox(c draw.Canvas, s Step, left, bottom vg.Length, bar color.Color) {
	frame := vg.Rectangle{Min: vg.Point{X: left, Y: bottom}, Max: vg.Point{X: left + boxWidth, Y: bottom + f.height}}
	c.SetColor(faint)
	c.Fill(frame.Path())
	frame.Max.X = left + 3
	c.SetColor(bar)
	c.Fill(frame.Path())
	at := vg.Point{X: left + boxPadding, Y: bottom + f.height - boxPadding - medium}
	write(c, s.Name, at, boxWidth-1.5*boxPadding, text.Style{Color: ink, Font: sans(medium)})
	if s.Does == "" {
		return
	}
	for _, line := range strings.Split(s.Does, "\n") {
		at.Y -= leading
		write(c, line, at, boxWidth-1.5*boxPadding, text.Style{Color: grey, Font: sans(small)})
	}
}

// drawArrow draws an arrow, with words above it.
func (f flow) drawArrow(c draw.Canvas, words string, left, y vg.Length) {
	tip := vg.Point{X: left + arrow - 3, Y: y}
	c.SetColor(grey)
	c.SetLineWidth(1)
	var line, head vg.Path
	line.Move(vg.Point{X: left + 3, Y: y})
	line.Line(vg.Point{X: tip.X - arrowHead, Y: y})
	c.Stroke(line)
	head.Move(tip)
	head.Line(vg.Point{X: tip.X - arrowHead - 1, Y: y + arrowHead - 1})
	head.Line(vg.Point{X: tip.X - arrowHead - 1, Y: y - arrowHead + 1})
	head.Close()
	c.Fill(head)
	style := text.Style{Color: ink, Font: sans(small), XAlign: draw.XCenter}
	for i, part := range strings.Split(words, "\n") {
		n := strings.Count(words, "\n")
		write(c, part, vg.Point{X: left + arrow/2, Y: y + 5 + vg.Length(n-i)*leading}, arrow-2, style)
	}
}

// write writes one line, cut to a width.
func write(c draw.Canvas, words string, at vg.Point, width vg.Length, style text.Style) {
	style.Handler = newBlank("", "").TextHandler
	c.FillText(style, at, clip(words, style, width))
}
