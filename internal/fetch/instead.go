package fetch

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// markup is how pages and servers' errors begin.
var markup = regexp.MustCompile(`(?i)^(<!doctype|<html|<head|<body|<\?xml|<error)`)

var lfsSize = regexp.MustCompile(`(?m)^size (\d+)\s*$`)

// Instead says, by how a file begins, what came in the place of the one that was meant: a web page, a Git LFS pointer. It is nil
// for anything else.
func Instead(begin []byte) error {
	text := bytes.TrimLeft(bytes.TrimPrefix(begin, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case bytes.HasPrefix(text, []byte("version https://git-lfs")):
		return lfsPointer(text)
	case markup.Match(text):
		return fmt.Errorf("this is a web page or a server's answer, not the file that was meant; it begins with %.40q "+
			"(was a login wanted? on the Hugging Face hub a file's address has /resolve/ where its page has /blob/)", text)
	}
	return nil
}

func lfsPointer(text []byte) error {
	of := "the file itself"
	if m := lfsSize.FindSubmatch(text); m != nil {
		of = fmt.Sprintf("a file of %s bytes", m[1])
	}
	return fmt.Errorf("this is a Git LFS pointer, which stands for %s that was not fetched: run git lfs pull, or download it by its own address", of)
}

// checkInstead removes what came in the place of a file of that name, so that it is not kept.
func checkInstead(path, name string) error {
	if slices.Contains([]string{".html", ".htm", ".xml", ".svg"}, strings.ToLower(filepath.Ext(name))) {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	begin, err := io.ReadAll(io.LimitReader(f, 1024))
	f.Close()
	if err == nil {
		err = Instead(begin)
	}
	if err != nil {
		os.Remove(path)
	}
	return err
}
