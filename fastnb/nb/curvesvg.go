package nb

import (
	"encoding/base64"
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
)

// The picture of the losses, in CSS pixels, and in colours that can be read on light and on dark.
const (
	curveWidth, curveHeight = 420, 160

	curveLeft, curveRight = 46, 410 // of the axes
	curveTop, curveBottom = 20, 140

	trainColor, validColor = "#2b8fd0", "#d9661f"
)

// axes are the axes of the picture: batches from 0 to last, losses from low to high.
type axes struct{ last, low, high float64 }

func (a axes) x(batch float64) float64 {
	return curveLeft + (curveRight-curveLeft)*batch/max(a.last, 1)
}

// y keeps to the picture what is too high for it.
func (a axes) y(loss float64) float64 {
	return max(curveBottom-(curveBottom-curveTop)*(loss-a.low)/(a.high-a.low), curveTop)
}

// svg draws the losses of a fit whose epochs have the given number of batches, on an axis of so many batches; nothing
// while there are less than two points.
func (c *curve) svg(epoch, batches int) string {
	train, valid := c.trainLine(), c.validLine()
	if len(train) < 2 {
		return ""
	}
	low, high := bounds(train, valid)
	a := axes{float64(batches), low, high}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" `+
		`font-family="sans-serif" font-size="10" fill="#808080">`, curveWidth, curveHeight)
	a.grid(&b, max(epoch, 1))
	a.line(&b, a.entering(train), trainColor)
	if len(valid) > 0 {
		a.line(&b, valid, validColor)
		a.dots(&b, valid, validColor)
	}
	a.key(&b, len(valid) > 0)
	b.WriteString("</svg>")
	return b.String()
}

// grid draws lines at round losses and at ends of epochs, at most ten of those, with their labels.
func (a axes) grid(b *strings.Builder, epoch int) {
	const thin = `stroke="rgba(128,128,128,.28)" stroke-width="1"`
	losses, labels := lossTicks(a.low, a.high)
	for i, v := range losses {
		fmt.Fprintf(b, `<path d="M%d %.1fH%d" %s/>`, curveLeft, a.y(v), curveRight, thin)
		fmt.Fprintf(b, `<text x="%d" y="%.1f" text-anchor="end">%s</text>`, curveLeft-6, a.y(v)+3.5, labels[i])
	}
	epochs := int(a.last) / epoch
	every := max((epochs+9)/10, 1)
	for e := every; e <= epochs; e += every {
		x := a.x(float64(e) * float64(epoch))
		fmt.Fprintf(b, `<path d="M%.1f %dV%d" %s/>`, x, curveTop, curveBottom, thin)
		fmt.Fprintf(b, `<text x="%.1f" y="%d" text-anchor="middle">%d</text>`, x, curveBottom+14, e)
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="end">epoch</text>`, curveLeft-6, curveBottom+14)
}

// entering returns the points from the last one on that comes before any within the axes.
func (a axes) entering(ps []point) []point {
	for len(ps) > 2 && ps[0].y > a.high && ps[1].y > a.high {
		ps = ps[1:]
	}
	return ps
}

// line draws a line through the points.
func (a axes) line(b *strings.Builder, ps []point, color string) {
	fmt.Fprintf(b, `<polyline fill="none" stroke="%s" stroke-width="1.5" stroke-linejoin="round" points="`, color)
	for _, p := range ps {
		fmt.Fprintf(b, "%s,%s ", coordinate(a.x(p.x)), coordinate(a.y(p.y)))
	}
	b.WriteString(`"/>`)
}

// coordinate writes a place to a tenth of a pixel.
func coordinate(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

// dots marks the points of a line, unless they are many.
func (a axes) dots(b *strings.Builder, ps []point, color string) {
	if len(ps) > 40 {
		return
	}
	for _, p := range ps {
		fmt.Fprintf(b, `<circle cx="%s" cy="%s" r="2.5" fill="%s"/>`, coordinate(a.x(p.x)), coordinate(a.y(p.y)), color)
	}
}

// key says above the curves which is which.
func (a axes) key(b *strings.Builder, valid bool) {
	fmt.Fprintf(b, `<text x="%d" y="12"><tspan fill="%s">training loss</tspan>`, curveLeft, trainColor)
	if valid {
		fmt.Fprintf(b, `<tspan dx="10" fill="%s">validation loss</tspan>`, validColor)
	}
	b.WriteString("</text>")
}

// image returns a picture as an <img>: that is what JupyterLab also shows of a notebook that it does not trust, where
// it would leave nothing of an <svg> but its words.
func (c *curve) image(svg string) string {
	if svg == "" {
		return ""
	}
	return fmt.Sprintf(`<img width="%d" height="%d" alt="%s" src="data:image/svg+xml;base64,%s">`,
		curveWidth, curveHeight, html.EscapeString(c.words()), base64.StdEncoding.EncodeToString([]byte(svg)))
}

// words says what the picture shows to who can't see it.
func (c *curve) words() string {
	s := fmt.Sprintf("training loss from %.4g to %.4g", c.train[0], c.train[len(c.train)-1])
	if n := len(c.valid); n > 0 {
		best := math.Inf(1)
		for _, p := range c.valid {
			if p.y < best { // NaN is not
				best = p.y
			}
		}
		s += fmt.Sprintf(", validation loss %.4g, at best %.4g", c.valid[n-1].y, best)
	}
	return s
}
