package text

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/fastnb/fastnb/internal/charset"
)

// DocsOption is an option of [FromFolders], [FromCSV] and [FromTexts].
type DocsOption interface{ docs(*docsConfig) }

type docsOption func(*docsConfig)

func (o docsOption) docs(c *docsConfig) { o(c) }

// In names the folders whose documents are to learn from, from the path of FromFolders, with the folders in them. Default: the
// path itself.
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
	return docsOption(func(c *docsConfig) { c.valid = append(c.valid, folders...) })
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

// ValidShare takes this share of the documents, at random, for validation. Default 0: none but what another option names.
type ValidShare float64

// ValidRows takes these documents for validation, by number from 0 in the order of files, rows or texts.
func ValidRows(rows []int) DocsOption {
	return docsOption(func(c *docsConfig) { c.validRows = append(c.validRows, rows...) })
}

// Sample leaves n documents of each split, at random, for a quick try. Default 0: all.
type Sample int

// SampleValid is [Sample] for the documents of validation alone.
type SampleValid int

// Seed fixes which documents [ValidShare] and [Sample] take. Default 42.
type Seed uint64

// WorkDir is where tmp (numbers of texts, vocabularies) and models are written. Default the path of the documents, the folder
// of the CSV file, or for FromTexts the working directory.
type WorkDir string

// Workers is how many goroutines read and tokenise. Default one per CPU.
type Workers int

// OnTokenize is told how many of the documents have been tokenised, several times a second and at the end. Default: a line
// on stderr when it takes over a second.
type OnTokenize func(done, total int)

// TextColumns names the columns of the text. Default "text". Several are joined as fastai does: xxfld 1 first xxfld 2 second.
func TextColumns(names ...string) DocsOption {
	return docsOption(func(c *docsConfig) { c.textColumns = append(c.textColumns, names...) })
}

// LabelColumn names the column of the class. Default "label" where there is one, else none.
type LabelColumn string

// ValidColumn names the column that says which rows are for validation: true or 1 there, false or 0 elsewhere.
type ValidColumn string

// ValidCSV is a second file of the same columns, for validation.
type ValidCSV string

// TestCSV is a file to be predicted, with the same columns of text; its labels are not looked at.
type TestCSV string

// Header names the columns of files whose first row is none of names.
func Header(names ...string) DocsOption {
	return docsOption(func(c *docsConfig) { c.header = append(c.header, names...) })
}

// Comma is what separates the columns. Default ','.
type Comma rune

// Encoding is how letters are written as bytes: "utf-8", the default, "latin-1", "windows-1252" or "utf-16". A byte order mark goes
// before it: a text that begins with one is what it says, UTF-8 or UTF-16. So does, before "latin-1" and "windows-1252", that a text is
// UTF-8 with letters beyond ASCII, as where files of both lie together. A text of another encoding is an error when it is
// read, which shows it and names the encoding that would read it; a vocabulary or a corpus lists all such texts.
type Encoding string

// ReplaceBad puts U+FFFD in the place of what the encoding does not have. Default false: that is an error.
type ReplaceBad bool

// Extensions are those of the files that are documents, in capitals, too. Default ".txt"; "" takes files that have none,
// as those of 20 Newsgroups.
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
	validShare         float64
	validRows          []int
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

func (o ValidShare) docs(c *docsConfig)  { c.validShare = float64(o) }
func (o Sample) docs(c *docsConfig)      { c.sample = int(o) }
func (o SampleValid) docs(c *docsConfig) { c.sampleValid = int(o) }
func (o Seed) docs(c *docsConfig)        { c.seed = uint64(o) }
func (o WorkDir) docs(c *docsConfig)     { c.workDir = string(o) }
func (o Workers) docs(c *docsConfig)     { c.workers = int(o) }
func (o OnTokenize) docs(c *docsConfig)  { c.onTokenize = o }
func (o LabelColumn) docs(c *docsConfig) { c.labelColumn = string(o) }
func (o ValidColumn) docs(c *docsConfig) { c.validColumn = string(o) }
func (o ValidCSV) docs(c *docsConfig)    { c.validCSV = string(o) }
func (o TestCSV) docs(c *docsConfig)     { c.testCSV = string(o) }
func (o Comma) docs(c *docsConfig)       { c.comma = rune(o) }
func (o Encoding) docs(c *docsConfig)    { c.encoding = string(o) }
func (o ReplaceBad) docs(c *docsConfig)  { c.replace = bool(o) }

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
	case c.sample < 0 || c.sampleValid < 0:
		return fmt.Errorf("Sample(%d), SampleValid(%d) (want 0 for all, or more)", c.sample, c.sampleValid)
	case c.workers < 1:
		return fmt.Errorf("Workers(%d) (want at least 1)", c.workers)
	}
	if ways := c.validWays(); len(ways) > 1 {
		return fmt.Errorf("both %s; one of them says what is for validation", strings.Join(ways, " and "))
	}
	return charset.Check(c.encoding)
}

// validWays returns the options that say what is for validation.
func (c docsConfig) validWays() []string {
	var ways []string
	for _, w := range []struct {
		name  string
		given bool
	}{
		{"ValidIn", c.valid != nil}, {"ValidShare", c.validShare > 0}, {"ValidRows", c.validRows != nil},
		{"ValidColumn", c.validColumn != ""}, {"ValidCSV", c.validCSV != ""},
	} {
		if w.given {
			ways = append(ways, w.name)
		}
	}
	return ways
}

// only tells of an option that is given and is not for this source: the verb, what it reads, and what its options are for.
func (c docsConfig) only(verb, reads, kind string) error {
	for _, o := range []struct {
		name, kind string
		given      bool
	}{
		{"In or TrainIn", folderKind, c.train != nil}, {"ValidIn", folderKind, c.valid != nil}, {"TestIn", folderKind, c.test != nil},
		{"ClassFolders", folderKind, c.classFolders != nil}, {"Extensions", folderKind, c.extensions != nil},
		{"TextColumns", csvKind, c.textColumns != nil}, {"LabelColumn", csvKind, c.labelColumn != ""},
		{"ValidColumn", csvKind, c.validColumn != ""}, {"ValidCSV", csvKind, c.validCSV != ""}, {"TestCSV", csvKind, c.testCSV != ""},
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
