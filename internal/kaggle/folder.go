package kaggle

import (
	"path/filepath"

	"github.com/fastnb/fastnb/internal/fetch"
)

// Folder returns where a competition's files lie, or are to lie once they are fetched: a folder of a mirror, which is
// there, or one of the cache.
func Folder(name string) (dir string, mirrored bool, err error) {
	if dir := fetch.MirroredFolder(name); dir != "" {
		return dir, true, nil
	}
	cache, err := fetch.CacheDir()
	return filepath.Join(cache, "competitions", name), false, err
}
