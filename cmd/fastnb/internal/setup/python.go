package setup

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/child"
	"github.com/fastnb/fastnb/internal/atomicfile"
	"github.com/fastnb/fastnb/internal/fetch"
)

//go:embed requirements.txt
var requirements string

// ErrNoPython is returned where there is no Python 3 with its venv module.
var ErrNoPython = errors.New("python3 with its venv module is needed (on Debian and Ubuntu: apt install python3-venv)")

// installPython makes a Python environment with the pinned requirements. Its folder is named by what is in it, and
// holds a file "complete" when it is.
func installPython(ctx context.Context, env *Env, begin begin) error {
	version, err := pythonVersion(ctx)
	if err != nil {
		return err
	}
	dir := filepath.Join(env.Cache, "python-"+hash(version, requirements))
	env.Python = venvPython(dir)
	complete := filepath.Join(dir, "complete")
	if isFile(complete) && isFile(env.Python) {
		return nil
	}
	if err := begin("installing JupyterLab into a Python environment of its own"); err != nil {
		return err
	}
	if err := makeVenv(ctx, env, dir); err != nil {
		return err
	}
	if err := pipInstall(ctx, env, dir); err != nil {
		return err
	}
	return atomicfile.Write(complete, nil, 0o644)
}

// pythonVersion also tells one interpreter from another: an environment links to the one that made it.
func pythonVersion(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, fetch.Python(), "-c", "import sys; print(sys.version, sys.base_prefix)").Output()
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrNoPython, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// makeVenv starts an environment, or goes on with one that a cut left with a working pip.
func makeVenv(ctx context.Context, env *Env, dir string) error {
	if exec.CommandContext(ctx, venvPython(dir), "-m", "pip", "--version").Run() == nil {
		return nil
	}
	if err := child.Run(env.command(ctx, fetch.Python(), "-m", "venv", "--clear", dir)); err != nil {
		return fmt.Errorf("%w: %w", ErrNoPython, err)
	}
	return nil
}

func pipInstall(ctx context.Context, env *Env, dir string) error {
	file := filepath.Join(dir, "requirements.txt")
	if err := atomicfile.Write(file, []byte(requirements), 0o644); err != nil {
		return err
	}
	cmd := env.command(ctx, env.Python, "-m", "pip", "install", "--disable-pip-version-check",
		"--no-input", "--progress-bar", "off", "-r", file)
	cmd.Stdout = &lineCount{w: env.log, prefix: "Collecting", says: "Python packages found"}
	return child.Run(cmd)
}

func venvPython(dir string) string {
	if runtime.GOOS == "windows" {
		return filepath.Join(dir, "Scripts", "python.exe")
	}
	return filepath.Join(dir, "bin", "python")
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
