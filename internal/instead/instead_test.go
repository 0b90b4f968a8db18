package instead

import (
	"strings"
	"testing"
)

const lfs = "version https://git-lfs.github.com/spec/v1\n"

func TestCheck(t *testing.T) {
	for begin, want := range map[string]string{
		lfs + "size 12345\n":                            "this is a Git LFS pointer, which stands for a file of 12345 bytes",
		"\ufeff" + lfs + "oid sha256:00":                "this is a Git LFS pointer, which stands for the file itself",
		"/annex/objects/SHA256E-s12--ab.jpg\n":          "this is a git-annex pointer",
		"\n<!doctype html><title>Log in":                "this is a web page or a server's answer",
		"<!-- 404 -->\n<!-- not here -->\n<HTML lang=e": "this is a web page or a server's answer",
		"<?xml version='1.0'?><Error>":                  "this is a web page or a server's answer",
	} {
		if err := Check([]byte(begin)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", begin, err, want)
		}
	}
	for _, begin := range []string{"", "text,label\n<html>,1\n", "<HEADLINE>\t<DATE>\n", "<bodyweight>,<errors>\n", "version 1", "\x00ftyp",
		"<b>no page</b>", "<!-- html --> a,b"} {
		if err := Check([]byte(begin)); err != nil {
			t.Errorf("%q: %v", begin, err)
		}
	}
}

func TestCheckPointer(t *testing.T) {
	if err := CheckPointer([]byte("<html><body>a document that is a page</body></html>")); err != nil {
		t.Error(err)
	}
	if err := CheckPointer([]byte(lfs)); err == nil {
		t.Error("a pointer is none")
	}
}

// What is packed is told with how to unpack it.
