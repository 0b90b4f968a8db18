package vision

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// format is a kind of image file that is read: how it begins, how large its image is, and its pixels.
type format struct {
	id, name string
	magic    []string // a ? is any byte
	size     func(data []byte) (w, h int, err error)
	decode   func(data []byte) (picture, error)
}

var formats = []format{
	{"jpeg", "JPEG", []string{"\xff\xd8"}, sizeBy(jpeg.DecodeConfig), decodeJPEG},
	{"png", "PNG", []string{"\x89PNG\r\n\x1a\n"}, sizeBy(png.DecodeConfig), decodePNG},
	{"gif", "GIF", []string{"GIF87a", "GIF89a"}, sizeBy(gif.DecodeConfig), decodeGIF},
	{"bmp", "BMP", []string{"BM????????????\x0c\x00\x00\x00", "BM?????????????\x00\x00\x00"}, sizeBMP, decodeBMP},
	{"tiff", "TIFF", []string{"II*\x00", "MM\x00*", "II+\x00", "MM\x00+"}, sizeTIFF, decodeTIFF},
	{"webp", "WebP", []string{"RIFF????WEBP"}, sizeBy(webp.DecodeConfig), decodeWebP},
}

func sizeBy(read func(io.Reader) (image.Config, error)) func([]byte) (int, int, error) {
	return func(data []byte) (int, int, error) {
		conf, err := read(bytes.NewReader(data))
		return conf.Width, conf.Height, err
	}
}

// formatOf tells the format by how the file begins, or what else the file is.
func formatOf(data []byte) (format, error) {
	for _, f := range formats {
		for _, m := range f.magic {
			if begins(data, m) {
				return f, nil
			}
		}
	}
	const unknown = "not an image of a known format (JPEG, PNG, GIF, BMP, TIFF, WebP)"
	if what := foreign(data); what != "" {
		return format{}, errors.New(unknown + " but " + what)
	}
	return format{}, errors.New(unknown)
}

// begins tells whether data begin with magic, in which a ? is any byte.
func begins(data []byte, magic string) bool {
	if len(data) < len(magic) {
		return false
	}
	for i := range len(magic) {
		if magic[i] != '?' && magic[i] != data[i] {
			return false
		}
	}
	return true
}

// errCut is a file that ends before its image does.
var errCut = io.ErrUnexpectedEOF

// explain says in our words why an image is not read: cut short, of a kind that is not read, or damaged.
func (f format) explain(data []byte, err error) error {
	var jpegKind jpeg.UnsupportedError
	var pngKind png.UnsupportedError
	errors.As(err, &jpegKind)
	errors.As(err, &pngKind)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), jpegKind == "" && pngKind == "" && f.lacksEnd(data):
		return fmt.Errorf("%s that is cut short: the file ends before the image does; fetch it again", f.name)
	case jpegKind != "":
		return fmt.Errorf("JPEG with %s is not read; convert it to PNG or to an ordinary JPEG",
			jpegFeature(data, string(jpegKind)))
	case pngKind != "":
		return fmt.Errorf("PNG with an unusual %s is not read; save it anew", string(pngKind))
	case f.id == "tiff" || f.id == "bmp":
		return fmt.Errorf("%s: %w", f.name, err)
	}
	return fmt.Errorf("%s that is damaged (%w); fetch or save it anew", f.name, err)
}

// lacksEnd tells whether a file has no mark of its end where one should be.
func (f format) lacksEnd(data []byte) bool {
	mark, ok := map[string]string{"jpeg": "\xff\xd9", "png": "IEND", "gif": ";"}[f.id]
	return ok && !bytes.Contains(data[max(len(data)-64, 0):], []byte(mark))
}

// jpegFeature names what a JPEG has that is not read: its kind of coding, by the marker of its frame, or what the
// decoder says.
func jpegFeature(data []byte, otherwise string) string {
	for i := 2; i+4 <= len(data) && data[i] == 0xff; {
		switch m := data[i+1]; {
		case m == 0xc3, m == 0xc5, m == 0xc6, m == 0xc7:
			return "lossless or hierarchical coding"
		case m >= 0xc9 && m <= 0xcf && m != 0xcc:
			return "arithmetic coding"
		case m == 0xf7:
			return "lossless coding (JPEG-LS)"
		case m <= 0xc2 && m >= 0xc0 && i+4 < len(data) && data[i+4] != 8:
			return fmt.Sprintf("samples of %d bits", data[i+4])
		case m == 0xda:
			return otherwise
		}
		i += 2 + int(data[i+2])<<8 + int(data[i+3])
	}
	return otherwise
}
