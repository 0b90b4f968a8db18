package vision

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/gomlx/gomlx/core/tensors"
)

// pixelsOf returns all that the view yields: pixels of the real rows one after the other, then the transforms.
func pixelsOf(t testing.TB, d *Data, v fastnb.View) (all []float32) {
	t.Helper()
	for b, err := range d.Batches(v) {
		if err != nil {
			t.Fatal(err)
		}
		pix := tensors.MustCopyFlatData[uint8](b.Inputs[0])
		for _, x := range pix[:len(pix)/d.BatchSize()*len(b.Items)] {
			all = append(all, float32(x))
		}
		if v.Augment {
			all = append(all, tensors.MustCopyFlatData[float32](b.Inputs[1])[:6*len(b.Items)]...)
			all = append(all, tensors.MustCopyFlatData[float32](b.Inputs[3])[:2*len(b.Items)]...)
		}
	}
	return all
}

func TestBatchesAreWholeAndPadded(t *testing.T) {
	d := open(t, tree(t))
	var items []int
	n := 0
	for b, err := range d.Batches(fastnb.View{Split: fastnb.Train}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		items = append(items, b.Items...)
		if got := b.Inputs[0].Shape(); !slices.Equal(got.Dimensions, []int{4, 16, 16, 3}) || !got.Equal(d.InputShapes()[0]) {
			t.Fatalf("images of shape %s, InputShapes tells %v", got, d.InputShapes())
		}
		labels := tensors.MustCopyFlatData[int32](b.Labels)
		for row, item := range b.Items {
			if int(labels[row]) != d.Labels(fastnb.Train)[item] {
				t.Errorf("item %d has label %d", item, labels[row])
			}
		}
		if len(b.Items) == 3 {
			pix := tensors.MustCopyFlatData[uint8](b.Inputs[0])
			row := len(pix) / 4
			if !slices.Equal(pix[2*row:3*row], pix[3*row:]) {
				t.Error("the last item is not repeated")
			}
		}
	}
	if n != 3 || len(items) != 11 || !slices.IsSorted(items) {
		t.Errorf("%d batches of items %d", n, items)
	}
}

func TestShuffledBatches(t *testing.T) {
	d := open(t, tree(t))
	read := func(seed uint64) (items []int) {
		for b, err := range d.Batches(fastnb.View{Shuffle: true, Seed: seed}) {
			if err != nil {
				t.Fatal(err)
			}
			items = append(items, b.Items...)
		}
		return items
	}
	if len(read(1)) != 8 {
		t.Errorf("%d items, want 2 batches of 4", len(read(1)))
	}
	if !slices.Equal(read(1), read(1)) || slices.Equal(read(1), read(2)) || slices.IsSorted(read(1)) {
		t.Errorf("orders %d, %d", read(1), read(2))
	}
}

func TestBatchSizeAboveTheData(t *testing.T) {
	d := open(t, tree(t), BatchSize(64))
	if d.BatchSize() != 11 {
		t.Fatalf("batch size %d, want all 11 images", d.BatchSize())
	}
	n := 0
	for b, err := range d.Batches(fastnb.View{Shuffle: true, Augment: true}) {
		n++
		if err != nil || len(b.Items) != 11 {
			t.Error(b.Items, err)
		}
	}
	if n != 1 {
		t.Errorf("%d batches", n)
	}
}

func TestTestBatchesHaveNoLabels(t *testing.T) {
	d := open(t, tree(t))
	for b, err := range d.Batches(fastnb.View{Split: fastnb.Test}) {
		if err != nil || b.Labels != nil {
			t.Error(b.Labels, err)
		}
	}
}

func TestNoSuchSplit(t *testing.T) {
	d := open(t, tree(t), TestFolder("none"))
	n := 0
	for _, err := range d.Batches(fastnb.View{Split: fastnb.Test}) {
		n++
		if !errors.Is(err, fastnb.ErrNoSplit) {
			t.Error(err)
		}
	}
	if _, err := d.Images(fastnb.View{Split: fastnb.Test}, 0); n != 1 || !errors.Is(err, fastnb.ErrNoSplit) {
		t.Error(n, err)
	}
}

func TestAViewIsAlwaysTheSame(t *testing.T) {
	dir := tree(t)
	v := fastnb.View{Shuffle: true, Augment: true, Seed: 5}
	want := pixelsOf(t, open(t, dir, Augment(TopDown), Workers(1)), v)
	if !slices.Equal(pixelsOf(t, open(t, dir, Augment(TopDown), Workers(7)), v), want) {
		t.Error("the number of workers changes the view")
	}
	v.Seed = 6
	if slices.Equal(pixelsOf(t, open(t, dir, Augment(TopDown)), v), want) {
		t.Error("another seed yields the same view")
	}
}

func TestTransformsDependOnTheItemAlone(t *testing.T) {
	d := open(t, tree(t), Augment(SideOn))
	one, err := d.batch(fastnb.View{Augment: true, Seed: 3}, []int{7}, 1)
	if err != nil {
		t.Fatal(err)
	}
	many, err := d.batch(fastnb.View{Augment: true, Seed: 3}, []int{2, 9, 7}, 4)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := tensors.MustCopyFlatData[float32](one.Inputs[1]), tensors.MustCopyFlatData[float32](many.Inputs[1]); !slices.Equal(a, b[12:18]) {
		t.Errorf("%v in a batch of its own, %v with others", a, b[12:18])
	}
}

// unaugmented has nothing to draw, so that its augmented view must show the clean pixels.
func TestAugmentedViewWithoutTransformsIsClean(t *testing.T) {
	dir := tree(t)
	for name, opts := range map[string][]DataOption{
		"cut":      {CropCenter, Augment(None)},
		"squashed": {CropNo, Augment(None), MaxZoom(1.3)},
	} {
		d := open(t, dir, opts...)
		items := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10} // upright and wide ones
		clean, err := d.Images(fastnb.View{}, items...)
		if err != nil {
			t.Fatal(err)
		}
		augmented, err := d.Images(fastnb.View{Augment: true, Seed: 8}, items...)
		if err != nil {
			t.Fatal(err)
		}
		for i := range items {
			if a, b := fromImage(clean[i]), fromImage(augmented[i]); !slices.Equal(a.pix, b.pix) {
				mean, largest := difference(t, a, b)
				t.Errorf("%s: item %d differs by %g, at most %g", name, i, mean, largest)
			}
		}
	}
}

func TestCleanImagesAreTheScaledFile(t *testing.T) {
	dir := tree(t)
	d := open(t, dir)
	images, err := d.Images(fastnb.View{Split: fastnb.Valid}, 4)
	if err != nil {
		t.Fatal(err)
	}
	p, err := decodeFile(filepath.Join(dir, d.Names(fastnb.Valid)[4]))
	if err != nil {
		t.Fatal(err)
	}
	want := newPicture(16, 16)
	shape{size: 16, longest: 999}.scale(p).cutCentre(want.pix, 16)
	if got := fromImage(images[0]); !slices.Equal(got.pix, want.pix) {
		t.Error("other pixels")
	}
}

func TestAugmentedPicturesDiffer(t *testing.T) {
	d := open(t, tree(t), Augment(TopDown))
	six, err := d.Augmented(fastnb.Train, 3, 6)
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range six {
		for _, b := range six[:i] {
			if slices.Equal(fromImage(a).pix, fromImage(b).pix) {
				t.Error("two of six are the same")
			}
		}
	}
	if _, err := d.Augmented(fastnb.Train, 11, 1); err == nil {
		t.Error("no error for an item that is not there")
	}
}

func TestBreakingOffLeavesNothingBehind(t *testing.T) {
	d := open(t, tree(t), BatchSize(1))
	before := runtime.NumGoroutine()
	for range 20 {
		for _, err := range d.Batches(fastnb.View{Augment: true}) {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

func TestLoadingRunsAheadByTwoBatches(t *testing.T) {
	dir := tree(t)
	d := open(t, dir, BatchSize(1))
	good := 0
	for _, err := range d.Batches(fastnb.View{}) {
		if err != nil {
			break
		}
		if good++; good == 1 {
			time.Sleep(200 * time.Millisecond) // what is loaded ahead is loaded now
			loseTrainPixels(t, dir)
		}
	}
	if good != 1+ahead {
		t.Errorf("%d batches were loaded ahead, want %d", good-1, ahead)
	}
}

// loseTrainPixels cuts the file of decoded training images.
func loseTrainPixels(t *testing.T, dir string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "tmp", "images-train*"))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	if err := os.Truncate(found[0], 0); err != nil {
		t.Fatal(err)
	}
}

func TestLostPixelsAreAnError(t *testing.T) {
	dir := tree(t)
	d := open(t, dir)
	loseTrainPixels(t, dir)
	for _, err := range d.Batches(fastnb.View{}) {
		if err == nil || !strings.Contains(err.Error(), "delete "+filepath.Join(dir, "tmp")) {
			t.Error(err)
		}
	}
}

func TestEverySplitCanBeAugmented(t *testing.T) {
	d := open(t, tree(t), Augment(SideOn))
	for _, s := range []fastnb.Split{fastnb.Train, fastnb.Valid, fastnb.Test} {
		clean, augmented := pixelsOf(t, d, fastnb.View{Split: s}), pixelsOf(t, d, fastnb.View{Split: s, Augment: true, Seed: 1})
		if len(augmented) <= len(clean) || len(clean) != 3*16*16*d.Len(s) {
			t.Errorf("%s: %d numbers clean, %d augmented", s, len(clean), len(augmented))
		}
	}
}
