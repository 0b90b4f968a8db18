package vision

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/fastnb/fastnb/internal/instead"
)

// foreigners are files that lie among images or pass for them, by how they begin; a ? is any byte.
var foreigners = []struct{ magic, what string }{
	{"%PDF-", "PDF, a document; save its pages as PNG"},
	{"%!PS", "PostScript, a document; save its pages as PNG"},
	{"????ftyphe", "HEIC; convert it to JPEG or PNG"},
	{"????ftypmif1", "HEIC; convert it to JPEG or PNG"},
	{"????ftypmsf1", "HEIC; convert it to JPEG or PNG"},
	{"????ftypavi", "AVIF; convert it to JPEG or PNG"},
	{"????ftypcrx", "CR3, the raw values of a camera; convert it to JPEG or PNG"},
	{"????ftyp", "a video (MP4 or MOV); save its frames as images"},
	{"\x00\x00\x00\x0cjP  ", "JPEG 2000; convert it to JPEG or PNG"},
	{"\xff\x4f\xff\x51", "JPEG 2000; convert it to JPEG or PNG"},
	{"\x00\x00\x00\x0cJXL ", "JPEG XL; convert it to JPEG or PNG"},
	{"\xff\x0a", "JPEG XL; convert it to JPEG or PNG"},
	{"8BPS", "PSD, Photoshop's own format; save it as PNG"},
	{"\x00\x00\x01\x00", "ICO, icons; save one as PNG"},
	{"qoif", "QOI; convert it to PNG"},
	{"DDS ", "DDS, a texture; convert it to PNG"},
	{"\x76\x2f\x31\x01", "OpenEXR; convert it to PNG"},
	{"SIMPLE  =", "FITS; convert it to PNG"},
	{"\x93NUMPY", "an array of NumPy; save it as PNG"},
	{"\x89HDF", "HDF5; save its images as PNG"},
	{"PK\x03\x04", "a ZIP archive; unpack it"},
	{"\x1f\x8b", "packed by gzip; unpack it"},
	{"Rar!", "a RAR archive; unpack it"},
	{"7z\xbc\xaf", "a 7-Zip archive; unpack it"},
	{"RIFF????AVI", "a video (AVI); save its frames as images"},
	{"RIFF????WAVE", "sound (WAV)"},
	{"\x1aE\xdf\xa3", "a video (WebM or Matroska); save its frames as images"},
	{"\x00\x05\x16\x07", "what macOS keeps about a file; remove it"},
}

// foreign says what a file is that is no image of a known format, and what to do; empty where that is not known.
func foreign(data []byte) string {
	for _, f := range foreigners {
		if begins(data, f.magic) {
			return f.what
		}
	}
	switch {
	case len(data) > 132 && string(data[128:132]) == "DICM":
		return "DICOM; convert it to PNG"
	case len(data) > 2 && data[0] == 'P' && data[1] >= '1' && data[1] <= '7' && unicode.IsSpace(rune(data[2])):
		return "a portable anymap (PBM, PGM, PPM); convert it to PNG"
	case !slices.ContainsFunc(data, func(b byte) bool { return b != 0 }):
		return "nothing but zeros; fetch it again"
	}
	return markup(data)
}

// markup says what kind of text a file is.
func markup(data []byte) string {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	start := data[:min(len(data), 1000)]
	for len(start) > 0 && len(start) < len(data) && !utf8.Valid(start) && len(start) > 990 {
		start = start[:len(start)-1] // a letter may be cut
	}
	text := strings.TrimSpace(strings.ToLower(string(start)))
	switch {
	case !utf8.Valid(start) || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }):
		return ""
	case strings.Contains(text, "<svg"):
		return "SVG, a drawing; save it as PNG"
	case text == "":
		return "blank text"
	}
	if what := instead.Of(start); what != "" {
		return what
	}
	first, _, _ := strings.Cut(strings.TrimSpace(string(start)), "\n")
	if r := []rune(first); len(r) > 40 {
		first = string(r[:40]) + "..."
	}
	return fmt.Sprintf("text that begins %q", first)
}
