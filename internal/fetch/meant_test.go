package fetch

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A page or a pointer that comes in the place of a file, from a server or in a mirror, is an error and not kept.
func TestURLInstead(t *testing.T) {
	mirror := t.TempDir()
	t.Setenv("FASTNB_CACHE", t.TempDir())
	t.Setenv("FASTNB_MIRROR", mirror)
	s := serve(t, nil)
	for content, want := range map[string]string{
		"\n<!doctype html><title>Log in":                                     "a web page or a server's answer",
		"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 7\n": "a Git LFS pointer, which stands for a file of 7 bytes",
	} {
		s.data = []byte(content)
		check(t, os.WriteFile(filepath.Join(mirror, "a.bin"), s.data, 0o644))
		for _, from := range []string{"mirror", "server"} {
			if _, err := (URL{Addr: s.URL + "/a.bin"}).Fetch(context.Background()); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v (want %q)", from, err, want)
			}
			os.Remove(filepath.Join(mirror, "a.bin"))
		}
	}
	if got, err := os.ReadFile(get(t, URL{Addr: s.URL + "/a.bin", Name: "a.html"})); err != nil || string(got) != string(s.data) {
		t.Errorf("a page that was meant: %q, %v", got, err)
	}
	s.data = []byte("weights")
	if got, err := os.ReadFile(get(t, URL{Addr: s.URL + "/a.bin"})); err != nil || string(got) != "weights" {
		t.Errorf("afterwards: %q, %v", got, err)
	}
}
