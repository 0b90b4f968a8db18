package bow_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/fastnb/fastnb/fastnb/text/bow"
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var word = regexp.MustCompile(`\w+|[^\w\s]`)

// tokens cuts the documents of a split into words and punctuation, in small letters.
func tokens(t *testing.T, docs *text.Docs, s fastnb.Split) (all [][]string) {
	t.Helper()
	for i := range docs.Len(s) {
		doc, err := docs.Text(s, i)
		check(t, err)
		all = append(all, word.FindAllString(strings.ToLower(doc), -1))
	}
	return all
}

// All of IMDB: fast.ai 0.7's notebook has .807 for naive Bayes on counts of words and .826 on ones, .883 for logistic
// regression on words, .915 to .916 with the ratio on runs of up to three of 800,000 terms, and .9165 to .9235 with dotprod_nb.
func TestIMDB(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: learns from 25,000 reviews")
	}
	if os.Getenv("FASTNB_MIRROR") == "" {
		t.Skip("aclImdb is not in the repository; FASTNB_MIRROR names a folder that has it")
	}
	path, err := datasets.Fetch("aclImdb")
	check(t, err)
	docs, err := text.FromFolders(path, text.TrainIn("train"), text.ValidIn("test"), text.WorkDir(t.TempDir()))
	check(t, err)
	words := tokens(t, docs, fastnb.Train)
	numbers := bow.NewWords(words)
	train, test := numbers.Docs(words), numbers.Docs(tokens(t, docs, fastnb.Valid))
	for _, c := range []struct {
		method bow.Method
		ngrams int
		counts bool
		least  float64
	}{
		{bow.NaiveBayes, 1, true, .807},
		{bow.NaiveBayes, 1, false, .820},
		{bow.LogReg, 1, false, .880},
		{bow.NBSVM, 3, false, .915},
		{bow.NBLogReg, 3, false, .915},
		{bow.DotProdNB, 3, false, .918},
	} {
		m, err := bow.Train(train, docs.Labels(fastnb.Train), c.method, bow.NGrams(c.ngrams), bow.Counts(c.counts),
			bow.MaxTerms(800_000))
		check(t, err)
		got, err := m.Accuracy(test, docs.Labels(fastnb.Valid))
		check(t, err)
		t.Logf("%-23s runs of up to %d, counts %-5t %.4f", c.method, c.ngrams, c.counts, got)
		if got < c.least || got > .94 {
			t.Errorf("%s: accuracy %.4f, want %.3f or a little more", c.method, got, c.least)
		}
	}
}
