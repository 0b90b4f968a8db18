package text_test

import (
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// A net that looks at the last character alone learns a text in which that is enough.
func ExampleNewNet() {
	dir, err := os.MkdirTemp("", "net")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	docs, err := text.FromTexts([]string{strings.Repeat("do re mi, ", 60)}, nil, text.WorkDir(dir))
	if err != nil {
		log.Fatal(err)
	}
	data, err := text.ForLanguageModel(docs, text.WithTokenizer(text.Characters), text.BatchSize(4), text.BPTT(5))
	if err != nil {
		log.Fatal(err)
	}
	var table text.Net = func(s *model.Scope, codes *graph.Node, words int) *graph.Node { // what follows what
		return nn.Embedding(s.At("table"), codes, words, words)
	}
	learn, err := text.NewNet(data, "bigrams", table, nil, text.With(fastnb.WithProgress(nil)))
	if err != nil {
		log.Fatal(err)
	}
	if err := learn.Fit(fastnb.LR(.1), 3); err != nil {
		log.Fatal(err)
	}
	next, err := learn.NextWords("m", 1)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("after m comes %q\n", next[0].Word)
	// Output: after m comes "i"
}
