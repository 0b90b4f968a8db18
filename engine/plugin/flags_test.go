package plugin

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/engine/internal/xlaflags"
)

func TestSetFlags(t *testing.T) {
	var files [2]string
	for i, text := range []string{xlaflags.XNNPACK, ""} {
		files[i] = filepath.Join(t.TempDir(), "pjrt_c_api_cpu_plugin.so")
		if err := os.WriteFile(files[i], []byte(strings.Repeat("x", 3000)+text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ path, flags, want string }{
		{files[0], "", "--xla_cpu_use_xnnpack=false"},
		{files[0], "--a=b", "--a=b --xla_cpu_use_xnnpack=false"},
		{files[0], "--xla_cpu_use_xnnpack=true", "--xla_cpu_use_xnnpack=true"},
		{files[1], "--a=b", "--a=b"},
		{files[0], "/etc/xla.flags", "/etc/xla.flags"},
		{files[0] + ".not", "", ""},
	} {
		t.Setenv("XLA_FLAGS", c.flags)
		library{path: c.path}.setFlags()
		if got := os.Getenv("XLA_FLAGS"); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.flags, got, c.want)
		}
	}
}

func TestContains(t *testing.T) {
	for at := range 40 {
		text := strings.Repeat("x", at) + "word" + strings.Repeat("y", 40-at)
		if !contains(bufio.NewReaderSize(strings.NewReader(text), 16), []byte("word")) {
			t.Errorf("not found at %d", at)
		}
		if contains(bufio.NewReaderSize(strings.NewReader(text), 16), []byte("lord")) {
			t.Error("found what is not there")
		}
	}
}
