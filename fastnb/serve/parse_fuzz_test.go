package serve

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

// Whatever a request says, its parser returns items or an error of who asked, and no more items than it may.
func FuzzParser(f *testing.F) {
	const part = "--b\r\nContent-Disposition: form-data; name=\"text\"; filename=\"a.png\"\r\n\r\nabc\r\n--b--\r\n"
	for contentType, data := range map[string]string{
		"image/png": "\x89PNG", "multipart/form-data; boundary=b": part, "multipart/form-data;boundary=b": "--b\r\n\r\n",
		"application/json": `[{"kind": "rose", "height": 1e9, "sun": true}, {"kind": null}]`, "text/csv": "kind,height\nrose,\"1\n",
		"application/json;charset=utf-8": `{"texts": ["a", "b"]}`, "text/plain": "\xff", "text/plain ": `{"user": 7}`,
		"a/b;;": "", "multipart/form-data; boundary=": "--\r\n",
	} {
		f.Add(contentType, []byte(data))
	}
	columns := []Column{{Name: "kind", Kind: "text"}, {Name: "height", Kind: "number"}, {Name: "sun", Kind: "bool"}}
	f.Fuzz(func(t *testing.T, contentType string, data []byte) {
		for _, kind := range []Kind{Image, Text, Row, User} {
			p := newParser(About{Kind: kind, Columns: columns}, 3)
			items, err := p.items(contentType, data)
			checkParsed(t, len(items), err, 3)
			_, _, err = p.form(contentType, data)
			checkParsed(t, 1, err, 1)
		}
	})
}

func checkParsed(t *testing.T, items int, err error, most int) {
	t.Helper()
	var f *failure
	switch {
	case err == nil && (items < 1 || items > most):
		t.Errorf("%d items without an error", items)
	case err != nil && (!errors.As(err, &f) || f.status < 400 || f.status > 499 || f.text == ""):
		t.Errorf("the error is %#v", err)
	}
}

// A host that passes is an IP address, localhost or the name that was given, whatever it looks like.
func FuzzGuard(f *testing.F) {
	for _, host := range []string{"127.0.0.1:80", "[::1]:80", "[::1]", "::1", "localhost.", "a.example.org", "LOCALHOST:1", "localhost:", "[", "127.0.0.1.a", "0x7f.1"} {
		f.Add(host)
	}
	g := newGuard([]string{"a.example.org"})
	f.Fuzz(func(t *testing.T, host string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		if r.Host = host; g.check(r) != nil {
			return
		}
		name := strings.ToLower(strings.TrimSuffix(host, "."))
		if i := strings.LastIndex(name, ":"); i > strings.LastIndex(name, "]") && strings.Count(name[:i], ":") == 0 || i > 0 && strings.HasSuffix(name[:i], "]") {
			name = strings.TrimSuffix(name[:i], ".")
		}
		_, err := netip.ParseAddr(strings.Trim(name, "[]"))
		if err != nil && name != "localhost" && name != "a.example.org" {
			t.Errorf("%q passes", host)
		}
	})
}

// Bodies take from the budget as they grow, and give back all of it.
func TestBudget(t *testing.T) {
	b := &budget{left: 140 << 10}
	read := func(n int) (*body, error) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(strings.Repeat("a", n)))
		r.ContentLength = -1
		one := &body{budget: b}
		return one, one.read(httptest.NewRecorder(), r, 64<<10)
	}
	first, err := read(40 << 10)
	if err != nil || len(first.data) != 40<<10 {
		t.Fatalf("%d bytes, %v", len(first.data), err)
	}
	second, err := read(60 << 10)
	if f := failureOf(err); err == nil || f.status != http.StatusServiceUnavailable {
		t.Errorf("too much at once: %v", err)
	}
	second.close()
	long, err := read(64<<10 + 1)
	if f := failureOf(err); err == nil || f.status != http.StatusServiceUnavailable && f.status != http.StatusRequestEntityTooLarge {
		t.Errorf("too long: %v", err)
	}
	long.close()
	first.close()
	exact, err := read(64 << 10)
	if err != nil {
		t.Errorf("of just the length that may be: %v", err)
	}
	exact.close()
	if long, err = read(64<<10 + 1); failureOf(err).status != http.StatusRequestEntityTooLarge {
		t.Errorf("too long: %v", err)
	}
	long.close()
	if b.left != 140<<10 {
		t.Errorf("%d bytes are left of the budget, want all", b.left)
	}
}
