// Package lab serves JupyterLab on the lessons.
package lab

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/child"
	"github.com/fastnb/fastnb/cmd/fastnb/internal/setup"
	"github.com/fastnb/fastnb/internal/atomicfile"
)

// Options are what the user may choose.
type Options struct {
	NoBrowser bool
	Host      netip.Addr // address to listen on; Loopback if zero
	Folder    string     // of notebooks; the lessons' if empty
	Port      int        // the next free one if taken
	Log       *os.File   // for what JupyterLab says; os.Stderr if nil
}

// Loopback is the address that only this machine reaches.
var Loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// pageConfig turns off what asks the network for news.
const pageConfig = `{"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": true}}
`

// The extension of JupyterLab that lets a running cell survive a reload of the page. Running the cells on the server,
// with jupyter-server-nbmodel 0.2.9 and jupyter-collaboration 4.4.2, does not do instead: a display that is updated,
// as a fit's bar, then stays as it was first, reload or not.
var (
	//go:embed reload/package.json
	reloadPackage string
	//go:embed reload/static/remoteEntry.js
	reloadScript string
)

// Serve runs JupyterLab behind a token until the context ends; then it stops the kernels too, and the resident engine
// if nobody else computes with it. The token is the one in $JUPYTER_TOKEN, else it makes one up and prints it.
func Serve(ctx context.Context, env *setup.Env, opts Options) error {
	if err := configure(env); err != nil {
		return err
	}
	opts.Host = cmp.Or(opts.Host, Loopback)
	cmd := child.Command(ctx, syscall.SIGTERM, env.Python, arguments(env, opts)...)
	cmd.Env = env.Environ()
	log := cmp.Or(opts.Log, os.Stderr)
	cmd.Stdout, cmd.Stderr = log, log
	if !opts.Host.IsLoopback() {
		fmt.Fprintf(log, "lab: WARNING: listening on %s: whoever reaches it and has the token runs programs as you, and the token travels unencrypted\n", opts.Host)
	}
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

// frontPage is the notebook that JupyterLab opens first, if it is there.
const frontPage = "README.ipynb"

func arguments(env *setup.Env, opts Options) []string {
	folder := cmp.Or(opts.Folder, filepath.Join(env.Root, "notebooks"))
	args := []string{"-m", "jupyterlab",
		"--ServerApp.ip=" + opts.Host.String(),
		"--ServerApp.port=" + strconv.Itoa(opts.Port),
		"--ServerApp.root_dir=" + folder,
		"--KernelSpecManager.ensure_native_kernel=False",
		"--KernelSpecManager.allowed_kernelspecs=" + setup.KernelName,
		"--LabApp.extension_manager=readonly",
		"--ServerApp.log_level=WARN",
	}
	if _, err := os.Stat(filepath.Join(folder, frontPage)); err == nil {
		args = append(args, "--LabApp.default_url=/lab/tree/"+frontPage)
	}
	if opts.NoBrowser {
		args = append(args, "--no-browser")
	}
	if os.Geteuid() == 0 {
		args = append(args, "--allow-root")
	}
	return args
}

// configure writes JupyterLab's settings and our extension into its folders.
func configure(env *setup.Env) error {
	jupyter := filepath.Join(env.Cache, "jupyter")
	for name, content := range map[string]string{
		"config/labconfig/page_config.json":                      pageConfig,
		"data/labextensions/fastnb-reload/package.json":          reloadPackage,
		"data/labextensions/fastnb-reload/static/remoteEntry.js": reloadScript,
	} {
		path := filepath.Join(jupyter, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := atomicfile.Write(path, []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}
