package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sent returns what gopls gets when the kernel sends m.
func sent(t *testing.T, r *relay, m message) string {
	t.Helper()
	var out bytes.Buffer
	r.server = newStream(&out, &out)
	if err := r.fromKernel(m); err != nil {
		t.Fatal(err)
	}
	if out.Len() == 0 {
		return ""
	}
	got, err := r.server.read()
	if err != nil {
		t.Fatal(err)
	}
	return got.Method + " " + string(got.Params)
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A change replaces the text; a half-written cell gets the imports of the cells before, and keeps its lines.
func TestChange(t *testing.T) {
	r := &relay{dir: t.TempDir()}
	change := message{Method: "textDocument/didChange", Params: json.RawMessage(`{
		"textDocument": {"uri": "file://` + r.dir + `/main.go", "version": 2},
		"contentChanges": [{"range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}, "text": "package main\n\nfunc main() {"}]
	}`)}
	whole := sent(t, r, change)
	if strings.Contains(whole, "range") || !strings.Contains(whole, `"text":"package main\n\nfunc main() {"`) {
		t.Errorf("a change becomes %s", whole)
	}
	write(t, filepath.Join(r.dir, "other.go"), "package main\n\nimport (\n\t\"fmt\"\n\tp \"a/b\"\n)\n\nfunc f() {}\n")
	if half := sent(t, r, change); !strings.Contains(half, `"text":"package main; import \"fmt\"; import p \"a/b\"\n\nfunc main() {"`) {
		t.Errorf("a change of a half-written cell becomes %s", half)
	}
}

// Only the cell's own Go files are opened; others are read again once they have changed.
func TestFilesOnDisk(t *testing.T) {
	r := &relay{dir: t.TempDir()}
	library := t.TempDir()
	for _, c := range []struct {
		path   string
		before bool // gopls began
		method string
		want   string
	}{
		{filepath.Join(r.dir, "main.go"), true, "textDocument/didOpen", "textDocument/didOpen"},
		{filepath.Join(r.dir, "go.mod"), false, "textDocument/didOpen", ""},
		{filepath.Join(library, "a.go"), false, "textDocument/didOpen", ""},
		{filepath.Join(library, "a.go"), true, "textDocument/didOpen", "workspace/didChangeWatchedFiles"},
		{filepath.Join(library, "a.go"), true, "textDocument/didChange", "workspace/didChangeWatchedFiles"},
	} {
		write(t, c.path, "package main\n")
		r.began = time.Now().Add(time.Hour)
		if c.before {
			r.began = time.Now().Add(-time.Hour)
		}
		got := sent(t, r, message{Method: c.method, Params: json.RawMessage(`{"textDocument": {"uri": "file://` + c.path + `"}}`)})
		if method, _, _ := strings.Cut(got, " "); method != c.want {
			t.Errorf("%s of %s, gopls began before: %t: becomes %q (want %q)", c.method, c.path, c.before, got, c.want)
		}
	}
	gone := message{Method: "textDocument/didClose", Params: json.RawMessage(`{"textDocument": {"uri": "file:///absent.go"}}`)}
	if got := sent(t, r, gone); !strings.Contains(got, `"type":3`) {
		t.Errorf("a file that is gone becomes %q", got)
	}
}

// Requests pass as they are; the kernel's initialize is answered by what gopls said long before.
func TestRequests(t *testing.T) {
	var out bytes.Buffer
	r := &relay{kernel: newStream(&out, &out), capabilities: json.RawMessage(`{"capabilities":{}}`)}
	if got := sent(t, r, newMessage("7", "textDocument/hover", 1)); got != "textDocument/hover 1" {
		t.Errorf("a hover becomes %q", got)
	}
	if got := sent(t, r, newMessage("1", "initialize", 1)); got != "" {
		t.Errorf("gopls is initialized twice: %q", got)
	}
	answer, err := r.kernel.read()
	if err != nil || string(answer.ID) != "1" || string(answer.Result) != `{"capabilities":{}}` {
		t.Errorf("initialize is answered by %+v, %v", answer, err)
	}
}

func TestStream(t *testing.T) {
	for _, broken := range []string{"", "Content-Length: x\r\n\r\n", "Content-Length: -1\r\n\r\n", "Content-Length: 9\r\n\r\n{}"} {
		if _, err := newStream(nil, strings.NewReader(broken)).read(); err == nil {
			t.Errorf("%q is read without an error", broken)
		}
	}
}
