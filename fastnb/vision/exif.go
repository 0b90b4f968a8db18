package vision

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"io"
	"regexp"
	"strings"
)

// described is what an image file says about itself beside its pixels: EXIF, a TIFF structure, and XMP, which is XML.
type described struct{ exif, xmp []byte }

// orientation returns how an image in one of the formats is to be turned, by its EXIF or, where that says nothing, its
// XMP, as Pillow's exif_transpose does; 1 where it is upright or what it says makes no sense.
func orientation(format string, data []byte) int {
	var d described
	switch format {
	case "jpeg":
		d = describedJPEG(data)
	case "png":
		d = describedPNG(data)
	case "webp":
		d = describedWebP(data)
	case "tiff":
		d = described{data, readDirectory(data).fields[tagXMP].data}
	}
	return d.orientation()
}

var xmpOrientation = regexp.MustCompile(`tiff:Orientation(?:="|>)([0-9])`)

func (d described) orientation() int {
	fields := readDirectory(d.structure())
	if f, ok := fields.fields[tagOrientation]; ok {
		if values := fields.numbers(tagOrientation); f.kind != 1 && len(values) > 0 {
			return turned(values[0])
		}
		return 1
	}
	if found := xmpOrientation.FindSubmatch(d.xmp); found != nil {
		return turned(float64(found[1][0] - '0'))
	}
	return 1
}

// turned returns the orientation that a number stands for.
func turned(v float64) int {
	for o := 2; o <= 8; o++ {
		if v == float64(o) {
			return o
		}
	}
	return 1
}

var exifHeader = []byte("Exif\x00\x00")

// structure returns the EXIF without the headers that some writers leave before it, even two.
func (d described) structure() []byte {
	return bytes.TrimPrefix(bytes.TrimPrefix(d.exif, exifHeader), exifHeader)
}

// describedJPEG reads the APP1 segments before the pixels. EXIF that is longer than a segment goes on in the next.
func describedJPEG(data []byte) (d described) {
	for i := 2; i+4 <= len(data) && data[i] == 0xff && data[i+1] != 0xda; {
		if data[i+1] == 0xff { // a fill byte
			i++
			continue
		}
		size := int(binary.BigEndian.Uint16(data[i+2:]))
		if size < 2 {
			break
		}
		segment := data[i+4 : max(min(i+2+size, len(data)), i+4)]
		if data[i+1] == 0xe1 {
			d.add(segment)
		}
		i += 2 + size
	}
	return d
}

func (d *described) add(segment []byte) {
	if exif, ok := bytes.CutPrefix(segment, exifHeader); ok {
		d.exif = append(d.exif, exif...)
	}
	if xmp, ok := bytes.CutPrefix(segment, []byte("http://ns.adobe.com/xap/1.0/\x00")); ok {
		d.xmp = xmp
	}
}

// describedWebP reads the chunks EXIF and XMP.
func describedWebP(data []byte) (d described) {
	for id, chunk := range riffChunks(data[min(12, len(data)):]) {
		switch {
		case id == "EXIF" && d.exif == nil:
			d.exif = chunk
		case id == "XMP " && d.xmp == nil:
			d.xmp = chunk
		}
	}
	return d
}

// riffChunks yields the chunks of a RIFF file by their names.
func riffChunks(data []byte) func(yield func(id string, chunk []byte) bool) {
	return func(yield func(string, []byte) bool) {
		for len(data) >= 8 {
			size := int(binary.LittleEndian.Uint32(data[4:]))
			end := min(8+size, len(data))
			if !yield(string(data[:4]), data[8:end]) {
				return
			}
			data = data[min(end+size%2, len(data)):]
		}
	}
}

// describedPNG reads eXIf, or else the raw profile that ImageMagick writes as text, and the text that holds XMP.
func describedPNG(data []byte) (d described) {
	var profile string
	for id, chunk := range pngChunks(data) {
		if id == "eXIf" {
			d.exif = chunk
			continue
		}
		switch key, text := pngText(id, chunk); key {
		case "exif":
			d.exif = text
		case "Raw profile type exif":
			profile = string(text)
		case "XML:com.adobe.xmp":
			d.xmp = text
		}
	}
	if d.exif == nil {
		d.exif = rawProfile(profile)
	}
	return d
}

// pngChunks yields the chunks of a PNG by their types.
func pngChunks(data []byte) func(yield func(id string, chunk []byte) bool) {
	return func(yield func(string, []byte) bool) {
		for i := 8; i+12 <= len(data); {
			size := int(binary.BigEndian.Uint32(data[i:]))
			if size > len(data)-i-12 || !yield(string(data[i+4:i+8]), data[i+8:i+8+size]) {
				return
			}
			i += 12 + size
		}
	}
}

// pngText returns key and text of a chunk of text, inflated; an empty key where the chunk is none or is damaged.
func pngText(id string, chunk []byte) (key string, text []byte) {
	k, rest, ok := bytes.Cut(chunk, []byte{0})
	packed := false
	switch {
	case !ok:
		return "", nil
	case id == "tEXt":
		return string(k), rest
	case id == "zTXt" && len(rest) > 1 && rest[0] == 0:
		packed, rest = true, rest[1:]
	case id == "iTXt" && len(rest) > 2 && rest[1] == 0:
		parts := bytes.SplitN(rest[2:], []byte{0}, 3) // language, translated key, text
		if len(parts) < 3 {
			return "", nil
		}
		packed, rest = rest[0] != 0, parts[2]
	default:
		return "", nil
	}
	if packed {
		return string(k), inflate(rest)
	}
	return string(k), rest
}

// inflate returns at most a megabyte, nil where the data are damaged.
func inflate(data []byte) []byte {
	r, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return nil
	}
	return text
}

// rawProfile returns the bytes of a profile in text: an empty line, its name, its length, then hexadecimal digits.
func rawProfile(text string) []byte {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 {
		return nil
	}
	b, err := hex.DecodeString(strings.Join(strings.Fields(strings.Join(lines[3:], "")), ""))
	if err != nil {
		return nil
	}
	return b
}
