package nb

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// svg is a picture of losses, as one reads it.
type svg struct {
	lines map[string][]point // by colour
	dots  []point
	words []string
}

// read reads a picture; it must be well-formed, and everything in it within its frame.
func read(t *testing.T, text string) svg {
	t.Helper()
	s := svg{lines: map[string][]point{}}
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return s
		}
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		switch e := token.(type) {
		case xml.CharData:
			s.words = append(s.words, string(e))
		case xml.StartElement:
			s.add(t, e)
		}
	}
}

// newest returns where the training loss has come to.
func (s svg) newest() point { return s.lines[trainColor][len(s.lines[trainColor])-1] }

func (s *svg) add(t *testing.T, e xml.StartElement) {
	at := map[string]string{}
	for _, a := range e.Attr {
		at[a.Name.Local] = a.Value
	}
	switch e.Name.Local {
	case "polyline":
		for _, xy := range strings.Fields(at["points"]) {
			x, y, _ := strings.Cut(xy, ",")
			s.lines[at["stroke"]] = append(s.lines[at["stroke"]], inFrame(t, x, y))
		}
	case "circle":
		s.dots = append(s.dots, inFrame(t, at["cx"], at["cy"]))
	}
}

func inFrame(t *testing.T, x, y string) point {
	t.Helper()
	p := point{number(t, x), number(t, y)}
	if !(p.x >= curveLeft && p.x <= curveRight && p.y >= curveTop && p.y <= curveBottom) {
		t.Errorf("%v is out of the frame", p)
	}
	return p
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Error(err)
	}
	return v
}

// falling returns losses that fall towards .1.
func falling(n int) (c curve) {
	for i := range n {
		c.add(.1 + math.Exp(-4*float64(i)/float64(n)))
	}
	return c
}

func TestCurve(t *testing.T) {
	c := falling(50)
	c.addValid(.5)
	s := read(t, c.svg(100, 200))
	train, valid := s.lines[trainColor], s.lines[validColor]
	if len(train) != 50 || len(valid) != 1 || len(s.dots) != 1 || s.dots[0] != valid[0] {
		t.Fatalf("%d points of training, %d of validation, dots %v", len(train), len(valid), s.dots)
	}
	if got, want := train[49].x, float64(curveLeft+(curveRight-curveLeft)/4); got != want {
		t.Errorf("a quarter of the fit ends at %g, want %g", got, want)
	}
	if !slices.IsSortedFunc(train, func(p, q point) int { return int(10 * (p.y - q.y)) }) || train[49].y-train[0].y < 80 {
		t.Errorf("the losses fall, the line does not: %v", train)
	}
	if words := strings.Join(s.words, " "); !strings.HasSuffix(words, "1 2 epoch training loss validation loss") {
		t.Errorf("says %q", words)
	}
}

func TestCurveOfALongFit(t *testing.T) {
	c := falling(100_003)
	for i := range 1000 {
		c.valid = append(c.valid, point{float64(i+1) * 100, .3})
	}
	text := c.svg(100, 100_003)
	s := read(t, text)
	if n := len(s.lines[trainColor]); n < curvePoints/2 || n > curvePoints {
		t.Errorf("%d points of 100,003 losses, want about %d", n, curvePoints)
	}
	if n := len(s.lines[validColor]); n < curvePoints/2 || n > curvePoints || len(s.dots) > 0 {
		t.Errorf("%d points of 1000 epochs, want about %d, and no dots: %d", n, curvePoints, len(s.dots))
	}
	if s.newest().x != curveRight {
		t.Errorf("the newest loss stands at %g", s.newest().x)
	}
	if len(text) > 7_000 {
		t.Errorf("%d bytes", len(text))
	}
	if !slices.Contains(s.words, "1000") || slices.Contains(s.words, "950") {
		t.Errorf("labels %q: want every hundredth epoch", s.words)
	}
}

// A first loss of a million does not flatten all others, and what is no number is left out.
func TestCurveOfStrangeLosses(t *testing.T) {
	c := falling(40)
	c.train[0], c.train[1], c.train[2], c.train[20] = 1e6, math.Inf(1), 1e5, math.NaN()
	c.addValid(math.NaN())
	c.addValid(.4)
	s := read(t, c.svg(20, 40))
	if n := len(s.lines[trainColor]); n != 36 {
		t.Errorf("%d points, want 36: the line comes in at the top once", n)
	}
	if ps := s.lines[trainColor]; ps[30].y-ps[0].y < 30 {
		t.Errorf("the curve is flat: %v", ps)
	}
	if len(s.dots) != 1 {
		t.Errorf("%d dots, want 1", len(s.dots))
	}
}

func TestNoCurve(t *testing.T) {
	one := falling(1)
	none := curve{train: []float64{math.NaN(), math.Inf(-1)}}
	for _, c := range []curve{{}, one, none} {
		if s := c.svg(1, 1) + c.image(c.svg(1, 1)); s != "" {
			t.Errorf("draws %s of %v", s, c.train)
		}
	}
	level := curve{train: []float64{0, 0, 0}}
	read(t, level.svg(3, 3))
}

func TestLossTicks(t *testing.T) {
	for _, row := range []struct {
		low, high float64
		want      string
	}{
		{.1, 1, "[0.2 0.4 0.6 0.8 1.0]"},
		{.31, .44, "[0.35 0.40]"},
		{0, 35, "[0 10 20 30]"},
		{-.9, 19.5, "[0 5 10 15]"},
		{-1.2, 1.1, "[-1.0 -0.5 0 0.5 1.0]"},
		{4400, 12000, "[6000 8000 10000 12000]"},
		{2e-7, 9e-7, "[2e-07 4e-07 6e-07 8e-07]"},
		{1e6, 3e6, "[1e+06 1.5e+06 2e+06 2.5e+06 3e+06]"},
	} {
		if _, labels := lossTicks(row.low, row.high); fmt.Sprint(labels) != row.want {
			t.Errorf("%g to %g: %v, want %s", row.low, row.high, labels, row.want)
		}
	}
}

// The picture grows while the fit runs, but is drawn at most twice a second, and at the end of an epoch.
func TestCurveGrows(t *testing.T) {
	var pictures []string
	p := newProgress(&htmlView{replace: func(_, html, _ string) {
		if i, j := strings.Index(html, "<svg"), strings.Index(html, "</svg>"); i >= 0 {
			if s := html[i : j+6]; len(pictures) == 0 || pictures[len(pictures)-1] != s {
				pictures = append(pictures, s)
			}
		}
	}})
	now := time.Unix(0, 0)
	p.now = func() time.Time { return now }
	p.Begin(1, 1000, columns)
	for batch := range 1000 {
		now = now.Add(10 * time.Millisecond)
		p.Batch(0, batch, 1-float64(batch)/2000)
	}
	if n := len(pictures); n < 15 || n > 21 {
		t.Fatalf("%d pictures in 10 s, want about 2 a second", n)
	}
	reach := 0.
	for i, text := range pictures {
		x := read(t, text).newest().x
		if x <= reach {
			t.Errorf("picture %d reaches to %g, the one before to %g", i, x, reach)
		}
		reach = x
	}
	drawn := len(pictures)
	p.Scores(.6, nil, nil)
	p.Epoch([]string{"0", ".5", ".6", "", "00:10"})
	if len(pictures) != drawn+1 || len(read(t, pictures[drawn]).dots) != 1 {
		t.Error("the validation loss is not drawn at the end of the epoch")
	}
}

// An end that was not planned: the axis ends there.
func TestCurveOfAStoppedFit(t *testing.T) {
	var last string
	p := newProgress(&htmlView{replace: func(_, html, _ string) { last = html }})
	p.Begin(10, 10, columns)
	for batch := range 5 {
		p.Batch(0, batch, 1/float64(1+batch))
	}
	p.End(errors.New("interrupted"))
	_, data, _ := strings.Cut(last, "base64,")
	data, _, _ = strings.Cut(data, `"`)
	text, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		t.Fatal(err)
	}
	if s := read(t, string(text)); len(s.lines[trainColor]) != 5 || s.newest().x != curveRight {
		t.Errorf("drawn as %v", s.lines)
	}
}

// A sweep has no table, and its own picture.
func TestNoCurveOfASweep(t *testing.T) {
	var last string
	p := newProgress(&htmlView{replace: func(_, html, _ string) { last = html }})
	p.Begin(1, 10, columns)
	for batch := range 10 {
		p.Batch(0, batch, 1)
	}
	p.End(nil)
	if last != "" {
		t.Errorf("ends with %s", last)
	}
}

func TestScores(t *testing.T) {
	var last string
	p := newProgress(&htmlView{replace: func(_, html, _ string) { last = html }})
	p.Begin(3, 1, columns)
	for epoch, accuracy := range []float64{.8, .85} {
		p.Batch(epoch, 0, 1)
		p.Scores(.5-.1*float64(epoch), []string{"<accuracy>"}, []float64{accuracy})
		p.Epoch([]string{"0", "1", "2", "3", "4"})
	}
	p.Batch(2, 0, 1)
	want := "last epoch: valid_loss 0.4000 (-0.1000) · &lt;accuracy&gt; 0.8500 (+0.0500)<"
	if !strings.Contains(last, want) {
		t.Errorf("shows %s, want %s", last, want)
	}
}
