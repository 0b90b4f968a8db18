package main

import (
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/modelfile"
	"github.com/fastnb/fastnb/fastnb/serve"
	"github.com/fastnb/fastnb/internal/atomicfile"
)

// predictForm is how predict is called, and what it does not do.
const predictForm = "[-top N] [-json] [-csv OUT] MODEL FILES...\n" +
	"  of images: files, folders, or - for one from the standard input\n" +
	"  of texts: a file for each text, or - for a text in each line of the standard input\n" +
	"  of a table: a file of rows (CSV, Parquet, JSON), or - for CSV from the standard input\n" +
	"  of ratings: users, or - for one in each line of the standard input\n" +
	"Images are predicted as they are: TTA, the mean of augmented views, is the learner's, with data of FromPaths."

const tokenizerUse = "vocabulary of WordPiece (vocab.txt or tokenizer.json), for a model of texts that wants it"

type predictOptions struct {
	modelfile.Options
	top    int
	asJSON bool
	csv    string
}

// predictFiles predicts files with a saved model.
func predictFiles(ctx context.Context, args []string) error {
	return predictTo(ctx, os.Stdout, os.Stdin, args)
}

func predictTo(ctx context.Context, w io.Writer, stdin io.Reader, args []string) error {
	var opts predictOptions
	rest, err := parse("predict", predictForm, args, -1, func(f *flag.FlagSet) {
		f.IntVar(&opts.top, "top", 3, "how many classes, or items of a user, are told; "+
			"of several labels all that hold are, and this is for -json alone")
		f.BoolVar(&opts.asJSON, "json", false, "print JSON, as fastnb serve answers")
		f.StringVar(&opts.csv, "csv", "", "write a CSV file with the probabilities of all classes")
		f.StringVar(&opts.Tokenizer, "tokenizer", "", tokenizerUse)
	})
	if err != nil {
		return err
	}
	return wrapped("predict", opts.predict(ctx, w, stdin, rest))
}

func (o predictOptions) predict(ctx context.Context, w io.Writer, stdin io.Reader, args []string) error {
	switch {
	case len(args) == 0:
		return errors.New("no model is named (usage: fastnb predict MODEL FILES...)")
	case o.top < 1:
		return fmt.Errorf("-top %d (want 1 or more)", o.top)
	}
	card, err := modelfile.Read(args[0])
	if err != nil {
		return err
	}
	in, err := modelfile.Gather(card, args[1:], stdin)
	if err != nil {
		return err
	}
	out, err := o.file()
	if err != nil {
		return err
	}
	defer out.Discard()
	if n := in.Len(); card.Image != nil && card.Image.Net != nil && n < card.Image.BatchSize {
		o.BatchSize = n
	}
	m, err := modelfile.Open(args[0], o.Options)
	if err != nil {
		return err
	}
	all, err := m.Predict(ctx, in, toldTo(os.Stderr))
	if err != nil {
		return err
	}
	if missing, err := m.Missing(in); err == nil && missing != "" {
		fmt.Fprintln(os.Stderr, missing)
	}
	return o.write(w, out, card, all)
}

// csvFile is the file of -csv; without that it is none.
type csvFile struct{ *atomicfile.File }

func (f csvFile) Discard() {
	if f.File != nil {
		f.File.Discard()
	}
}

// file begins the file of -csv, before any work.
func (o predictOptions) file() (csvFile, error) {
	if o.csv == "" {
		return csvFile{}, nil
	}
	f, err := atomicfile.Create(o.csv, 0o644)
	if err != nil {
		return csvFile{}, fmt.Errorf("-csv: %w", err)
	}
	return csvFile{f}, nil
}

// write writes predictions as they were asked for.
func (o predictOptions) write(w io.Writer, out csvFile, card *modelfile.Card, all []serve.Prediction) error {
	if out.File != nil {
		c := csv.NewWriter(out)
		if err := errors.Join(c.WriteAll(card.Records(all)), c.Error()); err != nil {
			return err
		}
		if err := out.Commit(); err != nil {
			return err
		}
	}
	if !o.asJSON && out.File != nil {
		return nil
	}
	for i, p := range all {
		n := o.top
		if card.SeveralLabels() && !o.asJSON {
			n = len(p.Labels) // those are the most probable ones
		}
		all[i] = p.Best(n)
	}
	if o.asJSON {
		return writeJSON(w, map[string][]serve.Prediction{"predictions": all})
	}
	if card.SeveralLabels() {
		return printPredictions(w, all, "no label")
	}
	return printPredictions(w, all, "no item that is not rated")
}

// printPredictions writes a line for each item; none says that nothing is predicted of it.
func printPredictions(w io.Writer, all []serve.Prediction, none string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, p := range all {
		cells := []string{p.Name}
		for _, c := range p.Top {
			cells = append(cells, fmt.Sprintf("%s %.4f", c.Class, c.Prob))
		}
		for _, v := range p.Values {
			cells = append(cells, strings.TrimSpace(fmt.Sprintf("%s %.6g", v.Target, v.Value)))
		}
		for _, a := range p.Items {
			cells = append(cells, fmt.Sprintf("%s %.4g", a.Item, a.Rating))
		}
		if len(cells) == 1 {
			cells = append(cells, none)
		}
		fmt.Fprintln(t, strings.Join(cells, "\t"))
	}
	return t.Flush()
}

// toldTo tells how many are done, where they are many.
func toldTo(w io.Writer) func(done, all int) {
	return func(done, all int) {
		if done < all || all > 1000 {
			fmt.Fprintf(w, "%d of %d\n", done, all)
		}
	}
}
