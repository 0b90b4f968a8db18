// Package datasets gets the course's data sets: Fetch(name) returns the folder that holds one.
//
// A set comes from a mirror folder (FASTNB_MIRROR, by file name), from this repository, or from its public address,
// and is unpacked once into the cache. See Names and Describe.
package datasets

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/internal/fetch"
)

// Set describes a data set.
type Set struct {
	Name    string
	About   string // what it is, in one line
	Licence string
	Page    string // where it is described, or to be had by hand
	sources []source
}

// Fetch returns the folder of a data set, the one that directly holds train/, valid/ and so on. The first call may
// download it; later ones take milliseconds and need no network. The folder is whole or absent, and shared by all
// programs: don't change it. For an unknown name the error lists those that there are.
func Fetch(name string) (string, error) {
	return FetchContext(context.Background(), name)
}

// FetchContext is Fetch with a context that can end a download.
func FetchContext(ctx context.Context, name string) (string, error) {
	set, err := Describe(name)
	if err != nil {
		return "", err
	}
	cache, err := fetch.CacheDir()
	if err != nil {
		return "", fmt.Errorf("datasets: %s: %w", set.Name, err)
	}
	dir := filepath.Join(cache, "data", set.Name)
	err = fetch.Once(ctx, dir, func(tmp string) error { return set.build(ctx, tmp) })
	if err != nil {
		return "", fmt.Errorf("datasets: %s: %w", set.Name, err)
	}
	return dir, nil
}

// Names returns the names of all sets, sorted.
func Names() []string {
	names := make([]string, len(sets))
	for i, s := range sets {
		names[i] = s.Name
	}
	slices.Sort(names)
	return names
}

// Describe returns what is known of a set. Upper and lower case, and - and _, are the same in a name.
func Describe(name string) (Set, error) {
	for _, s := range sets {
		if plain(s.Name) == plain(name) {
			return s, nil
		}
	}
	hint := ""
	if n := nearest(name, Names()); n != "" {
		hint = fmt.Sprintf(" (did you mean %q?)", n)
	}
	return Set{}, fmt.Errorf("datasets: no set %q%s; there are %s", name, hint, strings.Join(Names(), ", "))
}

// plain is a name without what people mix up.
func plain(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, "-", "_"))
}

// build makes the set's folder at tmp from the first source that there is.
func (s Set) build(ctx context.Context, tmp string) error {
	var failed []string
	for _, src := range s.sources {
		err := src.build(ctx, tmp)
		if err == nil || ctx.Err() != nil {
			return err
		}
		failed = append(failed, err.Error())
	}
	return fmt.Errorf("%s (about it: %s)", strings.Join(failed, "; "), s.Page)
}

// build unpacks a source, and removes the archive if it was downloaded.
func (s source) build(ctx context.Context, tmp string) error {
	path, err := s.fetch(ctx)
	if err != nil {
		return err
	}
	if err := s.unpack(path, tmp); err != nil {
		return err
	}
	if s.url != "" {
		os.Remove(path) // it would only take room: the folder is made
	}
	return nil
}
