package vision

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestWhatIsNoImageIsNamed(t *testing.T) {
	for content, want := range map[string]string{
		"\x00\x00\x00\x1cftypheic\x00\x00\x00\x00mif1heic":                       "HEIC; convert it to JPEG or PNG",
		"\x00\x00\x00\x20ftypavif\x00\x00\x00\x00avifmif1":                       "AVIF; convert it",
		"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2":                       "a video",
		"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n":                                          "PDF",
		"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>":   "SVG",
		"<svg width=\"1\" height=\"1\"></svg>":                                   "SVG",
		"\n<!DOCTYPE html>\n<html><head><title>404</title></head></html>":        "a web page",
		"\xef\xbb\xbf<HTML><BODY>Not found</BODY></HTML>":                        "a web page",
		"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n": "git lfs pull",
		"/annex/objects/SHA256E-s12--ab.jpg\n":                                   "git annex get",
		"{\"error\": \"not found\"}":                                             "text that begins \"{\\\"error",
		strings.Repeat("\x00", 500):                                              "nothing but zeros",
		"\x00\x00\x00\x0cjP  \r\n\x87\n":                                         "JPEG 2000",
		"\x00\x00\x00\x0cJXL \r\n\x87\n":                                         "JPEG XL",
		"8BPS\x00\x01":                                                           "PSD",
		"PK\x03\x04....":                                                         "ZIP",
		"P6\n2 2\n255\n............":                                             "portable anymap",
		strings.Repeat("\x00", 128) + "DICM........":                             "DICOM",
		"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        ":                       "macOS",
		"Gr\xfc\xdfe, no known encoding \x01\x02":                                "not an image of a known format",
	} {
		_, err := decode([]byte(content))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "JPEG, PNG, GIF, BMP, TIFF, WebP") {
			t.Errorf("%.30q: %v, want %q", content, err, want)
		}
	}
}

func TestRefusalsInOurWords(t *testing.T) {
	_, files := readFormats(t)
	jpeg := files["444.jpg"]
	frame := bytes.Index(jpeg, []byte{0xff, 0xc0})
	changed := func(data []byte, at int, b ...byte) []byte {
		out := slices.Clone(data)
		copy(out[at:], b)
		return out
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"cut":            {jpeg[:len(jpeg)*2/3], "JPEG that is cut short: the file ends before the image does"},
		"header alone":   {jpeg[:20], "JPEG that is cut short"},
		"arithmetic":     {changed(jpeg, frame+1, 0xc9), "JPEG with arithmetic coding is not read; convert it"},
		"lossless":       {changed(jpeg, frame+1, 0xc3), "JPEG with lossless or hierarchical coding is not read"},
		"12 bits":        {changed(jpeg, frame+4, 12), "JPEG with samples of 12 bits is not read"},
		"big":            {[]byte("II+\x00\x08\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00"), "TIFF: BigTIFF is not read"},
		"PNG in a BMP":   {changed(files["rgb.bmp"], 30, 5), "BMP: JPEG or PNG within a BMP is not read; convert it to PNG"},
		"cut BMP":        {files["rgb.bmp"][:1000], "BMP that is cut short"},
		"cut runs":       {files["rle8.bmp"][:300], "BMP that is cut short"},
		"cut TIFF":       {files["strips-rgb.tif"][:1000], "TIFF that is cut short"},
		"cut LZW":        {files["rgb-lzw.tif"][:1000], "TIFF that is cut short"},
		"damaged PNG":    {changed(files["rgb.png"], 60, 1, 2, 3), "PNG that is damaged"},
		"cut animation":  {files["animated-lossy.webp"][:120], "WebP that is "},
		"tiff of Group3": {bytes.Replace(files["group3-photometric0.tif"], []byte("\x03\x01\x03\x00\x01\x00\x00\x00\x03"), []byte("\x03\x01\x03\x00\x01\x00\x00\x00\x02"), 1), "without ends of lines is not read; convert it"},
	} {
		if _, err := decode(c.data); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// TestDamageIsAnErrorOrPixels changes bytes of every file: no reader of ours may fail over them.
func TestDamageIsAnErrorOrPixels(t *testing.T) {
	_, files := readFormats(t)
	r := rand.New(rand.NewPCG(1, 2))
	for name, data := range files {
		for range 6 {
			bad := slices.Clone(data)
			for range 1 + r.IntN(4) {
				bad[r.IntN(min(len(bad), 400))] = byte(r.IntN(256))
			}
			bad = bad[:len(bad)-r.IntN(2)*r.IntN(len(bad)/2)]
			if _, err := decode(bad); err != nil && strings.Contains(err.Error(), "whose decoder failed") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
