package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb/vision"
)

// photos are a set that the methods are tried on.
type photos struct {
	name    string // of the data set
	size    int    // pixels
	epochs  int    // of everything, after headEpochs of the head; fastai's as well
	augment vision.Transforms
	crop    vision.Crop // fastai's as well: Resize or RandomResizedCrop
	train   picks
	valid   picks
}

// picks are the photos of a split that are taken: n of each class from a folder, or the share of what another left.
type picks struct {
	folder string
	each   int     // of a class; 0: all
	share  float64 // of the training folder's, by class, which are then not trained on
}

// sets are two whose photos are like ImageNet's, one of plants, and one of tiny pictures, enlarged. All are few photos.
// The plants get more epochs, as most is to be learned there, and are seen in random parts.
var sets = []photos{
	{"plant-seedlings", 128, 12, vision.TopDown, vision.CropGoogLeNet, picks{folder: "train"}, picks{share: .15}},
	{"pets_sample", 112, 4, vision.SideOn, vision.CropRandom, picks{folder: "train"}, picks{folder: "valid"}},
	{"dogscats", 112, 4, vision.SideOn, vision.CropRandom, picks{folder: "train", each: 200}, picks{folder: "valid"}},
	{"cifar10", 96, 3, vision.SideOn, vision.CropRandom, picks{folder: "train", each: 200},
		picks{folder: "test", each: 60}},
}

func (p photos) dir(root string, seed uint64) string {
	return filepath.Join(root, fmt.Sprintf("%s-%d", p.name, seed))
}

// prepare lays out the photos that a seed draws: DIR/SET-SEED/train/CLASS and valid/CLASS.
func (p photos) prepare(root string, seed uint64) error {
	dir := p.dir(root, seed)
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	from, err := datasets.Fetch(p.name)
	if err != nil {
		return err
	}
	half := dir + ".part"
	if err := os.RemoveAll(half); err != nil {
		return err
	}
	classes, err := names(filepath.Join(from, p.train.folder))
	if err != nil {
		return err
	}
	for i, class := range classes {
		if err := p.class(from, half, class, i, rand.New(rand.NewPCG(seed, uint64(i)))); err != nil {
			return err
		}
	}
	return os.Rename(half, dir)
}

// class copies one class, the i-th.
func (p photos) class(from, to, class string, i int, r *rand.Rand) error {
	train, err := shuffled(filepath.Join(from, p.train.folder, class), r)
	if err != nil {
		return err
	}
	var valid []string
	if p.valid.share > 0 {
		n := int(p.valid.share*float64(len(train)) + float64(i%2)/2) // a half is rounded down and up in turn
		valid, train = train[:n], train[n:]
	} else if valid, err = shuffled(filepath.Join(from, p.valid.folder, class), r); err != nil {
		return err
	}
	if err := copyAll(first(train, p.train.each), filepath.Join(to, "train", class)); err != nil {
		return err
	}
	return copyAll(first(valid, p.valid.each), filepath.Join(to, "valid", class))
}

func first(files []string, n int) []string {
	if n == 0 || n > len(files) {
		return files
	}
	return files[:n]
}

// shuffled returns the files of a folder in an order that r draws.
func shuffled(dir string, r *rand.Rand) ([]string, error) {
	files, err := names(dir)
	for i := range files {
		files[i] = filepath.Join(dir, files[i])
	}
	r.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
	return files, err
}

func names(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all, err
}

func copyAll(files []string, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, f := range files {
		if err := copyFile(f, filepath.Join(dir, filepath.Base(f))); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}
