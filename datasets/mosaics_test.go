package datasets_test

import (
	"bytes"
	"encoding/csv"
	"image"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/datasets"
)

// The rows of a list say what the pictures have: they agree among themselves, and the same options give the same files.
func TestMosaics(t *testing.T) {
	opts := []datasets.MosaicOption{datasets.TrainCount(12), datasets.ValidCount(6), datasets.TestCount(6),
		datasets.Side(32)}
	once, again := t.TempDir(), t.TempDir()
	rows := mosaics(t, once, opts...)
	mosaics(t, again, opts...)
	if len(rows) != 1+12+6+6 {
		t.Fatalf("%d rows (want the header and 24)", len(rows))
	}
	for _, row := range rows[1:] {
		checkRow(t, rows[0], row)
		first, second := contents(t, once, row[0]), contents(t, again, row[0])
		if !bytes.Equal(first, second) {
			t.Errorf("%s: not the same the second time", row[0])
		}
		if c, _, err := image.DecodeConfig(bytes.NewReader(first)); err != nil || c.Width != 32 || c.Height != 32 {
			t.Errorf("%s: %d x %d, %v (want 32 x 32)", row[0], c.Width, c.Height, err)
		}
	}
	for _, row := range mosaics(t, t.TempDir(), append(opts, datasets.Blanks(0))...)[1:] {
		if row[1] == "" {
			t.Errorf("%s: no labels without blanks", row[0])
		}
	}
	other := mosaics(t, t.TempDir(), append(opts, datasets.MosaicSeed(3))...)
	if labels(other) == labels(rows) {
		t.Error("another seed draws the same labels")
	}
}

// mosaics makes mosaics and returns the rows of their list.
func mosaics(t *testing.T, dir string, opts ...datasets.MosaicOption) [][]string {
	t.Helper()
	list, err := datasets.Mosaics(dir, opts...)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(contents(t, "", list))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// checkRow tells where a row does not agree with itself: labels are the breeds with a share, shares are quarters, and
// valid follows from the folder.
func checkRow(t *testing.T, header, row []string) {
	t.Helper()
	var found []string
	for i := 2; i < len(row)-1; i++ {
		share, err := strconv.ParseFloat(row[i], 64)
		if err != nil || share < 0 || share > 1 || share*4 != math.Trunc(share*4) {
			t.Errorf("%s: share %s of %s, %v (want quarters)", row[0], row[i], header[i], err)
		}
		if share > 0 {
			found = append(found, header[i])
		}
	}
	if labels := strings.Join(found, " "); row[1] != labels {
		t.Errorf("%s: labels %q (want %q)", row[0], row[1], labels)
	}
	if valid := row[len(row)-1]; (valid == "false") != strings.HasPrefix(row[0], "train/") {
		t.Errorf("%s: valid is %s", row[0], valid)
	}
}

func labels(rows [][]string) (all string) {
	for _, row := range rows {
		all += row[1] + "\n"
	}
	return all
}

func contents(t *testing.T, dir, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestMosaicsWrongUse(t *testing.T) {
	for want, opt := range map[string]datasets.MosaicOption{
		"datasets: Mosaics: Side(31) (want an even number": datasets.Side(31),
		"Blanks(-1) (want 0 or more)":                      datasets.Blanks(-1),
		"TestCount(-1) (want 0 or more)":                   datasets.TestCount(-1),
	} {
		if _, err := datasets.Mosaics(t.TempDir(), opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v (want %q)", err, want)
		}
	}
}
