package pretrained

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// index is the file beside weights that lie in several files, such as model.safetensors.index.json: which tensor is in
// which.
type index struct {
	WeightMap map[string]string `json:"weight_map"`
}

// parseIndex reads an index; it has no entries if data is something else.
func parseIndex(data []byte) (x index) {
	if len(data) > 0 && data[0] == '{' {
		_ = json.Unmarshal(data, &x)
	}
	return x
}

// files returns the names of the files, all of which must lie in the folder.
func (x index) files(dir string) ([]string, error) {
	names := slices.Compact(slices.Sorted(maps.Values(x.WeightMap)))
	var missing []string
	for _, name := range names {
		if name != filepath.Base(name) || !filepath.IsLocal(name) {
			return nil, fmt.Errorf("%s is not the name of a file beside the index", shown(name))
		}
		if _, err := os.Stat(filepath.Join(dir, name)); errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, shown(name))
		}
	}
	if missing != nil {
		return nil, fmt.Errorf("%d of %d files are not in the index's folder %s: %s", len(missing), len(names), dir,
			fewOf(missing))
	}
	return names, nil
}

// read reads the tensors of all files in the index's folder.
func (x index) read(dir string) (map[string]Tensor, error) {
	names, err := x.files(dir)
	if err != nil {
		return nil, err
	}
	all := make(map[string]Tensor, len(x.WeightMap))
	for _, file := range names {
		data, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			return nil, err
		}
		tensors, err := parse(data) // not another index, nor this one
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for name, t := range tensors {
			if in, listed := x.WeightMap[name]; !listed || in == file {
				all[name] = t
			}
		}
	}
	return all, x.check(all)
}

// check tells which tensors of the index were not there.
func (x index) check(got map[string]Tensor) error {
	var missing []string
	for _, name := range slices.Sorted(maps.Keys(x.WeightMap)) {
		if _, ok := got[name]; !ok {
			missing = append(missing, shown(name))
		}
	}
	if missing != nil {
		return fmt.Errorf("%d of the index's %d tensors are not in the files that it names: %s", len(missing),
			len(x.WeightMap), fewOf(missing))
	}
	return nil
}

var shard = regexp.MustCompile(`^(.+)-(\d{5})-of-(\d{5})(\.\w+)$`)

// partOf says of which files a file is one, by its name; nothing for one that is whole.
func partOf(path string) string {
	m := shard.FindStringSubmatch(filepath.Base(path))
	if m == nil || m[3] == "00001" {
		return ""
	}
	return fmt.Sprintf("; the file is one of several: load their index, %s%s.index.json", m[1], m[4])
}
