package vision

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
)

// bmp is a Windows bitmap: what its header says, the colours of its palette, and its pixels.
type bmp struct {
	w, h    int
	topDown bool
	bits    int // of a pixel
	packing uint32
	masks   [3]uint32 // of red, green and blue, where a pixel is 16 or 32 bits
	palette [256][3]byte
	pixels  []byte
}

// What bmp.packing may be.
const (
	notPacked = iota
	runs8
	runs4
	maskedColours
	asJPEG
	asPNG
	maskedWithAlpha
)

// readBMP reads the header; an error says what is not read here.
func readBMP(data []byte) (*bmp, error) {
	if len(data) < 26 {
		return nil, errCut
	}
	le := binary.LittleEndian
	start, header := int(le.Uint32(data[10:])), int(le.Uint32(data[14:]))
	if header != 12 && header < 40 || header > 124 {
		return nil, fmt.Errorf("a header of %d bytes is not read; convert it to PNG", header)
	}
	if len(data) < 14+header || start > len(data) {
		return nil, errCut
	}
	b := &bmp{bits: 24}
	colours, entry := b.header(data[14:14+header]), 4
	if header == 12 {
		entry = 3
	}
	at := 14 + header
	if header == 40 && b.packing == maskedColours {
		at += 12
	}
	if len(data) < at {
		return nil, errCut
	}
	b.readMasks(data[min(54, len(data)):min(66, len(data))])
	if start < at {
		start = at + entry*colours
	}
	b.readPalette(data[at:min(at+entry*colours, start, len(data))], entry)
	b.pixels = data[min(start, len(data)):]
	return b, b.check()
}

// header reads what follows the header's length, and returns how many colours the palette has.
func (b *bmp) header(h []byte) (colours int) {
	le := binary.LittleEndian
	if len(h) == 12 {
		b.w, b.h, b.bits = int(le.Uint16(h[4:])), int(le.Uint16(h[6:])), int(le.Uint16(h[10:]))
	} else {
		b.w, b.h = int(int32(le.Uint32(h[4:]))), int(int32(le.Uint32(h[8:])))
		b.bits, b.packing, colours = int(le.Uint16(h[14:])), le.Uint32(h[16:]), int(int32(le.Uint32(h[32:])))
	}
	if b.h < 0 {
		b.h, b.topDown = -b.h, true
	}
	switch {
	case b.bits > 8:
		return 0
	case colours <= 0 || colours > 256:
		return 1 << b.bits
	}
	return colours
}

// readMasks takes the masks of the file where it has any, else those that are meant.
func (b *bmp) readMasks(stored []byte) {
	b.masks = [3]uint32{0xff0000, 0xff00, 0xff}
	if b.bits == 16 {
		b.masks = [3]uint32{0x7c00, 0x3e0, 0x1f}
	}
	if (b.packing == maskedColours || b.packing == maskedWithAlpha) && len(stored) == 12 {
		var m [3]uint32
		for k := range m {
			m[k] = binary.LittleEndian.Uint32(stored[4*k:])
		}
		if m != [3]uint32{} {
			b.masks = m
		}
	}
}

func (b *bmp) readPalette(stored []byte, entry int) {
	for i := 0; i < len(b.palette) && len(stored) >= entry; i++ {
		b.palette[i] = [3]byte{stored[2], stored[1], stored[0]}
		stored = stored[entry:]
	}
}

func (b *bmp) check() error {
	switch b.packing {
	case asJPEG, asPNG:
		return errors.New("JPEG or PNG within a BMP is not read; convert it to PNG")
	case runs8, runs4:
		if want := map[uint32]int{runs8: 8, runs4: 4}[b.packing]; b.bits != want || b.topDown {
			return fmt.Errorf("runs of pixels of %d bits are not read; convert it to PNG", b.bits)
		}
	case notPacked, maskedColours, maskedWithAlpha:
	default:
		return fmt.Errorf("compression %d is not read; convert it to PNG", b.packing)
	}
	switch b.bits {
	case 1, 2, 4, 8, 16, 24, 32:
		return nil
	}
	return fmt.Errorf("pixels of %d bits are not read; convert it to PNG", b.bits)
}

func decodeBMP(data []byte) (picture, error) {
	b, err := readBMP(data)
	if err != nil {
		return picture{}, err
	}
	if b.packing == runs8 || b.packing == runs4 {
		return b.decodeRuns()
	}
	return b.decodeRows()
}

func sizeBMP(data []byte) (w, h int, err error) {
	b, err := readBMP(data)
	if err != nil {
		return 0, 0, err
	}
	return b.w, b.h, nil
}

// row returns row y as it is seen, counted from the top, of the rows as they are stored.
func (b *bmp) row(p picture, stored int) []byte {
	if !b.topDown {
		stored = b.h - 1 - stored
	}
	return p.pix[3*stored*b.w : 3*(stored+1)*b.w]
}

// decodeRows reads rows of pixels, each filled up to 4 bytes.
func (b *bmp) decodeRows() (picture, error) {
	p, stride := newPicture(b.h, b.w), (b.w*b.bits+31)/32*4
	toRGB := b.pixel()
	for y := range b.h {
		if len(b.pixels) < (b.w*b.bits+7)/8 {
			return p, errCut
		}
		to := b.row(p, y)
		for x := range b.w {
			toRGB(to[3*x:3*x+3], b.pixels, x)
		}
		b.pixels = b.pixels[min(stride, len(b.pixels)):]
	}
	return p, nil
}

// pixel returns what makes RGB of pixel x of a row.
func (b *bmp) pixel() func(to, row []byte, x int) {
	switch b.bits {
	case 24:
		return func(to, row []byte, x int) { to[0], to[1], to[2] = row[3*x+2], row[3*x+1], row[3*x] }
	case 16:
		return func(to, row []byte, x int) { b.unmask(to, uint32(binary.LittleEndian.Uint16(row[2*x:]))) }
	case 32:
		return func(to, row []byte, x int) { b.unmask(to, binary.LittleEndian.Uint32(row[4*x:])) }
	}
	return func(to, row []byte, x int) {
		at := x * b.bits
		i := row[at/8] >> (8 - b.bits - at%8) & byte(1<<b.bits-1)
		copy(to, b.palette[i][:])
	}
}

// unmask takes each colour out of a pixel and stretches it to 255.
func (b *bmp) unmask(to []byte, v uint32) {
	for k, m := range b.masks {
		to[k] = 0
		if m != 0 {
			shift := bits.TrailingZeros32(m)
			to[k] = byte(uint64(v&m>>shift) * 255 / uint64(m>>shift))
		}
	}
}
