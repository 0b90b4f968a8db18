// Package lab serves JupyterLab on the lessons.
package lab

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/child"
	"github.com/fastnb/fastnb/cmd/fastnb/internal/setup"
)

// Options are what the user may choose.
type Options struct {
	NoBrowser bool
	Port      int      // the next free one if taken
	Log       *os.File // for what JupyterLab says; os.Stderr if nil
}

// pageConfig turns off what asks the network for news.
const pageConfig = `{"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": true}}
`

// Serve runs JupyterLab on the loopback address, behind a token that it makes up and prints, until the context ends;
// then it stops the kernels too, and the resident engine if nobody else computes with it.
func Serve(ctx context.Context, env *setup.Env, opts Options) error {
	if err := configure(env); err != nil {
		return err
	}
	cmd := child.Command(ctx, syscall.SIGTERM, env.Python, arguments(env, opts)...)
	cmd.Env = env.Environ()
	log := cmp.Or(opts.Log, os.Stderr)
	cmd.Stdout, cmd.Stderr = log, log
	fmt.Fprintln(log, "lab: ctrl-C stops JupyterLab and its kernels")
	err := cmd.Run()
	stopped := env.StopEngine()
	if ctx.Err() != nil {
		return stopped
	}
	if err != nil {
		return fmt.Errorf("lab: JupyterLab: %w", err)
	}
	return stopped
}

func arguments(env *setup.Env, opts Options) []string {
	args := []string{"-m", "jupyterlab",
		"--ServerApp.ip=127.0.0.1",
		"--ServerApp.port=" + strconv.Itoa(opts.Port),
		"--ServerApp.root_dir=" + lessons(env),
		"--KernelSpecManager.ensure_native_kernel=False",
		"--KernelSpecManager.allowed_kernelspecs=" + setup.KernelName,
		"--LabApp.extension_manager=readonly",
		"--ServerApp.log_level=WARN",
	}
	if opts.NoBrowser {
		args = append(args, "--no-browser")
	}
	if os.Geteuid() == 0 {
		args = append(args, "--allow-root")
	}
	return args
}

func lessons(env *setup.Env) string { return filepath.Join(env.Root, "notebooks") }

func configure(env *setup.Env) error {
	dir := filepath.Join(env.Cache, "jupyter", "config", "labconfig")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "page_config.json"), []byte(pageConfig), 0o644)
}
