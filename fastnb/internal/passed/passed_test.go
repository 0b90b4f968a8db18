package passed

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestList(t *testing.T) {
	var l List
	for _, name := range []string{"a/1.md", "a/2.md", "b/1.md", "a/3.md", "a/4.md", "c/\xe9.md", "c/f.md"} {
		l.File(filepath.FromSlash(name), "no text")
	}
	l.File(filepath.FromSlash("a/x.bin"), "no words")
	l.Folder(".git", "hidden", 7)
	l.Folder("up", "a link", 1)
	var got []string
	for _, s := range l.All() {
		got = append(got, filepath.ToSlash(s.String()))
	}
	want := []string{
		"a: 4 files (1.md, 2.md, 3.md, ...): no text",
		"b/1.md: no text",
		"c: 2 files (?.md, f.md): no text",
		"a/x.bin: no words",
		".git: 7 files: hidden",
		"up: a link",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("passed over\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	total := 0
	for _, s := range l.All() {
		total += s.Count
	}
	if total != 16 {
		t.Errorf("%d files in all, want 16", total)
	}
}
