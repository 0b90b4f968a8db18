package duck

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// find returns the files that a path or pattern names. DuckDB opens none whose name is not UTF-8.
func find(pattern string) ([]string, error) {
	paths, err := matches(pattern)
	for _, path := range paths {
		if !utf8.ValidString(path) {
			return nil, fmt.Errorf("the name of %q is not UTF-8; give it another", path)
		}
	}
	return paths, err
}

func matches(pattern string) ([]string, error) {
	if info, err := os.Stat(pattern); err == nil {
		if info.IsDir() {
			return nil, fmt.Errorf("%s is a folder; name the files in it, as in %s", pattern, filepath.Join(pattern, "*.csv"))
		}
		return []string{pattern}, nil
	}
	paths, err := filepath.Glob(pattern)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", pattern, err)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("no file %s%s", pattern, nearest(pattern))
	}
	return paths, nil
}

// literal are the paths as a list for DuckDB, to which *, ? and [ mean a pattern: in brackets they stand for
// themselves.
func literal(paths []string) string {
	quoted := make([]string, len(paths))
	for i, path := range paths {
		quoted[i] = strings.NewReplacer("*", "[*]", "?", "[?]", "[", "[[]").Replace(path)
	}
	return texts(quoted)
}

// near is how many files an error offers instead of one that is not there.
const near = 4

// nearest names the files of the same folder whose names are nearest.
func nearest(path string) string {
	dir, name := filepath.Split(path)
	entries, err := os.ReadDir(filepath.Clean(dir + "."))
	if err != nil {
		return fmt.Sprintf(": there is no folder %s", dir)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	if len(names) == 0 {
		return "; the folder has no files"
	}
	slices.SortStableFunc(names, func(a, b string) int { return distance(name, a) - distance(name, b) })
	return "; the folder has " + strings.Join(names[:min(near, len(names))], ", ")
}

// distance is the number of letters to add, remove or change to make one name of another (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		left := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := left
			if a[i] != b[j] {
				change++
			}
			left = row[j+1]
			row[j+1] = min(row[j]+1, left+1, change)
		}
	}
	return row[len(b)]
}
