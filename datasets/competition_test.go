package datasets

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/fastnb/fastnb/internal/kaggle"
)

// zipped makes a zip of files by name; one that ends in a slash is a folder.
func zipped(t *testing.T, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(files[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// plants is a competition's archive, with archives in it.
func plants(t *testing.T) map[string]string {
	return map[string]string{
		"sample_submission.csv": "file,species\n1.png,a\n",
		"labels.csv.zip":        zipped(t, map[string]string{"labels.csv": "l", "__MACOSX/._labels.csv": "x"}),
		"stores.zip":            zipped(t, map[string]string{"stores.csv": "s"}),
		"train.zip":             zipped(t, map[string]string{"train/a/1.png": "1", "train/b/2.png": "2"}),
		"test.zip":              zipped(t, map[string]string{"3.png": "3", "more.zip": zipped(t, map[string]string{"x": "4", "y": "5"})}),
	}
}

// site is a server that answers as Kaggle does: it knows one competition, and one user, whose rules are accepted or not.
type site struct {
	*httptest.Server
	content  []byte
	accepted bool
	cut      atomic.Int32 // answers that break off halfway
	asked    atomic.Int32
	resumed  atomic.Int32
}

func serveKaggle(t *testing.T, content string) *site {
	s := &site{content: []byte(content), accepted: true}
	store := http.NewServeMux() // files lie with another server than the one that knows users
	store.HandleFunc("/signed", s.file)
	files := httptest.NewServer(store)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/competitions/data/download-all/{name}", func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		user, key, _ := r.BasicAuth()
		switch {
		case (user != "me" || key != "secret") && r.Header.Get("Authorization") != "Bearer token":
			fail(w, 401, "Unauthenticated")
		case r.PathValue("name") != "plants":
			fail(w, 404, "Not found")
		case !s.accepted:
			fail(w, 403, "You must accept this competition's rules before you'll be able to download files.")
		default:
			http.Redirect(w, r, strings.Replace(files.URL, "127.0.0.1", "localhost", 1)+"/signed", http.StatusFound)
		}
	})
	s.Server = httptest.NewServer(mux)
	was := kaggle.Site
	kaggle.Site = s.URL
	t.Cleanup(func() { kaggle.Site = was; s.Close(); files.Close() })
	return s
}

func (s *site) file(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "" {
		fail(w, 400, "whose key is that?")
		return
	}
	if r.Header.Get("Range") != "" {
		s.resumed.Add(1)
	}
	w.Header().Set("ETag", `"v1"`)
	if s.cut.Add(-1) >= 0 {
		w.Header().Set("Content-Length", fmt.Sprint(len(s.content)))
		w.Write(s.content[:len(s.content)/2])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(s.content))
}

func fail(w http.ResponseWriter, code int, message string) {
	w.WriteHeader(code)
	json.NewEncoder(w).Encode(map[string]any{"code": code, "message": message})
}

// nobody gives a test an empty cache, an empty home and no mirror.
func nobody(t *testing.T) (home string) {
	home = t.TempDir()
	for name, value := range map[string]string{"HOME": home, "USERPROFILE": home, "FASTNB_CACHE": t.TempDir(),
		"FASTNB_MIRROR": "", "KAGGLE_USERNAME": "", "KAGGLE_KEY": "", "KAGGLE_API_TOKEN": "", "KAGGLE_CONFIG_DIR": ""} {
		t.Setenv(name, value)
	}
	return home
}

func TestCompetition(t *testing.T) {
	for name, login := range map[string]func(home string){
		"variables": func(string) { os.Setenv("KAGGLE_USERNAME", "me"); os.Setenv("KAGGLE_KEY", "secret") },
		"token":     func(string) { os.Setenv("KAGGLE_API_TOKEN", "token") },
		"file":      func(home string) { put(t, filepath.Join(home, ".kaggle", "kaggle.json"), "\ufeff"+keyFile) },
		"XDG":       func(home string) { put(t, filepath.Join(home, ".config", "kaggle", "kaggle.json"), keyFile) },
		"token's file": func(home string) {
			put(t, filepath.Join(home, ".kaggle", "access_token"), "token\n")
		},
		"folder": func(home string) {
			put(t, filepath.Join(home, "elsewhere", "kaggle.json"), keyFile)
			os.Setenv("KAGGLE_CONFIG_DIR", filepath.Join(home, "elsewhere"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			home := nobody(t)
			s := serveKaggle(t, zipped(t, plants(t)))
			login(home)
			dir, err := Competition("https://www.kaggle.com/competitions/plants/data")
			if err != nil {
				t.Fatal(err)
			}
			wantPlants(t, dir)
			s.Close() // the second call needs no server
			if again, err := Competition("plants"); again != dir || err != nil || s.asked.Load() != 1 {
				t.Errorf("again: %s, %v after %d requests (want %s after 1)", again, err, s.asked.Load(), dir)
			}
		})
	}
}

const keyFile = `{"username":"me","key":"secret"}`

func put(t *testing.T, path, content string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func wantPlants(t *testing.T, dir string) {
	t.Helper()
	got := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		got[filepath.ToSlash(strings.TrimPrefix(path, dir+string(filepath.Separator)))] = string(content)
		return err
	})
	want := map[string]string{"sample_submission.csv": "file,species\n1.png,a\n", "labels.csv": "l", "stores.csv": "s",
		"train/a/1.png": "1", "train/b/2.png": "2", "test/3.png": "3", "test/more/x": "4", "test/more/y": "5"}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("the folder has %q, %v", got, err)
	}
}

// A download that was cut goes on, in the same call and in a later one.
func TestCompetitionResumes(t *testing.T) {
	nobody(t)
	files := plants(t)
	files["noise.bin"] = strings.Repeat("0123456789", 1000)
	s := serveKaggle(t, zipped(t, files))
	t.Setenv("KAGGLE_API_TOKEN", "token")
	s.cut.Store(1)
	if _, err := Competition("plants"); err != nil || s.resumed.Load() != 1 {
		t.Errorf("%v after %d requests of a rest (want 1)", err, s.resumed.Load())
	}
}

// From a mirror, a zip or a folder, nothing else is needed.
func TestCompetitionMirror(t *testing.T) {
	nobody(t)
	mirror := t.TempDir()
	t.Setenv("FASTNB_MIRROR", mirror)
	inFolder := map[string]string{}
	for name, content := range plants(t) {
		inFolder["plants/"+name] = content
	}
	put(t, filepath.Join(mirror, "plants.zip"), zipped(t, inFolder))
	dir, err := Competition("Plants")
	if err != nil {
		t.Fatal(err)
	}
	wantPlants(t, dir)
	put(t, filepath.Join(mirror, "animals", "train.csv"), "a")
	if dir, err := Competition("animals"); dir != filepath.Join(mirror, "animals") || err != nil {
		t.Errorf("a folder of the mirror: %s, %v", dir, err)
	}
}

// Whatever goes wrong is told with what to do, and leaves no folder.
func TestCompetitionErrors(t *testing.T) {
	whole := zipped(t, plants(t))
	login := func(*site, string) { os.Setenv("KAGGLE_USERNAME", "me"); os.Setenv("KAGGLE_KEY", "secret") }
	and := func(more func(s *site)) func(*site, string) {
		return func(s *site, home string) { login(s, home); more(s) }
	}
	as := func(content string) func(*site, string) {
		return func(_ *site, home string) { put(t, filepath.Join(home, ".kaggle", "kaggle.json"), content) }
	}
	for name, c := range map[string]struct {
		of     string
		before func(s *site, home string)
		want   []string
	}{
		"nobody": {"plants", func(*site, string) {}, []string{"no Kaggle credentials", "/settings", "kaggle.json", "KAGGLE_KEY"}},
		"half": {"plants", func(*site, string) { os.Setenv("KAGGLE_KEY", "secret") },
			[]string{"KAGGLE_USERNAME is not"}},
		"no JSON":      {"plants", as("me secret"), []string{"kaggle.json is not what Kaggle makes", "/settings"}},
		"half a file":  {"plants", as(`{"username":"me"}`), []string{"lacks a name or a key"}},
		"refused":      {"plants", as(`{"username":"me","key":"old"}`), []string{"401", "kaggle.json", "/settings"}},
		"rules":        {"plants", and(func(s *site) { s.accepted = false }), []string{"403", "You must accept", "/competitions/plants/rules"}},
		"unknown":      {"plant", login, []string{"404", `no competition "plant"`, "/competitions lists"}},
		"no name":      {"Plant Seedlings", login, []string{`"Plant Seedlings" is no competition's name`}},
		"a path":       {"../plants", login, []string{"is no competition's name"}},
		"empty":        {"", login, []string{`"" is no competition's name`}},
		"a page":       {"plants", and(func(s *site) { s.content = []byte("<!DOCTYPE html><html>") }), []string{"web page"}},
		"cut":          {"plants", and(func(s *site) { s.content = s.content[:len(s.content)-40] }), []string{"damaged and was removed"}},
		"out of place": {"plants", and(func(s *site) { s.content = []byte(zipped(t, map[string]string{"../a": "x"})) }), []string{"outside the folder"}},
		"no server":    {"plants", and(func(s *site) { s.Close() }), []string{"get plants.zip elsewhere"}},
	} {
		t.Run(name, func(t *testing.T) {
			home := nobody(t)
			s := serveKaggle(t, whole)
			c.before(s, home)
			dir, err := Competition(c.of)
			if err == nil || dir != "" || !strings.HasPrefix(err.Error(), "datasets: ") || strings.Contains(err.Error(), "secret") {
				t.Fatalf("%q, %v", dir, err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error lacks %q:\n%v", want, err)
				}
			}
			t.Log(err)
			left, _ := filepath.Glob(filepath.Join(os.Getenv("FASTNB_CACHE"), "competitions", "*"))
			left = slices.DeleteFunc(left, func(path string) bool { return strings.HasSuffix(path, ".lock") })
			if len(left) > 0 {
				t.Errorf("left are %q", left)
			}
		})
	}
}

// An archive in the archive that can't be unpacked stays as it is, whatever is wrong with it, and is told; all the rest
// is there.
func TestCompetitionInnerArchives(t *testing.T) {
	nobody(t)
	mirror := t.TempDir()
	t.Setenv("FASTNB_MIRROR", mirror)
	var said bytes.Buffer
	notes = &said
	defer func() { notes = os.Stderr }()
	files := plants(t)
	files["broken.zip"] = "PK"
	files["deep.zip"] = zipped(t, map[string]string{"a": "1", "b/inner.zip": files["stores.zip"][:40]})
	files["out.zip"] = zipped(t, map[string]string{"../x": "1"})
	put(t, filepath.Join(mirror, "plants.zip"), zipped(t, files))
	dir, err := Competition("plants")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"broken.zip": files["broken.zip"], "out.zip": files["out.zip"], "deep/a": "1",
		"deep/b/inner.zip": files["stores.zip"][:40],
		"train/b/2.png":    "2", "stores.csv": "s"} {
		if got, err := os.ReadFile(filepath.Join(dir, path)); string(got) != want || err != nil {
			t.Errorf("%s has %q, %v (want %q)", path, got, err, want)
		}
	}
	for _, want := range []string{"plants: broken.zip stays packed: ", "plants: deep/b/inner.zip stays packed: ",
		"plants: out.zip stays packed: ", "outside the folder"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, &said)
		}
	}
	left, _ := filepath.Glob(filepath.Join(dir, "*.unpacked"))
	if len(left) > 0 || strings.Count(said.String(), "\n") != 3 {
		t.Errorf("left are %q; it says\n%s", left, &said)
	}
}

// What the disk is to blame for is no fault of the archive, which then is not thrown away.
func TestArchivesOwn(t *testing.T) {
	for want, errs := range map[bool][]error{
		true:  {zip.ErrFormat, zip.ErrAlgorithm, io.ErrUnexpectedEOF, errors.New("outside the folder"), syscall.ENAMETOOLONG},
		false: {syscall.ENOSPC, syscall.EACCES, &os.PathError{Op: "open", Path: "a", Err: syscall.EMFILE}, context.Canceled},
	} {
		for _, err := range errs {
			if got := archivesOwn(fmt.Errorf("fetch: %w", err)); got != want {
				t.Errorf("%v is of the archive: %t, want %t", err, got, want)
			}
		}
	}
}

// On a full disk the download's part is kept, and goes on where there is room.
func TestCompetitionDiskFull(t *testing.T) {
	if runtime.GOOS != "linux" || exec.Command("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", t.TempDir()).Run() != nil {
		t.Skip("needs Linux and the right to mount a small disk")
	}
	if os.Getenv("FULL_DISK") == "" {
		self := exec.Command("unshare", "-rm", os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v")
		self.Env = append(os.Environ(), "FULL_DISK=1")
		if out, err := self.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	nobody(t)
	disk := os.Getenv("FASTNB_CACHE")
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	defer exec.Command("umount", disk).Run()
	files := plants(t)
	files["noise.bin"] = strings.Repeat("0123456789", 20_000)
	serveKaggle(t, zipped(t, files))
	t.Setenv("KAGGLE_API_TOKEN", "token")
	if _, err := Competition("plants"); err == nil || !strings.Contains(err.Error(), "is full; make room there") {
		t.Errorf("on a full disk: %v", err)
	}
	if out, err := exec.Command("mount", "-o", "remount,size=4m", disk).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if _, err := Competition("plants"); err != nil {
		t.Errorf("with room: %v", err)
	}
}

func TestCompetitionContext(t *testing.T) {
	nobody(t)
	serveKaggle(t, zipped(t, plants(t)))
	t.Setenv("KAGGLE_API_TOKEN", "token")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := CompetitionContext(ctx, "plants"); !errors.Is(err, context.Canceled) {
		t.Errorf("ended before it began: %v", err)
	}
}
