package text

import (
	"fmt"

	"github.com/fastnb/fastnb/internal/verb"
)

// FromTexts returns documents of texts in memory. The class of text i is labels[i]; nil labels are none. [ValidRows] or
// [ValidShare] say what is for validation.
func FromTexts(texts, labels []string, opts ...DocsOption) (d *Docs, err error) {
	defer verb.Name(&err, "text: FromTexts")
	conf, err := docsConfigOf(".", opts)
	if err == nil {
		err = conf.only("FromTexts", "texts", "")
	}
	if err == nil {
		err = checkTexts(texts, labels)
	}
	if err != nil {
		return nil, err
	}
	docs := make([]doc, len(texts))
	for i, t := range texts {
		docs[i] = doc{name: fmt.Sprintf("text %d", i), at: int64(i), state: sumOf([]byte(t))}
		if labels != nil {
			docs[i].class = labels[i]
		}
	}
	return newDocs(memory(texts), conf, [3][]doc{docs})
}

func checkTexts(texts, labels []string) error {
	if len(texts) == 0 {
		return fmt.Errorf("no texts")
	}
	if labels != nil && len(labels) != len(texts) {
		return fmt.Errorf("%d labels for %d texts (want one each, or nil)", len(labels), len(texts))
	}
	for i, l := range labels {
		if l == "" {
			return fmt.Errorf("the label of text %d is empty; give it one, or nil labels", i)
		}
	}
	return nil
}

// memory is texts that are documents.
type memory []string

func (memory) id() string { return "texts" }

func (m memory) read(d doc) ([]byte, error) { return []byte(m[d.at]), nil }

func (memory) decode(b []byte, c docsConfig) (string, error) { return c.decode(b) }

// checkLetters tells of the texts that are not in their encoding.
func (c docsConfig) checkLetters(texts []string) error {
	bad := &UnreadableError{}
	for i, t := range texts {
		if _, err := c.decode([]byte(t)); err != nil {
			bad.Docs = append(bad.Docs, Unreadable{fmt.Sprintf("text %d", i), err.Error()})
		}
	}
	if len(bad.Docs) > 0 {
		return bad
	}
	return nil
}
