package serve

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A log that grew too long keeps its last lines, whole, and goes on; one that can only be written is left alone.
func TestBoundLog(t *testing.T) {
	for flags, want := range map[int]string{
		os.O_RDWR | os.O_APPEND:   "line 9\nnext\n",
		os.O_WRONLY | os.O_APPEND: strings.Repeat("line 9\n", 10) + "next\n",
	} {
		path := filepath.Join(t.TempDir(), "engine.log")
		if err := os.WriteFile(path, []byte(strings.Repeat("line 9\n", 10)), 0o600); err != nil {
			t.Fatal(err)
		}
		log, err := os.OpenFile(path, flags, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer log.Close()
		boundLog(log, 40) // a quarter holds one line and a part
		log.WriteString("next\n")
		if got, _ := os.ReadFile(path); string(got) != want {
			t.Errorf("the log is %q (want %q)", got, want)
		}
	}
}
