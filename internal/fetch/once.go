package fetch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/fastnb/fastnb/internal/atomicfile"
)

// Once makes a file or folder at path, unless it is there. It calls build with another path in the same folder, syncs
// what build made, and renames it: path is whole or absent. A lock makes other processes and goroutines wait, and find
// it there. What a failed build left behind stays for the next one to go on with, or to remove.
func Once(ctx context.Context, path string, build func(tmp string) error) error {
	if exists(path) {
		return nil
	}
	dir, name := filepath.Split(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("fetch: %w", err)
	}
	lock := flock.New(filepath.Join(dir, "."+name+".lock"))
	if _, err := lock.TryLockContext(ctx, 50*time.Millisecond); err != nil {
		return fmt.Errorf("fetch: waiting for another process to make %s: %w", path, err)
	}
	defer lock.Close()
	if exists(path) {
		return nil
	}
	tmp := filepath.Join(dir, "."+name+".part")
	if err := build(tmp); err != nil {
		return err
	}
	if err := atomicfile.Move(tmp, path); err != nil {
		return fmt.Errorf("fetch: %w", err)
	}
	removeBeside(tmp)
	return nil
}

// removeBeside removes what builds kept beside tmp, under its name and an extension, when they were killed.
func removeBeside(tmp string) {
	dir, name := filepath.Split(tmp)
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), name+".") {
			os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// workFolder makes an empty folder beside what is made within Once. Its name is always the same, so that the next one
// removes what a killed process left in it.
func workFolder(tmp string) (string, error) {
	dir := tmp + ".work"
	return dir, errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o700))
}
