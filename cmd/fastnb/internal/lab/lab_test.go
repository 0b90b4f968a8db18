package lab_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/lab"
	"github.com/fastnb/fastnb/cmd/fastnb/internal/setup"
)

var address = regexp.MustCompile(`(http://127\.0\.0\.1:\d+)/lab\?token=(\w+)`)

// JupyterLab offers our kernel and nothing else, to who has the token, and ends with the context.
func TestServe(t *testing.T) {
	if testing.Short() {
		t.Skip("needs JupyterLab")
	}
	env, err := setup.Run(t.Context(), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	base, token, stop := serve(t, env, lab.Options{NoBrowser: true, Port: 18080})
	if got := kernels(t, base, token); len(got) != 1 || got[setup.KernelName] == nil {
		t.Errorf("kernels are %v (want %s alone)", got, setup.KernelName)
	}
	if got := get(t, base, "wrong").StatusCode; got != http.StatusForbidden {
		t.Errorf("without the token the status is %d", got)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if _, err := http.Get(base); err == nil {
		t.Error("JupyterLab still answers")
	}
}

// serve runs JupyterLab until the test ends or stop is called.
func serve(t *testing.T, env *setup.Env, opts lab.Options) (base, token string, stop func() error) {
	t.Helper()
	log, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	opts.Log = w
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- lab.Serve(ctx, env, opts)
		w.Close()
		close(ended)
	}()
	stop = func() error {
		cancel()
		return <-ended
	}
	t.Cleanup(func() { stop() })
	base, token = waitForAddress(t, log)
	return base, token, stop
}

func waitForAddress(t *testing.T, log *os.File) (base, token string) {
	t.Helper()
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if m := address.FindStringSubmatch(lines.Text()); m != nil {
			go func() {
				for lines.Scan() {
				}
			}()
			return m[1], m[2]
		}
	}
	t.Fatal("JupyterLab ended without an address")
	return "", ""
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
