package fastnb_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// goMod is what `go mod edit -json` tells of a go.mod.
type goMod struct {
	Go      string
	Tool    []struct{ Path string }
	Require []struct{ Path, Version string }
}

func readMod(t *testing.T, path string) (mod goMod) {
	t.Helper()
	out, err := exec.Command("go", "mod", "edit", "-json", path).Output()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	return mod
}

func (m goMod) version(path string) string {
	for _, r := range m.Require {
		if r.Path == path {
			return r.Version
		}
	}
	return ""
}

// The library's gonbui and the kernel talk with each other, so both come from the same version of gonb.
func TestOneVersionOfGoNB(t *testing.T) {
	const gonb = "github.com/janpfeifer/gonb"
	library, kernel := readMod(t, "go.mod").version(gonb), readMod(t, "tools/go.mod").version(gonb)
	if library == "" || library != kernel {
		t.Errorf("go.mod requires %s %q, tools/go.mod %q: raise both to the same", gonb, library, kernel)
	}
}

// Tools are required in a module of their own, so that the module graph of who uses the library does not have them.
func TestToolsAreElsewhere(t *testing.T) {
	library, tools := readMod(t, "go.mod"), readMod(t, "tools/go.mod")
	if len(library.Tool) > 0 {
		t.Errorf("go.mod has tools, %v: write them into tools/go.mod", library.Tool)
	}
	for _, tool := range []string{"golang.org/x/tools/gopls", "honnef.co/go/tools"} {
		if tools.version(tool) == "" || library.version(tool) != "" {
			t.Errorf("%s is required as %q in tools/go.mod, as %q in go.mod (want it in the former alone)", tool,
				tools.version(tool), library.version(tool))
		}
	}
}

// `fastnb setup` builds the kernel by a copy of the tools' module, which an installed fastnb has too.
func TestSetupHasTheToolsModule(t *testing.T) {
	for _, ext := range []string{"mod", "sum"} {
		if read(t, "cmd/fastnb/internal/setup/tools."+ext) != read(t, "tools/go."+ext) {
			t.Errorf("setup's copy of tools/go.%s is not current: run make generate", ext)
		}
	}
}

// The library asks for no patch of Go that none of its dependencies asks for.
func TestLanguageVersion(t *testing.T) {
	version := readMod(t, "go.mod").Go
	if strings.Count(version, ".") < 2 {
		return
	}
	const format = `{{with .Module}}{{if not .Main}}{{.Path}} {{.GoVersion}}{{end}}{{end}}`
	out, err := exec.Command("go", "list", "-deps", "-f", format, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	asks := func(line string) bool { return strings.HasSuffix(line, " "+version) }
	if !slices.ContainsFunc(strings.Split(string(out), "\n"), asks) {
		t.Errorf("go.mod says go %s, and no dependency asks for that patch: leave it out", version)
	}
}
