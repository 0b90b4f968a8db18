package vision

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"os"
)

// maxPixels bounds the memory that one image may take, at Pillow's limit against decompression bombs.
const maxPixels = 2 * (1 << 30) / 4 / 3

// decodeFile reads an image file of any format that is known, whatever its extension.
func decodeFile(path string) (picture, error) {
	data, err := readFile(path)
	if err != nil {
		return picture{}, err
	}
	return decode(data)
}

// readFile reads a regular file.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, cause(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, cause(err)
	}
	return data, nil
}

// cause drops the path that an error of package os repeats.
func cause(err error) error {
	var pathErr *os.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

// decode returns the image in data as RGB: transparency dropped, 16 bits cut to the upper 8, the first frame of an
// animation, the first page of a TIFF, turned upright as its EXIF says.
func decode(data []byte) (p picture, err error) {
	if len(data) == 0 {
		return picture{}, errors.New("the file is empty")
	}
	f, err := formatOf(data)
	if err != nil {
		return picture{}, err
	}
	defer func() {
		if r := recover(); r != nil {
			p, err = picture{}, fmt.Errorf("%s whose decoder failed: %v", f.name, r)
		}
	}()
	switch w, h, err := f.size(data); {
	case err != nil:
		return picture{}, f.explain(data, err)
	case w < 1 || h < 1:
		return picture{}, fmt.Errorf("%s of %d x %d pixels", f.name, w, h)
	case w > maxPixels/h:
		return picture{}, fmt.Errorf("%s of %d x %d pixels is too large", f.name, w, h)
	}
	if p, err = f.decode(data); err != nil {
		return picture{}, f.explain(data, err)
	}
	return p.upright(orientation(f.id, data)), nil
}

// fromImage returns img as RGB, transparency dropped.
func fromImage(img image.Image) picture {
	if img, ok := img.(*image.YCbCr); ok && img.Rect.Min == (image.Point{}) {
		return fromYCbCr(img, jfifRow)
	}
	b := img.Bounds()
	p := newPicture(b.Dy(), b.Dx())
	switch img := img.(type) {
	case *image.Gray:
		p.fromGray(img)
	case *image.CMYK:
		p.fromCMYK(img)
	case *image.NRGBA:
		p.fromPix(img.Pix, img.Stride)
	case *image.RGBA:
		if img.Opaque() {
			p.fromPix(img.Pix, img.Stride)
			break
		}
		p.fromColors(img)
	case *image.Paletted:
		p.fromPaletted(img)
	default:
		p.fromColors(img)
	}
	return p
}

func (p picture) fromGray(img *image.Gray) {
	for y := range p.h {
		for x, v := range img.Pix[y*img.Stride : y*img.Stride+p.w] {
			to := p.pix[3*(y*p.w+x):]
			to[0], to[1], to[2] = v, v, v
		}
	}
}

// fromPix takes 4 bytes a pixel and drops the last one.
func (p picture) fromPix(pix []byte, stride int) {
	for y := range p.h {
		for x := range p.w {
			copy(p.pix[3*(y*p.w+x):3*(y*p.w+x)+3], pix[y*stride+4*x:])
		}
	}
}

// fromCMYK mixes ink and black, by fromInk.
func (p picture) fromCMYK(img *image.CMYK) {
	for y := range p.h {
		for x := range p.w {
			fromInk(p.pix[3*(y*p.w+x):], img.Pix[y*img.Stride+4*x:])
		}
	}
}

// fromInk mixes ink and black: each of red, green and blue is white less black, less its ink's share of that.
func fromInk(to, ink []byte) {
	light := 255 - int(ink[3])
	for k := range 3 {
		to[k] = byte(light - (int(ink[k])*light+127)/255)
	}
}

func (p picture) fromPaletted(img *image.Paletted) {
	rgb := make([][3]byte, 256)
	for i, c := range img.Palette {
		rgb[i] = rgbOf(c)
	}
	for y := range p.h {
		for x, v := range img.Pix[y*img.Stride : y*img.Stride+p.w] {
			copy(p.pix[3*(y*p.w+x):], rgb[v][:])
		}
	}
}

func (p picture) fromColors(img image.Image) {
	b := img.Bounds()
	for y := range p.h {
		for x := range p.w {
			c := rgbOf(img.At(b.Min.X+x, b.Min.Y+y))
			copy(p.pix[3*(y*p.w+x):], c[:])
		}
	}
}

// rgbOf returns a colour's upper 8 bits before transparency.
func rgbOf(c color.Color) [3]byte {
	if n, ok := c.(color.NRGBA64); ok {
		return [3]byte{byte(n.R >> 8), byte(n.G >> 8), byte(n.B >> 8)}
	}
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return [3]byte{n.R, n.G, n.B}
}
