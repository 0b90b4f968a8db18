package fetch

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/internal/instead"
)

// checkMeant removes what came in the place of a file of that name, so that it is not kept.
func checkMeant(path, name string) error {
	if slices.Contains([]string{".html", ".htm", ".xml", ".svg"}, strings.ToLower(filepath.Ext(name))) {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	begin, err := io.ReadAll(io.LimitReader(f, 1024))
	f.Close()
	if err == nil {
		err = instead.Check(begin)
	}
	if err != nil {
		os.Remove(path)
	}
	return err
}
