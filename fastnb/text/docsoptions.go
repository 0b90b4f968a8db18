package text

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/fastnb/fastnb/internal/charset"
)

// DocsOption is an option of [FromFolders], [FromCSV] and [FromTexts].
type DocsOption interface{ docs(*docsConfig) }

type docsOption func(*docsConfig)

func (o docsOption) docs(c *docsConfig) { o(c) }

// In names the folders whose documents are to learn from, from the path of FromFolders, with the folders in them.
// Default: the path itself.
func In(folders ...string) DocsOption {
	return docsOption(func(c *docsConfig) { c.train = append(c.train, folders...) })
}

// TrainIn is [In] for documents with labels: the folders in those that it names are the classes, and what lies in a
// class folder, at any depth, is of that class.
func TrainIn(folders ...string) DocsOption {
	return docsOption(func(c *docsConfig) { c.train, c.labelled = append(c.train, folders...), true })
}

// ValidIn names the folders of the documents for validation.
func ValidIn(folders ...string) DocsOption {
	return docsOption(func(c *docsConfig) {
		if c.valid = append(c.valid, folders...); c.valid != nil {
			c.valids.Give("ValidIn")
		}
	})
}

// TestIn names the folders of documents to be predicted; their labels are not looked at.
func TestIn(folders ...string) DocsOption {
	return docsOption(func(c *docsConfig) { c.test = append(c.test, folders...) })
}

// ClassFolders leaves out documents that do not lie in a folder of one of these names, at any depth:
// ClassFolders("neg", "pos") for IMDB's train folder where it has a folder unsup, too. The class is that folder, the
// outermost of several.
func ClassFolders(names ...string) DocsOption {
	return docsOption(func(c *docsConfig) { c.classFolders = append(c.classFolders, names...) })
}

// ValidShare takes this share of the documents, at random, for validation. Default 0: none but what another option
// names.
func ValidShare(share float64) DocsOption {
	return docsOption(func(c *docsConfig) {
		if c.validShare = share; share != 0 {
			c.valids.Give("ValidShare")
		}
	})
}

// ValidRows takes these documents for validation, each once, by number from 0 in the order of files, rows or texts.
// They are validated in the order that is given here.
func ValidRows(rows []int) DocsOption {
	return docsOption(func(c *docsConfig) {
		if c.validRows = append(c.validRows, rows...); c.validRows != nil {
			c.valids.Give("ValidRows")
		}
	})
}

// Fold takes fold k of so many, counted from 0, for validation: with the same Seed, each document is for validation in
// one of the folds. See [Stratify].
func Fold(k, of int) DocsOption {
	return docsOption(func(c *docsConfig) { c.fold, c.folds = k, of; c.valids.Give("Fold") })
}

// Stratify gives the documents that [ValidShare] or [Fold] takes for validation, and those that it leaves, about the
// same share of each class. Default false.
func Stratify(on bool) DocsOption { return docsOption(func(c *docsConfig) { c.stratify = on }) }

// Sample keeps only n documents of each split, drawn at random, for a quick try. Default 0: all.
func Sample(n int) DocsOption { return docsOption(func(c *docsConfig) { c.sample = n }) }

// SampleValid is [Sample] for the documents of validation alone.
func SampleValid(n int) DocsOption { return docsOption(func(c *docsConfig) { c.sampleValid = n }) }

// SeedOption is an option of [FromFolders], [FromCSV] and [FromTexts], and of [LanguageModel.Generate].
type SeedOption interface {
	docs(*docsConfig)
	generate(*generateConfig)
}

type seedOption uint64

func (o seedOption) docs(c *docsConfig)         { c.seed = uint64(o) }
func (o seedOption) generate(c *generateConfig) { c.seed = uint64(o) }

// Seed fixes which documents [ValidShare] and [Sample] take, and what [LanguageModel.Generate] draws. Default 42.
func Seed(n uint64) SeedOption { return seedOption(n) }

// WorkDir is where tmp (numbers of texts, vocabularies) and models are written. Default the path of the documents, the
// folder of the CSV file, or for FromTexts the working directory.
func WorkDir(dir string) DocsOption { return docsOption(func(c *docsConfig) { c.workDir = dir }) }

// Workers is how many goroutines read and tokenise. Default one per CPU.
func Workers(n int) DocsOption { return docsOption(func(c *docsConfig) { c.workers = n }) }

// OnTokenize is told how many of the documents have been tokenised, several times a second and at the end. Default: a
// line on stderr when it takes over a second.
func OnTokenize(report func(done, total int)) DocsOption {
	return docsOption(func(c *docsConfig) { c.onTokenize = report })
}

// TextColumns names the columns of the text. Default "text". Several are joined as fastai does: xxfld 1 first xxfld 2
// second.
func TextColumns(names ...string) DocsOption {
	return docsOption(func(c *docsConfig) { c.textColumns = append(c.textColumns, names...) })
}

// LabelColumn names the column of the class. Default "label" where there is one, else none.
func LabelColumn(name string) DocsOption {
	return docsOption(func(c *docsConfig) { c.labelColumn = name })
}

// ValidColumn names the column that says which rows are for validation: true or 1 there, false or 0 elsewhere.
func ValidColumn(name string) DocsOption {
	return docsOption(func(c *docsConfig) {
		if c.validColumn = name; name != "" {
			c.valids.Give("ValidColumn")
		}
	})
}

// ValidCSV is a second file of the same columns, for validation.
func ValidCSV(file string) DocsOption {
	return docsOption(func(c *docsConfig) {
		if c.validCSV = file; file != "" {
			c.valids.Give("ValidCSV")
		}
	})
}

// TestCSV is a file to be predicted, with the same columns of text; its labels are not looked at.
func TestCSV(file string) DocsOption { return docsOption(func(c *docsConfig) { c.testCSV = file }) }

// Header names the columns of CSV files that have no header row.
func Header(names ...string) DocsOption {
	return docsOption(func(c *docsConfig) { c.header = append(c.header, names...) })
}

// Comma is what separates the columns. Default ','.
func Comma(separator rune) DocsOption { return docsOption(func(c *docsConfig) { c.comma = separator }) }

// Encoding is how letters are written as bytes: "utf-8", the default, "latin-1", "windows-1252" or "utf-16". A byte
// order mark overrules it: a text that begins with one is read as the mark says, UTF-8 or UTF-16. With "latin-1" and
// "windows-1252", a text that is valid UTF-8 with letters beyond ASCII is read as UTF-8, since folders may hold both. A
// text in another encoding is an error when it is read; the error shows the text and names the encoding that would read
// it. A vocabulary or a corpus lists all such texts.
func Encoding(name string) DocsOption { return docsOption(func(c *docsConfig) { c.encoding = name }) }

// ReplaceBad puts U+FFFD in the place of what the encoding does not have. Default false: that is an error.
func ReplaceBad(on bool) DocsOption { return docsOption(func(c *docsConfig) { c.replace = on }) }

// Extensions are the extensions of the files that are documents, in small letters or capitals. Default ".txt"; "" takes
// files without an extension, such as those of 20 Newsgroups.
func Extensions(names ...string) DocsOption {
	return docsOption(func(c *docsConfig) {
		for _, n := range names {
			if n != "" {
				n = "." + strings.TrimPrefix(n, ".")
			}
			c.extensions = append(c.extensions, n)
		}
	})
}

type docsConfig struct {
	train, valid, test []string // folders
	labelled           bool
	classFolders       []string
	valids             domain.Choice // of what is for validation
	validShare         float64
	validRows          []int
	fold, folds        int // folds 0: by Fold nothing is taken
	stratify           bool
	sample             int
	sampleValid        int // 0: as sample
	seed               uint64
	workDir            string
	workers            int
	onTokenize         func(done, total int)
	textColumns        []string
	labelColumn        string
	validColumn        string
	validCSV, testCSV  string
	header             []string
	comma              rune // 0: ','
	encoding           string
	replace            bool
	extensions         []string
}

// decode returns bytes as text.
func (c docsConfig) decode(b []byte) (string, error) {
	if c.replace {
		return charset.DecodeAny(b, c.encoding)
	}
	text, err := charset.Decode(b, c.encoding)
	return text, replaceable(err)
}

// replaceable says how a damaged text may be read all the same.
func replaceable(err error) error {
	if errors.Is(err, charset.ErrDamaged) {
		return fmt.Errorf("%w; ReplaceBad(true) reads it all the same", err)
	}
	return err
}

// docsConfigOf returns the configuration of the options, checked.
func docsConfigOf(workDir string, opts []DocsOption) (docsConfig, error) {
	c := docsConfig{seed: 42, workDir: workDir, workers: runtime.GOMAXPROCS(0)}
	for _, o := range opts {
		o.docs(&c)
	}
	return c, c.check()
}

func (c docsConfig) check() error {
	switch {
	case c.validShare < 0 || c.validShare >= 1 || c.validShare != c.validShare:
		return fmt.Errorf("ValidShare(%g) (want a share above 0 and below 1)", c.validShare)
	case c.stratify && c.validShare == 0 && c.folds == 0:
		return errors.New("Stratify says how ValidShare and Fold draw; give one of them, or leave it out")
	case c.sample < 0 || c.sampleValid < 0:
		return fmt.Errorf("Sample(%d), SampleValid(%d) (want 0 for all, or more)", c.sample, c.sampleValid)
	case c.workers < 1:
		return fmt.Errorf("Workers(%d) (want at least 1)", c.workers)
	}
	if err := c.valids.Check(); err != nil {
		return err
	}
	if c.valids.Has("Fold") {
		if err := domain.CheckFold(c.fold, c.folds); err != nil {
			return err
		}
	}
	return charset.Check(c.encoding)
}

// only tells of an option that is given and is not for this source: the verb, what it reads, and what its options are
// for.
func (c docsConfig) only(verb, reads, kind string) error {
	for _, o := range []struct {
		name, kind string
		given      bool
	}{
		{"In or TrainIn", folderKind, c.train != nil}, {"ValidIn", folderKind, c.valid != nil},
		{"TestIn", folderKind, c.test != nil},
		{"ClassFolders", folderKind, c.classFolders != nil}, {"Extensions", folderKind, c.extensions != nil},
		{"TextColumns", csvKind, c.textColumns != nil}, {"LabelColumn", csvKind, c.labelColumn != ""},
		{"ValidColumn", csvKind, c.validColumn != ""}, {"ValidCSV", csvKind, c.validCSV != ""},
		{"TestCSV", csvKind, c.testCSV != ""},
		{"Header", csvKind, c.header != nil}, {"Comma", csvKind, c.comma != 0},
	} {
		if o.given && o.kind != kind {
			return fmt.Errorf("%s is an option for %s, and %s reads %s; leave it out", o.name, o.kind, verb, reads)
		}
	}
	return nil
}

// What options are for, where not for all documents.
const (
	folderKind = "folders"
	csvKind    = "CSV files"
)
