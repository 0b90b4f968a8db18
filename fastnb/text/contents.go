package text

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/fastnb/fastnb/fastnb"
)

// contents are the sums of what the documents of each split hold. Files are read for them when they are first asked
// for.
type contents struct {
	once [3]sync.Once
	of   [3][]string
}

// sumOf identifies the bytes of a document.
func sumOf(b []byte) string { return fmt.Sprintf("%x", sha256.Sum256(b)) }

// contents returns the sum of every document of a split; of one that cannot be read, what is wrong.
func (d *Docs) contents(s fastnb.Split) []string {
	d.sums.once[s].Do(func() {
		docs := d.splits[s]
		sums := make([]string, len(docs))
		_ = inOrder(len(docs), d.conf.workers, func(i int) string { return d.sum(docs[i]) }, func(i int, sum string) error {
			sums[i] = sum
			return nil
		})
		d.sums.of[s] = sums
	})
	return d.sums.of[s]
}

// unreadable begins what stands for the sum of a document that could not be read.
const unreadable = "unreadable: "

func (d *Docs) sum(doc doc) string {
	if doc.state != "" {
		return doc.state
	}
	b, err := d.from.read(doc)
	if err != nil {
		return unreadable + fmt.Sprintf("%q", err)
	}
	return sumOf(b)
}

var errChanged = errors.New("it has changed since the documents were opened; open them anew")

// read reads document i of a split, whose contents must be what they were: what is made of it is kept under their sum.
func (d *Docs) read(s fastnb.Split, i int) (string, error) {
	b, err := d.from.read(d.splits[s][i])
	if err != nil {
		return "", err
	}
	switch was, is := d.contents(s)[i], sumOf(b); {
	case strings.HasPrefix(was, unreadable):
		d.contents(s)[i] = is // it can be read by now
	case was != is:
		return "", errChanged
	}
	return d.from.decode(b, d.conf)
}
