package fetch

import (
	"archive/tar"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

var model = member{name: "some_model/w.pth", body: "weights"}

// wheelIn puts a wheel into a new mirror.
func wheelIn(t *testing.T, file string, members ...member) (sha256 string) {
	dir := t.TempDir()
	t.Setenv("FASTNB_MIRROR", dir)
	data := zipOf(t, members...)
	mustWrite(t, filepath.Join(dir, file), data)
	return sum(data)
}

func TestWheelMirror(t *testing.T) {
	cache := emptyCache(t)
	t.Setenv("FASTNB_PYTHON", "/nowhere/python")
	w := Wheel{Package: "Some-model", Version: "0.1.0", Member: model.name}
	w.SHA256 = wheelIn(t, "some_model-0.1.0-py3-none-any.whl", model)
	path, err := w.Fetch(context.Background())
	check(t, err)
	wantFile(t, path, []byte(model.body))
	check(t, os.RemoveAll(os.Getenv("FASTNB_MIRROR")))
	again, err := w.Fetch(context.Background())
	if again != path || err != nil {
		t.Errorf("%s, %v (want %s)", again, err, path)
	}
	wantOnly(t, filepath.Dir(path), ".w.pth.lock", "w.pth")
	wantOnly(t, cache, "wheels")
}

func TestWheelItself(t *testing.T) {
	emptyCache(t)
	w := Wheel{Package: "some-model", Version: "0.1.0"}
	w.SHA256 = wheelIn(t, "some_model-0.1.0-py3-none-any.whl", model)
	path, err := w.Fetch(context.Background())
	check(t, err)
	if got, err := SHA256(path); got != w.SHA256 {
		t.Errorf("%s has %s, %v (want %s)", path, got, err, w.SHA256)
	}
}

func TestWheelErrors(t *testing.T) {
	emptyCache(t)
	t.Setenv("FASTNB_PYTHON", "/nowhere/python")
	sha := wheelIn(t, "some_model-0.1.0-py3-none-any.whl", model, member{name: "link", kind: tar.TypeSymlink, body: "/etc"})
	for want, w := range map[string]Wheel{
		`no "other" in the wheel, which has some_model/w.pth`: {"some-model", "0.1.0", sha, "other"},
		"has SHA-256 " + sha:                             {"some-model", "0.1.0", "00", model.name},
		"a Python 3 with pip is needed (/nowhere/python": {"some-model", "0.1.1", "", model.name},
		"get some_model-0.1.1-*.whl (SHA-256 ab)":        {"some-model", "0.1.1", "ab", model.name},
		"is not a path in a wheel":                       {"some-model", "0.1.0", sha, "../x"},
	} {
		_, err := w.Fetch(context.Background())
		wantError(t, err, "fetch: some-model==", want)
	}
}

func TestWheelNotAZip(t *testing.T) {
	emptyCache(t)
	wheelIn(t, "some_model-0.1.0-py3-none-any.whl")
	mustWrite(t, filepath.Join(os.Getenv("FASTNB_MIRROR"), "some_model-0.1.0-py3-none-any.whl"), []byte("<html>"))
	_, err := Wheel{"some-model", "0.1.0", "", "x"}.Fetch(context.Background())
	wantError(t, err, "not a wheel")
}

// TestWheelPip downloads a small wheel with the real pip, and lets it look for one that isn't there.
func TestWheelPip(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the Python package index")
	}
	python, err := pythonWithPip(context.Background())
	if err != nil {
		t.Skip(err)
	}
	probe := exec.Command(python, "-m", "pip", "download", "-q", "--retries=0", "--no-deps", "--dest", t.TempDir(), "iniconfig==2.0.0")
	if out, err := probe.CombinedOutput(); err != nil {
		t.Skipf("the package index cannot be reached: %v: %s", err, out)
	}
	emptyCache(t)
	w := Wheel{
		Package: "iniconfig", Version: "2.0.0", Member: "iniconfig/py.typed",
		SHA256: "b6a85871a79d2e3b22d2d1b94ac2824226a63c6b741c88f7ae975f18b6778374",
	}
	path, err := w.Fetch(context.Background())
	check(t, err)
	wantFile(t, path, nil)
	t.Setenv("FASTNB_PYTHON", "/nowhere/python")
	if _, err := w.Fetch(context.Background()); err != nil {
		t.Errorf("the second call: %v", err)
	}
	os.Unsetenv("FASTNB_PYTHON")
	w.Version = "99.9"
	_, err = w.Fetch(context.Background())
	wantError(t, err, "iniconfig==99.9", "pip could not download it", "No matching distribution", "mirror")
}

func TestPythonWithoutPip(t *testing.T) {
	python := filepath.Join(t.TempDir(), "python")
	check(t, os.WriteFile(python, []byte("#!/bin/sh\nexit 1\n"), 0o755))
	t.Setenv("FASTNB_PYTHON", python)
	_, err := pythonWithPip(context.Background())
	wantError(t, err, python+" has no pip", "python3-pip")
}
