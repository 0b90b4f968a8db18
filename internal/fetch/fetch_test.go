package fetch

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestMain keeps the tests away from the user's cache and mirror.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "fetch")
	if err != nil {
		panic(err)
	}
	os.Setenv("FASTNB_CACHE", cmp.Or(os.Getenv("FETCH_TEST_CACHE"), dir))
	os.Unsetenv("FASTNB_MIRROR")
	progressTo, firstWait = io.Discard, time.Millisecond
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// emptyCache gives a test a cache of its own.
func emptyCache(t *testing.T) string {
	dir := t.TempDir()
	t.Setenv("FASTNB_CACHE", dir)
	return dir
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

// pattern returns n bytes that differ from place to place.
func pattern(n int) []byte {
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(i>>8) ^ byte(i)*7
	}
	return data
}

func mustWrite(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func wantFile(t *testing.T, path string, want []byte) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s: %d bytes, %v (want %d bytes)", path, len(got), err, len(want))
	}
}

// wantError checks that an error says all of the words.
func wantError(t *testing.T, err error, words ...string) {
	t.Helper()
	for _, w := range words {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("error %v (want one with %q)", err, w)
		}
	}
}

func TestCacheDir(t *testing.T) {
	t.Setenv("FASTNB_CACHE", "relative")
	wd, _ := os.Getwd()
	if got, err := CacheDir(); err != nil || got != filepath.Join(wd, "relative") {
		t.Errorf("%s, %v", got, err)
	}
	t.Setenv("FASTNB_CACHE", "")
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "")
	if _, err := os.UserCacheDir(); err == nil {
		t.Skip("this system finds a cache folder without HOME")
	}
	_, err := CacheDir()
	wantError(t, err, "set FASTNB_CACHE")
}

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.pth")
	mustWrite(t, path, []byte("x"))
	if got, err := File(path).Fetch(context.Background()); got != path || err != nil {
		t.Errorf("%s, %v", got, err)
	}
	_, err := File(path + "x").Fetch(context.Background())
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
	_, err = File(filepath.Dir(path)).Fetch(context.Background())
	wantError(t, err, "is not a file")
}

func TestOnceBuildsOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "file")
	var builds atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			err := Once(context.Background(), path, func(tmp string) error {
				builds.Add(1)
				time.Sleep(20 * time.Millisecond)
				return os.WriteFile(tmp, []byte("whole"), 0o644)
			})
			if data, _ := os.ReadFile(path); err != nil || string(data) != "whole" {
				t.Errorf("%q, %v", data, err)
			}
		})
	}
	wg.Wait()
	if builds.Load() != 1 {
		t.Errorf("built %d times", builds.Load())
	}
}

func TestOnceFailsCleanly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	failure := errors.New("cut")
	err := Once(context.Background(), path, func(tmp string) error {
		return errors.Join(failure, os.WriteFile(tmp, []byte("half"), 0o644))
	})
	if !errors.Is(err, failure) || exists(path) {
		t.Errorf("%v, there: %v", err, exists(path))
	}
	err = Once(context.Background(), path, func(tmp string) error {
		if data, _ := os.ReadFile(tmp); string(data) != "half" {
			t.Errorf("the part holds %q", data)
		}
		return os.WriteFile(tmp, []byte("whole"), 0o644)
	})
	if err != nil {
		t.Error(err)
	}
	wantFile(t, path, []byte("whole"))
}

func TestOnceStopsWaiting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	err := Once(context.Background(), path, func(tmp string) error {
		return Once(ctx, path, func(string) error { t.Error("both hold the lock"); return nil })
	})
	wantError(t, err, "waiting for another process")
}
