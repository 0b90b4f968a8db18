package text

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/fastnb/fastnb/internal/verb"
)

var errNoTokenizer = errors.New("no tokenizer; text.English is one")

// Vocab returns the vocabulary of the training documents: [MakeVocab] of how often their tokens come. It is kept below
// Dir/tmp and made anew when the documents, the tokenizer or the options change.
//
// The error wraps [ErrUnreadable] and lists all documents that cannot be read, if there are any.
func (d *Docs) Vocab(tok Tokenizer, opts ...VocabOption) (v *Vocab, err error) {
	defer verb.Name(&err, "text: Vocab")
	conf, err := vocabConfigOf(opts)
	if err == nil && tok == nil {
		err = errNoTokenizer
	}
	if err != nil {
		return nil, err
	}
	tmp, err := d.tmp()
	if err != nil {
		return nil, err
	}
	kind := fmt.Sprintf("vocab 1 %q %d %d", tok.Name(), conf.size, conf.freq)
	name := d.cacheName("vocab", fastnb.Train, kind)
	path := filepath.Join(tmp, name+"-"+d.key(fastnb.Train, kind)[:12]+".json")
	if found, err := ReadVocab(path); err == nil {
		return found, nil
	}
	counts, err := d.count(fastnb.Train, tok)
	if err != nil {
		return nil, err
	}
	if v, err = newVocab(conf.words(counts)); err != nil {
		return nil, err
	}
	if err := v.save(path); err != nil {
		return nil, fmt.Errorf("%w; WorkDir names another folder", err)
	}
	removeOld(tmp, name)
	return v, nil
}

// Corpus is a split in numbers: the codes of all documents, one after the other, in a file that is mapped to memory.
// It may be used by several goroutines at once.
type Corpus struct {
	codes  []int32
	starts []int64 // of each document in codes, and the end
	unmap  func() error
}

// Corpus returns the codes of a split's documents. Documents are read and tokenised on all cores, a few at a time,
// into a file below Dir/tmp. The next call opens that, once the documents have been read for their [Docs.Fingerprint],
// unless their contents, the tokenizer or the vocabulary have changed; a file that is cut off or another version's is
// made anew.
//
// The error wraps [fastnb.ErrNoSplit] for a split without documents, and [ErrUnreadable], listing all documents that
// cannot be read, if there are any.
func (d *Docs) Corpus(s fastnb.Split, tok Tokenizer, vocab *Vocab) (c *Corpus, err error) {
	defer verb.Name(&err, "text: Corpus")
	switch {
	case tok == nil:
		return nil, errNoTokenizer
	case vocab == nil:
		return nil, errors.New("no vocabulary (Docs.Vocab makes one)")
	case d.Len(s) == 0:
		return nil, fmt.Errorf("%s: %w", s, fastnb.ErrNoSplit)
	}
	tmp, err := d.tmp()
	if err != nil {
		return nil, err
	}
	kind := fmt.Sprintf("corpus 1 %q", tok.Name())
	name, key := d.cacheName("corpus-"+s.String(), s, kind), d.key(s, fmt.Sprintf("%s %x", kind, vocab.sum()))
	path := filepath.Join(tmp, name+"-"+key[:12]+safetensors.Ext)
	if c, err := openCorpus(path, key); err == nil {
		return c, nil
	}
	if err := d.write(path, key, s, tok, vocab); err != nil {
		return nil, err
	}
	removeOld(tmp, name)
	return openCorpus(path, key)
}

// write tokenises a split and leaves the file at path, whole or not at all.
func (d *Docs) write(path, key string, s fastnb.Split, tok Tokenizer, vocab *Vocab) error {
	w, err := newCorpusWriter(path)
	if err != nil {
		return fmt.Errorf("folder %s cannot be written to (%w); WorkDir names another", filepath.Dir(path), cause(err))
	}
	defer w.out.Discard()
	if err := tokenise(d, s, tok, vocab.Encode, w.add); err != nil {
		return err
	}
	if err := w.finish(key); err != nil {
		return fmt.Errorf("%s: %w; WorkDir names another folder", path, err)
	}
	return nil
}

// Len returns the number of documents.
func (c *Corpus) Len() int { return len(c.starts) - 1 }

// Doc returns the codes of document i: a view of the file, not to be changed, which Close ends.
func (c *Corpus) Doc(i int) []int32 { return c.codes[c.starts[i]:c.starts[i+1]:c.starts[i+1]] }

// Codes returns the codes of all documents, one after the other: a view as that of Doc.
func (c *Corpus) Codes() []int32 { return c.codes }

// Start returns where document i begins in Codes; Start(Len()) is the number of all codes.
func (c *Corpus) Start(i int) int { return int(c.starts[i]) }

// Close ends the mapping. Views of the corpus must not be used any more: doing so ends the program.
func (c *Corpus) Close() error {
	if c.unmap == nil {
		return nil
	}
	unmap := c.unmap
	c.codes, c.starts, c.unmap = nil, []int64{0}, nil
	return unmap()
}

// cacheName returns the name of a cache file, the same whatever the state of the documents is.
func (d *Docs) cacheName(what string, s fastnb.Split, kind string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%s", d.from.id(), d.conf.id(), s, kind))
	return fmt.Sprintf("%s-%x", what, sum[:4])
}

// id tells choices of documents apart.
func (c docsConfig) id() string {
	id := fmt.Sprintf("%q %q %q %q %g %d %d %d %d", c.train, c.valid, c.test, c.classFolders, c.validShare, c.validRows,
		c.sample, c.sampleValid, c.seed)
	if c.folds > 0 || c.stratify {
		id += fmt.Sprintf(" %d %d %t", c.fold, c.folds, c.stratify)
	}
	return id
}

// key identifies what is made of a split in its present state.
func (d *Docs) key(s fastnb.Split, kind string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(d.Fingerprint(s)+"\n"+kind)))
}
