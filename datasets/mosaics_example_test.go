package datasets_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/fastnb/fastnb/datasets"
)

// A handful of small mosaics, and what is known of the first.
func ExampleMosaics() {
	dir, err := os.MkdirTemp("", "mosaics")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	list, err := datasets.Mosaics(dir, datasets.TrainCount(4), datasets.ValidCount(2), datasets.TestCount(2),
		datasets.Side(64), datasets.Blanks(3), datasets.MosaicSeed(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	rows, err := os.ReadFile(list)
	lines := strings.Split(strings.TrimSpace(string(rows)), "\n")
	fmt.Println(filepath.Base(list) == datasets.MosaicsList, len(lines)-1, "mosaics", err)
	fmt.Println(lines[0])
	fmt.Println(lines[1])
	// Output:
	// true 8 mosaics <nil>
	// file,labels,Abyssinian,Bengal,american_bulldog,valid
	// train/0000.jpg,Bengal,0,0.5,0,false
}
