package resident

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// Socket returns the path of the socket of the user's engine with the settings, in the user's own runtime folder:
// engines that differ in their settings run beside each other. The folder is made if need be, for this user alone; one
// that others could write is an error.
func Socket(settings string) (string, error) {
	dir, err := runtimeDir()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(settings))
	path := filepath.Join(dir, "engine-"+hex.EncodeToString(sum[:4])+".sock")
	if len(path) > longest {
		return "", fmt.Errorf("resident: %s is longer than a socket's path may be (%d): "+
			"set XDG_RUNTIME_DIR to a shorter folder, with mode 0700", path, longest)
	}
	return path, nil
}

// longest is how many bytes a Unix socket's path may have on every system.
const longest = 103

func runtimeDir() (string, error) {
	dir := filepath.Join(os.TempDir(), "fastnb-"+strconv.Itoa(os.Getuid()))
	if run := os.Getenv("XDG_RUNTIME_DIR"); run != "" && private(run) == nil {
		dir = filepath.Join(run, "fastnb")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("resident: %w", err)
	}
	if err := private(dir); err != nil {
		return "", fmt.Errorf("resident: %w", err)
	}
	return dir, nil
}
