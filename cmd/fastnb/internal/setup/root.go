package setup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

const module = "github.com/fastnb/fastnb"

// ErrNoGo is returned where there is no go command.
var ErrNoGo = errors.New("the go command is not in PATH: install Go 1.26 or newer from https://go.dev/dl")

// Root returns the checkout: the one that the working directory is in, else the one that this program was built from.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	if root, ok := rootAbove(dir); ok {
		return root, nil
	}
	if _, file, _, ok := runtime.Caller(0); ok {
		if root, ok := rootAbove(filepath.Dir(file)); ok {
			return root, nil
		}
	}
	return "", fmt.Errorf("setup: %s is in no checkout of %s: run fastnb from one", dir, module)
}

func rootAbove(dir string) (string, bool) {
	for ; ; dir = filepath.Dir(dir) {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && bytes.HasPrefix(mod, []byte("module "+module+"\n")) {
			return dir, true
		}
		if dir == filepath.Dir(dir) {
			return "", false
		}
	}
}

// findGo asks go for its own folder: what PATH holds may be the kernel's stand-in, in a cell.
func findGo(ctx context.Context, env *Env, _ begin) error {
	out, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if errors.Is(err, exec.ErrNotFound) {
		return ErrNoGo
	}
	if err != nil {
		return fmt.Errorf("go env GOROOT: %w", err)
	}
	name := "go"
	if runtime.GOOS == "windows" {
		name = "go.exe"
	}
	env.Go = filepath.Join(strings.TrimSpace(string(out)), "bin", name)
	return nil
}
