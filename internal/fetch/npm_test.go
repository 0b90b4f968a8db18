package fetch

import (
	"archive/tar"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

var vectors = []member{{name: "package/package.json", body: "{}"}, {name: "package/data/v.json", body: "[1]"}}

func TestNPMMirror(t *testing.T) {
	cache, dir := emptyCache(t), t.TempDir()
	t.Setenv("FASTNB_MIRROR", dir)
	t.Setenv("PATH", "/nowhere")
	data := gzipOf(t, tarOf(t, vectors...))
	mustWrite(t, filepath.Join(dir, "words-vectors-1.2.0.tgz"), data)
	n := NPM{Package: "@words/vectors", Version: "1.2.0", SHA256: sum(data), Member: "data/v.json"}
	path, err := n.Fetch(context.Background())
	check(t, err)
	wantFile(t, path, []byte("[1]"))
	check(t, os.RemoveAll(dir))
	again, err := n.Fetch(context.Background())
	if again != path || err != nil {
		t.Errorf("%s, %v (want %s)", again, err, path)
	}
	wantOnly(t, filepath.Dir(path), ".v.json.lock", "v.json")
	wantOnly(t, cache, "npm")
}

func TestNPMErrors(t *testing.T) {
	dir := t.TempDir()
	emptyCache(t)
	t.Setenv("FASTNB_MIRROR", dir)
	t.Setenv("PATH", "/nowhere")
	data := gzipOf(t, tarOf(t, append(vectors, member{name: "package/link", kind: tar.TypeSymlink, body: "/etc"})...))
	mustWrite(t, filepath.Join(dir, "v-1.0.0.tgz"), data)
	mustWrite(t, filepath.Join(dir, "page-1.0.0.tgz"), []byte("<html>"))
	mustWrite(t, filepath.Join(dir, "cut-1.0.0.tgz"), data[:len(data)/2])
	for want, n := range map[string]NPM{
		`no "other" in the package`:            {"v", "1.0.0", sum(data), "other"},
		`no "link" in the package`:             {"v", "1.0.0", sum(data), "link"},
		"has SHA-256 " + sum(data):             {"v", "1.0.0", "00", "data/v.json"},
		"npm is needed and was not found":      {"v", "1.0.1", "", "data/v.json"},
		"get v-1.0.2.tgz (SHA-256 00ff)":       {"v", "1.0.2", "00ff", "data/v.json"},
		`"../v.json" is not a path in a pack`:  {"v", "1.0.0", "", "../v.json"},
		`"" is not a path in a package`:        {"v", "1.0.0", "", ""},
		"page@1.0.0: not a package of npm":     {"page", "1.0.0", "", "x"},
		"cut@1.0.0: not a whole package of np": {"cut", "1.0.0", "", "data/z.json"},
	} {
		_, err := n.Fetch(context.Background())
		wantError(t, err, want, "fetch: ")
	}
}

// TestNPMDownload downloads a small package with the real npm, and lets it look for one that isn't there.
func TestNPMDownload(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the package registry")
	}
	probe := exec.Command("npm", "pack", "--silent", "--fetch-retries=0", "--pack-destination", t.TempDir(), "is-number@7.0.0")
	if out, err := probe.CombinedOutput(); err != nil {
		t.Skipf("the registry cannot be reached: %v: %s", err, out)
	}
	emptyCache(t)
	ctx := context.Background()
	n := NPM{Package: "is-number", Version: "7.0.0", Member: "package.json"}
	path, err := n.Fetch(ctx)
	check(t, err)
	if data, err := os.ReadFile(path); err != nil || len(data) < 500 {
		t.Errorf("package.json of %d bytes, %v", len(data), err)
	}
	search := os.Getenv("PATH")
	t.Setenv("PATH", "/nowhere")
	if _, err := n.Fetch(ctx); err != nil {
		t.Errorf("the second call: %v", err)
	}
	t.Setenv("PATH", search)
	n.Version = "7.0.0-not-there"
	_, err = n.Fetch(ctx)
	wantError(t, err, "npm could not download it", "No matching version", "get is-number-7.0.0-not-there.tgz elsewhere")
}
