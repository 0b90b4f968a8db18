package modelfile

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/fastnb/fastnb/internal/few"
)

// most is how many classes, columns or epochs of a long list are told.
const most = 12

// Print writes the card as text, a line for each thing that is known.
func (c *Card) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(what, format string, args ...any) { fmt.Fprintf(t, "%s\t%s\n", what, fmt.Sprintf(format, args...)) }
	line("file", "%s, %s, checksum %s", c.File, megabytes(c.Bytes), c.Checksum)
	line("saved", "%s", c.Saved.Format(time.DateTime))
	line("kind", "%s", c.about())
	line("net", "%s", c.Net)
	line("parameters", "%s; the optimizer keeps %s numbers", thousands(c.Parameters), thousands(c.Optimizer))
	if len(c.Classes) > 0 {
		line("classes", "%d: %s", len(c.Classes), few.Of(c.Classes, most, ", ", shown))
	}
	c.printRecord(line)
	line("data", "%s", short(c.Data))
	if c.Fit.Verb == "" {
		line("trained", "not known: no fit led here, or the file is of before fits were kept")
		return t.Flush()
	}
	line("trained on", "%d items, validated on %d, batches of %d", c.Fit.Train, c.Fit.Valid, c.Fit.BatchSize)
	line("last fit", "%s, %s", c.Fit.String(), c.Fit.Optimizer)
	if err := t.Flush(); err != nil {
		return err
	}
	return c.printEpochs(w)
}

// about says what the model predicts.
func (c *Card) about() string {
	switch c.Kind {
	case Images:
		what := map[string]string{"labels": "labels", "numbers": "numbers"}[c.Image.Task]
		return cmp.Or(what, "classes") + " of images (vision.Open)"
	case Texts:
		return "classes of texts (text.OpenClassifier)"
	case Words:
		return "a language model (text.OpenLanguageModel)"
	case Ratings:
		return "ratings (collab.Open)"
	case Table:
		return map[string]string{"class": "the class", "labels": "labels"}[c.Table.Task] +
			map[bool]string{true: "numbers"}[c.Table.Task == "regression"] + " of a table's rows (tabular.Open)"
	}
	return "a learner of your own (fastnb.New, and LoadFile)"
}

type printer func(what, format string, args ...any)

func (c *Card) printRecord(line printer) {
	switch {
	case c.Image != nil:
		c.Image.print(line)
	case c.Text != nil:
		line("vocabulary", "%s words, tokenizer %s", thousands(c.Text.Vocabulary), shown(c.Text.Tokenizer))
		if c.Text.MaxLen > 0 {
			line("reads", "the last %d tokens of a text", c.Text.MaxLen)
		}
	case c.Table != nil:
		c.Table.print(line)
	case c.Rating != nil:
		r := c.Rating
		line("ratings", "%s of %s by %s", shown(r.Rating), shown(r.Item), shown(r.User))
		line("knows", "%s users, %s items, %d factors of each%s", thousands(r.Users), thousands(r.Items), r.Factors,
			between(r.YRange))
	}
}

// noNet says why a file of images is not opened, and how it is loaded all the same.
const noNet = "the file does not tell its net, which is one of your own (vision.FromModel, vision.CustomHead), or " +
	"was saved before files told theirs; in a program make the learner again in the same way, with data, load the " +
	"file into it by LoadFile, and predict by its PredictImages, or serve it by package serve; a file of " +
	"Pretrained's opens once that program has saved it again"

// decoding says how images come to their size, where that is not the usual way.
func (r *ImageRecord) decoding() string {
	s := ""
	if r.Presize > 0 {
		s += fmt.Sprintf(", decoded at %d", r.Presize)
	}
	if r.PadMode != "" {
		s += ", padded by " + r.PadMode
	}
	return s
}

func (r *ImageRecord) print(line printer) {
	line("normalised by", "mean %.4g, deviation %.4g (red, green, blue; 0 to 255)", r.Mean, r.Std)
	if r.Net == nil {
		line("opens", "no: %s", noNet)
		return
	}
	line("architecture", "%s, hidden layers of the head %v", r.Arch, r.Layers)
	line("size", "%d x %d pixels, crop %s, batches of %d%s", r.Size, r.Size, r.Crop, r.BatchSize, r.decoding())
	if len(r.Targets) > 0 || len(r.YRange) > 0 {
		line("predicts", "%s%s", few.Of(r.Targets, most, ", ", shown), between(r.YRange))
	}
}

func (r *TableRecord) print(line printer) {
	log := ""
	if r.Log {
		log = ", by its logarithm"
	}
	line("predicts", "%s%s%s", few.Of(r.Target, most, ", ", shown), log, between(r.YRange))
	line("categories", "%d: %s", len(r.Categories), few.Of(r.Categories, most, ", ", func(c Category) string {
		return fmt.Sprintf("%s (%d)", shown(c.Column), len(c.Values))
	}))
	line("numbers", "%d: %s", len(r.Numbers), few.Of(r.Numbers, most, ", ", func(n Number) string {
		return fmt.Sprintf("%s (%.4g ± %.4g)", shown(n.Column), n.Mean, n.Std)
	}))
	line("hidden layers", "%v", r.Layers)
}

func between(yRange []float64) string {
	if len(yRange) != 2 {
		return ""
	}
	return fmt.Sprintf(", between %.4g and %.4g", yRange[0], yRange[1])
}

// printEpochs writes the table of epochs; of many the last ones.
func (c *Card) printEpochs(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "\nepoch\ttrain loss\tvalid loss\t")
	for _, m := range c.Metrics {
		fmt.Fprintf(t, "%s\t", shown(m))
	}
	fmt.Fprintln(t, "seconds\t")
	first := max(0, len(c.Epochs)-most)
	for i, e := range c.Epochs[first:] {
		fmt.Fprintf(t, "%d\t%.4f\t%.4f\t", first+i, e.TrainLoss, e.ValidLoss)
		for k := range c.Metrics {
			if k < len(e.Metrics) {
				fmt.Fprintf(t, "%.4f", e.Metrics[k])
			}
			fmt.Fprint(t, "\t")
		}
		fmt.Fprintf(t, "%.1f\t\n", e.Seconds)
	}
	return t.Flush()
}

// shown writes a name of the user's so that it stays on its line.
func shown(name string) string {
	if q := fmt.Sprintf("%q", name); q[1:len(q)-1] != name || strings.TrimSpace(name) != name || name == "" {
		return q
	}
	return name
}

// short is the beginning of a fingerprint, which may be several words.
func short(fingerprint string) string {
	if first, _, _ := strings.Cut(fingerprint, " "); len(first) > 16 {
		return first[:16] + "... (fingerprint of the training items)"
	}
	return shown(fingerprint)
}

func megabytes(n int64) string {
	if n < 1e6 {
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// thousands writes 1234567 as 1,234,567.
func thousands(n int) string {
	digits := []byte(fmt.Sprint(n))
	var parts [][]byte
	for ; len(digits) > 3; digits = digits[:len(digits)-3] {
		parts = append([][]byte{digits[len(digits)-3:]}, parts...)
	}
	return string(bytes.Join(append([][]byte{digits}, parts...), []byte(",")))
}
