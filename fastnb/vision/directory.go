package vision

import (
	"encoding/binary"
	"math"
)

// Tags of TIFF's directories, which EXIF has as well.
const (
	tagWidth         = 256
	tagHeight        = 257
	tagBits          = 258
	tagCompression   = 259
	tagPhotometric   = 262
	tagFillOrder     = 266
	tagStripOffsets  = 273
	tagOrientation   = 274
	tagSamples       = 277
	tagRowsPerStrip  = 278
	tagStripCounts   = 279
	tagPlanar        = 284
	tagGroup3Options = 292
	tagPredictor     = 317
	tagColorMap      = 320
	tagTileWidth     = 322
	tagTileHeight    = 323
	tagTileOffsets   = 324
	tagTileCounts    = 325
	tagExtraSamples  = 338
	tagSampleFormat  = 339
	tagXMP           = 700
)

// directory is the first directory of a TIFF structure: of a TIFF file, or of the EXIF in another file.
type directory struct {
	order  binary.ByteOrder
	fields map[uint16]field
}

// field is the value of a tag.
type field struct {
	kind uint16 // 3 is a 16-bit number, 4 one of 32 bits, ...
	data []byte
}

// unitSizes are the bytes of one value of each kind; 0 is unknown.
var unitSizes = [...]int{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8}

// tiffOrder returns the byte order that a TIFF structure begins with, nil where it is none. The version counts in
// either order.
func tiffOrder(t []byte) binary.ByteOrder {
	if len(t) < 8 {
		return nil
	}
	switch string(t[:4]) {
	case "II*\x00", "II\x00*":
		return binary.LittleEndian
	case "MM\x00*", "MM*\x00":
		return binary.BigEndian
	}
	return nil
}

// readDirectory reads what can be read of a directory, as Pillow does: a field of an unknown kind is passed over, and
// one that lies beyond the end is the last. It has no fields where t is no TIFF structure.
func readDirectory(t []byte) directory {
	d := directory{tiffOrder(t), map[uint16]field{}}
	if d.order == nil {
		return d
	}
	at := int(d.order.Uint32(t[4:]))
	if at+2 > len(t) {
		return d
	}
	room := len(t)
	for i := range int(d.order.Uint16(t[at:])) {
		entry := at + 2 + 12*i
		if entry+12 > len(t) || !d.read(t, t[entry:entry+12], &room) {
			break
		}
	}
	return d
}

// read adds the field of an entry, the first of its tag, and tells whether to go on. All fields together fit into room.
func (d directory) read(t, entry []byte, room *int) bool {
	tag, kind := d.order.Uint16(entry), d.order.Uint16(entry[2:])
	if _, known := d.fields[tag]; known || int(kind) >= len(unitSizes) || unitSizes[kind] == 0 {
		return true
	}
	size := int(d.order.Uint32(entry[4:])) * unitSizes[kind]
	data := entry[8:]
	if size > 4 {
		if *room -= size; *room < 0 {
			return true
		}
		at := int(d.order.Uint32(data))
		if at+size > len(t) {
			return false
		}
		data = t[at:]
	}
	if size > 0 {
		d.fields[tag] = field{kind, data[:size]}
	}
	return true
}

// numbers returns the values of a tag, nil where it is missing or holds text or bytes of no stated meaning.
func (d directory) numbers(tag uint16) []float64 {
	f := d.fields[tag]
	var all []float64
	for size := unitSizes[f.kind]; size > 0 && len(f.data) >= size; f.data = f.data[size:] {
		v, ok := d.value(f)
		if !ok {
			return nil
		}
		all = append(all, v)
	}
	return all
}

// value returns the first value of a field.
func (d directory) value(f field) (float64, bool) {
	o, b := d.order, f.data
	switch f.kind {
	case 1:
		return float64(b[0]), true
	case 3:
		return float64(o.Uint16(b)), true
	case 4, 13:
		return float64(o.Uint32(b)), true
	case 5:
		return float64(o.Uint32(b)) / float64(o.Uint32(b[4:])), true
	case 6:
		return float64(int8(b[0])), true
	case 8:
		return float64(int16(o.Uint16(b))), true
	case 9:
		return float64(int32(o.Uint32(b))), true
	case 10:
		return float64(int32(o.Uint32(b))) / float64(int32(o.Uint32(b[4:]))), true
	case 11:
		return float64(math.Float32frombits(o.Uint32(b))), true
	case 12:
		return math.Float64frombits(o.Uint64(b)), true
	case 16:
		return float64(o.Uint64(b)), true
	}
	return 0, false
}

// ints returns the whole numbers of a tag, or those given where it is missing.
func (d directory) ints(tag uint16, otherwise ...int) []int {
	values := d.numbers(tag)
	if len(values) == 0 {
		return otherwise
	}
	all := make([]int, len(values))
	for i, v := range values {
		all[i] = int(v)
	}
	return all
}

// int returns the first number of a tag, or the one given.
func (d directory) int(tag uint16, otherwise int) int { return d.ints(tag, otherwise)[0] }
