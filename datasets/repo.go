package datasets

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// repoFiles returns the paths at which a file that is kept in this repository may lie, those that exist. The file
// isn't embedded in the program: each cell of a notebook is a program, and would be larger by all of it. It is looked
// for in the checkout that $FASTNB_ROOT names, then where this package was compiled (a checkout or the module cache),
// then in the checkout around the working directory.
func repoFiles(file string) (paths []string) {
	folder := strings.TrimSuffix(file, filepath.Ext(file))
	for _, dir := range packageDirs() {
		path := filepath.Join(dir, folder, file)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			paths = append(paths, path)
		}
	}
	return paths
}

// packageDirs returns where this package's folder may be.
func packageDirs() (dirs []string) {
	if root := os.Getenv("FASTNB_ROOT"); root != "" {
		dirs = append(dirs, filepath.Join(root, "datasets"))
	}
	if _, file, _, ok := runtime.Caller(0); ok && filepath.IsAbs(file) { // not with -trimpath
		dirs = append(dirs, filepath.Dir(file))
	}
	wd, err := os.Getwd()
	for err == nil {
		dirs = append(dirs, filepath.Join(wd, "datasets"))
		parent := filepath.Dir(wd)
		if parent == wd {
			break
		}
		wd = parent
	}
	return dirs
}
