package vision

import (
	"bytes"
	"errors"
	"image/jpeg"
	"image/png"
)

// decodeJPEG reads a JPEG; one that lacks nothing but its end marker is whole.
func decodeJPEG(data []byte) (picture, error) {
	img, err := jpeg.Decode(bytes.NewReader(data))
	var kind jpeg.UnsupportedError
	switch {
	case errors.As(err, &kind) && bytes.Contains([]byte(kind), []byte("Adobe")):
		img, err = jpeg.Decode(bytes.NewReader(withAdobe(data)))
	case err != nil:
		var again error
		if img, again = jpeg.Decode(bytes.NewReader(append(data[:len(data):len(data)], 0xff, 0xd9))); again == nil {
			err = nil
		}
	}
	if err != nil {
		return picture{}, err
	}
	return fromImage(img), nil
}

// withAdobe returns a JPEG of four inks that says so: as libjpeg reads one that says nothing.
func withAdobe(data []byte) []byte {
	marker := "\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"
	return append(append(bytes.Clone(data[:2]), marker...), data[2:]...)
}

// decodePNG reads a PNG; one that lacks nothing but its last chunk is whole.
func decodePNG(data []byte) (picture, error) {
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		const end = "\x00\x00\x00\x00IEND\xae\x42\x60\x82"
		var again error
		if img, again = png.Decode(bytes.NewReader(append(data[:len(data):len(data)], end...))); again != nil {
			return picture{}, err
		}
	}
	return fromImage(img), nil
}
