package nb

import (
	"bytes"
	"errors"
	"fmt"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"reflect"

	"github.com/fastnb/fastnb/internal/plottext"
	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Drawer draws itself on a canvas: a *plot.Plot of gonum, a *plots.Figure. One that also has the method
// Size() (width, height vg.Length) is shown at that size, and one with the method Text() string is described by it
// where no pictures are seen.
type Drawer interface{ Draw(draw.Canvas) }

// ShowOption is an option of Show.
type ShowOption interface{ show(*picture) }

// Size is the size at which a plot is shown, in CSS pixels. Default: the plot's own, else 518 x 307.
type Size struct{ Width, Height int }

func (s Size) show(p *picture) {
	p.width, p.height = vg.Length(s.Width)*pixel, vg.Length(s.Height)*pixel
}

// Show shows a plot below the cell, on a white card and sharp on dense screens. It takes the plot together with
// its error, and ends the cell as Check does if there is one:
//
//	nb.Show(plots.LossVsLR(sweep.LR, sweep.Loss))
//
// In a terminal it writes the plot to a file in a temporary folder and prints the file's name to standard error.
func Show(d Drawer, err error, opts ...ShowOption) {
	if err == nil && isNil(d) {
		err = errors.New("nb: Show: nothing to show: the plot is nil")
	}
	Check(err)
	p := newPicture(d)
	for _, o := range opts {
		o.show(&p)
	}
	Check(p.display())
}

// isNil tells whether v is nothing, or a pointer to nothing.
func isNil(v any) bool {
	p := reflect.ValueOf(v)
	return v == nil || p.Kind() == reflect.Pointer && p.IsNil()
}

const (
	pixel   = vg.Inch / 96 // CSS pixel
	margin  = 12 * pixel   // of the card
	density = 2            // image pixels for each CSS pixel
)

type picture struct {
	Drawer
	width, height vg.Length // without margin
}

func newPicture(d Drawer) picture {
	p := picture{Drawer: d}
	Size{518, 307}.show(&p)
	if s, ok := d.(interface {
		Size() (width, height vg.Length)
	}); ok {
		p.width, p.height = s.Size()
	}
	return p
}

// css returns the card's size in CSS pixels.
func (p picture) css() (width, height int) {
	return int((p.width+2*margin)/pixel + .5), int((p.height+2*margin)/pixel + .5)
}

// render draws the card.
func (p picture) render() (*vgimg.Canvas, error) {
	w, h := p.css()
	if p.width <= 0 || p.height <= 0 || w > 8000 || h > 8000 {
		return nil, fmt.Errorf("nb: Show: a plot of %d x %d pixels (want 1 to 8000 each way)", w, h)
	}
	c := vgimg.NewWith(vgimg.UseWH(vg.Length(w)*pixel, vg.Length(h)*pixel), vgimg.UseDPI(96*density))
	all := draw.New(c)
	all.SetColor(color.White)
	all.Fill(all.Rectangle.Path())
	p.Draw(draw.Crop(all, margin, -margin, margin, -margin))
	return c, nil
}

// encode writes the card as PNG, and as JPEG if it holds photographs: they would swell the notebook as PNG.
func (p picture) encode() (protocol.MIMEType, []byte, error) {
	c, err := p.render()
	if err != nil {
		return "", nil, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, c.Image()); err != nil {
		return "", nil, err
	}
	if b.Len() < 256<<10 {
		return protocol.MIMEImagePNG, b.Bytes(), nil
	}
	b.Reset()
	err = jpeg.Encode(&b, c.Image(), &jpeg.Options{Quality: 88})
	return "image/jpeg", b.Bytes(), err
}

func (p picture) display() error {
	kind, data, err := p.encode()
	if err != nil {
		return err
	}
	if !gonbui.IsNotebook {
		return save(kind, data)
	}
	gonbui.SendData(p.message(kind, data))
	gonbui.Sync()
	return gonbui.Error()
}

// message is what the kernel is sent. It holds no other types than GoNB has registered with gob, for one that is not
// ends the pipe without a word.
func (p picture) message(kind protocol.MIMEType, data []byte) *protocol.DisplayData {
	w, h := p.css()
	text := p.text()
	return &protocol.DisplayData{
		Data:     map[protocol.MIMEType]any{kind: data, protocol.MIMETextPlain: text},
		Metadata: map[string]any{string(kind): map[string]int{"width": w, "height": h}, "alt": text},
	}
}

// text says what the picture shows, for where no pictures are: what the drawer says by a method Text() string, else
// what the axes of a plot are.
func (p picture) text() string {
	switch d := p.Drawer.(type) {
	case interface{ Text() string }:
		return d.Text()
	case *plot.Plot:
		return plottext.Of(d)
	}
	return "plot"
}

var shown int // plots saved by this program

// save writes a picture into the program's own temporary folder and prints its name.
func save(kind protocol.MIMEType, data []byte) error {
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("fastnb-plots-%d", os.Getpid()))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	shown++
	name := filepath.Join(dir, fmt.Sprintf("%d.%s", shown, kind[len("image/"):]))
	if err := os.WriteFile(name, data, 0o644); err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "plot:", name)
	return nil
}
