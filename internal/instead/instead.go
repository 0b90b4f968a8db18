// Package instead tells what lies in the place of a file that was to be fetched: a web page, or a pointer of the
// programs that keep big files beside a repository. Whoever reads files that people download asks it, so that they
// hear of that and not of a file that is damaged.
package instead

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
)

// Check is an error that says what came in the place of a file which begins so, and what to do; nil for anything
// else. A kilobyte is enough.
func Check(begin []byte) error { return this(Of(begin)) }

// CheckPointer is Check of files that may well be web pages.
func CheckPointer(begin []byte) error { return this(Pointer(begin)) }

func this(what string) error {
	if what == "" {
		return nil
	}
	return errors.New("this is " + what)
}

// markup is how pages and servers' errors begin.
var markup = regexp.MustCompile(`(?is)^(<!--.*?-->\s*)*(<!doctype\b|<(html|head|body|error)[\s/>]|<\?xml\b)`)

// Of is what came in the place of a file which begins so, with what to do; empty for anything else.
func Of(begin []byte) string {
	if what := Pointer(begin); what != "" {
		return what
	}
	text := start(begin)
	if !markup.Match(text) {
		return ""
	}
	return fmt.Sprintf("a web page or a server's answer, not the file that was meant; it begins with %.40q "+
		"(was a login wanted? on the Hugging Face hub a file's address has /resolve/ where its page has /blob/)", text)
}

var lfsSize = regexp.MustCompile(`(?m)^size (\d+)\s*$`)

// Pointer is Of of files that may well be web pages.
func Pointer(begin []byte) string {
	text := start(begin)
	switch {
	case bytes.HasPrefix(text, []byte("version https://git-lfs")):
		of := "the file itself"
		if m := lfsSize.FindSubmatch(text); m != nil {
			of = fmt.Sprintf("a file of %s bytes", m[1])
		}
		return fmt.Sprintf("a Git LFS pointer, which stands for %s that was not fetched: run git lfs pull, "+
			"or download it by its own address", of)
	case bytes.HasPrefix(text, []byte("/annex/objects/")):
		return "a git-annex pointer, which stands for a file that was not fetched: run git annex get"
	}
	return ""
}

// start is the text without what stands before its first letter. No more of it is looked at than Check wants.
func start(begin []byte) []byte {
	begin = begin[:min(len(begin), 1024)]
	return bytes.TrimLeft(bytes.TrimPrefix(begin, []byte("\ufeff")), " \t\r\n")
}
