package lab_test

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/lab"
	"github.com/fastnb/fastnb/cmd/fastnb/internal/setup"
)

var address = regexp.MustCompile(`(http://127\.0\.0\.1:\d+)/lab(?:/tree/README\.ipynb)?\?token=(\w+)`)

// JupyterLab offers our kernel and nothing else, to who has the token, and ends with the context.
func TestServe(t *testing.T) {
	s := serve(t, environment(t), lab.Options{})
	if got := kernels(t, s.base, s.token); len(got) != 1 || got[setup.KernelName] == nil {
		t.Errorf("kernels are %v (want %s alone)", got, setup.KernelName)
	}
	if got := get(t, s.base, "wrong").StatusCode; got != http.StatusForbidden {
		t.Errorf("without the token the status is %d", got)
	}
	if err := s.stop(); err != nil {
		t.Error(err)
	}
	if _, err := http.Get(s.base); err == nil {
		t.Error("JupyterLab still answers")
	}
}

// Other addresses than the loopback's reach it only if asked for, with a warning and still not without the token.
func TestServeHost(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("127.0.0.2 is an address of this machine on Linux alone")
	}
	for host, open := range map[netip.Addr]bool{lab.Loopback: false, netip.IPv4Unspecified(): true} {
		t.Run(host.String(), func(t *testing.T) {
			s := serve(t, environment(t), lab.Options{Host: host})
			if warns := strings.Contains(s.said, "WARNING: listening on "+host.String()); warns != open {
				t.Errorf("warns: %v (want %v); it says\n%s", warns, open, s.said)
			}
			if got := get(t, s.base, s.token).StatusCode; got != http.StatusOK {
				t.Errorf("with the token the status is %d", got)
			}
			other := strings.Replace(s.base, "127.0.0.1", "127.0.0.2", 1)
			if _, err := http.Get(other); (err == nil) != open {
				t.Errorf("by another address: %v (want an answer: %v)", err, open)
			}
			if !open {
				return
			}
			if got := get(t, other, "wrong").StatusCode; got != http.StatusForbidden {
				t.Errorf("without the token the status is %d", got)
			}
		})
	}
}

// server is a JupyterLab that runs, and what was said before its address.
type server struct {
	base, token, said string
	stop              func() error
}

func environment(t *testing.T) *setup.Env {
	t.Helper()
	if testing.Short() {
		t.Skip("needs JupyterLab")
	}
	env, err := setup.Run(t.Context(), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	return env
}

// serve runs JupyterLab, at the port 18080 if no other is asked for, until the test ends or stop is called.
func serve(t *testing.T, env *setup.Env, opts lab.Options) server {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	log, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	opts.NoBrowser, opts.Port, opts.Log = true, cmp.Or(opts.Port, 18080), w
	ended := make(chan error, 1)
	go func() {
		ended <- lab.Serve(ctx, env, opts)
		w.Close()
		close(ended)
	}()
	s := server{stop: func() error { cancel(); return <-ended }}
	t.Cleanup(func() { s.stop() })
	s.waitForAddress(t, log)
	return s
}

func (s *server) waitForAddress(t *testing.T, log *os.File) {
	t.Helper()
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if m := address.FindStringSubmatch(lines.Text()); m != nil {
			s.base, s.token = m[1], m[2]
			go func() {
				for lines.Scan() {
				}
			}()
			return
		}
		s.said += lines.Text() + "\n"
	}
	t.Fatalf("JupyterLab ended without an address; it said\n%s", s.said)
}

func kernels(t *testing.T, base, token string) map[string]any {
	t.Helper()
	response := get(t, base, token)
	defer response.Body.Close()
	var list struct{ Kernelspecs map[string]any }
	if err := json.NewDecoder(response.Body).Decode(&list); err != nil {
		t.Fatal(err)
	}
	return list.Kernelspecs
}

func get(t *testing.T, base, token string) *http.Response {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, fmt.Sprintf("%s/api/kernelspecs", base), nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "token "+token)
	response, err := http.DefaultClient.Do(request)
	for try := 0; err != nil && try < 100; try++ { // JupyterLab prints the address before it listens
		time.Sleep(100 * time.Millisecond)
		response, err = http.DefaultClient.Do(request)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}
