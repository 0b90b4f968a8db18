package setup

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
)

// typicalCell imports what a lesson's cell imports.
//
//go:embed warm.go.txt
var typicalCell string

// warmBuild compiles what a cell imports, as the kernel would: the first cell on an empty build cache takes a minute
// and a half. Where all is compiled this takes less than a second.
func warmBuild(ctx context.Context, env *Env, begin begin) error {
	dir := filepath.Join(env.Cache, "warm-"+hash(env.Root, env.Go))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	version, err := goVersion(env.Root)
	if err != nil {
		return err
	}
	files := map[string]string{
		"main.go": typicalCell,
		"go.mod":  "module warm\n\ngo " + version + "\n",
		"go.work": "go " + version + "\n\nuse .\nuse " + strconv.Quote(env.Root) + "\n",
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	if !isFile(filepath.Join(dir, exe("cell"))) {
		if err := begin("compiling what the cells import"); err != nil {
			return err
		}
	}
	return goBuild(ctx, env, dir, "build", "-v", "-o", exe("cell"), ".")
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
