package fetch

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// ownPip returns a Python with pip from an environment in the cache, for a system whose Python has venv but no pip.
func ownPip(ctx context.Context, python string) (string, error) {
	dir, err := cached("pip")
	if err != nil {
		return "", err
	}
	err = Once(ctx, dir, func(tmp string) error {
		out, err := exec.CommandContext(ctx, python, "-m", "venv", "--clear", tmp).CombinedOutput()
		if err != nil {
			os.RemoveAll(tmp)
			return fmt.Errorf("%s -m venv: %w: %s", python, err, lastError(string(out)))
		}
		return nil
	})
	if runtime.GOOS == "windows" {
		return filepath.Join(dir, "Scripts", "python.exe"), err
	}
	return filepath.Join(dir, "bin", "python"), err
}
