package datasets_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/datasets"
)

// A folder of a mirror stands for Kaggle, and needs no account.
func ExampleCompetition() {
	mirror, err := os.MkdirTemp("", "mirror")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(mirror)
	defer os.Setenv("FASTNB_MIRROR", os.Getenv("FASTNB_MIRROR"))
	os.Setenv("FASTNB_MIRROR", mirror)
	fmt.Println(os.CopyFS(filepath.Join(mirror, "titanic"), os.DirFS("pets_sample")))

	dir, err := datasets.Competition("https://www.kaggle.com/competitions/titanic")
	fmt.Println(filepath.Base(dir), err)
	// Output:
	// <nil>
	// titanic <nil>
}

func ExampleCompetitionContext() {
	_, err := datasets.CompetitionContext(context.Background(), "House Prices")
	fmt.Println(err)
	// Output: datasets: "House Prices" is no competition's name: want what its page's address ends in, as plant-seedlings-classification of https://www.kaggle.com/competitions/plant-seedlings-classification
}
