package setup

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
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
