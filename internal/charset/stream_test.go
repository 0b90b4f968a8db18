package charset

import (
	"strings"
	"testing"
	"testing/iotest"
)

// A long text is read as Decode reads it, wherever its parts end.
func TestLong(t *testing.T) {
	pad := strings.Repeat("x", block-1)
	for _, text := range []string{"", "x", "café", "caf\xe9", pad + "é", pad + "\xe9", pad + "é" + pad + "\xe9",
		pad[1:] + "“" + pad, "\x93caf\xe9\x94",
		"\ufeffcafé", "\xff\xfeh\x00\xe9\x00", "\xfe\xff\x00h" + strings.Repeat("\x00\xe9", block), pad + "x\xc3"} {
		for _, name := range []string{"", Latin1, Windows1252, UTF16} {
			want, wantErr := Decode([]byte(text), name)
			got, err := long(text, name)
			if err == nil && got != want || (err == nil) != (wantErr == nil) {
				t.Errorf("%.20q as %q is %.20q, %v, want %.20q, %v", text, name, got, err, want, wantErr)
			}
		}
	}
}

func long(text, name string) (string, error) {
	encoding, err := OfAll(iotest.HalfReader(strings.NewReader(text)), name)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if err = Copy(&b, iotest.HalfReader(strings.NewReader(text)), encoding); err == nil && encoding == UTF8 {
		err = Valid([]byte(b.String()))
	}
	return b.String(), err
}

func TestUnmark(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		"café":                   "café",
		"\ufeffcafé":             "café",
		"caf\xe9":                "caf\xe9", // nobody says what it is
		"\xff\xfeh\x00\xe9\x00":  "hé",
		"\xfe\xff\x00h\x00\xe9":  "hé",
		"h\x00i\x00!\x00":        "hi!",
		"\x00h\x00i":             "hi",
		"a\x00b, and much more.": "a\x00b, and much more.",
	} {
		if got, err := Unmark([]byte(text)); string(got) != want || err != nil {
			t.Errorf("%q is %q, %v, want %q", text, got, err, want)
		}
	}
	for text, want := range map[string]string{"\xff\xfe\x00\x00h\x00\x00\x00": "UTF-32", "\xff\xfeh": "not UTF-16"} {
		if _, err := Unmark([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
