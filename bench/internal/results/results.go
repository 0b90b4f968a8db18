// Package results keeps the runs of a benchmark in a file, {"runs": [...]}, a line for each, so that one that was
// stopped goes on, and peers' scripts can write the same.
package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/fastnb/fastnb/internal/atomicfile"
)

// Read returns the runs of a file, none where there is no file or its name is empty.
func Read[R any](path string) ([]R, error) {
	raw, err := os.ReadFile(path)
	if path == "" || errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var file struct {
		Runs []R `json:"runs"`
	}
	return file.Runs, json.Unmarshal(raw, &file)
}

// Write keeps runs in a file, in none where its name is empty.
func Write[R any](path string, runs []R) error {
	if path == "" {
		return nil
	}
	lines := make([]string, len(runs))
	for i, r := range runs {
		line, err := json.Marshal(r)
		if err != nil {
			return err
		}
		lines[i] = string(line)
	}
	text := fmt.Sprintf("{\"runs\": [\n  %s\n]}\n", strings.Join(lines, ",\n  "))
	return atomicfile.Write(path, []byte(text), 0o644)
}
