package main

import (
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// relay passes the kernel's messages to gopls, put right.
type relay struct {
	dir            string    // the kernel's folder
	began          time.Time // when gopls began to read the checkout
	kernel, server *stream
	capabilities   json.RawMessage // what gopls answered to initialize
}

// options leave out what the kernel makes no use of: checks of the code after each change, links to other sites.
var options = map[string]any{"diagnosticsTrigger": "Save", "linksInHover": false}

// initialize opens the session, so that gopls loads the checkout before the kernel connects.
func (r *relay) initialize() error {
	uri := url.URL{Scheme: "file", Path: filepath.ToSlash(r.dir)}
	err := r.server.write(newMessage("0", "initialize", map[string]any{
		"processId":             os.Getpid(),
		"capabilities":          map[string]any{},
		"initializationOptions": options,
		"workspaceFolders":      []any{map[string]string{"uri": uri.String(), "name": filepath.Base(r.dir)}},
	}))
	if err != nil {
		return err
	}
	for r.capabilities == nil {
		m, err := r.server.read()
		if err != nil {
			return fmt.Errorf("the real gopls: %w", err)
		}
		if string(m.ID) == "0" && m.Error != nil {
			return fmt.Errorf("the real gopls: %s", m.Error)
		}
		r.capabilities = m.Result
	}
	return r.server.write(newMessage("", "initialized", struct{}{}))
}

// document is what the messages about a file's content hold.
type document struct {
	TextDocument struct {
		URI        string `json:"uri"`
		LanguageID string `json:"languageId,omitempty"`
		Version    int    `json:"version"`
		Text       string `json:"text,omitempty"`
	} `json:"textDocument"`
	ContentChanges []change `json:"contentChanges,omitempty"`
}

// change replaces the whole text: it has no range.
type change struct {
	Text string `json:"text"`
}

func (r *relay) fromKernel(m message) error {
	switch m.Method {
	case "initialize":
		return r.kernel.write(message{ID: m.ID, Result: r.capabilities})
	case "initialized":
		return nil
	case "textDocument/didOpen", "textDocument/didChange", "textDocument/didClose":
		return r.file(m)
	}
	return r.server.write(m)
}

// file tells gopls about a file.
func (r *relay) file(m message) error {
	var d document
	if err := json.Unmarshal(m.Params, &d); err != nil {
		return err
	}
	path, err := filePath(d.TextDocument.URI)
	if err != nil {
		return err
	}
	if filepath.Dir(path) != r.dir || filepath.Ext(path) != ".go" {
		return r.onDisk(m.Method, path, d.TextDocument.URI)
	}
	if m.Method == "textDocument/didClose" {
		return r.server.write(m)
	}
	if filepath.Base(path) == "main.go" {
		d.addImports(importsOf(filepath.Join(r.dir, "other.go")))
	}
	return r.server.write(newMessage("", m.Method, d))
}

func filePath(uri string) (string, error) {
	u, err := url.Parse(uri)
	if err != nil {
		return "", err
	}
	return filepath.FromSlash(u.Path), nil
}

// onDisk has gopls read a file again if it has changed since gopls began.
func (r *relay) onDisk(method, path, uri string) error {
	kind := map[string]int{"textDocument/didOpen": 1, "textDocument/didChange": 2, "textDocument/didClose": 3}[method]
	if info, err := os.Stat(path); err == nil && info.ModTime().Before(r.began) {
		return nil
	}
	changes := []any{map[string]any{"uri": uri, "type": kind}}
	return r.server.write(newMessage("", "workspace/didChangeWatchedFiles", map[string]any{"changes": changes}))
}

// addImports puts imports on the file's first line, so that all others keep their number.
func (d *document) addImports(imports string) {
	put := func(text string) string {
		return strings.Replace(text, "package main\n", "package main"+imports+"\n", 1)
	}
	d.TextDocument.Text = put(d.TextDocument.Text)
	for i := range d.ContentChanges {
		d.ContentChanges[i].Text = put(d.ContentChanges[i].Text)
	}
}

// importsOf returns the imports of the file that the kernel writes, for a cell that it can't parse, with what the cells
// before declared. It is "" where there is no such file.
func importsOf(file string) string {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, spec := range f.Imports {
		b.WriteString("; import ")
		if spec.Name != nil {
			b.WriteString(spec.Name.Name + " ")
		}
		b.WriteString(spec.Path.Value)
	}
	return b.String()
}
