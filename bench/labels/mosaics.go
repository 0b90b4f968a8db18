package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/fastnb/fastnb/datasets"
	"golang.org/x/image/draw"
)

// listName is the CSV file of the mosaics: file, labels, a column for each breed's share of the area, and valid.
const listName = "mosaics.csv"

// mosaics makes the mosaics in a folder, the same whenever it is called with the same flags: those for validation are
// made of photos for validation.
func mosaics(dir string) error {
	pets, err := datasets.Fetch("pets_sample")
	if err != nil {
		return err
	}
	m := &maker{dir: dir, r: rand.New(rand.NewPCG(15, 2))}
	if m.breeds, err = names(filepath.Join(pets, "train")); err != nil {
		return err
	}
	m.rows = [][]string{append(append([]string{"file", "labels"}, m.breeds...), "valid")}
	for _, part := range []struct {
		split string
		n     int
	}{{"train", *trains}, {"valid", *valids}} {
		if err := m.split(filepath.Join(pets, part.split), part.split, part.n); err != nil {
			return err
		}
	}
	f, err := os.Create(filepath.Join(dir, listName))
	if err != nil {
		return err
	}
	return errors.Join(csv.NewWriter(f).WriteAll(m.rows), f.Close())
}

// maker makes mosaics.
type maker struct {
	dir    string
	r      *rand.Rand
	breeds []string
	rows   [][]string // of the CSV file
}

// split makes the mosaics of a split of photos.
func (m *maker) split(photos, name string, n int) error {
	if err := os.MkdirAll(filepath.Join(m.dir, name), 0o755); err != nil {
		return err
	}
	files := make([][]string, len(m.breeds))
	for i, breed := range m.breeds {
		var err error
		if files[i], err = names(filepath.Join(photos, breed)); err != nil {
			return err
		}
		for k := range files[i] {
			files[i][k] = filepath.Join(photos, breed, files[i][k])
		}
	}
	for i := range n {
		file := fmt.Sprintf("%s/%04d.jpg", name, i)
		if err := m.one(file, files, name == "valid"); err != nil {
			return err
		}
	}
	return nil
}

// one makes a mosaic: in each quarter a photo of one of the breeds or nothing, a plain colour, all equally likely.
func (m *maker) one(file string, photos [][]string, valid bool) error {
	img := image.NewRGBA(image.Rect(0, 0, *side, *side))
	shares := make([]float64, len(m.breeds))
	for q := range 4 {
		at := image.Rect(0, 0, *side/2, *side/2).Add(image.Pt(q%2**side/2, q/2**side/2))
		breed := m.r.IntN(len(m.breeds) + 1)
		if breed == len(m.breeds) {
			grey := color.Gray{uint8(m.r.IntN(256))}
			draw.Draw(img, at, image.NewUniform(grey), image.Point{}, draw.Src)
			continue
		}
		shares[breed] += .25
		if err := paste(img, at, photos[breed][m.r.IntN(len(photos[breed]))]); err != nil {
			return err
		}
	}
	m.rows = append(m.rows, m.row(file, shares, valid))
	f, err := os.Create(filepath.Join(m.dir, filepath.FromSlash(file)))
	if err != nil {
		return err
	}
	return errors.Join(jpeg.Encode(f, img, &jpeg.Options{Quality: 95}), f.Close())
}

// row is the row of a mosaic in the CSV file.
func (m *maker) row(file string, shares []float64, valid bool) []string {
	var labels, numbers []string
	for i, share := range shares {
		if share > 0 {
			labels = append(labels, m.breeds[i])
		}
		numbers = append(numbers, strconv.FormatFloat(share, 'g', -1, 64))
	}
	row := append([]string{file, strings.Join(labels, " ")}, numbers...)
	return append(row, strconv.FormatBool(valid))
}

// paste scales the centre square of a photo into a part of an image.
func paste(to *image.RGBA, at image.Rectangle, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	photo, _, err := image.Decode(f)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	b := photo.Bounds()
	n := min(b.Dx(), b.Dy())
	square := image.Rect(0, 0, n, n).Add(b.Min).Add(image.Pt((b.Dx()-n)/2, (b.Dy()-n)/2))
	draw.CatmullRom.Scale(to, at, photo, square, draw.Src, nil)
	return nil
}

// names returns the names in a folder, sorted.
func names(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all, err
}
