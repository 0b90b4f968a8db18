package starter

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/modelfile"
	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/fastnb/tabular/duck"
	"github.com/fastnb/fastnb/internal/few"
)

// look sees what the data are.
func look(path string, o Options) (a answers, err error) {
	if a.Path, err = filepath.Abs(path); err != nil {
		return a, err
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return a, fmt.Errorf("no data: %w; name a folder of images or texts, or a CSV file", err)
	case o.Kind != "" && o.Kind != Image && o.Kind != Table && o.Kind != Text:
		return a, fmt.Errorf("no kind %q (want image, table or text)", o.Kind)
	case info.IsDir() && o.Kind == Table:
		return a, fmt.Errorf("%s is a folder (want a CSV file for a table)", path)
	case info.IsDir() && o.Target != "":
		return a, fmt.Errorf("%s is a folder, so it has no column %q", path, o.Target)
	case info.IsDir():
		err = a.lookInto(o.Kind)
	case o.Kind == Image:
		return a, fmt.Errorf("%s is a file (want a folder of images with a folder per class; "+
			"vision.FromCSV reads lists of images)", path)
	default:
		err = a.read(o)
	}
	return a, err
}

// lookInto sees what lies in a folder, and where validation is.
func (a *answers) lookInto(want Kind) error {
	count := map[Kind]int{}
	err := filepath.WalkDir(a.Path, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case filepath.Dir(path) == a.Path: // in no folder
		case modelfile.IsImage(path):
			count[Image]++
		case strings.EqualFold(filepath.Ext(path), ".txt"):
			count[Text]++
		}
		if count[Image]+count[Text] > 1000 {
			return fs.SkipAll
		}
		return nil
	})
	switch a.Kind = want; {
	case err != nil:
		return err
	case want == "" && count[Image] >= count[Text]:
		a.Kind = Image
	case want == "":
		a.Kind = Text
	}
	if count[a.Kind] == 0 {
		return fmt.Errorf("%s has no folders of images or of .txt files, one per class (a CSV file is named itself)", a.Path)
	}
	a.Options = a.validation()
	return nil
}

// validation returns the options that say where the items to learn from and those to check with are.
func (a *answers) validation() string {
	train, valid := a.folder("train"), a.folder("valid", "val", "validation")
	if valid == "" && a.Kind == Text {
		valid = a.folder("test") // as IMDB has it
	}
	var options []string
	switch images := a.Kind == Image; {
	case images && train != "" && valid != "" && valid != "valid":
		options = append(options, fmt.Sprintf("vision.ValidFolder(%q)", valid))
	case images && (train == "" || valid == ""):
		options = append(options, "vision.ValidShare(.2)")
	case !images && train == "":
		options = append(options, "text.ValidShare(.2)")
	case !images && valid == "":
		options = append(options, `text.TrainIn("train")`, "text.ValidShare(.2)")
	case !images:
		options = append(options, `text.TrainIn("train")`, fmt.Sprintf("text.ValidIn(%q)", valid))
	}
	return strings.Join(options, ", ")
}

// folder returns the first of these names that is a folder of the data.
func (a *answers) folder(names ...string) string {
	for _, name := range names {
		if info, err := os.Stat(filepath.Join(a.Path, name)); err == nil && info.IsDir() {
			return name
		}
	}
	return ""
}

// read sees which columns a file has: those of texts and what is to be predicted.
func (a *answers) read(o Options) (err error) {
	db, err := duck.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.Read("data", a.Path); err != nil {
		return err
	}
	t, err := db.Query("SELECT * FROM data LIMIT 20000")
	if err != nil {
		return err
	}
	if t.Len() < 2 || len(t.Names()) < 2 {
		return fmt.Errorf("%s has %d rows and %d columns (want two or more of each)", a.Path, t.Len(), len(t.Names()))
	}
	if err := a.target(t, o.Target); err != nil {
		return err
	}
	a.Column, a.Table = longest(t, a.Target), true
	switch a.Kind = o.Kind; {
	case a.Kind == Text && a.Column == "":
		return fmt.Errorf("%s has no column of texts", a.Path)
	case a.Kind == Text && a.Number:
		a.Number = false // its values are classes
	case a.Kind == "" && isProse(t, a.Column) && !a.Number:
		a.Kind = Text
	case a.Kind == "":
		a.Kind = Table
	}
	return nil
}

// usual are names of columns that are to be predicted.
var usual = []string{"label", "target", "class", "sentiment", "category", "y"}

// target chooses the column to predict, and sees whether it is a number.
func (a *answers) target(t *tabular.Table, want string) error {
	names := t.Names()
	a.Target = names[len(names)-1]
	for _, name := range usual {
		i := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
		if i >= 0 {
			a.Target = names[i]
			break
		}
	}
	if want != "" {
		if !slices.Contains(names, want) {
			return fmt.Errorf("no column %q (there are %s)", want, few.Of(names, 30, ", ", strconv.Quote))
		}
		a.Target = want
	}
	a.Number = manyNumbers(t.Column(a.Target))
	return nil
}

// manyNumbers tells whether a column has more different numbers than classes would be.
func manyNumbers(c *tabular.Column) bool {
	const most = 20
	seen := map[float64]bool{}
	for _, x := range c.Numbers {
		seen[x] = true
	}
	return c.Kind == tabular.Number && len(seen) > most
}

// longest returns the column of the longest texts, but for one, "" if there is none.
func longest(t *tabular.Table, but string) (name string) {
	most := 0
	for _, c := range t.Columns() {
		if n := len(strings.Join(c.Texts, "")); n > most && c.Name != but {
			name, most = c.Name, n
		}
	}
	return name
}

// isProse tells whether a column has texts of words: ten words or more as a rule.
func isProse(t *tabular.Table, column string) bool {
	if column == "" {
		return false
	}
	words := 0
	for _, text := range t.Column(column).Texts {
		words += len(strings.Fields(text))
	}
	return words >= 10*t.Len()
}
