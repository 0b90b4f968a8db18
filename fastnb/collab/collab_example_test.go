package collab_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/collab"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// kitchen returns a trained learner of what twenty people think of soup, curry, cake and ice: half of them like it hot. Ann has
// tried two dishes.
func kitchen() *collab.Learner {
	who, what, stars := []string{"Ann", "Ann"}, []string{"soup", "cake"}, []float64{5, 1}
	for p := range 20 {
		for d, dish := range []string{"soup", "curry", "cake", "ice"} {
			rating := 1.0
			if p%2 == d/2 {
				rating = 5
			}
			who, what, stars = append(who, fmt.Sprint("guest ", p)), append(what, dish), append(stars, rating)
		}
	}
	table, err := tabular.NewTable(tabular.Texts("who", who), tabular.Texts("dish", what), tabular.Numbers("stars", stars))
	if err != nil {
		log.Fatal(err)
	}
	data, err := collab.FromTable(table, "who", "dish", "stars", tabular.ValidRows([]int{5, 9}), tabular.BatchSize(16),
		tabular.WorkDir(work()))
	if err != nil {
		log.Fatal(err)
	}
	learn, err := collab.NewLearner(data, collab.Factors(5), collab.YRange(0, 5.5), collab.With(fastnb.WithProgress(nil)))
	if err != nil {
		log.Fatal(err)
	}
	if err := learn.FitOneCycle(fastnb.LR(.1), 30); err != nil {
		log.Fatal(err)
	}
	return learn
}

func work() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("fastnb-collab-examples-%d", os.Getuid()))
}

func ExampleNewLearner() {
	loss, _, err := kitchen().Validate()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("two ratings that it has not seen, right within half a star:", loss < .25)
	// Output: two ratings that it has not seen, right within half a star: true
}

func ExampleLearner_Recommend() {
	advice, err := kitchen().Recommend("Ann", 1)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(advice[0].Item)
	// Output: curry
}

func ExampleLearner_Items() {
	items, err := kitchen().Items()
	if err != nil {
		log.Fatal(err)
	}
	last := collab.Popular(items, 4)[3]
	fmt.Println(len(items), "dishes;", last.Name, "has the fewest ratings,", last.Ratings, "and each has", len(last.Factors), "factors")
	// Output: 4 dishes; ice has the fewest ratings, 18 and each has 5 factors
}
