package setup

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/child"
	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/internal/fetch"
)

// The kernel under two names: as the notebooks name it, and with errors as plain text for running without a browser.
const (
	KernelName    = "gonb"
	RawKernelName = "gonb-raw"
)

//go:embed go.sh
var goStandIn string

//go:embed noinput.sh
var noInput string

//go:embed gopls/main.go gopls/relay.go gopls/stream.go keeper/main.go keeper/session_linux.go keeper/session_other.go
var programs embed.FS

// toolsMod and toolsSum are copies of the go.mod and go.sum of the module in the folder tools. That folder is not part
// of our own module, so it is absent where fastnb was installed as a dependency; the copies are present there.
//
//go:generate cp ../../../../tools/go.mod tools.mod
//go:generate cp ../../../../tools/go.sum tools.sum
var (
	//go:embed tools.mod
	toolsMod string
	//go:embed tools.sum
	toolsSum string
)

// tools are the kernel's programs from elsewhere, at the versions of the module in the folder tools, by the folder that
// they go to.
var tools = map[string][]string{
	"":     {"github.com/janpfeifer/gonb", "golang.org/x/tools/cmd/goimports"},
	"real": {"golang.org/x/tools/gopls"},
}

// ours are the kernel's programs from this module: gopls stands before the real gopls and keeper before gonb, as go.sh
// does before go.
var ours = []string{"./cmd/fastnb/internal/setup/gopls", "./cmd/fastnb/internal/setup/keeper"}

func installPlugin(_ context.Context, env *Env, begin begin) error {
	found, err := engine.Find()
	if err == nil && found.Plugin == "" && found.Device != engine.Go {
		if err := begin("installing the engine's plugin for " + string(found.Device)); err != nil {
			return err
		}
		os.Setenv("FASTNB_PYTHON", env.Python) // the one that surely has pip
		found, err = engine.Install()
	}
	if found.Reason != nil {
		fmt.Fprintf(env.log, "setup: %v\n", found.Reason)
	}
	env.Engine = found
	return err
}

// buildTools builds the kernel into a folder named by what it is built from.
func buildTools(ctx context.Context, env *Env, begin begin) error {
	text, err := source(programs)
	if err != nil {
		return err
	}
	from := hash(toolsMod, runtime.Version(), env.Go, goStandIn, noInput, text)
	env.Bin = filepath.Join(env.Cache, "bin-"+from)
	if isFile(filepath.Join(env.Bin, "go")) {
		return nil
	}
	if err := begin("building the Go kernel"); err != nil {
		return err
	}
	return fetch.Once(ctx, env.Bin, func(dir string) error {
		if err := buildForeign(ctx, env, dir); err != nil {
			return err
		}
		return buildOurs(ctx, env, dir)
	})
}

// buildForeign builds the tools in a module of their own, which it writes beside them. The module belongs to no
// workspace.
func buildForeign(ctx context.Context, env *Env, dir string) error {
	pins := filepath.Join(dir, "module")
	if err := os.MkdirAll(pins, 0o755); err != nil {
		return err
	}
	for name, content := range map[string]string{"go.mod": toolsMod, "go.sum": toolsSum} {
		if err := os.WriteFile(filepath.Join(pins, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	for folder, paths := range tools {
		to := filepath.Join(dir, folder) + string(filepath.Separator)
		cmd := goCommand(ctx, env, pins, "", append([]string{"build", "-v", "-o", to}, paths...)...)
		cmd.Env = append(cmd.Env, "GOWORK=off")
		if err := child.Run(cmd); err != nil {
			return err
		}
	}
	return nil
}

// buildOurs builds the programs of this module, and writes the scripts, to stand before the tools.
func buildOurs(ctx context.Context, env *Env, dir string) error {
	args := append([]string{"build", "-v", "-o", dir + string(filepath.Separator)}, ours...)
	if err := goBuild(ctx, env, env.Root, "", args...); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, noInputName), []byte(noInput), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "go"), []byte(standIn(env.Go)), 0o755)
}

// noInputName is the name of noInput's file among the tools.
const noInputName = "noinput.sh"

// source joins the files of programs of ours.
func source(program fs.FS) (string, error) {
	var all strings.Builder
	err := fs.WalkDir(program, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(program, path)
		all.Write(content)
		return err
	})
	return all.String(), err
}

func standIn(goCommand string) string {
	return strings.ReplaceAll(goStandIn, "{{go}}", "'"+strings.ReplaceAll(goCommand, "'", `'\''`)+"'")
}

// goBuild runs the go command with build tags: none, or cellTags for what a cell is built of.
func goBuild(ctx context.Context, env *Env, dir, tags string, args ...string) error {
	return child.Run(goCommand(ctx, env, dir, tags, args...))
}

// goCommand is the go command that goBuild runs.
func goCommand(ctx context.Context, env *Env, dir, tags string, args ...string) *exec.Cmd {
	cmd := env.command(ctx, env.Go, args...)
	cmd.Dir = dir
	cmd.Stderr = &lineCount{w: env.log, says: "Go packages compiled"}
	cmd.Env = append(os.Environ(), "GOWORK=", "GOFLAGS="+goFlags(ctx, env, tags))
	return cmd
}

// cellTags returns the build tags of cells.
func cellTags() string {
	if eachItsOwn() {
		return ""
	}
	return residentTags
}

// residentTags leave C out of cells: they compute with the resident engine, and Go's own resolver and user look-up do.
const residentTags = "resident,netgo,osusergo"

// goFlag is one flag of GOFLAGS, which may be quoted.
var goFlag = regexp.MustCompile(`'[^']*'|"[^"]*"|\S+`)

// goFlags are the user's, without what a workspace refuses, and with the linker's flags that leave out debugging
// tables. They hold the tags beside the user's own.
func goFlags(ctx context.Context, env *Env, tags string) string {
	out, _ := exec.CommandContext(ctx, env.Go, "env", "GOFLAGS").Output()
	flags := []string{"'-ldflags=-s -w'"}
	for _, f := range goFlag.FindAllString(string(out), -1) {
		name := strings.TrimLeft(f, `'"-`)
		switch own, ok := strings.CutPrefix(name, "tags="); {
		case ok && tags != "":
			tags += "," + strings.Join(strings.Fields(strings.TrimRight(own, `'"`)), ",")
		case !strings.HasPrefix(name, "mod=") && !strings.HasPrefix(name, "ldflags="):
			flags = append(flags, f)
		}
	}
	if tags != "" {
		flags = append(flags, "-tags="+tags)
	}
	return strings.Join(flags, " ")
}

// spec is a Jupyter kernel specification.
type spec struct {
	Argv        []string          `json:"argv"`
	DisplayName string            `json:"display_name"`
	Language    string            `json:"language"`
	Interrupt   string            `json:"interrupt_mode"`
	Env         map[string]string `json:"env"`
}

// writeKernels writes the kernel's specification into a folder named by its content: checkouts and settings that
// differ don't disturb each other.
func writeKernels(ctx context.Context, env *Env, begin begin) error {
	s := kernelSpec(ctx, env)
	content, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	env.Kernels = filepath.Join(env.Cache, "kernel-"+hash(string(content)))
	if _, err := os.Stat(env.Kernels); err == nil {
		return nil
	}
	if err := begin("writing the kernel's specification"); err != nil {
		return err
	}
	raw := s.raw(env.Bin)
	return fetch.Once(ctx, env.Kernels, func(dir string) error {
		return errors.Join(s.write(dir, KernelName), raw.write(dir, RawKernelName))
	})
}

// raw is the kernel for running without a browser: errors are plain text, and there is nobody to type.
func (s spec) raw(bin string) spec {
	s.Argv = append(slices.Clone(s.Argv), "-raw_error")
	s.Env = maps.Clone(s.Env)
	s.Env["FASTNB_STDIN"] = "none"
	s.Env["BASH_ENV"] = filepath.Join(bin, noInputName)
	return s
}

func (s spec) write(dir, name string) error {
	content, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	dir = filepath.Join(dir, "kernels", name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "kernel.json"), content, 0o644)
}

func kernelSpec(ctx context.Context, env *Env) spec {
	s := spec{
		Argv: []string{filepath.Join(env.Bin, exe("keeper")), filepath.Join(env.Bin, exe("gonb")), "--kernel",
			"{connection_file}", "-go_work=" + env.Root,
			"-logtostderr=false", "-stderrthreshold=FATAL", "-log_file=" + filepath.Join(env.Cache, "gonb.log")},
		DisplayName: "Go (fastnb)",
		Language:    "go",
		Interrupt:   "message",
		Env: map[string]string{
			"FASTNB_PYTHON": env.Python,
			"PATH":          env.Bin + string(os.PathListSeparator) + "${PATH}",
			"GOFLAGS":       goFlags(ctx, env, cellTags()),
			"GOWORK":        "",
			"FASTNB_ENGINE": env.Program, // "" where each cell is to compute itself
		},
	}
	if engine.Tunables != "" && os.Getenv("GLIBC_TUNABLES") == "" {
		s.Env["GLIBC_TUNABLES"] = engine.Tunables
	}
	switch {
	case env.Engine.Plugin != "":
		s.Env["PJRT_PLUGIN_LIBRARY_PATH"] = filepath.Dir(env.Engine.Plugin)
	case env.Engine.Device == engine.Go:
		s.Env["FASTNB_DEVICE"] = string(engine.Go)
	}
	return s
}

func exe(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}
