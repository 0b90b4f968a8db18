package setup

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// fakeGo fails where it is to link by itself.
const fakeGo = `#!/bin/sh
case "$GOFLAGS" in *internal*) exit 1 ;; esac
echo real "$@"
`

// The kernel's bare "go get" does nothing; what a user types reaches go; where Go's own linker fails the C compiler links.
func TestStandIn(t *testing.T) {
	dir := t.TempDir()
	real := filepath.Join(dir, "it's go")
	stand := filepath.Join(dir, "go")
	if err := os.WriteFile(real, []byte(fakeGo), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stand, []byte(standIn(real)), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FASTNB_STDIN", "")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"get"}, ""},
		{[]string{"get", "-t"}, ""},
		{[]string{"get", "example.com/a@v1.0.0"}, "real get example.com/a@v1.0.0\n"},
		{[]string{"build", "-o", "a b", "."}, "real build -o a b .\n"},
	} {
		out, err := exec.Command(stand, c.args...).Output()
		if err != nil || string(out) != c.want {
			t.Errorf("go %q says %q, %v (want %q)", c.args, out, err, c.want)
		}
	}
}

// fakeBuild builds a program that tells what it reads, as `go build -o FILE .` does.
const fakeBuild = `#!/bin/sh
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\necho "$(basename "$0") $1 reads <$(cat)>"\n' >"$2"
chmod +x "$2"
`

// Where nobody is there to type, what a cell is built to reads end-of-file, whoever holds its standard input open; under its
// own name, with its arguments, as a test too. Elsewhere it reads what it is given; other programs always do.
func TestCellsReadNothing(t *testing.T) {
	bin, temp := t.TempDir(), t.TempDir()
	goes := filepath.Join(bin, "go")
	write(t, filepath.Join(bin, "real"), fakeBuild)
	write(t, goes, standIn(filepath.Join(bin, "real")))
	cell := filepath.Join(temp, "gonb_1", "gonb_1")
	if err := os.Mkdir(filepath.Dir(cell), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		stdin, program string
		build          []string
		want           string
	}{
		{"none", cell, []string{"build", "-o", cell, "."}, "gonb_1 a reads <>\n"},
		{"none", cell, []string{"test", "-c", "-o", cell}, "gonb_1 a reads <>\n"},
		{"", cell, []string{"build", "-o", cell, "."}, "gonb_1 a reads <typed>\n"},
		{"none", cell, []string{"build", "-o", cell, "."}, "gonb_1 a reads <>\n"},
		{"none", filepath.Join(temp, "tool"), []string{"build", "-o", filepath.Join(temp, "tool")}, "tool a reads <typed>\n"},
	} {
		t.Setenv("FASTNB_STDIN", c.stdin)
		if out, err := exec.Command(goes, c.build...).CombinedOutput(); err != nil {
			t.Fatalf("go %q: %v: %s", c.build, err, out)
		}
		run := exec.Command(c.program, "a")
		run.Stdin = strings.NewReader("typed")
		if out, err := run.Output(); err != nil || string(out) != c.want {
			t.Errorf("FASTNB_STDIN=%s go %q makes what says %q, %v (want %q)", c.stdin, c.build, out, err, c.want)
		}
	}
}

// What a cell's "!command" reads is nothing; scripts that bash reads from its standard input, and what they start, are as ever.
func TestCommandsReadNothing(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash")
	}
	file := filepath.Join(t.TempDir(), noInputName)
	write(t, file, noInput)
	t.Setenv("BASH_ENV", file)
	for _, c := range []struct {
		args        []string
		input, want string
	}{
		{[]string{"-c", "cat; echo end"}, "typed", "end\n"},
		{[]string{"-c", `echo piped | bash -c "cat"`}, "typed", "piped\n"},
		{nil, "echo script; cat\nrest\n", "script\nrest\n"},
	} {
		cmd := exec.Command("bash", c.args...)
		cmd.Stdin = strings.NewReader(c.input)
		if out, err := cmd.Output(); err != nil || string(out) != c.want {
			t.Errorf("bash %q with %q says %q, %v (want %q)", c.args, c.input, out, err, c.want)
		}
	}
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o755); err != nil {
		t.Fatal(err)
	}
}

// A workspace refuses -mod=mod, so a user's is left out; other flags stay.
func TestGoFlags(t *testing.T) {
	for _, c := range []struct{ user, tags, want string }{
		{"", "", "'-ldflags=-s -w'"},
		{"-mod=mod", "a,b", "'-ldflags=-s -w' -tags=a,b"},
		{"'-ldflags=-X main.a=b' '-tags=x y'", "", "'-ldflags=-s -w' '-tags=x y'"},
		{"'-ldflags=-X main.a=b' '-tags=x y'", "a,b", "'-ldflags=-s -w' -tags=a,b,x,y"},
		{"-trimpath -mod=mod -buildvcs=false", "", "'-ldflags=-s -w' -trimpath -buildvcs=false"},
	} {
		t.Setenv("GOENV", "off")
		t.Setenv("GOFLAGS", c.user)
		if got := goFlags(t.Context(), &Env{Go: "go"}, c.tags); got != c.want {
			t.Errorf("with GOFLAGS=%s: %s (want %s)", c.user, got, c.want)
		}
	}
}

func TestLineCount(t *testing.T) {
	var out bytes.Buffer
	c := &lineCount{w: &out, prefix: "Collecting", says: "packages found"}
	for _, s := range []string{"Coll", "ecting a\nUsing b\n", "  Collecting c\nCollecting"} {
		if _, err := c.Write([]byte(s)); err != nil {
			t.Fatal(err)
		}
	}
	if c.n != 2 || out.Len() != 0 {
		t.Errorf("counted %d, wrote %q at once", c.n, &out)
	}
	c.told = time.Now().Add(-time.Minute)
	c.Write([]byte(" d\n"))
	if out.String() != "setup:   3 packages found\n" {
		t.Errorf("wrote %q", &out)
	}
}

// Each program that set-up builds from elsewhere is a tool of the module that it is built in, which keeps its packages
// required when that is tidied.
func TestToolsAreRequired(t *testing.T) {
	for _, paths := range tools {
		for _, path := range paths {
			if !strings.Contains(toolsMod, "\n\t"+path+"\n") {
				t.Errorf("tools/go.mod has no tool %s: go -C tools get -tool %s, then make generate", path, path)
			}
		}
	}
}
