package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path"
	"strings"
	"syscall"
	"time"
)

// How often a download is taken up again, how long it waits before (doubling), and how long a server may be silent.
var (
	maxTries  = 5
	firstWait = 500 * time.Millisecond
	patience  = 60 * time.Second
)

// client waits at most patience for an answer's beginning; a body may take as long as it flows.
var client = &http.Client{Transport: newTransport()}

func newTransport() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.ResponseHeaderTimeout = patience
	return t
}

// statusError is an answer other than success.
type statusError struct {
	addr, status string
	code         int
}

func (e statusError) Error() string { return fmt.Sprintf("%s: %s", e.addr, e.status) }

// errRestart says that the part of a file that was there is no use and was removed.
var errRestart = errors.New("the server's file changed")

// download completes the file tmp from addr. A part that is there is kept if the server's file is still the same.
func download(ctx context.Context, addr, sha256, tmp string) (err error) {
	wait := firstWait
	for try := 1; ; try++ {
		var resumed bool
		resumed, err = attempt(ctx, addr, sha256, tmp)
		if err == nil {
			err = verifyDownload(addr, sha256, tmp)
			if err == nil || !resumed {
				return err
			}
		}
		if try == maxTries || ctx.Err() != nil || !isTemporary(err) {
			return err
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
		wait *= 2
	}
}

// verifyDownload removes a file that has the wrong checksum, so that the next attempt starts anew.
func verifyDownload(addr, sha256, tmp string) error {
	err := verify(tmp, sha256)
	os.Remove(tagFile(tmp))
	var sum *ChecksumError
	if errors.As(err, &sum) {
		sum.Path = addr
		os.Remove(tmp)
	}
	return err
}

// isTemporary says whether to try again: not where the server says no, and not where there is no network.
func isTemporary(err error) bool {
	var status statusError
	if errors.As(err, &status) {
		return status.code >= 500 || status.code == http.StatusTooManyRequests
	}
	var dns *net.DNSError
	return !errors.As(err, &dns) && !errors.Is(err, syscall.ECONNREFUSED) && !errors.Is(err, syscall.ENOSPC)
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// attempt makes one request and appends what comes. It says whether it went on from a part.
func attempt(ctx context.Context, addr, sha256, tmp string) (resumed bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return false, err
	}
	defer f.Close()
	have, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return false, err
	}
	req, err := request(ctx, addr, have, tag(tmp), sha256 != "")
	if err != nil {
		return false, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return false, err
	}
	defer resp.Body.Close()
	start, err := begin(f, resp, have, addr)
	if err == nil {
		err = receive(f, resp, start, cancel)
	}
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = cause
	}
	return start > 0, err
}

// receive appends a body, and cancels the request if the server falls silent.
func receive(f *os.File, resp *http.Response, start int64, cancel context.CancelCauseFunc) error {
	p := newProgress(path.Base(resp.Request.URL.Path), start, start+resp.ContentLength)
	defer p.end()
	body := &watched{r: resp.Body, timer: time.AfterFunc(patience, func() { cancel(errSilent) }), progress: p}
	defer body.timer.Stop()
	if _, err := io.Copy(f, body); err != nil {
		return err
	}
	return f.Close()
}

var errSilent = errors.New("the server stopped sending")

// request asks for the rest of a file, provided that it is the same file: by its tag, or by its checksum later on.
func request(ctx context.Context, addr string, have int64, tag string, checked bool) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, addr, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", "identity")
	if have > 0 && (checked || tag != "") {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
	}
	if have > 0 && tag != "" {
		req.Header.Set("If-Range", tag)
	}
	return req, nil
}

// begin makes the file ready for what the server sends: the rest, or all of it. It returns where that starts.
func begin(f *os.File, resp *http.Response, have int64, addr string) (int64, error) {
	switch resp.StatusCode {
	case http.StatusPartialContent:
		if strings.HasPrefix(resp.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", have)) {
			return have, nil
		}
		return 0, errors.Join(errRestart, f.Truncate(0))
	case http.StatusRequestedRangeNotSatisfiable:
		return 0, errors.Join(errRestart, f.Truncate(0))
	case http.StatusOK:
		err := f.Truncate(0)
		setTag(f.Name(), resp.Header)
		_, seekErr := f.Seek(0, io.SeekStart)
		return 0, cmp.Or(err, seekErr)
	}
	return 0, statusError{addr: addr, status: resp.Status, code: resp.StatusCode}
}

// tagFile names the file that keeps what identifies the server's version of a part.
func tagFile(tmp string) string { return tmp + ".tag" }

func tag(tmp string) string {
	text, _ := os.ReadFile(tagFile(tmp))
	return string(text)
}

// setTag keeps a strong entity tag, else the date; without either nothing is kept, and a part cannot be trusted.
func setTag(tmp string, h http.Header) {
	tag := h.Get("ETag")
	if strings.HasPrefix(tag, "W/") || tag == "" {
		tag = h.Get("Last-Modified")
	}
	if os.WriteFile(tagFile(tmp), []byte(tag), 0o644) != nil {
		os.Remove(tagFile(tmp))
	}
}

// watched puts off the timer and tells the progress at every read.
type watched struct {
	r        io.Reader
	timer    *time.Timer
	progress *progress
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	w.timer.Reset(patience)
	w.progress.add(n)
	return n, err
}
