package vision

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
)

// decodeGIF reads the first frame. What it leaves free of the canvas has its transparent colour, or else its first.
func decodeGIF(data []byte) (picture, error) {
	conf, err := gif.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return picture{}, err
	}
	img, err := gif.Decode(bytes.NewReader(data))
	if err != nil {
		return picture{}, err
	}
	frame, b := img.(*image.Paletted), img.Bounds()
	free := firstGIF(data).restore(frame.Palette)
	if b.Min == (image.Point{}) && b.Max == (image.Point{X: conf.Width, Y: conf.Height}) {
		return fromImage(frame), nil
	}
	canvas, part := newPicture(conf.Height, conf.Width), fromImage(frame)
	for i := range canvas.w * canvas.h {
		copy(canvas.pix[3*i:], free[:])
	}
	canvas.paste(part, b.Min.Y, b.Min.X)
	return canvas, nil
}

// paste copies what fits of a part.
func (p picture) paste(part picture, top, left int) {
	for y := range min(part.h, p.h-top) {
		copy(p.pix[3*((top+y)*p.w+left):3*(top+y+1)*p.w], part.pix[3*y*part.w:3*(y+1)*part.w])
	}
}

// gifStart is what a GIF says before the pixels of its first frame.
type gifStart struct {
	transparent int    // the index of the colour, -1 for none
	colours     []byte // 3 bytes each
}

// restore gives the transparent colour, which Go's decoder makes black, its own again, and returns the colour of what
// is free.
func (g gifStart) restore(p color.Palette) (free [3]byte) {
	i := max(g.transparent, 0)
	if 3*i+3 > len(g.colours) {
		return free
	}
	copy(free[:], g.colours[3*i:])
	if g.transparent >= 0 && i < len(p) {
		p[i] = color.RGBA{free[0], free[1], free[2], 255}
	}
	return free
}

// firstGIF reads up to the pixels of the first frame. The decoder has found the file sound.
func firstGIF(data []byte) gifStart {
	g := gifStart{transparent: -1}
	at := 13
	g.table(data, 10, &at)
	for at+8 < len(data) {
		switch {
		case data[at] == 0x2c && at+10 <= len(data):
			flags := at + 9
			at += 10
			g.table(data, flags, &at)
			return g
		case data[at] != 0x21:
			return g
		case data[at+1] == 0xf9 && data[at+3]&1 == 1:
			g.transparent = int(data[at+6])
		case data[at+1] == 0xf9:
			g.transparent = -1
		}
		for at += 2; at < len(data) && data[at] > 0; at += 1 + int(data[at]) {
		}
		at++
	}
	return g
}

// table reads the colours that follow where the flags say so.
func (g *gifStart) table(data []byte, flags int, at *int) {
	if data[flags]&0x80 != 0 {
		end := *at + 3<<(1+data[flags]&7)
		g.colours = data[min(*at, len(data)):min(end, len(data))]
		*at = end
	}
}
