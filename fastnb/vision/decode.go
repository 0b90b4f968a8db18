package vision

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	_ "image/png" // PNG is read
	"os"

	_ "golang.org/x/image/bmp"  // BMP is read
	_ "golang.org/x/image/tiff" // TIFF is read
	"golang.org/x/image/webp"
)

// maxPixels bounds the memory that one image may take, at Pillow's limit against decompression bombs.
const maxPixels = 2 * (1 << 30) / 4 / 3

// decodeFile reads an image file of any format that is known, whatever its extension.
func decodeFile(path string) (picture, error) {
	info, err := os.Stat(path)
	if err != nil {
		return picture{}, cause(err)
	}
	if !info.Mode().IsRegular() {
		return picture{}, errors.New("not a regular file")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return picture{}, cause(err)
	}
	return decode(data)
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
// animation, a JPEG turned upright as its EXIF orientation says.
func decode(data []byte) (picture, error) {
	if len(data) == 0 {
		return picture{}, errors.New("the file is empty")
	}
	conf, format, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case errors.Is(err, image.ErrFormat):
		return picture{}, errors.New("not an image of a known format (JPEG, PNG, GIF, BMP, TIFF, WebP)")
	case err != nil:
		return picture{}, fmt.Errorf("%s: %w", format, err)
	case conf.Width < 1 || conf.Height < 1:
		return picture{}, fmt.Errorf("%s of %d x %d pixels", format, conf.Width, conf.Height)
	case conf.Width > maxPixels/conf.Height:
		return picture{}, fmt.Errorf("%s of %d x %d pixels is too large", format, conf.Width, conf.Height)
	}
	p, err := decodeFormat(format, data)
	if err != nil {
		return picture{}, fmt.Errorf("%s: %w", format, err)
	}
	return p, nil
}

func decodeFormat(format string, data []byte) (p picture, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the decoder failed: %v", r)
		}
	}()
	switch format {
	case "jpeg":
		return decodeJPEG(data)
	case "gif":
		return decodeGIF(data)
	case "webp":
		return decodeWebP(data)
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return picture{}, err
	}
	return fromImage(img), nil
}

// decodeGIF reads the first frame; what it leaves free of the canvas, or is transparent, is black.
func decodeGIF(data []byte) (picture, error) {
	conf, err := gif.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return picture{}, err
	}
	frame, err := gif.Decode(bytes.NewReader(data))
	if err != nil {
		return picture{}, err
	}
	b := frame.Bounds()
	if b.Min == (image.Point{}) && b.Max == (image.Point{X: conf.Width, Y: conf.Height}) {
		return fromImage(frame), nil
	}
	canvas, part := newPicture(conf.Height, conf.Width), fromImage(frame)
	for y := range min(part.h, canvas.h-b.Min.Y) {
		copy(canvas.pix[3*((b.Min.Y+y)*canvas.w+b.Min.X):3*(b.Min.Y+y+1)*canvas.w], part.pix[3*y*part.w:3*(y+1)*part.w])
	}
	return canvas, nil
}

// decodeJPEG reads a JPEG; one that lacks nothing but its end marker is whole.
func decodeJPEG(data []byte) (picture, error) {
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		var again error
		if img, again = jpeg.Decode(bytes.NewReader(append(data[:len(data):len(data)], 0xff, 0xd9))); again != nil {
			return picture{}, err
		}
	}
	return fromImage(img).upright(orientation(data)), nil
}

// decodeWebP reads a WebP; the colours of a lossy one have the narrow range of video.
func decodeWebP(data []byte) (picture, error) {
	img, err := webp.Decode(bytes.NewReader(data))
	if err != nil {
		return picture{}, err
	}
	switch img := img.(type) {
	case *image.YCbCr:
		return fromYCbCr(img, videoRow), nil
	case *image.NYCbCrA:
		return fromYCbCr(&img.YCbCr, videoRow), nil
	}
	return fromImage(img), nil
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

// fromCMYK mixes ink and black: each of red, green and blue is white less black, less its ink's share of that.
func (p picture) fromCMYK(img *image.CMYK) {
	for y := range p.h {
		for x := range p.w {
			ink, to := img.Pix[y*img.Stride+4*x:], p.pix[3*(y*p.w+x):]
			light := 255 - int(ink[3])
			for k := range 3 {
				to[k] = byte(light - (int(ink[k])*light+127)/255)
			}
		}
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
