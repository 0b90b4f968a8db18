package plugin

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/fastnb/fastnb/engine/internal/device"
	"github.com/fastnb/fastnb/internal/fetch"
)

const pathVar = "PJRT_PLUGIN_LIBRARY_PATH"

// errNotInstalled means that no plugin was found, though one may be had.
var errNotInstalled = errors.New("not installed")

// library is a shared library that speaks PJRT, and who named it.
type library struct {
	path, source string
}

// place is a folder that may hold plugins.
type place struct {
	dir, source string
}

// export shows the library to whatever else in this process or its children uses go-xla.
func (l library) export() {
	if os.Getenv(pathVar) == "" {
		os.Setenv(pathVar, filepath.Dir(l.path))
	}
	l.setFlags()
}

// find looks for an installed plugin, without the network.
func find(want request, d device.Kind) (library, error) {
	if want.plugin != "" && want.device == d {
		return library{want.plugin, want.from}, nil
	}
	for _, at := range places() {
		if path, ok := pluginIn(at.dir, d); ok {
			return library{path, at.source}, nil
		}
	}
	if d == device.CUDA {
		return findInPython()
	}
	return library{}, errNotInstalled
}

// places lists the folders to look at: the one set by the user, ours, and go-xla's.
func places() []place {
	var all []place
	for _, dir := range filepath.SplitList(os.Getenv(pathVar)) {
		all = append(all, place{dir, pathVar})
	}
	if dir, err := pluginDir(); err == nil {
		all = append(all, place{filepath.Join(dir, cpuWheel.Package+"-"+cpuWheel.Version), "fastnb's cache"})
		all = append(all, goxlaPlaces(dir, "fastnb's cache")...)
	}
	if home, err := os.UserHomeDir(); err == nil {
		all = append(all, goxlaPlaces(filepath.Join(home, ".local", "lib"), "go-xla's folder")...)
		all = append(all, goxlaPlaces(filepath.Join(home, "Library", "Application Support"), "go-xla's folder")...)
	}
	return append(all, goxlaPlaces("/usr/local/lib", "go-xla's folder")...)
}

func goxlaPlaces(lib, source string) []place {
	return []place{
		{filepath.Join(lib, "go-xla"), source},
		{filepath.Join(lib, "go-xla", "nvidia"), source},
		{filepath.Join(lib, "gomlx", "pjrt"), source},
	}
}

// pluginIn returns the plugin of a device in a folder. go-xla names them pjrt_c_api_cpu_plugin.so, or with a version.
func pluginIn(dir string, d device.Kind) (string, bool) {
	if dir == "" {
		return "", false
	}
	for _, name := range []string{"pjrt_c_api_" + string(d), "pjrt-plugin-" + string(d), "pjrt_plugin_" + string(d)} {
		matches, _ := filepath.Glob(filepath.Join(dir, name+"*"+libraryExt()))
		for _, path := range matches {
			if abs, err := filepath.Abs(path); err == nil && isFile(abs) {
				return abs, true
			}
		}
	}
	return "", false
}

func libraryExt() string {
	switch runtime.GOOS {
	case "darwin":
		return ".dylib"
	case "windows":
		return ".dll"
	}
	return ".so"
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// pluginDir is where we install plugins.
func pluginDir() (string, error) {
	cache, err := fetch.CacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(cache, "plugins"), nil
}

// version names the release of a plugin that we installed, "" for others.
func (l library) version() string {
	ours := cpuWheel.Package + "-" + cpuWheel.Version
	if strings.Contains(l.path, ours) {
		return cpuWheel.Package + " " + cpuWheel.Version
	}
	return ""
}
