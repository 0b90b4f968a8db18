package vision

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// tiff is the first page of a TIFF file: how its pixels are stored, in strips or tiles.
type tiff struct {
	data          []byte
	dir           directory
	w, h          int
	bits, samples int // of a sample; of a pixel
	compression   int
	photometric   int
	planar        bool // each sample in blocks of its own
	blockW        int
	blockH        int
	tiled         bool
	offsets       []int
	counts        []int
}

// Values of the tag that says what samples mean.
const (
	whiteIsZero = iota
	blackIsZero
	rgbSamples
	paletteIndex
	_
	cmykSamples
)

// readTIFF reads how the pixels are stored, an error where that is not read here.
func readTIFF(data []byte) (*tiff, error) {
	if len(data) > 2 && (data[2] == 43 || data[3] == 43) {
		return nil, errors.New("BigTIFF is not read; save it as a TIFF of below 4 gigabytes")
	}
	d := readDirectory(data)
	t := &tiff{data: data, dir: d, w: d.int(tagWidth, 0), h: d.int(tagHeight, 0), samples: d.int(tagSamples, 1),
		compression: d.int(tagCompression, 1), photometric: d.int(tagPhotometric, 0), planar: d.int(tagPlanar, 1) == 2}
	bits := d.ints(tagBits, 1)
	t.bits = bits[0]
	if len(d.fields) == 0 {
		return nil, errCut
	}
	if slices.ContainsFunc(bits, func(b int) bool { return b != t.bits }) {
		return nil, fmt.Errorf("samples of %d bits side by side are not read; %s", bits, convert)
	}
	t.blocks()
	return t, t.check()
}

// blocks finds the strips or tiles.
func (t *tiff) blocks() {
	d := t.dir
	t.blockW, t.blockH = t.w, t.h
	if rows := d.int(tagRowsPerStrip, 0); rows > 0 {
		t.blockH = min(rows, t.h)
	}
	t.offsets, t.counts = d.ints(tagStripOffsets), d.ints(tagStripCounts)
	if w, h := d.int(tagTileWidth, 0), d.int(tagTileHeight, 0); w > 0 && h > 0 {
		t.tiled, t.blockW, t.blockH = true, w, h
		t.offsets, t.counts = d.ints(tagTileOffsets), d.ints(tagTileCounts)
	}
}

// check refuses what is not read, in words that say what it is.
func (t *tiff) check() error {
	wants := map[int]int{whiteIsZero: 1, blackIsZero: 1, rgbSamples: 3, paletteIndex: 1, cmykSamples: 4}
	n, known := wants[t.photometric]
	unsigned := !slices.ContainsFunc(t.dir.ints(tagSampleFormat, 1), func(f int) bool { return f != 1 })
	switch {
	case !known:
		return fmt.Errorf("%s are not read; %s", named(photometrics, t.photometric, "colours of kind"), convert)
	case compressions[t.compression] == "" || t.decompressor() == nil:
		return fmt.Errorf("%s is not read; %s", named(compressions, t.compression, "compression"), convert)
	case !unsigned:
		return fmt.Errorf("samples that are not whole numbers from 0 on are not read; %s", convert)
	case !slices.Contains([]int{1, 2, 4, 8, 16}, t.bits) || t.bits < 8 && n > 1:
		return fmt.Errorf("%d samples of %d bits are not read; %s", t.samples, t.bits, convert)
	case t.samples < n || t.samples > 64:
		return fmt.Errorf("%d samples a pixel do not make colours of %d", t.samples, n)
	case t.dir.int(tagPredictor, 1) > 2 || t.dir.int(tagPredictor, 1) == 2 && t.bits < 8:
		return fmt.Errorf("predictor %d with %d bits is not read; %s", t.dir.int(tagPredictor, 1), t.bits, convert)
	}
	return nil
}

// convert is what to do about an image that is not read.
const convert = "convert it to PNG or JPEG, or to a TIFF with LZW"

// photometrics are the meanings of samples that are not read.
var photometrics = map[int]string{4: "transparency masks", 6: "colours as luma and chroma (YCbCr)",
	8: "colours as CIELab",
	9: "colours as ICCLab", 10: "colours as ITULab",
	32803: "the raw values of a camera (CFA)", 34892: "the raw values of a camera (DNG)"}

func named(names map[int]string, k int, otherwise string) string {
	if name, ok := names[k]; ok {
		return name
	}
	return fmt.Sprintf("%s %d", otherwise, k)
}

// decode reads the pixels.
func (t *tiff) decode() (picture, error) {
	planes, perPixel := 1, t.samples
	if t.planar {
		planes, perPixel = t.samples, 1
	}
	across, down := (t.w+t.blockW-1)/t.blockW, (t.h+t.blockH-1)/t.blockH
	n := across * down * planes
	if t.counts == nil && len(t.offsets) == 1 && n == 1 { // some writers leave it away
		t.counts = []int{len(t.data)}
	}
	if len(t.offsets) < n || len(t.counts) < n {
		return picture{}, fmt.Errorf("%d of %d strips or tiles are there", min(len(t.offsets), len(t.counts)), n)
	}
	all := make([]byte, t.w*t.h*t.samples)
	for i := range n {
		b := block{plane: i / (across * down),
			x: i % across * t.blockW, y: i / across % down * t.blockH, w: t.blockW, h: t.blockH}
		if !t.tiled {
			b.h = min(t.blockH, t.h-b.y)
		}
		b.stride = (b.w*perPixel*t.bits + 7) / 8
		if err := t.block(b, perPixel, t.offsets[i], t.counts[i], all); err != nil {
			return picture{}, err
		}
	}
	return t.colours(all), nil
}

// block is a strip or tile: where it lies in the image, and its bytes a row.
type block struct{ plane, x, y, w, h, stride int }

// block unpacks the samples of one block, 8 bits each, to their places among all.
func (t *tiff) block(b block, perPixel, offset, count int, all []byte) error {
	if offset < 0 || offset > len(t.data) || count < 0 {
		return errCut
	}
	packed := t.data[offset:min(offset+count, len(t.data))]
	raw, err := t.decompress(packed, b)
	if err != nil {
		return err
	}
	row := make([]byte, b.w*perPixel)
	for y := range min(b.h, t.h-b.y) {
		t.unpack(row, raw[y*b.stride:(y+1)*b.stride])
		for x := range min(b.w, t.w-b.x) {
			at := ((b.y+y)*t.w + b.x + x) * t.samples
			copy(all[at+b.plane:at+b.plane+perPixel], row[x*perPixel:])
		}
	}
	return nil
}

// unpack makes bytes of the samples of a row: the upper 8 bits of 16, and fewer bits stretched to 255 unless they are
// indices.
func (t *tiff) unpack(row, raw []byte) {
	switch {
	case t.bits == 8:
		copy(row, raw)
	case t.bits == 16:
		for i := range row {
			row[i] = byte(t.dir.order.Uint16(raw[2*i:]) >> 8)
		}
	default:
		largest := 1<<t.bits - 1
		for i := range row {
			at := i * t.bits
			v := int(raw[at/8]) >> (8 - t.bits - at%8) & largest
			if t.photometric != paletteIndex {
				v = v * 255 / largest
			}
			row[i] = byte(v)
		}
	}
}

// colours makes RGB of the samples; of those beyond the colours only one tells something, that the colours are
// premultiplied.
func (t *tiff) colours(all []byte) picture {
	p := newPicture(t.h, t.w)
	toRGB, colours := t.pixel(), 1
	if t.photometric == rgbSamples {
		colours = 3
	}
	mixes := t.photometric == rgbSamples || t.photometric == blackIsZero
	premultiplied := mixes && t.samples > colours && t.dir.int(tagExtraSamples, 0) == 1
	for i := range t.w * t.h {
		px, to := all[i*t.samples:(i+1)*t.samples], p.pix[3*i:3*i+3]
		if premultiplied {
			divide(px[:colours], px[colours])
		}
		toRGB(to, px)
	}
	return p
}

// divide undoes the multiplication of colours by alpha.
func divide(px []byte, alpha byte) {
	for k, v := range px {
		if alpha > 0 {
			px[k] = byte(min(int(v)*255/int(alpha), 255))
		}
	}
}

// pixel returns what makes RGB of the samples of a pixel.
func (t *tiff) pixel() func(to, px []byte) {
	switch t.photometric {
	case whiteIsZero:
		return func(to, px []byte) { to[0], to[1], to[2] = 255-px[0], 255-px[0], 255-px[0] }
	case rgbSamples:
		return func(to, px []byte) { copy(to, px[:3]) }
	case cmykSamples:
		return fromInk
	case paletteIndex:
		rgb := t.palette()
		return func(to, px []byte) { copy(to, rgb[px[0]][:]) }
	}
	return func(to, px []byte) { to[0], to[1], to[2] = px[0], px[0], px[0] }
}

// palette returns the colours of the map: 16 bits each, all red ones first.
func (t *tiff) palette() (rgb [256][3]byte) {
	all := t.dir.ints(tagColorMap)
	n := len(all) / 3
	for i := range min(n, 256) {
		rgb[i] = [3]byte{byte(all[i] >> 8), byte(all[n+i] >> 8), byte(all[2*n+i] >> 8)}
	}
	return rgb
}

func decodeTIFF(data []byte) (picture, error) {
	t, err := readTIFF(data)
	if err != nil {
		return picture{}, err
	}
	return t.decode()
}

func sizeTIFF(data []byte) (w, h int, err error) {
	t, err := readTIFF(data)
	if err != nil {
		return 0, 0, err
	}
	if t.blockW > math.MaxInt32/max(t.blockH, 1)/t.samples/8 {
		return 0, 0, fmt.Errorf("strips or tiles of %d x %d pixels are too large", t.blockW, t.blockH)
	}
	if t.h > 0 && t.w > 4*maxPixels/t.h/t.samples {
		return 0, 0, fmt.Errorf("%d x %d pixels of %d samples are too large", t.w, t.h, t.samples)
	}
	return t.w, t.h, nil
}
