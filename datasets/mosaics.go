package datasets

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

	"golang.org/x/image/draw"
)

// MosaicsList is the name of the CSV file that [Mosaics] writes.
const MosaicsList = "mosaics.csv"

// MosaicOption is an option of [Mosaics].
type MosaicOption interface{ mosaics(*maker) }

// TrainCount is how many mosaics are to learn from. Default 480.
type TrainCount int

// ValidCount is how many mosaics are for validation. Default 240.
type ValidCount int

// TestCount is how many mosaics are to judge a model by that was chosen by those for validation. Default 0.
type TestCount int

// Side is the height and width of a mosaic in pixels, an even number. Default 128.
type Side int

// Blanks is how many times as likely a quarter is to have nothing in it as a photo of any one breed. Default 1.
type Blanks int

// MosaicSeed draws other mosaics. Default 2.
type MosaicSeed uint64

func (o TrainCount) mosaics(m *maker) { m.counts[0] = int(o) }
func (o ValidCount) mosaics(m *maker) { m.counts[1] = int(o) }
func (o TestCount) mosaics(m *maker)  { m.counts[2] = int(o) }
func (o Side) mosaics(m *maker)       { m.side = int(o) }
func (o Blanks) mosaics(m *maker)     { m.blanks = int(o) }
func (o MosaicSeed) mosaics(m *maker) { m.seed = uint64(o) }

// Mosaics makes pictures that have several labels, or none, of the photos of pets_sample, and returns the path of their
// list. In each quarter of a picture is the centre of a photo of one of the three breeds or nothing, a plain grey: all
// four are equally likely, but for [Blanks]. They are written into the folders train, valid and test of dir, which it
// makes where needed, the same ones whenever it is called with the same options; the list is written last.
//
// The list is the CSV file [MosaicsList] in dir, a row for each mosaic: file, its path in dir; labels, the breeds that
// are in it, sorted, with a space between them, and nothing where there are none; for each breed a column of its name
// with its share of the area, 0 to 1; and valid, which is false for those to learn from. No photo is in mosaics of two
// folders: those of valid are of photos for validation, and those of test of every fourth photo to learn from, which
// the mosaics of train then do without.
func Mosaics(dir string, opts ...MosaicOption) (list string, err error) {
	m := &maker{dir: dir, counts: [3]int{480, 240, 0}, side: 128, blanks: 1, seed: 2}
	for _, o := range opts {
		o.mosaics(m)
	}
	if err = m.check(); err == nil {
		list, err = m.make()
	}
	if err != nil {
		return "", fmt.Errorf("datasets: Mosaics: %w", err)
	}
	return list, nil
}

// mosaicSplits are the folders of mosaics, in the order in which they are drawn.
var mosaicSplits = [3]string{"train", "valid", "test"}

// maker makes mosaics.
type maker struct {
	dir    string
	counts [3]int // of each of mosaicSplits
	side   int
	blanks int
	seed   uint64
	r      *rand.Rand
	breeds []string
	rows   [][]string // of the list
}

func (m *maker) check() error {
	if m.side < 2 || m.side%2 != 0 {
		return fmt.Errorf("Side(%d) (want an even number of 2 or more)", m.side)
	}
	if m.blanks < 0 {
		return fmt.Errorf("Blanks(%d) (want 0 or more)", m.blanks)
	}
	for i, option := range []string{"TrainCount", "ValidCount", "TestCount"} {
		if n := m.counts[i]; n < 0 {
			return fmt.Errorf("%s(%d) (want 0 or more)", option, n)
		}
	}
	return nil
}

func (m *maker) make() (list string, err error) {
	pets, err := Fetch("pets_sample")
	if err != nil {
		return "", err
	}
	m.r, list = rand.New(rand.NewPCG(15, m.seed)), filepath.Join(m.dir, MosaicsList)
	if err := os.Remove(list); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	if m.breeds, err = namesIn(filepath.Join(pets, "train")); err != nil {
		return "", err
	}
	m.rows = [][]string{append(append([]string{"file", "labels"}, m.breeds...), "valid")}
	for i, split := range mosaicSplits {
		if err := m.split(pets, split, m.counts[i]); err != nil {
			return "", err
		}
	}
	f, err := os.Create(list)
	if err != nil {
		return "", err
	}
	return list, errors.Join(csv.NewWriter(f).WriteAll(m.rows), f.Close())
}

// split makes the n mosaics of a split.
func (m *maker) split(pets, split string, n int) error {
	if n == 0 {
		return nil
	}
	if err := os.MkdirAll(filepath.Join(m.dir, split), 0o755); err != nil {
		return err
	}
	photos := make([][]string, len(m.breeds))
	for i, breed := range m.breeds {
		var err error
		if photos[i], err = m.photos(pets, split, breed); err != nil {
			return err
		}
	}
	for i := range n {
		if err := m.one(fmt.Sprintf("%s/%04d.jpg", split, i), photos, split != "train"); err != nil {
			return err
		}
	}
	return nil
}

// photos returns the photos of a breed that mosaics of a split are made of.
func (m *maker) photos(pets, split, breed string) (paths []string, err error) {
	folder := "train"
	if split == "valid" {
		folder = split
	}
	dir := filepath.Join(pets, folder, breed)
	names, err := namesIn(dir)
	for i, name := range names {
		if forTest := i%4 == 3; split == "valid" || m.counts[2] == 0 || forTest == (split == "test") {
			paths = append(paths, filepath.Join(dir, name))
		}
	}
	return paths, err
}

// one makes a mosaic.
func (m *maker) one(file string, photos [][]string, valid bool) error {
	img, half := image.NewRGBA(image.Rect(0, 0, m.side, m.side)), m.side/2
	shares := make([]float64, len(m.breeds))
	for q := range 4 {
		at := image.Rect(0, 0, half, half).Add(image.Pt(q%2*half, q/2*half))
		breed := m.r.IntN(len(m.breeds) + m.blanks)
		if breed >= len(m.breeds) {
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

// row is the row of a mosaic in the list.
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

// namesIn returns the names in a folder, sorted.
func namesIn(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, err
}
