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
)

// FromFolders returns the documents that are the .txt files of folders and the folders in them, in the order of their names. A document's
// class is the name of the folder that directly holds it. [In] or [TrainIn] name the folders to learn from, [ValidIn] or
// [ValidShare] what is for validation, [TestIn] what is to be predicted.
//
// Hidden files, and the folders tmp and models, are ignored; so are files that lie beside folders of documents in a folder that
// was named (IMDB's lists of addresses). Documents without class, in a named folder itself, are fine unless TrainIn names it.
//
// Errors name the folder or option that is wrong. A file is read when its text is asked for.
func FromFolders(path string, opts ...DocsOption) (*Docs, error) {
	conf, err := docsConfigOf(path, opts)
	if err != nil {
		return nil, fmt.Errorf("text: FromFolders: %w", err)
	}
	d, err := fromFolders(path, conf)
	if err != nil {
		return nil, fmt.Errorf("text: FromFolders: %w", err)
	}
	return d, nil
}

func fromFolders(root string, conf docsConfig) (*Docs, error) {
	if !isDir(root) {
		return nil, fmt.Errorf("no folder %s", root)
	}
	if conf.train == nil {
		conf.train = []string{"."}
	}
	var splits [3][]doc
	for s, folders := range [][]string{conf.train, conf.valid, conf.test} {
		for _, folder := range folders {
			docs, err := listFolder(root, folder, conf, fastnb.Split(s))
			if err != nil {
				return nil, err
			}
			splits[s] = append(splits[s], docs...)
		}
		splits[s] = once(splits[s])
	}
	return newDocs(files(root), conf, splits)
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

// listFolder lists the documents of a folder that was named.
func listFolder(root, folder string, conf docsConfig, s fastnb.Split) ([]doc, error) {
	name := filepath.Join(root, filepath.FromSlash(folder))
	if !isDir(name) {
		return nil, fmt.Errorf("no folder %s in %s (there are %s)", folder, root, folderNames(root))
	}
	folder = path.Clean(filepath.ToSlash(folder))
	direct, deeper, err := walk(root, folder)
	if err != nil {
		return nil, err
	}
	docs := deeper
	if len(docs) == 0 {
		docs = direct
	}
	if conf.only != nil {
		docs = slices.DeleteFunc(docs, func(d doc) bool { return !slices.Contains(conf.only, path.Base(path.Dir(d.name))) })
	}
	switch {
	case len(docs) == 0:
		return nil, fmt.Errorf("no .txt files in %s (folders there: %s)%s", name, folderNames(name), onlyHint(conf.only))
	case len(deeper) == 0 && conf.labelled && s != fastnb.Test:
		return nil, fmt.Errorf("no class folders in %s (want a folder for each class, with its .txt files; In takes documents without class)", name)
	}
	return docs, nil
}

func onlyHint(only []string) string {
	if only == nil {
		return ""
	}
	return fmt.Sprintf("; ClassFolders leaves only those in folders %s", strings.Join(only, ", "))
}

// walk lists the documents that lie in a folder, without class, and those that lie deeper.
func walk(root, folder string) (direct, deeper []doc, err error) {
	entries, err := readDir(filepath.Join(root, folder))
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		name := path.Join(folder, e.Name())
		info, err := os.Stat(filepath.Join(root, name)) // follows links
		switch {
		case err == nil && info.IsDir():
			if slices.Contains([]string{"tmp", "models"}, e.Name()) {
				continue
			}
			in, below, err := walk(root, name)
			if err != nil {
				return nil, nil, err
			}
			for i := range in {
				in[i].class = e.Name()
			}
			deeper = append(append(deeper, in...), below...)
		case strings.EqualFold(path.Ext(name), ".txt"):
			direct = append(direct, newFile(name, info))
		}
	}
	return direct, deeper, nil
}

// newFile describes a file. One that cannot be found, of a dangling link, will be listed as unreadable.
func newFile(name string, info fs.FileInfo) doc {
	if info == nil {
		return doc{name: name}
	}
	return doc{name: name, size: info.Size(), state: fmt.Sprintf("%d %d", info.Size(), info.ModTime().UnixNano())}
}

// readDir returns the entries of a folder in the order of their names, without hidden ones.
func readDir(dir string) ([]fs.DirEntry, error) {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("folder %s cannot be read; change its permissions: %w", dir, err)
	case err != nil:
		return nil, fmt.Errorf("folder %s cannot be read: %w", dir, err)
	}
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), ".") }), nil
}

// folderNames returns the names of the folders in a folder, for a message.
func folderNames(dir string) string {
	var names []string
	entries, _ := readDir(dir)
	for _, e := range entries {
		if isDir(filepath.Join(dir, e.Name())) {
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

func (f files) read(d doc) (string, error) {
	b, err := os.ReadFile(filepath.Join(string(f), filepath.FromSlash(d.name)))
	if err != nil {
		return "", cause(err)
	}
	return decodeText(b)
}
