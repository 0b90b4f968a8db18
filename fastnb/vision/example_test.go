package vision_test

import (
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/vision"
)

// work is a folder for what the examples write.
func work() vision.BatchOption {
	return vision.WorkDir(filepath.Join(os.TempDir(), fmt.Sprintf("fastnb-vision-examples-%d", os.Getuid())))
}

func ExampleFromPaths() {
	data, err := vision.FromPaths("testdata/pets", vision.Size(64), vision.BatchSize(4), vision.Augment(vision.SideOn), work())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(data.Classes())
	fmt.Println(data.Len(fastnb.Train), data.Len(fastnb.Valid), data.Len(fastnb.Test))
	fmt.Println(data.Names(fastnb.Valid)[2], data.Labels(fastnb.Valid)[2])
	// Output:
	// [Bengal american_bulldog]
	// 8 4 0
	// valid/american_bulldog/1.jpg 1
}

// One folder of class folders, a quarter of it for validation.
func ExampleValidShare() {
	data, err := vision.FromPaths("testdata/pets/train", vision.ValidShare(.25), vision.Size(64), work())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(data.Len(fastnb.Train), data.Len(fastnb.Valid))
	// Output: 6 2
}

func ExampleData_Batches() {
	data, err := vision.FromPaths("testdata/pets", vision.Size(64), vision.BatchSize(3), work())
	if err != nil {
		log.Fatal(err)
	}
	for batch, err := range data.Batches(fastnb.View{Split: fastnb.Valid}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(batch.Inputs[0].Shape(), batch.Labels, batch.Items)
	}
	// Output:
	// (Uint8)[3, 64, 64, 3] [3]int32{0, 0, 1} [0 1 2]
	// (Uint8)[3, 64, 64, 3] [3]int32{1, 1, 1} [3]
}

// The same photo augmented six ways.
func ExampleData_Augmented() {
	data, err := vision.FromPaths("testdata/pets", vision.Size(64), vision.Augment(vision.TopDown), work())
	if err != nil {
		log.Fatal(err)
	}
	pictures, err := data.Augmented(fastnb.Train, 0, 6)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(pictures), pictures[0].Bounds())
	// Output: 6 (0,0)-(64,64)
}

// The first images of a batch as the net sees them.
func ExampleData_Images() {
	data, err := vision.FromPaths("testdata/pets", vision.Size(64), work())
	if err != nil {
		log.Fatal(err)
	}
	pictures, err := data.Images(fastnb.View{Split: fastnb.Valid}, 0, 1, 2)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(pictures), pictures[0].Bounds())
	// Output: 3 (0,0)-(64,64)
}

// Progressive resizing: the same data, larger.
func ExampleData_With() {
	small, err := vision.FromPaths("testdata/pets", vision.Size(32), vision.Augment(vision.SideOn), work())
	if err != nil {
		log.Fatal(err)
	}
	large, err := small.With(vision.Size(64))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(small.Size(), large.Size())
	// Output: 32 64
}

// Every image that cannot be read is listed at once.
func ExampleUnreadableError() {
	dir, err := os.MkdirTemp("", "pets")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, os.DirFS("testdata/pets")); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "train", "Bengal", "5.jpg"), nil, 0o666); err != nil {
		log.Fatal(err)
	}
	_, err = vision.FromPaths(dir, vision.Size(64))
	var unreadable *vision.UnreadableError
	if errors.As(err, &unreadable) {
		for _, u := range unreadable.Images {
			fmt.Println(filepath.Base(u.Path), "-", u.Reason)
		}
	}
	// Output: 5.jpg - the file is empty
}

// What lies among the images and is none is passed over, and told.
func ExampleData_Skipped() {
	dir, err := os.MkdirTemp("", "pets")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, os.DirFS("testdata/pets")); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "train", "Bengal", "notes.txt"), []byte("striped"), 0o666); err != nil {
		log.Fatal(err)
	}
	data, err := vision.FromPaths(dir, vision.Size(64))
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range data.Skipped() {
		fmt.Println(filepath.Base(s.Path), "-", s.Reason)
	}
	// Output: notes.txt - no image, by name and by content
}
