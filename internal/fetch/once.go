package fetch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
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
	return publish(tmp, path)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// publish moves a finished file or folder to its place, durably.
func publish(tmp, path string) error {
	if err := syncTree(tmp); err != nil {
		return fmt.Errorf("fetch: %w", err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return fmt.Errorf("fetch: %w", err)
	}
	syncFile(filepath.Dir(path)) // not every system syncs folders: the rename is done all the same
	return nil
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
