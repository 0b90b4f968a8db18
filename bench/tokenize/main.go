// Command tokenize measures how many of IMDB's reviews a second are tokenised, beside fastai's tokenize_texts on the
// same machine in the same run, with as many workers as there are cores.
//
//	python3 -m venv /tmp/peer && /tmp/peer/bin/pip install fastai==2.8.12 torch==2.15.0 spacy==3.8.18
//	FASTNB_MIRROR=... go run ./bench/tokenize -python /tmp/peer/bin/python
//
// Both have the texts in memory and make the tokens of all of them. Beside that stands the whole way of fastnb, from
// files to a corpus on disk, the second time from a cache. The libraries are measured in turns, and the medians
// compared.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/fastnb/fastnb/bench/internal/figures"
	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
)

var (
	python = flag.String("python", "", "Python with fastai; none measures fastnb alone")
	script = flag.String("script", "bench/tokenize/fastai_tokenize.py", "what measures fastai")
	docs   = flag.Int("docs", 4000, "documents to tokenise")
	turns  = flag.Int("turns", 5, "turns of each library")
)

func main() {
	flag.Parse()
	if err := bench(); err != nil {
		log.Fatal(err)
	}
}

// rates are documents per second, one for each turn, and the number of tokens.
type rates struct {
	DocsPerSecond []float64 `json:"docs_per_second"`
	Tokens        int       `json:"tokens"`
}

func bench() error {
	path, err := datasets.Fetch("aclImdb_unsup")
	if err != nil {
		return err
	}
	texts, err := read(path)
	if err != nil {
		return err
	}
	var ours, theirs rates
	for range *turns {
		ours.measure(texts)
		if *python != "" {
			if err := theirs.ask(path); err != nil {
				return err
			}
		}
	}
	fmt.Printf("IMDB, %d reviews, %d workers\n", len(texts), runtime.NumCPU())
	fmt.Printf("fastnb  %s documents/s, %d tokens\nfastai  %s documents/s, %d tokens\nratio of medians %s\n",
		figures.Spread(ours.DocsPerSecond, 0), ours.Tokens, figures.Spread(theirs.DocsPerSecond, 0), theirs.Tokens,
		figures.Ratio(ours.DocsPerSecond, theirs.DocsPerSecond))
	return corpus(path)
}

// read returns the texts of the first documents.
func read(path string) ([]string, error) {
	all, err := text.FromFolders(path, text.In("train/unsup"))
	if err != nil {
		return nil, err
	}
	texts := make([]string, min(*docs, all.Len(fastnb.Train)))
	for i := range texts {
		if texts[i], err = all.Text(fastnb.Train, i); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// measure makes the tokens of all texts on all cores.
func (r *rates) measure(texts []string) {
	tokens, workers := make([][]string, len(texts)), runtime.NumCPU()
	start := time.Now()
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := w; i < len(texts); i += workers {
				tokens[i] = text.English.Tokens(texts[i])
			}
		})
	}
	wait.Wait()
	r.DocsPerSecond = append(r.DocsPerSecond, float64(len(texts))/time.Since(start).Seconds())
	r.Tokens = 0
	for _, t := range tokens {
		r.Tokens += len(t)
	}
}

// ask has fastai measured.
func (r *rates) ask(path string) error {
	cmd := exec.Command(*python, *script, "--data", path, "--docs", strconv.Itoa(*docs), "--workers",
		strconv.Itoa(runtime.NumCPU()))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s: %w", *script, err)
	}
	var said rates
	if err := json.Unmarshal(out, &said); err != nil {
		return fmt.Errorf("%s: %w", *script, err)
	}
	r.DocsPerSecond, r.Tokens = append(r.DocsPerSecond, said.DocsPerSecond...), said.Tokens
	return nil
}

// corpus measures the way from all files to numbers on disk.
func corpus(path string) error {
	work, err := os.MkdirTemp("", "tokenize")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	for _, when := range []string{"made", "found again"} {
		if err := open(path, work, when); err != nil {
			return err
		}
	}
	return nil
}

func open(path, work, when string) error {
	start := time.Now()
	all, err := text.FromFolders(path, text.In("train/unsup"), text.WorkDir(work))
	if err != nil {
		return err
	}
	listed := time.Now()
	vocab, err := all.Vocab(text.English)
	if err != nil {
		return err
	}
	counted := time.Now()
	c, err := all.Corpus(fastnb.Train, text.English, vocab)
	if err != nil {
		return err
	}
	fmt.Printf("%d files, %d tokens, %s: listed in %.2f s, vocabulary of %d in %.2f s, corpus in %.2f s\n", c.Len(),
		len(c.Codes()), when,
		listed.Sub(start).Seconds(), vocab.Len(), counted.Sub(listed).Seconds(), time.Since(counted).Seconds())
	return c.Close()
}
