package vision

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"

	"golang.org/x/image/webp"
)

// decodeWebP reads a WebP, of an animation the first frame, black where it leaves the canvas free.
func decodeWebP(data []byte) (picture, error) {
	for id, chunk := range riffChunks(data[min(12, len(data)):]) {
		if id == "ANMF" {
			return decodeFrame(data, chunk)
		}
	}
	return decodeStill(data)
}

// decodeStill reads a WebP without animation; the colours of a lossy one have the narrow range of video.
func decodeStill(data []byte) (picture, error) {
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

// decodeFrame reads a frame of an animation: its place and size, each a half or less one, and the chunks of a still
// image.
func decodeFrame(data, frame []byte) (picture, error) {
	conf, err := webp.DecodeConfig(bytes.NewReader(data))
	if err != nil || len(frame) < 16 {
		return picture{}, errors.Join(err, errCut)
	}
	fw, fh := three(frame[6:])+1, three(frame[9:])+1
	part, err := decodeStill(still(frame[16:], fw, fh))
	if err != nil {
		return picture{}, err
	}
	left, top := 2*three(frame), 2*three(frame[3:])
	if part.w != fw || part.h != fh || left+fw > conf.Width || top+fh > conf.Height {
		return picture{}, errors.New("its first frame lies outside the canvas")
	}
	canvas := newPicture(conf.Height, conf.Width)
	canvas.paste(part, top, left)
	return canvas, nil
}

// three reads a number of three bytes.
func three(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// still makes a WebP of w x h pixels of a frame's chunks.
func still(chunks []byte, w, h int) []byte {
	body := []byte("WEBP")
	if bytes.HasPrefix(chunks, []byte("ALPH")) {
		body = append(body, "VP8X\x0a\x00\x00\x00\x10\x00\x00\x00"...)
		body = append(body, byte(w-1), byte((w-1)>>8), byte((w-1)>>16), byte(h-1), byte((h-1)>>8), byte((h-1)>>16))
	}
	body = append(body, chunks...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}
