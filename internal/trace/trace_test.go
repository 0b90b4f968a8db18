package trace

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

func TestMark(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trace")
	file = open(path)
	Mark("one")
	Mark("another thing")
	file.Close()
	file = nil
	Mark("unheard")
	got, err := os.ReadFile(path)
	if want := regexp.MustCompile(`^\d{19} \d+ one\n\d{19} \d+ another thing\n$`); err != nil || !want.Match(got) {
		t.Errorf("the file holds %q, %v", got, err)
	}
}
