package text

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/instead"
	"github.com/fastnb/fastnb/internal/verb"
)

// FromFolders returns the documents that are the .txt files ([Extensions] names others) of folders and all folders
// in them, in the order of their names. A document's class is the name of the folder that directly holds it; with
// TrainIn that of the first folder below the one that was named, as vision.FromPaths has it: pos/a.txt and
// pos/2019/b.txt are both of class pos. [In] or [TrainIn] name the folders to learn from, [ValidIn] or [ValidShare]
// what is for validation, [TestIn] what is to be predicted. A folder of ValidIn that lies in one to learn from is
// not learned from.
//
// What is passed over is told by [Docs.Skipped]: hidden files and folders, files with other extensions, and files that
// lie beside folders of documents in a folder that In, TrainIn or ValidIn named (IMDB's lists of addresses). Documents
// without class, in a named folder itself, are fine unless TrainIn names it.
//
// Errors name the folder or option that is wrong. A file is read when its text is asked for; one that is not in its
// [Encoding] is an error then, with all others of the kind.
func FromFolders(path string, opts ...DocsOption) (d *Docs, err error) {
	defer verb.Name(&err, "text: FromFolders")
	conf, err := docsConfigOf(path, opts)
	if err == nil {
		err = conf.only("FromFolders", "folders", folderKind)
	}
	if err == nil && !isDir(path) {
		err = fmt.Errorf("no folder %s", path)
	}
	if err != nil {
		return nil, err
	}
	return conf.fromFolders(path)
}

// fromFolders lists the folders below a root.
func (conf docsConfig) fromFolders(root string) (*Docs, error) {
	if conf.train == nil {
		conf.train = []string{"."}
	}
	if conf.extensions == nil {
		conf.extensions = []string{".txt"}
	}
	var splits [3][]doc
	var skipped []fastnb.Skipped
	for s, folders := range [][]string{conf.train, conf.valid, conf.test} {
		for _, folder := range folders {
			docs, over, err := listFolder(root, folder, conf, fastnb.Split(s))
			if err != nil {
				return nil, err
			}
			splits[s], skipped = append(splits[s], docs...), append(skipped, over...)
		}
		splits[s] = once(splits[s])
	}
	splits[fastnb.Train] = without(splits[fastnb.Train], conf)
	d, err := newDocs(files(root), conf, splits)
	if err == nil {
		d.skipped = onceSkipped(skipped)
	}
	return d, err
}

// without leaves out of the documents to learn from those of a folder for validation that lies in a folder to learn
// from.
func without(docs []doc, conf docsConfig) []doc {
	return slices.DeleteFunc(docs, func(d doc) bool {
		return slices.ContainsFunc(conf.valid, func(valid string) bool {
			// a folder that is named lies in valid, and is to learn from, all the same
			named := func(train string) bool { return inside(train, valid) && inside(d.name, train) }
			return inside(d.name, valid) && !slices.ContainsFunc(conf.train, named)
		})
	})
}

// inside tells whether a name is that of a folder or lies in it, at any depth.
func inside(name, folder string) bool {
	name, folder = path.Clean(filepath.ToSlash(name)), path.Clean(filepath.ToSlash(folder))
	return folder == "." || name == folder || strings.HasPrefix(name, folder+"/")
}

// once leaves the first of documents of the same name.
func once(docs []doc) []doc {
	seen := map[string]bool{}
	return slices.DeleteFunc(docs, func(d doc) bool {
		twice := seen[d.name]
		seen[d.name] = true
		return twice
	})
}

// listFolder lists the documents of a folder that was named, and what it passes over.
func listFolder(root, folder string, conf docsConfig, s fastnb.Split) ([]doc, []fastnb.Skipped, error) {
	name := filepath.Join(root, filepath.FromSlash(folder))
	if !isDir(name) {
		return nil, nil, fmt.Errorf("no folder %s in %s (there are %s)", folder, root, folderNames(root))
	}
	folder = path.Clean(filepath.ToSlash(folder))
	w := walker{root: root, extensions: conf.extensions, outermost: conf.labelled}
	direct, deeper, err := w.walk(folder, w.above(folder))
	if err != nil {
		return nil, nil, err
	}
	docs := deeper
	switch {
	case len(deeper) == 0 || s == fastnb.Test: // whose classes are not looked at
		docs = append(direct, deeper...)
	default:
		w.skip(besideFolders, direct...)
	}
	docs = w.only(folder, docs, conf.classFolders)
	switch {
	case len(docs) == 0:
		return nil, nil, w.none(name, conf)
	case len(deeper) == 0 && conf.labelled && s != fastnb.Test:
		return nil, nil, fmt.Errorf("no class folders in %s (want a folder for each class, with its .txt files; "+
			"In takes documents without class)", name)
	}
	return docs, w.passed.All(), nil
}

// readDir returns the entries of a folder in the order of their names.
func readDir(dir string) ([]fs.DirEntry, error) {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("folder %s cannot be read; change its permissions: %w", dir, err)
	case err != nil:
		return nil, fmt.Errorf("folder %s cannot be read: %w", dir, err)
	}
	return entries, nil
}

// folderNames returns the names of the folders in a folder, for a message.
func folderNames(dir string) string {
	var names []string
	entries, _ := readDir(dir)
	for _, e := range entries {
		if isDir(filepath.Join(dir, e.Name())) && !hidden(e) {
			names = append(names, e.Name())
		}
	}
	if names == nil {
		return "none"
	}
	return strings.Join(names, ", ")
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// files is a folder whose files are documents.
type files string

func (f files) id() string {
	if abs, err := filepath.Abs(string(f)); err == nil {
		return "folder " + abs
	}
	return "folder " + string(f)
}

func (f files) read(d doc) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(string(f), filepath.FromSlash(d.name)))
	if err != nil {
		return nil, cause(err)
	}
	return b, nil
}

// decode reads a file of text. Its lines end as Python's do: in \n.
func (files) decode(b []byte, c docsConfig) (string, error) {
	if err := instead.CheckPointer(b); err != nil {
		return "", err
	}
	text, err := c.decode(b)
	if strings.Contains(text, "\r") {
		text = lines.Replace(text)
	}
	return text, err
}

var lines = strings.NewReplacer("\r\n", "\n", "\r", "\n")
