package duck

import (
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// readJSON leaves a JSON file to DuckDB. Texts stay texts: DuckDB would take 01-02-2014 for the first of February.
func (r *reading) readJSON() error {
	if err := r.prepare(notJSON); err != nil {
		return err
	}
	return r.explained(r.create("read_json(" + r.readable() + ", sample_size=-1, ignore_errors=false, " +
		"dateformat='%Y-%m-%d', timestampformat='%Y fastnb')"))
}

// notJSON tells what a file is that is no JSON file, by how it begins.
func notJSON(begin []byte) error {
	if len(begin) == 0 {
		return errors.New("empty")
	}
	return nil
}

// explained is DuckDB's error of a JSON file in our words where its encoding is the cause.
func (r *reading) explained(err error) error {
	if err == nil || !strings.Contains(err.Error(), "UTF-8") {
		return err
	}
	for _, path := range r.paths {
		if wrong := validFile(r.at(path)); wrong != nil {
			return wrong
		}
	}
	return err
}

// validFile tells where a file is not UTF-8.
func validFile(path string) error {
	f, err := openText(path)
	if err != nil {
		return err
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	if err != nil || utf8.Valid(content) {
		return err
	}
	return notUTF8(path, 1, content)
}
