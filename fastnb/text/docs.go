package text

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/fastnb/fastnb/fastnb/split"
	"github.com/fastnb/fastnb/internal/verb"
)

// Docs is a collection of documents in splits. It knows names and labels; texts are read when they are asked for, so
// that any number of them takes little memory. It may be used by several goroutines at once.
type Docs struct {
	from    source
	conf    docsConfig
	classes []string // nil where not every document has one
	splits  [3][]doc
	sums    *contents
	skipped []fastnb.Skipped
}

// doc is one document.
type doc struct {
	name  string
	state string // the sum of its bytes; "" for a file, which contents has
	class string
	table int   // the table that it is in
	at    int64 // where it begins
	size  int64
}

// source is where texts come from.
type source interface {
	id() string // tells sources apart, whatever state they are in
	read(d doc) ([]byte, error)
	decode(b []byte, c docsConfig) (string, error) // what read returned, as text
}

// newDocs returns documents in splits: those of train are shared out by the options.
func newDocs(from source, conf docsConfig, splits [3][]doc) (*Docs, error) {
	d := &Docs{from: from, conf: conf, splits: splits, sums: &contents{}}
	if err := d.share(); err != nil {
		return nil, err
	}
	if len(d.splits[fastnb.Train]) == 0 {
		return nil, errors.New("no documents are left for training; a smaller ValidShare or fewer ValidRows leave some")
	}
	if err := d.label(); err != nil {
		return nil, err
	}
	d.sample()
	if err := d.checkClasses(); err != nil {
		return nil, err
	}
	return d, nil
}

// share moves documents from training to validation.
func (d *Docs) share() error {
	all := d.splits[fastnb.Train]
	rows, err := d.conf.heldOut(all)
	if err != nil || len(rows) == 0 {
		return err
	}
	rest, err := split.Rest(len(all), rows)
	if err != nil {
		return fmt.Errorf("ValidRows: %w", err)
	}
	d.splits[fastnb.Train], d.splits[fastnb.Valid] = picked(all, rest), picked(all, rows)
	return nil
}

// heldOut returns the documents for validation, by number.
func (c docsConfig) heldOut(all []doc) ([]int, error) {
	if c.validShare == 0 && c.folds == 0 {
		return c.validRows, nil
	}
	var classes []string
	if c.stratify {
		for _, d := range all {
			classes = append(classes, d.class)
		}
	}
	rows, err := domain.Draw{Share: c.validShare, Fold: c.fold, Folds: c.folds, Seed: c.seed}.Rows(len(all), nil, classes)
	if err != nil && c.folds > 0 {
		err = fmt.Errorf("Fold: %w", err)
	}
	return rows, err
}

func picked(all []doc, rows []int) []doc {
	some := make([]doc, len(rows))
	for i, row := range rows {
		some[i] = all[row]
	}
	return some
}

// label finds the classes: the sorted names of the classes of the training documents.
func (d *Docs) label() error {
	classes := map[string]bool{}
	for _, doc := range d.splits[fastnb.Train] {
		classes[doc.class] = true
	}
	if classes[""] {
		return nil
	}
	for class := range classes {
		if !utf8.ValidString(class) {
			return fmt.Errorf("the name of class %q is not UTF-8, so it could not be saved; rename it", class)
		}
	}
	for _, doc := range d.splits[fastnb.Valid] {
		if !classes[doc.class] {
			return fmt.Errorf("document %s is of class %q, which no training document is of (classes there: %s)",
				doc.name, doc.class, keys(classes))
		}
	}
	for class := range classes {
		d.classes = append(d.classes, class)
	}
	slices.Sort(d.classes)
	return nil
}

// keys returns the sorted keys of a set, joined.
func keys(set map[string]bool) string {
	var all []string
	for k := range set {
		all = append(all, k)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// sample leaves some documents of each split, in their order.
func (d *Docs) sample() {
	for s, docs := range d.splits {
		n := d.conf.sample
		if fastnb.Split(s) == fastnb.Valid && d.conf.sampleValid > 0 {
			n = d.conf.sampleValid
		}
		if n > 0 && n < len(docs) {
			order := rand.New(rand.NewPCG(d.conf.seed, 0x534d50+uint64(s))).Perm(len(docs))[:n]
			slices.Sort(order)
			d.splits[s] = picked(docs, order)
		}
	}
}

// checkClasses tells when a class has no document left to train with.
func (d *Docs) checkClasses() error {
	left := map[string]bool{}
	for _, doc := range d.splits[fastnb.Train] {
		left[doc.class] = true
	}
	for _, class := range d.classes {
		if !left[class] {
			return fmt.Errorf("no document of class %s is left for training; another Seed, a larger Sample or more documents "+
				"give some", class)
		}
	}
	return nil
}

// Dir is where caches and models are kept: below WorkDir, or where the documents are.
func (d *Docs) Dir() string { return d.conf.workDir }

// Len returns the number of documents of a split.
func (d *Docs) Len(s fastnb.Split) int { return len(d.splits[s]) }

// Classes returns the names of the classes, sorted, nil where the training documents have none.
func (d *Docs) Classes() []string { return d.classes }

// Labels returns the class of every document of a split as its place in Classes, nil for [fastnb.Test] and where there
// are no classes.
func (d *Docs) Labels(s fastnb.Split) []int {
	if d.classes == nil || s == fastnb.Test {
		return nil
	}
	labels := make([]int, d.Len(s))
	for i, doc := range d.splits[s] {
		labels[i], _ = slices.BinarySearch(d.classes, doc.class)
	}
	return labels
}

// Names returns a name for every document of a split: its file from the path of the documents, or its row or place.
func (d *Docs) Names(s fastnb.Split) []string {
	names := make([]string, d.Len(s))
	for i, doc := range d.splits[s] {
		names[i] = doc.name
	}
	return names
}

// Fingerprint changes whenever what a split holds has changed: which documents, their order, their contents, their
// classes. What mv, cp -p or rsync keep of a file, its size and times, says nothing. Files are read once for it, 50,000
// reviews in about a second.
func (d *Docs) Fingerprint(s fastnb.Split) string {
	h := sha256.New()
	fmt.Fprintf(h, "docs 2 %q %q %t\n", d.from.id(), d.conf.encoding, d.conf.replace)
	sums := d.contents(s)
	for i, doc := range d.splits[s] {
		fmt.Fprintf(h, "%q %s %q\n", doc.name, sums[i], doc.class)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Text reads document i of a split. What its encoding does not have is an error, see [Encoding].
func (d *Docs) Text(s fastnb.Split, i int) (said string, err error) {
	defer verb.Name(&err, "text: Text")
	if i < 0 || i >= d.Len(s) {
		return "", fmt.Errorf("no document %d in the %s split, which has %d", i, s, d.Len(s))
	}
	doc := d.splits[s][i]
	b, err := d.from.read(doc)
	if err == nil {
		said, err = d.from.decode(b, d.conf)
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", doc.name, err)
	}
	return said, nil
}

// tmp makes and returns the folder of caches.
func (d *Docs) tmp() (string, error) {
	tmp := filepath.Join(d.conf.workDir, "tmp")
	if err := os.MkdirAll(tmp, 0o777); err != nil {
		return "", fmt.Errorf("folder %s cannot be written to (%w); WorkDir names another", d.conf.workDir, cause(err))
	}
	return tmp, nil
}

// cause returns what is behind the name of a call and a path.
func cause(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
