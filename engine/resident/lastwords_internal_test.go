package resident

import (
	"os"
	"path/filepath"
	"testing"
)

// The end of a log is that engine's own, also where the log has become so long that its first lines were dropped.
func TestLastWords(t *testing.T) {
	for log, want := range map[string]string{
		"12:00 process 6\na\n12:01 process 7\nb\nc\n": "12:01 process 7\nb\nc",
		"12:00 process 6\na\n":                        "",
		"b\nc\n":                                      "b\nc",
		"":                                            "",
	} {
		path := filepath.Join(t.TempDir(), "log")
		if err := os.WriteFile(path, []byte(log), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := lastWords(path, 7); got != want {
			t.Errorf("of %q: %q, want %q", log, got, want)
		}
	}
}
