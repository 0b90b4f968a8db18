package setup

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/fastnb/fastnb/internal/atomicfile"
)

// cellImports is what a lesson's cells import of ours.
var cellImports = []string{"datasets", "engine", "fastnb", "fastnb/collab", "fastnb/metric", "fastnb/nb", "fastnb/nn",
	"fastnb/optim", "fastnb/pca",
	"fastnb/pretrained", "fastnb/schedule", "fastnb/tabular", "fastnb/tabular/duck", "fastnb/text", "fastnb/text/arch",
	"fastnb/text/bow", "fastnb/text/subword", "fastnb/vision", "fastnb/vision/arch", "plots"}

// warmBuild compiles what a cell imports, as the kernel would: the first cell on an empty build cache takes a minute
// and a half. Where all is compiled this takes less than a second. A library that does not compile, because it is being
// worked on, is told and no error.
func warmBuild(ctx context.Context, env *Env, begin begin) error {
	dir := filepath.Join(env.Cache, "warm-"+hash(env.Root, env.Go, env.Bin))
	if err := writeCell(dir, env.Root); err != nil {
		return err
	}
	if !isFile(filepath.Join(dir, exe("cell"))) {
		if err := begin("compiling what the cells import"); err != nil {
			return err
		}
		warmCompletion(ctx, env, dir)
	}
	err := goBuild(ctx, env, dir, cellTags(), "build", "-v", "-o", exe("cell"), ".")
	if err != nil && ctx.Err() == nil {
		fmt.Fprintf(env.log, "setup: the library does not compile, so cells won't either: %v\n", err)
		return nil
	}
	return err
}

// warmCompletion has gopls read what a cell imports, which takes it a while the first time and is in its cache then. A
// library that it can't read is no error: the build tells of it.
func warmCompletion(ctx context.Context, env *Env, dir string) {
	cmd := env.command(ctx, filepath.Join(env.Bin, "real", exe("gopls")), "check", "main.go")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=", "GOFLAGS="+goFlags(ctx, env, cellTags()))
	_ = cmd.Run()
}

// writeCell writes a program as the kernel writes one for a cell, in a workspace with the checkout.
func writeCell(dir, root string) error {
	version, err := goVersion(root)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, content := range map[string]string{
		"main.go": cell(root),
		"go.mod":  "module warm\n\ngo " + version + "\n",
		"go.work": "go " + version + "\n\nuse .\nuse " + strconv.Quote(root) + "\n",
	} {
		if err := atomicfile.Write(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func cell(root string) string {
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n")
	for _, path := range cellImports {
		if files, _ := filepath.Glob(filepath.Join(root, path, "*.go")); len(files) > 0 {
			fmt.Fprintf(&b, "\t_ %q\n", module+"/"+path)
		}
	}
	b.WriteString(")\n\nfunc main() {}\n")
	return b.String()
}

var goLine = regexp.MustCompile(`(?m)^go (\S+)$`)

// goVersion reads the version of Go that the checkout asks for.
func goVersion(root string) (string, error) {
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return "", err
	}
	m := goLine.FindSubmatch(mod)
	if m == nil {
		return "", fmt.Errorf("%s/go.mod has no go line", root)
	}
	return string(m[1]), nil
}
