package vision

import (
	"bytes"
	"compress/zlib"
	"io"
	"math/bits"

	"golang.org/x/image/ccitt"
	"golang.org/x/image/tiff/lzw"
)

// compressions are those that TIFF has, read here or not.
var compressions = map[int]string{1: "no compression", 2: "CCITT compression without ends of lines",
	3: "CCITT Group 3 compression in two dimensions", 4: "CCITT Group 4 compression",
	5: "LZW compression", 6: "JPEG compression of the old kind", 7: "JPEG compression within a TIFF",
	8:     "deflate",
	32773: "PackBits", 32946: "deflate", 34712: "JPEG 2000 compression",
	34925: "LZMA compression", 34926: "Zstandard compression",
	50000: "Zstandard compression", 50001: "WebP compression", 50002: "JPEG XL compression"}

// decompressor returns what unpacks a block, nil where the compression is not read.
func (t *tiff) decompressor() func(packed []byte, b block) io.Reader {
	plain := t.bits == 1 && t.samples == 1
	switch t.compression {
	case 1:
		return func(packed []byte, _ block) io.Reader { return bytes.NewReader(packed) }
	case 3:
		if plain && t.dir.int(tagGroup3Options, 0)&1 == 0 {
			return fax(ccitt.Group3)
		}
	case 4:
		if plain {
			return fax(ccitt.Group4)
		}
	case 5:
		return func(packed []byte, _ block) io.Reader { return lzw.NewReader(bytes.NewReader(packed), lzw.MSB, 8) }
	case 8, 32946:
		return func(packed []byte, _ block) io.Reader { return &inflated{packed: packed} }
	case 32773:
		return func(packed []byte, b block) io.Reader { return bytes.NewReader(unpackBits(packed, b.stride*b.h)) }
	}
	return nil
}

// fax reads black as 1, whatever the colours of the image.
func fax(kind ccitt.SubFormat) func(packed []byte, b block) io.Reader {
	return func(packed []byte, b block) io.Reader {
		return ccitt.NewReader(bytes.NewReader(packed), ccitt.MSB, kind, b.w, b.h, &ccitt.Options{Invert: true})
	}
}

// inflated is a stream of zlib whose header is read with the first bytes.
type inflated struct {
	packed []byte
	r      io.Reader
}

func (z *inflated) Read(p []byte) (n int, err error) {
	if z.r == nil {
		if z.r, err = zlib.NewReader(bytes.NewReader(z.packed)); err != nil {
			return 0, err
		}
	}
	return z.r.Read(p)
}

// decompress returns the bytes of a block, the bits in order and the predictor undone.
func (t *tiff) decompress(packed []byte, b block) ([]byte, error) {
	if t.dir.int(tagFillOrder, 1) == 2 {
		packed = reversed(packed)
	}
	raw := make([]byte, b.stride*b.h)
	if _, err := io.ReadFull(t.decompressor()(packed, b), raw); err != nil {
		return nil, err
	}
	if t.predicted() {
		t.addUp(raw, b.stride)
	}
	return raw, nil
}

// predicted tells whether samples are differences; compressions of other kinds pay no heed to the tag.
func (t *tiff) predicted() bool {
	return t.dir.int(tagPredictor, 1) == 2 && (t.compression == 5 || t.compression == 8 || t.compression == 32946)
}

func reversed(data []byte) []byte {
	out := make([]byte, len(data))
	for i, v := range data {
		out[i] = bits.Reverse8(v)
	}
	return out
}

// addUp undoes the predictor: each sample is stored as its difference from that of the pixel to the left.
func (t *tiff) addUp(raw []byte, stride int) {
	n, order := t.samples*t.bits/8, t.dir.order
	if t.planar {
		n = t.bits / 8
	}
	for ; len(raw) >= stride && stride > 0; raw = raw[stride:] {
		for i := n; i+t.bits/8 <= stride; i += t.bits / 8 {
			if t.bits == 16 {
				order.PutUint16(raw[i:], order.Uint16(raw[i:])+order.Uint16(raw[i-n:]))
			} else {
				raw[i] += raw[i-n]
			}
		}
	}
}

// unpackBits reads runs, of at most n bytes in all: a count below 128 is followed by that many bytes and one, one above
// by a byte to repeat.
func unpackBits(packed []byte, n int) []byte {
	out := make([]byte, 0, n)
	for len(packed) > 1 && len(out) < n {
		count := int(int8(packed[0]))
		packed = packed[1:]
		switch {
		case count >= 0:
			count = min(count+1, len(packed))
			out = append(out, packed[:count]...)
			packed = packed[count:]
		case count > -128:
			out = append(out, bytes.Repeat(packed[:1], 1-count)...)
			packed = packed[1:]
		}
	}
	return out
}
