package vision

import (
	"archive/zip"
	"encoding/binary"
	"io"
	"strings"
	"testing"
)

// Whatever bytes stand where an image should: decoding gives an image of the size that was told beforehand, or an error,
// and a decoder of ours never fails at what it did not foresee. go test -fuzz FuzzDecode ./fastnb/vision goes on from the
// pictures in testdata.
func FuzzDecode(f *testing.F) {
	for _, data := range smallPictures(f, 1<<11) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		form, err := formatOf(data)
		if err != nil {
			return
		}
		if w, h, err := form.size(data); err == nil && w > 0 && h > 0 && w > 1<<20/h {
			return // large: it takes long to fill
		}
		p, err := decode(data)
		switch ours := form.id == "bmp" || form.id == "tiff"; {
		case err == nil && (p.w < 1 || p.h < 1 || len(p.pix) != 3*p.w*p.h):
			t.Errorf("%d x %d pixels of %d bytes", p.w, p.h, len(p.pix))
		case err != nil && ours && strings.Contains(err.Error(), "whose decoder failed"):
			t.Error(err)
		case err != nil && strings.TrimSpace(err.Error()) == "":
			t.Errorf("an error without a word: %q", err)
		}
	})
}

// Whatever stands where EXIF should: there is an orientation, 1 to 8, and no end that is missed.
func FuzzOrientation(f *testing.F) {
	for _, data := range smallPictures(f, 1<<11) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, form := range formats {
			if o := orientation(form.id, data); o < 0 || o > 8 {
				t.Errorf("%s: orientation %d", form.name, o)
			}
		}
	})
}

// smallPictures returns the files of testdata/formats.zip that have less than so many bytes.
func smallPictures(f *testing.F, below uint64) (all [][]byte) {
	f.Helper()
	r, err := zip.OpenReader("testdata/formats.zip")
	if err != nil {
		f.Fatal(err)
	}
	defer r.Close()
	for _, member := range r.File {
		if member.UncompressedSize64 >= below {
			continue
		}
		in, err := member.Open()
		if err != nil {
			f.Fatal(err)
		}
		data, err := io.ReadAll(in)
		in.Close()
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, data)
	}
	if len(all) < 20 {
		f.Fatalf("%d pictures (want 20 or more)", len(all))
	}
	return append(all, endless())
}

// endless is a TIFF whose directories follow one another in a ring.
func endless() []byte {
	ring := []byte("II*\x00\x08\x00\x00\x00\x00\x00")
	return binary.LittleEndian.AppendUint32(ring, 8)
}
