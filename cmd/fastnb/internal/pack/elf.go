package pack

import (
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/engine"
)

// addRuntime adds what the program needs to run: nothing where it is linked statically, else the loader, the libraries
// and XLA's plugin for the CPU.
func (m *manifest) addRuntime(dir string) error {
	interp, err := interpreter(filepath.Join(dir, m.Program))
	if err != nil || interp == "" {
		return err
	}
	plugin, err := cpuPlugin()
	if err != nil {
		return err
	}
	libraries, err := librariesOf(filepath.Join(dir, m.Program), plugin)
	if err != nil {
		return err
	}
	m.Loader, m.Plugin = filepath.Base(interp), filepath.Base(plugin)
	for _, path := range append(libraries, plugin) {
		if name := filepath.Base(path); name != m.Loader {
			m.Libraries = append(m.Libraries, name)
			if err := copyFile(path, filepath.Join(dir, name), 0o644); err != nil {
				return err
			}
		}
	}
	return copyFile(interp, filepath.Join(dir, m.Loader), 0o755)
}

// cpuPlugin returns XLA's plugin for the CPU, which is installed where it is not yet.
func cpuPlugin() (string, error) {
	if err := os.Setenv("FASTNB_DEVICE", string(engine.CPU)); err != nil {
		return "", err
	}
	r, err := engine.Install()
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(r.Plugin)
}

// interpreter returns the loader that a program asks for, "" for one that is linked statically. A program for anything
// but Linux on amd64, which Kaggle has, is an error.
func interpreter(program string) (string, error) {
	f, err := elf.Open(program)
	if err != nil {
		return "", fmt.Errorf("%s is no program for Linux (%w): give the folder of its main package", program, err)
	}
	defer f.Close()
	if f.Machine != elf.EM_X86_64 || f.Type != elf.ET_EXEC && f.Type != elf.ET_DYN {
		return "", fmt.Errorf("%s is a file for %v (want a program for Linux on amd64, as Kaggle has)", program, f.Machine)
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			text := make([]byte, p.Filesz)
			_, err := p.ReadAt(text, 0)
			return strings.TrimRight(string(text), "\x00"), err
		}
	}
	return "", nil
}

// librariesOf returns the paths of the shared libraries that files need, and of those that these need.
func librariesOf(files ...string) (paths []string, err error) {
	seen := map[string]bool{}
	for todo := slices.Clone(files); len(todo) > 0; todo = todo[1:] {
		f, err := elf.Open(todo[0])
		if err != nil {
			return nil, err
		}
		names, err := f.ImportedLibraries()
		own, _ := f.DynString(elf.DT_RUNPATH)
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, err
		}
		for _, name := range names {
			if seen[name] {
				continue
			}
			seen[name] = true
			path, err := library(name, filepath.Dir(todo[0]), own)
			if err != nil {
				return nil, fmt.Errorf("%s needs %w", todo[0], err)
			}
			paths, todo = append(paths, path), append(todo, path)
		}
	}
	return paths, nil
}

// libraryFolders are where libraries lie on Linux on amd64.
var libraryFolders = []string{
	"/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib",
	"/usr/local/lib"}

// library returns the path of a library by its name, looked for as the loader does.
func library(name, origin string, runpath []string) (string, error) {
	var dirs []string
	for _, list := range runpath {
		dirs = append(dirs, filepath.SplitList(strings.ReplaceAll(list, "$ORIGIN", origin))...)
	}
	dirs = append(append(dirs, filepath.SplitList(os.Getenv("LD_LIBRARY_PATH"))...), libraryFolders...)
	for _, dir := range dirs {
		path := filepath.Join(dir, name)
		if f, err := elf.Open(path); err == nil {
			f.Close()
			if f.Machine == elf.EM_X86_64 {
				return path, nil
			}
		}
	}
	return "", fmt.Errorf("%s, which is in none of %s; LD_LIBRARY_PATH adds folders", name, strings.Join(dirs, ", "))
}
