package datasets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/fastnb/fastnb/internal/fetch"
	"github.com/fastnb/fastnb/internal/kaggle"
)

// Competition returns the folder of a Kaggle competition's files, by the name in its page's address, such as
// "plant-seedlings-classification". The first call downloads them with your own credentials (KAGGLE_USERNAME and
// KAGGLE_KEY, KAGGLE_API_TOKEN, or kaggle.json in KAGGLE_CONFIG_DIR or ~/.kaggle), once you have joined the
// competition there; later ones need no network. Archives in the archive are unpacked too: train.zip becomes the folder
// train, or the one file that is in it; one that can't be unpacked stays as it is, and the standard error stream says
// why. The folder is whole or absent, and shared by all programs: don't change it.
//
// A folder of the list FASTNB_MIRROR that holds NAME.zip, or the files in a folder NAME, is looked at first; such a
// folder is taken as it is. The errors say what to do where there are no credentials, where they are refused, where the
// rules are not accepted yet, and where the disk is full.
func Competition(name string) (string, error) {
	return CompetitionContext(context.Background(), name)
}

// CompetitionContext is Competition with a context that can end a download.
func CompetitionContext(ctx context.Context, name string) (string, error) {
	name, err := kaggle.Slug(name)
	if err != nil {
		return "", fmt.Errorf("datasets: %w", err)
	}
	dir, err := competition(ctx, name)
	if err != nil {
		return "", fmt.Errorf("datasets: competition %s: %w", name, err)
	}
	return dir, nil
}

func competition(ctx context.Context, name string) (string, error) {
	dir, mirrored, err := kaggle.Folder(name)
	if mirrored || err != nil {
		return dir, err
	}
	err = fetch.Once(ctx, dir, func(tmp string) error { return buildCompetition(ctx, name, tmp) })
	if errors.Is(err, syscall.ENOSPC) {
		return "", fmt.Errorf("%w: the disk of %s is full; make room there, or set FASTNB_CACHE to a folder of another "+
			"disk, and try again (what was downloaded is kept)", err, filepath.Dir(dir))
	}
	return dir, err
}

// buildCompetition makes the competition's folder at tmp. A zip that was downloaded is removed once it is unpacked, or
// found damaged.
func buildCompetition(ctx context.Context, name, tmp string) error {
	if mirrored := fetch.Mirrored(name + ".zip"); len(mirrored) > 0 {
		if err := unpackCompetition(mirrored[0], name, tmp); err != nil {
			return fmt.Errorf("%w; get %s.zip anew from %s/competitions/%[2]s/data", err, name, kaggle.Site)
		}
		return nil
	}
	credentials, err := kaggle.Find()
	if err != nil {
		return err
	}
	path, err := kaggle.Download(ctx, credentials, name)
	if err != nil {
		return err
	}
	err = unpackCompetition(path, name, tmp)
	switch {
	case err == nil:
		os.Remove(path) // it would only take room: the folder is made
	case archivesOwn(err):
		os.Remove(path)
		err = fmt.Errorf("%w; the archive is damaged and was removed: try again", err)
	}
	return err
}

// unpackCompetition makes the folder dir of the archive, without a folder of the competition's name around all. After
// an error there is none.
func unpackCompetition(archive, name, dir string) (err error) {
	if err := fetch.Unpack(archive, dir); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(dir)
		}
	}()
	if top, err := onlyFolder(dir); err != nil {
		return err
	} else if top == name {
		if err := raise(dir, top); err != nil {
			return err
		}
	}
	return unpackInner(dir, 2, func(archive string, err error) {
		fmt.Fprintf(notes, "fastnb: %s: %s stays packed: %v\n", name, within(dir, archive), err)
	})
}

// notes is where is said what could not be unpacked.
var notes io.Writer = os.Stderr

// within is a path of a folder being made as the user will find it, in its place in the folder.
func within(dir, path string) string {
	rel, err := filepath.Rel(dir, path)
	if err != nil {
		rel = path
	}
	return strings.ReplaceAll(filepath.ToSlash(rel), unpacking+"/", "/")
}

// ofDisk are the errors that the disk is to blame for, or the system, and not what is unpacked.
var ofDisk = []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EROFS, syscall.EMFILE, syscall.ENFILE,
	syscall.EACCES, syscall.EPERM, syscall.ENOENT, context.Canceled, context.DeadlineExceeded}

// archivesOwn tells whether an archive could not be unpacked for what is in it, so that it would fail again.
func archivesOwn(err error) bool {
	return err != nil && !slices.ContainsFunc(ofDisk, func(e error) bool { return errors.Is(err, e) })
}

// unpackInner unpacks the archives of a folder beside themselves, and those in them, to a depth. Those that can't be
// unpacked stay, and are told.
func unpackInner(dir string, depth int, tell func(archive string, err error)) error {
	if depth == 0 {
		return nil
	}
	archives, err := archivesIn(dir)
	if err != nil {
		return err
	}
	for _, archive := range archives {
		into := strings.TrimSuffix(archive, filepath.Ext(archive))
		if exists(into) {
			continue // it was unpacked before it was packed
		}
		if err := unpackBeside(archive, into, depth, tell); err != nil {
			return err
		}
	}
	return nil
}

// unpacking ends the name of a folder into which an archive is unpacked, before it is put in its place.
const unpacking = ".unpacked"

// unpackBeside makes a file or folder of an archive, and removes the archive.
func unpackBeside(archive, into string, depth int, tell func(archive string, err error)) error {
	tmp := into + unpacking
	err := fetch.Unpack(archive, tmp)
	if archivesOwn(err) {
		tell(archive, unnamed(err))
		return nil
	}
	if err != nil {
		return err
	}
	if err := unpackInner(tmp, depth-1, tell); err != nil {
		return err
	}
	if err := settle(tmp, into); err != nil {
		return err
	}
	return os.Remove(archive)
}

// settle moves what an archive had in it to its place: train.zip to train, train.csv.zip to train.csv. A lone folder
// called so, or a lone file of that name with or without its extension, is not put into a folder of that name.
func settle(tmp, into string) error {
	entries, err := visible(tmp)
	if err != nil {
		return err
	}
	if len(entries) != 1 {
		return os.Rename(tmp, into)
	}
	name, place := entries[0].Name(), into
	switch ext := filepath.Ext(name); {
	case name == filepath.Base(into), !entries[0].IsDir() && ext != "" && ext == filepath.Ext(into):
	case !entries[0].IsDir() && strings.TrimSuffix(name, ext) == filepath.Base(into) && !exists(into+ext):
		place = into + ext
	default:
		return os.Rename(tmp, into)
	}
	if err := os.Rename(filepath.Join(tmp, name), place); err != nil {
		return err
	}
	return os.RemoveAll(tmp)
}

// unnamed is what is wrong with an archive, without its path.
func unnamed(err error) error {
	if inner := errors.Unwrap(err); inner != nil {
		return inner
	}
	return err
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// visible returns a folder's entries without hidden ones and those that macOS adds to archives.
func visible(dir string) (all []os.DirEntry, err error) {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && e.Name() != "__MACOSX" {
			all = append(all, e)
		}
	}
	return all, err
}

// archivesIn returns the zips below a folder.
func archivesIn(dir string) (paths []string, err error) {
	err = filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && strings.EqualFold(filepath.Ext(path), ".zip") {
			paths = append(paths, path)
		}
		return err
	})
	return paths, err
}
