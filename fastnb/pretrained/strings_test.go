package pretrained

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The vocabularies beside fastai's weights, as versions 2 and 1 pickled them.
func TestReadStrings(t *testing.T) {
	for _, name := range []string{"vocab.pkl", "vocab_v1.pkl"} {
		words, err := ReadStrings(filepath.Join("..", "..", "testdata", "awdlstm", name))
		if err != nil || len(words) != 60 || words[0] != "xxunk" || words[9] != "w0" {
			t.Errorf("%s: %d words, %v", name, len(words), err)
		}
	}
}

// A pickle of anything else is refused: a number, a list with a number, a program, half a file.
func TestReadStringsWrong(t *testing.T) {
	for name, c := range map[string]struct{ data, want string }{
		"number":  {"\x80\x02K\x07.", "want a list of strings"},
		"mixed":   {"\x80\x02]q\x00(X\x01\x00\x00\x00aK\x07e.", "number 1 of the list"},
		"program": {"\x80\x02cos\nsystem\nX\x02\x00\x00\x00ls\x85R.", "os.system"},
		"half":    {"\x80\x02]q\x00(X\x05\x00\x00\x00a", "cut or damaged"},
		"empty":   {"", "the file is empty"},
		"pointer": {"version https://git-lfs.github.com/spec/v1\nsize 9\n", "Git LFS pointer"},
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(c.data), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadStrings(path); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error %v, want one that says %q", name, err, c.want)
		}
	}
}
