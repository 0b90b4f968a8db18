package glove

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
)

// parseText reads a line for each word. How many numbers follow is told by the first line, in which the word has no
// space.
func parseText(r *bufio.Reader) (*Vectors, error) {
	var words []string
	var data []float32
	dim := 0
	for n := 1; ; n++ {
		line, err := readLine(r)
		if err == io.EOF {
			return newVectors(words, data, dim)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if n == 1 && isHeader(line) || len(line) == 0 {
			continue
		}
		if dim == 0 {
			dim = bytes.Count(line, space)
		}
		word, numbers, err := cut(line, dim)
		if err == nil {
			data, err = appendNumbers(data, numbers)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w: want a word and its numbers, a space before each", n, err)
		}
		words = append(words, word)
	}
}

var space = []byte{' '}

// maxLine bounds a line: one that is longer belongs to another kind of file.
const maxLine = 1 << 20

// readLine returns the next line without what ends it.
func readLine(r *bufio.Reader) ([]byte, error) {
	var long []byte
	for {
		part, err := r.ReadSlice('\n')
		switch {
		case err == bufio.ErrBufferFull && len(long) < maxLine:
			long = append(long, part...)
			continue
		case err == bufio.ErrBufferFull:
			return nil, errors.New("it is over a million bytes long: is this a file of word vectors?")
		case err != nil && (err != io.EOF || len(long)+len(part) == 0):
			return nil, err
		}
		if long != nil {
			part = append(long, part...)
		}
		return bytes.TrimRight(part, " \r\n"), nil
	}
}

// isHeader tells whether a line is word2vec's first: two whole numbers.
func isHeader(line []byte) bool {
	fields := bytes.Fields(line)
	return len(fields) == 2 && !slices.ContainsFunc(fields, func(f []byte) bool {
		return len(bytes.Trim(f, "0123456789")) > 0
	})
}

// cut separates a word, which may have spaces in it, from the dim numbers that follow it.
func cut(line []byte, dim int) (word string, numbers []byte, err error) {
	end := len(line)
	for k := range dim {
		end = bytes.LastIndexByte(line[:end], ' ')
		if end < 0 {
			return "", nil, fmt.Errorf("%d numbers, not %d as in the first", k, dim)
		}
	}
	if end <= 0 || dim == 0 {
		return "", nil, errors.New("not a word and numbers")
	}
	return string(line[:end]), line[end+1:], nil
}

func appendNumbers(data []float32, numbers []byte) ([]float32, error) {
	for field := range bytes.SplitSeq(numbers, space) {
		x, err := number(field)
		if err != nil {
			return nil, err
		}
		data = append(data, x)
	}
	return data, nil
}
