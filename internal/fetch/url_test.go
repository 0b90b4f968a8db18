package fetch

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// server serves data at /a.bin, as a static file server does. cut is how many answers it breaks off halfway.
type server struct {
	*httptest.Server
	data     []byte
	etag     string
	cut      atomic.Int32
	requests atomic.Int32
	sent     atomic.Int64 // bytes of bodies
}

func serve(t *testing.T, data []byte) *server {
	s := &server{data: data, etag: `"v1"`}
	mux := http.NewServeMux()
	mux.HandleFunc("/a.bin", s.file)
	mux.Handle("/moved/a.bin", http.RedirectHandler("/a.bin", http.StatusFound))
	mux.HandleFunc("/busy.bin", func(w http.ResponseWriter, r *http.Request) {
		if s.requests.Add(1) < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Write(s.data)
	})
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *server) file(w http.ResponseWriter, r *http.Request) {
	s.requests.Add(1)
	if s.etag != "" {
		w.Header().Set("ETag", s.etag)
	}
	counted := &cutWriter{ResponseWriter: w, left: len(s.data) + 1, sent: &s.sent}
	if s.cut.Add(-1) >= 0 {
		counted.left = len(s.data) / 3
	}
	http.ServeContent(counted, r, "", time.Time{}, bytes.NewReader(s.data))
}

// cutWriter breaks the connection off after some bytes.
type cutWriter struct {
	http.ResponseWriter
	left int
	sent *atomic.Int64
}

func (c *cutWriter) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p[:min(len(p), c.left)])
	c.sent.Add(int64(n))
	if c.left -= n; c.left == 0 {
		c.ResponseWriter.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	return n, err
}

func get(t *testing.T, u URL) string {
	t.Helper()
	path, err := u.Fetch(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestURL(t *testing.T) {
	for _, sha := range []bool{false, true} {
		cache := emptyCache(t)
		s := serve(t, pattern(100_000))
		u := URL{Addr: s.URL + "/a.bin"}
		if sha {
			u.SHA256 = sum(s.data)
		}
		path := get(t, u)
		wantFile(t, path, s.data)
		if filepath.Base(path) != "a.bin" || path[:len(cache)] != cache {
			t.Errorf("path %s", path)
		}
		s.Close() // the second call needs no server
		if again := get(t, u); again != path || s.requests.Load() != 1 {
			t.Errorf("%s after %d requests (want %s after 1)", again, s.requests.Load(), path)
		}
	}
}

func TestURLResumes(t *testing.T) {
	for _, c := range []struct {
		name, etag string
		sha        bool
		most       int64 // bytes sent at most, in parts of the file's size
	}{
		{"tag", `"v1"`, false, 1},
		{"checksum", "", true, 1},
		{"neither", "", false, 2}, // a part whose file cannot be told from another one is not used
	} {
		t.Run(c.name, func(t *testing.T) {
			emptyCache(t)
			s := serve(t, pattern(300_000))
			s.etag = c.etag
			s.cut.Store(2)
			u := URL{Addr: s.URL + "/a.bin"}
			if c.sha {
				u.SHA256 = sum(s.data)
			}
			wantFile(t, get(t, u), s.data)
			if most := c.most * int64(len(s.data)); s.sent.Load() > most {
				t.Errorf("%d bytes sent (want at most %d)", s.sent.Load(), most)
			}
		})
	}
}

// TestURLResumesLater cuts more often than one call tries; the next call goes on.
func TestURLResumesLater(t *testing.T) {
	emptyCache(t)
	s := serve(t, pattern(300_000))
	u := URL{Addr: s.URL + "/a.bin", SHA256: sum(s.data)}
	s.cut.Store(1)
	defer func(n int) { maxTries = n }(maxTries)
	maxTries = 1
	_, err := u.Fetch(context.Background())
	wantError(t, err, "a.bin", "unexpected EOF", "put it into", u.SHA256)
	wantFile(t, get(t, u), s.data)
	if s.sent.Load() > int64(len(s.data)) {
		t.Errorf("%d bytes sent for %d", s.sent.Load(), len(s.data))
	}
}

// TestURLChangedWhileCut must not glue two versions of a file together.
func TestURLChangedWhileCut(t *testing.T) {
	emptyCache(t)
	s := serve(t, pattern(300_000))
	u := URL{Addr: s.URL + "/a.bin"}
	s.cut.Store(1)
	defer func(n int) { maxTries = n }(maxTries)
	maxTries = 1
	if _, err := u.Fetch(context.Background()); err == nil {
		t.Fatal("no error from a cut download")
	}
	s.data, s.etag = bytes.Repeat([]byte("new"), 70_000), `"v2"`
	wantFile(t, get(t, u), s.data)
}

func TestURLPartOfAnotherFile(t *testing.T) {
	cache := emptyCache(t)
	s := serve(t, pattern(50_000))
	u := URL{Addr: s.URL + "/a.bin", SHA256: sum(s.data)}
	for _, part := range [][]byte{bytes.Repeat([]byte{9}, 20_000), bytes.Repeat([]byte{9}, 90_000)} {
		mustWrite(t, filepath.Join(cache, "files", u.key(), ".a.bin.part"), part)
		path := get(t, u)
		wantFile(t, path, s.data)
		os.Remove(path)
	}
}

func TestURLChecksum(t *testing.T) {
	cache := emptyCache(t)
	s := serve(t, pattern(1000))
	u := URL{Addr: s.URL + "/a.bin", SHA256: sum([]byte("other"))}
	_, err := u.Fetch(context.Background())
	wantError(t, err, "a.bin has SHA-256 "+sum(s.data), "want "+u.SHA256)
	if !isChecksum(err) || s.requests.Load() != 1 {
		t.Errorf("%d requests for a file that is wrong (want 1); a ChecksumError: %v", s.requests.Load(), isChecksum(err))
	}
	files, _ := filepath.Glob(filepath.Join(cache, "files", "*", "[a-z]*"))
	if len(files) != 0 {
		t.Errorf("the wrong file is in the cache: %v", files)
	}
}

func TestURLErrors(t *testing.T) {
	cache := emptyCache(t)
	s := serve(t, pattern(1000))
	_, err := URL{Addr: s.URL + "/none.bin"}.Fetch(context.Background())
	wantError(t, err, "404 Not Found", "none.bin", "put it into "+filepath.Join(cache, "mirror"))
	for _, addr := range []string{"ftp://x/y", "/etc/passwd", "http://x", "http://x/", "http://x/..", "http://x/%2e%2e", ":"} {
		if path, err := (URL{Addr: addr}).Fetch(context.Background()); err == nil {
			t.Errorf("%s: %s (want an error)", addr, path)
		}
	}
	s.Close()
	_, err = URL{Addr: s.URL + "/a.bin", SHA256: "abc"}.Fetch(context.Background())
	wantError(t, err, "without a network", "(SHA-256 abc)", "connection refused")
}

func TestURLRedirectAndBusy(t *testing.T) {
	emptyCache(t)
	s := serve(t, pattern(1000))
	wantFile(t, get(t, URL{Addr: s.URL + "/moved/a.bin"}), s.data)
	s.requests.Store(0)
	wantFile(t, get(t, URL{Addr: s.URL + "/busy.bin"}), s.data)
}

func TestURLSilentServer(t *testing.T) {
	emptyCache(t)
	stop := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "10")
		w.Write([]byte("half"))
		w.(http.Flusher).Flush()
		<-stop
	}))
	defer s.Close()
	defer close(stop)
	defer func(n int, d time.Duration) { maxTries, patience = n, d }(maxTries, patience)
	maxTries, patience = 1, 50*time.Millisecond
	_, err := URL{Addr: s.URL + "/a.bin"}.Fetch(context.Background())
	wantError(t, err, "the server stopped sending")
}

func TestURLCancel(t *testing.T) {
	emptyCache(t)
	ctx, cancel := context.WithCancel(context.Background())
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	defer s.Close()
	if _, err := (URL{Addr: s.URL + "/a.bin"}).Fetch(ctx); err == nil || ctx.Err() == nil {
		t.Errorf("error %v", err)
	}
}

func TestURLMirror(t *testing.T) {
	cache := emptyCache(t)
	first, second := t.TempDir(), t.TempDir()
	t.Setenv("FASTNB_MIRROR", first+string(filepath.ListSeparator)+second)
	data := pattern(1000)
	mustWrite(t, filepath.Join(first, "a.bin"), []byte("damaged"))
	mustWrite(t, filepath.Join(second, "a.bin"), data)
	u := URL{Addr: "http://nowhere.invalid/x/a.bin", SHA256: sum(data)}
	wantFile(t, get(t, u), data)
	u.SHA256 = sum([]byte("third"))
	_, err := u.Fetch(context.Background())
	wantError(t, err, "nowhere.invalid", "and the mirror's is no use", sum(data))
	mustWrite(t, filepath.Join(cache, "mirror", "a.bin"), []byte("third"))
	wantFile(t, get(t, u), []byte("third"))
	wantFile(t, get(t, URL{Addr: "http://nowhere.invalid/y/b.bin", Name: "a.bin"}), []byte("damaged"))
}

func TestURLGoroutines(t *testing.T) {
	emptyCache(t)
	s := serve(t, pattern(200_000))
	s.cut.Store(1)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() { wantFile(t, get(t, URL{Addr: s.URL + "/a.bin", SHA256: sum(s.data)}), s.data) })
	}
	wg.Wait()
	if s.requests.Load() != 2 {
		t.Errorf("%d requests (want 2: the cut one and its rest)", s.requests.Load())
	}
}

// TestURLProcesses lets this test's binary fetch the same file in several processes.
func TestURLProcesses(t *testing.T) {
	if addr := os.Getenv("FETCH_TEST_ADDR"); addr != "" {
		get(t, URL{Addr: addr})
		return
	}
	emptyCache(t)
	s := serve(t, pattern(2_000_000))
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			cmd := exec.Command(os.Args[0], "-test.run=^TestURLProcesses$")
			// TestMain makes a cache of its own unless told not to
			cmd.Env = append(os.Environ(), "FETCH_TEST_ADDR="+s.URL+"/a.bin", "FETCH_TEST_CACHE="+os.Getenv("FASTNB_CACHE"))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	wg.Wait()
	wantFile(t, get(t, URL{Addr: s.URL + "/a.bin"}), s.data)
	if s.requests.Load() != 1 {
		t.Errorf("%d requests (want 1)", s.requests.Load())
	}
}

func TestProgress(t *testing.T) {
	emptyCache(t)
	var out bytes.Buffer
	defer func(after, every time.Duration) { progressAfter, progressEvery = after, every }(progressAfter, progressEvery)
	defer func(w io.Writer) { progressTo = w }(progressTo)
	progressTo = &out
	s := serve(t, pattern(2_500_000))
	get(t, URL{Addr: s.URL + "/a.bin", Name: "fast"})
	if out.Len() != 0 {
		t.Errorf("a fast download says %q", out.String())
	}
	progressAfter, progressEvery = 0, 0
	get(t, URL{Addr: s.URL + "/a.bin", Name: "slow"})
	lines := bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n"))
	if len(lines) < 2 || !bytes.HasPrefix(lines[len(lines)-1], []byte("fastnb: slow: 2.5 of 2.5 MB, ")) {
		t.Errorf("said %q", out.String())
	}
}
