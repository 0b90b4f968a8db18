package vision

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/gomlx/gomlx/core/tensors"
)

// TestRealPhotosAgreeWithPillow compares what the net is given of 120 photos with testdata/pets_sample.json.
func TestRealPhotosAgreeWithPillow(t *testing.T) {
	path, err := datasets.Fetch("pets_sample")
	if err != nil {
		t.Fatal(err)
	}
	d, err := FromPaths(path, WorkDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	if d.Len(fastnb.Train) != 480 || d.Len(fastnb.Valid) != 120 || len(d.Classes()) != 3 {
		t.Fatalf("%d and %d photos of %q", d.Len(fastnb.Train), d.Len(fastnb.Valid), d.Classes())
	}
	var want struct{ Photos map[string][6]float64 }
	data, err := os.ReadFile("testdata/pets_sample.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	names := d.Names(fastnb.Valid)
	for b, err := range d.Batches(fastnb.View{Split: fastnb.Valid}) {
		if err != nil {
			t.Fatal(err)
		}
		pix := tensors.MustCopyFlatData[uint8](b.Inputs[0])
		for row, item := range b.Items {
			got, peer := moments(pix[row*224*224*3:(row+1)*224*224*3]), want.Photos[names[item]]
			for k := range got {
				if math.Abs(got[k]-peer[k]) > .1 {
					t.Errorf("%s: mean and deviation %.2f, want %.2f", names[item], got, peer)
					break
				}
			}
		}
	}
}

// moments returns the mean of each channel, then the standard deviations.
func moments(pix []uint8) (m [6]float64) {
	n := float64(len(pix) / 3)
	for i, v := range pix {
		m[i%3] += float64(v) / n
	}
	for i, v := range pix {
		m[3+i%3] += math.Pow(float64(v)-m[i%3], 2) / n
	}
	for k := 3; k < 6; k++ {
		m[k] = math.Sqrt(m[k])
	}
	return m
}
