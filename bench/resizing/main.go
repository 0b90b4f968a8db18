// Command resizing measures progressive resizing: EfficientNet-Lite0 on Plant Seedlings, fine-tuned at 64, 128 and 224
// pixels in turn, beside the same net at 224 pixels from the beginning. All sizes are made of the same decoded files
// (vision.Presize). It tells accuracy and log loss at 224 pixels, and the seconds that it took from the pretrained net
// to the last prediction, compiling included:
//
//	GLIBC_TUNABLES=glibc.malloc.hugetlb=1 go run ./bench/resizing -out testdata/resizing.json    # seeds 0 to 2
//
// Seeds that are in -out already are not run again. The bar: the accuracy of the fixed size in at most 70% of its time.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/fastnb/fastnb/bench/internal/results"
	"github.com/fastnb/fastnb/datasets"
)

var (
	seeds       = flag.String("seeds", "0,1,2", "seeds, of the validation photos and of the learner")
	out         = flag.String("out", "", "file of results; runs that it has are not run again")
	data        = flag.String("data", "", "folder with train/CLASS (default: Plant Seedlings)")
	work        = flag.String("work", filepath.Join(os.TempDir(), "fastnb-resizing"), "folder for decoded photos")
	fixed       = flag.String("fixed", "224:24", "size and epochs of the fixed size")
	progressive = flag.String("progressive", "64:8,128:12,224:8", "sizes and epochs of progressive resizing")
)

func main() {
	flag.Parse()
	log.SetFlags(0)
	if err := compare(); err != nil {
		log.Fatal(err)
	}
}

// compare runs what is not in the file of results yet, and prints the table.
func compare() error {
	ways, err := waysOf(*fixed, *progressive)
	if err != nil {
		return err
	}
	runs, err := results.Read[result](*out)
	if err != nil {
		return err
	}
	path := *data
	if path == "" {
		if path, err = datasets.Fetch("plant-seedlings"); err != nil {
			return err
		}
	}
	for _, seed := range strings.Split(*seeds, ",") {
		n, err := strconv.ParseUint(seed, 10, 64)
		if err != nil {
			return fmt.Errorf("-seeds %s: %w", *seeds, err)
		}
		if runs, err = runAll(ways, path, n, runs); err != nil {
			return err
		}
	}
	return table(os.Stdout, ways, runs)
}

// runAll runs all ways by one seed, every other seed from the last to the first, as a machine that others use is
// faster at some times than at others.
func runAll(ways []way, path string, seed uint64, runs []result) ([]result, error) {
	ways = slices.Clone(ways)
	if seed%2 == 1 {
		slices.Reverse(ways)
	}
	for _, w := range ways {
		done := func(r result) bool { return r.Seed == seed && r.Way == w.name && r.Plan == w.plan }
		if slices.ContainsFunc(runs, done) {
			continue
		}
		r, err := w.run(path, seed)
		if err != nil {
			return runs, fmt.Errorf("%s, seed %d: %w", w.name, seed, err)
		}
		fmt.Println(r)
		runs = append(runs, r)
		if err := results.Write(*out, runs); err != nil {
			return runs, err
		}
	}
	return runs, nil
}
