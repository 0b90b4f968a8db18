package datasets

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fastnb/fastnb/internal/fetch"
)

// emptyCache gives a test a cache of its own and the mirror that there is.
func emptyCache(t *testing.T) {
	if os.Getenv("FASTNB_MIRROR") == "" {
		if dir, err := filepath.Abs("../../shared/data"); err == nil {
			t.Setenv("FASTNB_MIRROR", dir)
		}
	}
	t.Setenv("FASTNB_CACHE", t.TempDir())
}

// TestSets unpacks every set that a mirror or the repository has, and counts.
func TestSets(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: unpacks all sets")
	}
	all := os.Getenv("FASTNB_MIRROR") != ""
	emptyCache(t)
	counts := map[string]map[string]int{ // files below a folder
		"pets_sample":     {"train/Abyssinian": 160, "train/Bengal": 160, "train/american_bulldog": 160, "valid": 120},
		"dogscats":        {"train/cats": 800, "train/dogs": 800, "valid/cats": 200, "valid/dogs": 200, "test1": 200},
		"plant-seedlings": {"train": 600, "train/Sugar beet": 50, "test": 120, "sample_submission.csv": 1},
		"cifar10":         {"train": 50000, "test": 10000, "test/truck": 1000},
		"mnist_sample":    {"train": 12396, "valid": 2038},
		"imdb_sample":     {".": 3},
		"adult_sample":    {"adult.csv": 1},
		"aclImdb":         {"train/pos": 12500, "train/neg": 12500, "test": 25000},
		"aclImdb_unsup":   {"train/unsup": 17000},
		"rossmann":        {"train.csv": 1, "store.csv": 1, ".": 7},
		"ml-100k":         {"u.data": 1, "u.item": 1},
		"nietzsche":       {"nietzsche.txt": 1, ".": 1},
	}
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			set, err := Describe(name)
			if err != nil {
				t.Fatal(err)
			}
			if small := set.sources[0]; !small.inRepo && len(fetch.Mirrored(small.file)) == 0 {
				t.Skipf("no %s in a mirror (FASTNB_MIRROR, or ../shared/data beside the repository)", small.file)
			}
			if !all && slices.Contains([]string{"cifar10", "aclImdb", "aclImdb_unsup"}, name) {
				t.Skip("has 17,000 to 60,000 files: set FASTNB_MIRROR to unpack it too")
			}
			dir := mustFetch(t, name)
			if len(counts[name]) == 0 {
				t.Error("nothing is counted")
			}
			for folder, want := range counts[name] {
				if got := countFiles(t, filepath.Join(dir, folder)); got != want {
					t.Errorf("%s has %d files (want %d)", folder, got, want)
				}
			}
			os.RemoveAll(dir)
		})
	}
}

func mustFetch(t *testing.T, name string) string {
	t.Helper()
	dir, err := Fetch(name)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func countFiles(t *testing.T, dir string) (n int) {
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return n
}

// TestPetsSample needs nothing but the repository, and is there at once the second time.
func TestPetsSample(t *testing.T) {
	t.Setenv("FASTNB_CACHE", t.TempDir())
	t.Setenv("FASTNB_MIRROR", "")
	dir := mustFetch(t, "pets_sample")
	start := time.Now()
	if again := mustFetch(t, "Pets-Sample"); again != dir {
		t.Errorf("%s (want %s)", again, dir)
	}
	if d := time.Since(start); d > 100*time.Millisecond {
		t.Errorf("the second call took %v", d)
	}
}

// TestPetsSampleFound: the archive is found from FASTNB_ROOT, and from below the checkout.
func TestPetsSampleFound(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	want := filepath.Join(root, "datasets", "pets_sample", "pets_sample.tgz")
	t.Chdir(filepath.Join(root, "datasets", "pets_sample"))
	if got := repoFiles("pets_sample.tgz"); len(got) != 2 || got[0] != want || got[1] != want {
		t.Errorf("found %v (want %s by the source's place and by the working directory)", got, want)
	}
	t.Setenv("FASTNB_ROOT", root)
	t.Chdir(t.TempDir())
	if got := repoFiles("pets_sample.tgz"); len(got) != 2 || got[0] != want {
		t.Errorf("found %v (want %s by FASTNB_ROOT)", got, want)
	}
}

func TestUnknown(t *testing.T) {
	for name, hint := range map[string]string{
		"pet_sample": `did you mean "pets_sample"?`, "dogcats": `did you mean "dogscats"?`, "CIFAR-10": `did you mean "cifar10"?`,
		"imagenet-1k-full": "there are aclImdb, ", "": "there are ",
	} {
		_, err := Fetch(name)
		if err == nil || !strings.Contains(err.Error(), hint) || !strings.Contains(err.Error(), "plant-seedlings") {
			t.Errorf("%q: %v (want %s)", name, err, hint)
		}
	}
	if _, err := Fetch("imagenet-1k-full"); strings.Contains(err.Error(), "did you mean") {
		t.Error(err)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "", 3}, {"", "ab", 2}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}, {"same", "same", 0}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%q to %q: %d (want %d)", c.a, c.b, got, c.want)
		}
	}
}

func TestDescriptions(t *testing.T) {
	for _, name := range Names() {
		s, err := Describe(name)
		if err != nil || s.About == "" || s.Licence == "" || s.Page == "" || len(s.sources) == 0 {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
		for _, src := range s.sources {
			if src.url == "" && len(src.sha256) != 64 {
				t.Errorf("%s: %s has neither address nor checksum", name, src.file)
			}
		}
	}
}

// TestNoSource: the error tells what to put where.
func TestNoSource(t *testing.T) {
	t.Setenv("FASTNB_CACHE", t.TempDir())
	t.Setenv("FASTNB_MIRROR", t.TempDir())
	_, err := Fetch("plant-seedlings")
	for _, want := range []string{"plant-seedlings.tar (SHA-256 e873f7c9", "FASTNB_MIRROR", "kaggle.com/c/plant-seedlings-classification"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v (want %q)", err, want)
		}
	}
	os.WriteFile(filepath.Join(os.Getenv("FASTNB_MIRROR"), "plant-seedlings.tar"), []byte("cut"), 0o644)
	if _, err := Fetch("plant-seedlings"); err == nil || !strings.Contains(err.Error(), "damaged or another version") {
		t.Errorf("error %v", err)
	}
}

// archiveOf makes a tar.gz of empty files.
func archiveOf(t *testing.T, names ...string) []byte {
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	w := tar.NewWriter(z)
	for _, n := range names {
		if err := w.WriteHeader(&tar.Header{Name: n, Typeflag: tar.TypeReg, Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// TestDownload gets sets from a local server: in a folder of their own or not, by several callers at once.
func TestDownload(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("FASTNB_CACHE", cache)
	t.Setenv("FASTNB_MIRROR", "")
	archives := map[string][]byte{
		"/flat.tgz":  archiveOf(t, "train/a/1", "valid/a/2"),
		"/top.tgz":   archiveOf(t, "set/train/a/1", "set/valid/a/2", "._set"),
		"/evil.tgz":  archiveOf(t, "train/1", "../../evil"),
		"/notes.txt": []byte("text"),
	}
	requests := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests++
		w.Write(archives[r.URL.Path])
	}))
	defer server.Close()
	defer func(s []Set) { sets = s }(sets)
	sets = nil
	for path := range archives {
		name, _, _ := strings.Cut(path[1:], ".")
		sets = append(sets, Set{Name: name, sources: []source{
			{file: "small-" + path[1:], sha256: strings.Repeat("0", 64)},
			{file: path[1:], url: server.URL + path, oneFile: name == "notes"},
		}})
	}
	for _, name := range []string{"flat", "top"} {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if dir, err := Fetch(name); err != nil || countFiles(t, filepath.Join(dir, "train", "a")) != 1 {
					t.Errorf("%s, %v", dir, err)
				}
			})
		}
		wg.Wait()
	}
	if requests != 2 {
		t.Errorf("%d requests (want 2)", requests)
	}
	if text, err := os.ReadFile(filepath.Join(mustFetch(t, "notes"), "notes.txt")); string(text) != "text" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := Fetch("evil"); err == nil || !strings.Contains(err.Error(), "would lie outside") {
		t.Errorf("error %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(cache, "files", "*", "[fnt]*")); len(left) != 0 {
		t.Errorf("archives are left: %v", left)
	}
}

func TestCancel(t *testing.T) {
	t.Setenv("FASTNB_CACHE", t.TempDir())
	t.Setenv("FASTNB_MIRROR", "")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := FetchContext(ctx, "dogscats"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
