package modelfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/serve"
	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/fastnb/tabular/duck"
)

// Inputs are what a model is to predict: files, folders of images, texts, a table, users.
type Inputs struct {
	names  []string // of the items
	images []any    // names of files, or contents
	texts  []string // or users
	table  *tabular.Table
}

// Stdin is the argument that stands for the standard input.
const Stdin = "-"

// Gather reads what the arguments of a command name, as the model of card takes them; stdin is read where one is Stdin.
func Gather(card *Card, args []string, stdin io.Reader) (*Inputs, error) {
	if len(args) == 0 {
		return nil, errors.New("there is nothing to predict; name " + card.wants())
	}
	if i := slices.Index(args, Stdin); i >= 0 && slices.Contains(args[i+1:], Stdin) {
		return nil, errors.New("the standard input, -, can be read once only")
	}
	switch card.Kind {
	case Images:
		return gatherImages(args, stdin)
	case Texts:
		return gatherTexts(args, stdin)
	case Ratings:
		return gatherUsers(args, stdin)
	case Table:
		return gatherRows(card, args, stdin)
	}
	return &Inputs{}, nil // which Open refuses
}

// wants says what is to be named.
func (c *Card) wants() string {
	switch c.Kind {
	case Texts:
		return "files of texts, or - for a text in each line of the standard input"
	case Table:
		return "a file of rows (CSV, Parquet or JSON), or - for CSV from the standard input"
	case Ratings:
		return "users, or - for one in each line of the standard input"
	}
	return "files or folders of images, or - for one image from the standard input"
}

func gatherImages(args []string, stdin io.Reader) (*Inputs, error) {
	in := &Inputs{}
	for _, arg := range args {
		if arg == Stdin {
			contents, err := io.ReadAll(stdin)
			if err != nil {
				return nil, err
			}
			if len(contents) == 0 {
				return nil, errors.New("the standard input is empty (want an image)")
			}
			in.names, in.images = append(in.names, Stdin), append(in.images, contents)
			continue
		}
		files, err := imagesAt(arg)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			in.names, in.images = append(in.names, f), append(in.images, f)
		}
	}
	return in, nil
}

var imageExtensions = []string{".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp"}

// IsImage tells whether a file is an image that is read, by its extension.
func IsImage(path string) bool {
	return slices.Contains(imageExtensions, strings.ToLower(filepath.Ext(path)))
}

// imagesAt returns a file, or the images at all depths of a folder by their extensions, sorted; hidden ones are not
// among them.
func imagesAt(path string) (files []string, err error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return []string{path}, err
	}
	err = filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
		switch hidden := strings.HasPrefix(e.Name(), ".") && p != path; {
		case err != nil:
			return err
		case hidden && e.IsDir():
			return fs.SkipDir
		case !hidden && !e.IsDir() && IsImage(p):
			files = append(files, p)
		}
		return nil
	})
	if err == nil && len(files) == 0 {
		return nil, fmt.Errorf("the folder %s has no images (by extension: %s)", path, strings.Join(imageExtensions, ", "))
	}
	return files, err
}

func gatherTexts(args []string, stdin io.Reader) (*Inputs, error) {
	in := &Inputs{}
	for _, arg := range args {
		if arg == Stdin {
			if err := in.lines(stdin, "text"); err != nil {
				return nil, err
			}
			continue
		}
		text, err := os.ReadFile(arg)
		if err != nil {
			return nil, err
		}
		if !utf8.Valid(text) {
			return nil, fmt.Errorf("%s is not in UTF-8; convert it (iconv -f LATIN1 -t UTF-8)", arg)
		}
		in.names, in.texts = append(in.names, arg), append(in.texts, string(text))
	}
	return in, nil
}

func gatherUsers(args []string, stdin io.Reader) (*Inputs, error) {
	in := &Inputs{}
	for _, arg := range args {
		if arg != Stdin {
			in.names, in.texts = append(in.names, arg), append(in.texts, arg)
			continue
		}
		if err := in.lines(stdin, "user"); err != nil {
			return nil, err
		}
		in.names = in.texts
	}
	return in, nil
}

// lines adds the lines of r that are not empty, named by their numbers.
func (in *Inputs) lines(r io.Reader, what string) error {
	all, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if !utf8.Valid(all) {
		return errors.New("the standard input is not in UTF-8; convert it (iconv -f LATIN1 -t UTF-8)")
	}
	before, number := len(in.texts), 0
	for line := range strings.Lines(string(all)) {
		number++
		if line = strings.TrimRight(line, "\r\n"); strings.TrimSpace(line) != "" {
			in.names, in.texts = append(in.names, fmt.Sprintf("line %d", number)), append(in.texts, line)
		}
	}
	if len(in.texts) == before {
		return fmt.Errorf("the standard input is empty (want a %s in each line)", what)
	}
	return nil
}

func gatherRows(card *Card, args []string, stdin io.Reader) (*Inputs, error) {
	if len(args) != 1 {
		return nil, fmt.Errorf("%d files of rows (want one; join them, or name them one after the other)", len(args))
	}
	path := args[0]
	if path == Stdin {
		spooled, err := spool(stdin)
		if err != nil {
			return nil, err
		}
		defer os.Remove(spooled)
		path = spooled
	}
	t, err := readRows(path, card.Table)
	if err != nil {
		return nil, err
	}
	in := &Inputs{table: t}
	for i := range t.Len() {
		in.names = append(in.names, fmt.Sprintf("row %d", i+1))
	}
	if t.Len() == 0 {
		return nil, fmt.Errorf("%s has no rows below its header", args[0])
	}
	return in, nil
}

// spool keeps the standard input in a file, which DuckDB reads.
func spool(stdin io.Reader) (path string, err error) {
	f, err := os.CreateTemp("", "fastnb-*.csv")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, stdin)
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
	}
	return f.Name(), err
}

// readRows reads a file of rows. Columns that were text in training are read as that: 007 is no number.
func readRows(path string, r *TableRecord) (*tabular.Table, error) {
	db, err := duck.Open()
	if err != nil {
		return nil, err
	}
	defer db.Close()
	read := func(opts ...duck.ReadOption) (*tabular.Table, error) {
		if _, err := db.Read("rows", path, opts...); err != nil {
			return nil, err
		}
		return db.Query("SELECT * FROM rows")
	}
	t, err := read()
	if err != nil {
		return nil, err
	}
	var texts []duck.ReadOption
	for _, c := range r.Categories {
		if col := t.Column(c.Column); col != nil && c.Kind == "text" && col.Kind != tabular.Text {
			texts = append(texts, duck.Type(c.Column, "VARCHAR"))
		}
	}
	if len(texts) == 0 {
		return t, nil
	}
	return read(texts...)
}

// together is how many images or texts are in memory at once.
const together = 256

// Predict predicts inputs, with all classes of each. It tells now and then how many are done.
func (m *Model) Predict(ctx context.Context, in *Inputs, told func(done, all int)) (all []serve.Prediction, err error) {
	switch m.Kind {
	case Table:
		p, err := m.Table.PredictTable(in.table)
		if err != nil {
			return nil, err
		}
		return m.named(serve.RowPredictions(m.Table, p, m.Card.Table.Target...), in.names), nil
	case Ratings:
		users := make([]any, len(in.texts))
		for i, user := range in.texts {
			users[i] = user
		}
		if all, err = m.Server().Predict(users); err != nil {
			return nil, err
		}
		return m.named(all, in.names), nil
	}
	for from := 0; from < len(in.names); from += together {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		to := min(from+together, len(in.names))
		p, err := m.preds(in, from, to)
		if err != nil {
			return nil, err
		}
		var targets []string
		if m.Image != nil {
			targets = m.Image.Targets
		}
		all = append(all, m.named(serve.Predictions(p, targets), in.names[from:to])...)
		told(to, len(in.names))
	}
	return all, nil
}

func (m *Model) preds(in *Inputs, from, to int) (*fastnb.Preds, error) {
	if m.Kind == Images {
		return m.Images.PredictImages(in.images[from:to]...)
	}
	return m.Texts.PredictTexts(in.texts[from:to]...)
}

func (m *Model) named(all []serve.Prediction, names []string) []serve.Prediction {
	for i := range all {
		if all[i].Name = names[i]; m.SeveralLabels() {
			all[i] = all[i].Labelled()
		}
	}
	return all
}

// Missing says what of a table's rows is missing or unknown to the model; it is empty where nothing is.
func (m *Model) Missing(in *Inputs) (string, error) {
	if in.table == nil {
		return "", nil
	}
	r, err := m.Table.Check(in.table)
	if err != nil || len(r.Missing[fastnb.Test])+len(r.Unknown[fastnb.Test]) == 0 {
		return "", err
	}
	r.Notes = nil
	return strings.TrimSpace(r.String()), nil
}

// Len is the number of items.
func (in *Inputs) Len() int { return len(in.names) }

// Records returns predictions as the records of a CSV file, a header first: of classes the probability of each, in
// their order; of users a record for each item.
func (c *Card) Records(all []serve.Prediction) [][]string {
	switch {
	case c.Kind == Ratings:
		return adviceRecords(all)
	case c.Classes == nil:
		return valueRecords(all)
	}
	header := []string{"name", "class"}
	for _, class := range c.Classes {
		header = append(header, "prob "+class)
	}
	records := [][]string{header}
	for _, p := range all {
		probs := map[string]float32{}
		for _, choice := range p.Top {
			probs[choice.Class] = choice.Prob
		}
		record := []string{p.Name, p.Class + strings.Join(p.Labels, " ")}
		for _, class := range c.Classes {
			record = append(record, strconv.FormatFloat(float64(probs[class]), 'g', -1, 32))
		}
		records = append(records, record)
	}
	return records
}

func adviceRecords(all []serve.Prediction) [][]string {
	records := [][]string{{"user", "item", "rating"}}
	for _, p := range all {
		for _, a := range p.Items {
			records = append(records, []string{p.Name, a.Item, strconv.FormatFloat(a.Rating, 'g', 6, 64)})
		}
	}
	return records
}

func valueRecords(all []serve.Prediction) [][]string {
	header := []string{"name"}
	for i, v := range all[0].Values {
		if v.Target == "" {
			v.Target = fmt.Sprintf("value %d", i)
		}
		header = append(header, v.Target)
	}
	records := [][]string{header}
	for _, p := range all {
		record := []string{p.Name}
		for _, v := range p.Values {
			record = append(record, strconv.FormatFloat(v.Value, 'g', 8, 64))
		}
		records = append(records, record)
	}
	return records
}
