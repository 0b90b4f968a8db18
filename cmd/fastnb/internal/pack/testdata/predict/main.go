// Command predict is what the test packs: it predicts the heights of a competition's test.csv by a saved model.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"

	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatalf("%d arguments (want COMPETITION MODEL)", len(os.Args)-1)
	}
	dir := nb.Must(datasets.Competition(os.Args[1]))
	test := nb.Must(fastnb.ReadSubmission(filepath.Join(dir, "test.csv")))
	learn := nb.Must(tabular.Open(os.Args[2]))
	s := fastnb.Submission{Header: []string{"id", "weight"}}
	for _, row := range test.Rows {
		p := nb.Must(learn.PredictRow(tabular.Row{"height": nb.Must(strconv.ParseFloat(row[1], 64))}))
		s.Rows = append(s.Rows, []string{row[0], fmt.Sprint(p.Probs[0][0])})
	}
	nb.Check(s.Write("submission.csv"))
	fmt.Println("predicted", len(s.Rows), "rows")
}
