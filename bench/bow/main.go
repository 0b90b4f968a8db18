// Command bow measures NB logistic regression on all of IMDB, beside scikit-learn's on the same words in the same run:
// time, memory and accuracy.
//
//	python3 -m venv /tmp/peer && /tmp/peer/bin/pip install scikit-learn==1.9.1 numpy==2.4.6
//	FASTNB_MIRROR=... go run ./bench/bow -python /tmp/peer/bin/python
//
// Each is a process of its own, whose peak memory is shown; both read the words' numbers from one file, which is not
// timed. Training counts the terms and fits the model.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/fastnb/fastnb/fastnb/text/bow"
)

var (
	python = flag.String("python", "", "Python with scikit-learn; none measures fastnb alone")
	script = flag.String("script", "bench/bow/sklearn_bow.py", "what measures scikit-learn")
	ngrams = flag.Int("ngrams", 3, "length of the longest terms")
	terms  = flag.Int("terms", 800_000, "number of terms")
	only   = flag.String("only", "", "file of words to measure fastnb on: what the command runs itself with")
)

func main() {
	flag.Parse()
	run := bench
	if *only != "" {
		run = measure
	}
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

// words are the documents in the file that both read.
type words struct {
	Train, Test             bow.Codes
	TrainLabels, TestLabels []int
}

// result is what both print; times are in seconds, and Count is the part of Train before the fit.
type result struct {
	Terms                           int
	Count, Train, Predict, Accuracy float64
}

func bench() error {
	dir, err := os.MkdirTemp("", "bow-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "words.json")
	if err := write(file, dir); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	n, most := strconv.Itoa(*ngrams), strconv.Itoa(*terms)
	fmt.Printf("%-13s %9s %9s %9s %9s %9s %9s\n", "", "terms", "count s", "train s", "predict s", "peak MB", "accuracy")
	if err := show("fastnb", exec.Command(self, "-only", file, "-ngrams", n, "-terms", most)); err != nil ||
		*python == "" {
		return err
	}
	return show("scikit-learn", exec.Command(*python, *script, file, n, most))
}

// show runs a command and prints its result.
func show(name string, cmd *exec.Cmd) error {
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s: %w", cmd, err)
	}
	var r result
	if err := json.Unmarshal(out, &r); err != nil {
		return fmt.Errorf("%s: %w", cmd, err)
	}
	peak := 0.
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		peak = float64(usage.Maxrss) / 1e3
	}
	fmt.Printf("%-13s %9d %9.2f %9.2f %9.2f %9.0f %9.4f\n", name, r.Terms, r.Count, r.Train, r.Predict, peak, r.Accuracy)
	return nil
}

// write writes IMDB's words, in small letters, as numbers.
func write(file, dir string) error {
	path, err := datasets.Fetch("aclImdb")
	if err != nil {
		return err
	}
	docs, err := text.FromFolders(path, text.TrainIn("train"), text.ValidIn("test"), text.WorkDir(dir))
	if err != nil {
		return err
	}
	train, err := tokens(docs, fastnb.Train)
	if err != nil {
		return err
	}
	test, err := tokens(docs, fastnb.Valid)
	if err != nil {
		return err
	}
	numbers := bow.NewWords(train)
	data, err := json.Marshal(words{numbers.Docs(train), numbers.Docs(test), docs.Labels(fastnb.Train),
		docs.Labels(fastnb.Valid)})
	if err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o644)
}

var token = regexp.MustCompile(`\w+|[^\w\s]`)

func tokens(docs *text.Docs, s fastnb.Split) ([][]string, error) {
	all := make([][]string, docs.Len(s))
	for i := range all {
		doc, err := docs.Text(s, i)
		if err != nil {
			return nil, err
		}
		all[i] = token.FindAllString(strings.ToLower(doc), -1)
	}
	return all, nil
}

// measure prints fastnb's result. What comes before the fit is done twice, once to be timed alone.
func measure() error {
	var w words
	data, err := os.ReadFile(*only)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	start := time.Now()
	m, err := bow.Train(w.Train, w.TrainLabels, bow.NGrams(*ngrams), bow.MaxTerms(*terms), bow.NBLogReg)
	if err != nil {
		return err
	}
	trained := time.Now()
	accuracy, err := m.Accuracy(w.Test, w.TestLabels)
	if err != nil {
		return err
	}
	predicted := time.Now()
	found, err := bow.FindTerms(w.Train, bow.NGrams(*ngrams), bow.MaxTerms(*terms))
	if err != nil {
		return err
	}
	found.Matrix(w.Train)
	return json.NewEncoder(os.Stdout).Encode(result{m.Terms.Len(), time.Since(predicted).Seconds(),
		trained.Sub(start).Seconds(), predicted.Sub(trained).Seconds(), accuracy})
}
