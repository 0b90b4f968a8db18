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

// StatusError is a server's answer other than success.
type StatusError struct {
	Addr   string
	Status string // as "403 Forbidden"
	Code   int
	Body   []byte // the answer's first KiB
}

func (e StatusError) Error() string { return fmt.Sprintf("%s: %s", e.Addr, e.Status) }

// answered returns a StatusError of an answer whose body was not read yet.
func answered(resp *http.Response, addr string) StatusError {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 1024))
	return StatusError{Addr: addr, Status: resp.Status, Code: resp.StatusCode, Body: body}
}

// Do sends a request once. An answer other than success is a StatusError; the body of one of success is the caller's
// to close.
func Do(req *http.Request) (*http.Response, error) {
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode/100 != 2 {
		defer resp.Body.Close()
		return nil, answered(resp, req.URL.Redacted())
	}
	return resp, nil
}

// errRestart says that the part of a file that was there is no use and was removed.
var errRestart = errors.New("the server's file changed")

// download completes the file tmp from its address. A part that is there is kept if the server's file is still the
// same.
func (u URL) download(ctx context.Context, tmp string) (err error) {
	wait := firstWait
	for try := 1; ; try++ {
		var resumed bool
		resumed, err = u.attempt(ctx, tmp)
		if err == nil {
			err = verifyDownload(u.Addr, u.SHA256, tmp)
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
	var status StatusError
	if errors.As(err, &status) {
		return status.Code >= 500 || status.Code == http.StatusTooManyRequests
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
func (u URL) attempt(ctx context.Context, tmp string) (resumed bool, err error) {
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
	req, err := u.request(ctx, have, tag(tmp))
	if err != nil {
		return false, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return false, err
	}
	defer resp.Body.Close()
	start, err := begin(f, resp, have, u.Addr)
	if err == nil {
		err = u.receive(f, resp, start, cancel)
	}
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = cause
	}
	return start > 0, err
}

// receive appends a body, and cancels the request if the server falls silent.
func (u URL) receive(f *os.File, resp *http.Response, start int64, cancel context.CancelCauseFunc) error {
	name := cmp.Or(u.Name, path.Base(resp.Request.URL.Path))
	p := newProgress(name, start, start+resp.ContentLength)
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
func (u URL) request(ctx context.Context, have int64, tag string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.Addr, nil)
	if err != nil {
		return nil, err
	}
	if u.Header != nil {
		req.Header = u.Header.Clone()
	}
	req.Header.Set("Accept-Encoding", "identity")
	if have > 0 && (u.SHA256 != "" || tag != "") {
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
	return 0, answered(resp, addr)
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
