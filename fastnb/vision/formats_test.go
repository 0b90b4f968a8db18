package vision

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pillowSays is testdata/formats.json: what Pillow makes of the files of formats.zip.
type pillowSays struct {
	Files map[string]struct {
		W, H          int
		Pixels, Error string
	}
	Pixels map[string]string
}

func readFormats(t *testing.T) (pillowSays, map[string][]byte) {
	t.Helper()
	var peer pillowSays
	text, err := os.ReadFile("testdata/formats.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &peer); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.OpenReader("testdata/formats.zip")
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	files := map[string][]byte{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return peer, files
}

func (s pillowSays) picture(t *testing.T, name string) picture {
	t.Helper()
	packed, err := base64.StdEncoding.DecodeString(s.Pixels[s.Files[name].Pixels])
	if err != nil {
		t.Fatal(err)
	}
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	pix, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return picture{s.Files[name].H, s.Files[name].W, pix}
}

// refused are files that Pillow reads and we do not, with what we say.
var refused = map[string]string{
	"ycbcr-jpeg.tif": "TIFF: JPEG compression within a TIFF is not read; convert it to PNG or JPEG",
	"lab.tif":        "TIFF: colours as CIELab are not read; convert it",
	"float.tif":      "TIFF: samples that are not whole numbers from 0 on are not read; convert it",
	"integers.tif":   "TIFF: samples that are not whole numbers from 0 on are not read; convert it",
}

// lossy is what the rounding of a format may differ by, mean and largest, in levels of 255.
func lossy(name string) (mean, largest float64) {
	switch {
	case filepath.Ext(name) == ".jpg":
		return .5, 5
	case strings.Contains(name, "lossy") || name == "animated-alpha.webp":
		return .5, 5
	}
	return 0, 0
}

func TestEveryFormatAgreesWithPillow(t *testing.T) {
	peer, files := readFormats(t)
	if len(files) < 250 || len(files) != len(peer.Files) {
		t.Fatalf("%d files, %d in the table", len(files), len(peer.Files))
	}
	for name, data := range files {
		t.Run(name, func(t *testing.T) {
			p, err := decode(data)
			switch want := refused[name]; {
			case want != "" || peer.Files[name].Error != "":
				if err == nil || want == "" || !strings.Contains(err.Error(), want) {
					t.Errorf("%v, want %q (Pillow: %s)", err, want, peer.Files[name].Error)
				}
				return
			case err != nil:
				t.Fatal(err)
			}
			mean, largest := difference(t, p, peer.picture(t, name))
			if m, l := lossy(name); mean > m || largest > l {
				t.Errorf("mean difference %.3f levels, largest %.0f; want at most %g, %g", mean, largest, m, l)
			}
		})
	}
}
