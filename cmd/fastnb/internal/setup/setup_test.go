package setup_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/setup"
)

// Once all is there, a run does nothing and needs no network; another that runs at once waits, and finds the same.
func TestSecondRunDoesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("sets up")
	}
	first, err := setup.Run(t.Context(), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	offline(t)
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() {
			var log bytes.Buffer
			again, err := setup.Run(context.Background(), &log)
			if err != nil || again.String() != first.String() {
				t.Errorf("the second run says %v, %v (want %v)", again, err, first)
			}
			if said := strings.ReplaceAll(log.String(), "setup: waiting for another fastnb that is setting up\n", ""); said != "" {
				t.Errorf("the second run did something:\n%s", said)
			}
		})
	}
	wait.Wait()
	if found, err := setup.Find(t.Context()); err != nil || found.String() != first.String() {
		t.Errorf("Find says %v, %v (want %v)", found, err, first)
	}
}

func offline(t *testing.T) {
	t.Setenv("GOPROXY", "off")
	t.Setenv("PIP_NO_INDEX", "1")
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"} {
		t.Setenv(name, "http://127.0.0.1:1")
	}
}

func TestFindOnAFreshMachine(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "cache")
	t.Setenv("FASTNB_CACHE", cache)
	_, err := setup.Find(t.Context())
	if !errors.Is(err, setup.ErrIncomplete) || !strings.Contains(err.Error(), "installing JupyterLab") {
		t.Errorf("error is %v", err)
	}
	if _, err := os.Stat(cache); err == nil {
		t.Error("Find made the cache folder")
	}
}

func TestMissingPrograms(t *testing.T) {
	t.Setenv("FASTNB_CACHE", t.TempDir())
	t.Setenv("FASTNB_PYTHON", filepath.Join(t.TempDir(), "python3"))
	if _, err := setup.Find(t.Context()); !errors.Is(err, setup.ErrNoPython) {
		t.Errorf("without Python the error is %v", err)
	}
	t.Setenv("PATH", "")
	if _, err := setup.Find(t.Context()); !errors.Is(err, setup.ErrNoGo) {
		t.Errorf("without Go the error is %v", err)
	}
}

func TestRoot(t *testing.T) {
	root, err := setup.Root()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "cmd", "fastnb", "main.go")); err != nil {
		t.Error(err)
	}
	t.Chdir(t.TempDir())
	if elsewhere, err := setup.Root(); err != nil || elsewhere != root {
		t.Errorf("from another folder the checkout is %q, %v (want %q)", elsewhere, err, root)
	}
}
