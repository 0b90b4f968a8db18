// Package submit sends a submission to a Kaggle competition: it checks it against the competition's sample, shows what
// it will send, asks, and sends.
package submit

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/kaggle"
	"github.com/fastnb/fastnb/internal/verb"
)

// Unchecked is the Sample with which nothing is checked but that the file is a table.
const Unchecked = "none"

// Options say what to send, and where.
type Options struct {
	Competition string // name or address
	File        string // a CSV file
	Sample      string // the competition's sample; "" to look for it in what was fetched of it, and beside File
	Message     string // shown beside the score; default: the file's name
	Yes         bool   // send without asking
}

// Run checks, shows, asks and sends. What it says goes to out, the answer is read from in.
func Run(ctx context.Context, o Options, in io.Reader, out io.Writer) (err error) {
	defer verb.Name(&err, "kaggle submit")
	name, err := o.competition()
	if err != nil {
		return err
	}
	if err := o.run(ctx, name, in, out); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// competition returns the competition's name. Who mixes up the arguments is told so.
func (o Options) competition() (string, error) {
	if info, err := os.Stat(o.Competition); err == nil && info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is a file: first comes the competition, then the file "+
			"(fastnb kaggle submit COMPETITION FILE)", o.Competition)
	}
	return kaggle.Slug(o.Competition)
}

func (o Options) run(ctx context.Context, name string, in io.Reader, out io.Writer) error {
	content, err := os.ReadFile(o.File)
	if err != nil {
		return err
	}
	info, err := os.Stat(o.File)
	if err != nil {
		return err
	}
	table, err := fastnb.ReadSubmission(o.File)
	if err != nil {
		return err
	}
	checked, err := o.check(name, table)
	if err != nil {
		return fmt.Errorf("%w; nothing was sent", err)
	}
	who, err := kaggle.Find()
	if err != nil {
		return err
	}
	if o.Message == "" {
		o.Message = filepath.Base(o.File)
	}
	o.show(out, name, table, len(content), checked, who)
	if !o.Yes {
		if sure, err := ask(ctx, in, out); err != nil || !sure {
			return err
		}
	}
	file := kaggle.File{Name: filepath.Base(o.File), Content: content, Modified: info.ModTime().Unix()}
	answer, err := kaggle.Submit(ctx, who, name, file, o.Message)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Kaggle says: %s\nscores: %s/competitions/%s/submissions\n", answer.Message, kaggle.Site, name)
	return nil
}

// firstRows is how many rows are shown.
const firstRows = 4

// show says what will be sent.
func (o Options) show(
	out io.Writer, name string, s fastnb.Submission, size int, checked string, who kaggle.Credentials,
) {
	fmt.Fprintf(out, "competition  %s, %s/competitions/%[1]s\n", name, kaggle.Site)
	fmt.Fprintf(out, "file         %s, %d rows, %d bytes\n", o.File, len(s.Rows), size)
	for i, row := range append([][]string{s.Header}, s.Rows[:min(firstRows, len(s.Rows))]...) {
		fmt.Fprintf(out, "%-12s %.100s\n", map[int]string{0: "columns", 1: "first rows"}[i], strings.Join(row, ", "))
	}
	fmt.Fprintf(out, "checked      %s\nmessage      %s\nsent with    the %v\n", checked, o.Message, who)
}

// ask asks whether to send. No answer, as of a program that has no terminal, is an error.
func ask(ctx context.Context, in io.Reader, out io.Writer) (bool, error) {
	fmt.Fprint(out, "Send it? [y/N] ")
	line := make(chan string, 1)
	go func() {
		text, err := bufio.NewReader(in).ReadString('\n')
		if err != nil && text == "" {
			text = "?"
		}
		line <- strings.ToLower(strings.TrimSpace(text))
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(out)
		return false, ctx.Err()
	case said := <-line:
		switch said {
		case "y", "yes":
			return true, nil
		case "?":
			fmt.Fprintln(out)
			return false, errors.New("nobody answered, so nothing was sent; -yes sends without asking")
		}
	}
	fmt.Fprintln(out, "nothing was sent")
	return false, nil
}
