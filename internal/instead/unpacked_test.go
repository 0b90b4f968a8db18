package instead

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
)

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What gzip compressed is read by content, in several parts too; what is not whole, or too much, is an error.
func TestUnpacked(t *testing.T) {
	defer func(most int64) { mostPlain = most }(mostPlain)
	mostPlain = 4 << 20
	packed := zipped(t, "a,b\n1,2")
	for name, c := range map[string]struct {
		content []byte
		want    string
		err     string
	}{
		"plain":     {[]byte("a,b"), "a,b", ""},
		"empty":     {nil, "", ""},
		"packed":    {packed, "a,b\n1,2", ""},
		"two parts": {append(bytes.Clone(packed), zipped(t, "3,4")...), "a,b\n1,23,4", ""},
		"just so":   {zipped(t, strings.Repeat("x", 4<<20)), strings.Repeat("x", 4<<20), ""},
		"too much":  {zipped(t, strings.Repeat("x", 4<<20+1)), "", "larger than 4 MB once it is unpacked"},
		"cut off":   {packed[:len(packed)-9], "", "is not whole (unexpected EOF)"},
		"damaged": {append(bytes.Clone(packed[:len(packed)-8]), make([]byte, 8)...), "",
			"is not whole (gzip: invalid checksum)"},
		"no header": {[]byte("\x1f\x8b\x08"), "", "gzip and is not whole"},
		"ZIP":       {[]byte("PK\x03\x04xl"), "", "this is a ZIP file, as a sheet of Excel is"},
	} {
		got, err := Unpacked(c.content)
		if string(got) != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %.40q, %v (want %.40q, %s)", name, got, err, c.want, c.err)
		}
	}
}
