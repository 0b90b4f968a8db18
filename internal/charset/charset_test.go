package charset

import (
	"strings"
	"testing"
)

// Source: Python's bytes.decode of the same bytes; for the five bytes that Windows-1252 lacks, the WHATWG's index.
func TestDecode(t *testing.T) {
	for _, c := range []struct{ bytes, name, want string }{
		{"café", "", "café"},
		{"\ufeffcafé", UTF8, "café"},
		{"\ufeffcafé", Latin1, "café"}, // the mark says what it is
		{"caf\xe9", Latin1, "café"},
		{"\x93caf\xe9\x94 \x80", Windows1252, "“café” €"},
		{"café", Latin1, "café"}, // of files of both encodings; Python has "cafÃ©"
		{"“café”", Windows1252, "“café”"},
		{"caf\xe9 é", Latin1, "café Ã©"},
		{"\x93\x81", Latin1, "\u0093\u0081"},
		{"\x81\x8d\x8f\x90\x9d", Windows1252, "\u0081\u008d\u008f\u0090\u009d"},
		{"\xff\xfeh\x00\xe9\x00", "", "hé"},
		{"\xfe\xff\x00h\x00\xe9", Latin1, "hé"},
		{"h\x00\xe9\x00", UTF16, "hé"},
		{"\x00h\x00\xe9", UTF16, "hé"},
		{"\xff\xfe\x3d\xd8\x00\xde", "", "😀"},
		{"\xff\xfe", "", ""},
		{"", UTF16, ""},
		{"nul\x00 here", "", "nul\x00 here"},
		{"a\ufeffb", "", "a\ufeffb"}, // a mark within is a letter
	} {
		if got, err := Decode([]byte(c.bytes), c.name); got != c.want || err != nil {
			t.Errorf("%q as %q is %q, %v, want %q", c.bytes, c.name, got, err, c.want)
		}
		if got, err := DecodeAny([]byte(c.bytes), c.name); got != c.want || err != nil {
			t.Errorf("%q as any %q is %q, %v, want %q", c.bytes, c.name, got, err, c.want)
		}
	}
}

func TestWrongText(t *testing.T) {
	for _, c := range []struct{ bytes, name, want, replaced string }{
		{"caf\xe9 tr\xe8s", "", `"caf\xe9 tr\xe8s" is not UTF-8; if it should read "café très", the text is Latin-1: Encoding("latin-1")`, "caf� tr�s"},
		{"one\ntwo\nM\xfcnchen", "", `"ne\ntwo\nM\xfcnchen" in line 3 is not UTF-8; if it should read "ne\ntwo\nMünchen"`, "one\ntwo\nM�nchen"},
		{"he said \x93no\x94", "", `“no”", the text is Windows-1252: Encoding("windows-1252")`, "he said �no�"},
		{"caf\xe9 für alle", "", `"caf\xe9 für a" is not UTF-8, though other letters of the text are: it is damaged`, "caf� für alle"},
		{"h\x00i\x00!\x00", "", `UTF-16 without a byte order mark; Encoding("utf-16") reads that`, "h\x00i\x00!\x00"},
		{"\xff\xfeh", "", "bytes 2 and on, \"h\", are not UTF-16", "�"},
		{"\xff\xfe\x3d\xd8h\x00", "", `bytes 2 and on`, "�h"},
	} {
		_, err := Decode([]byte(c.bytes), c.name)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q as %q: %v, want %q", c.bytes, c.name, err, c.want)
		}
		if got, err := DecodeAny([]byte(c.bytes), c.name); got != c.replaced || err != nil {
			t.Errorf("%q as any %q is %q, %v, want %q", c.bytes, c.name, got, err, c.replaced)
		}
	}
	if _, err := DecodeAny([]byte("\xff\xfe\x00\x00h\x00\x00\x00"), ""); err == nil || !strings.Contains(err.Error(), "UTF-32") {
		t.Errorf("UTF-32: %v", err)
	}
	if err := Check("cp437"); err == nil || !strings.Contains(err.Error(), `Encoding("cp437") (want "utf-8", "latin-1"`) {
		t.Error(err)
	}
}
