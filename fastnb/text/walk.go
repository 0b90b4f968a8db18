package text

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/fastnb/internal/passed"
)

// walker goes through a folder and all that are in it, and notes what it passes over.
type walker struct {
	root       string
	extensions []string
	outermost  bool // of the folders that a document lies in is its class, not the innermost
	passed     passed.List
}

// above are the folders that one lies in, up to the root.
func (w *walker) above(folder string) (within []fs.FileInfo) {
	for at := folder; at != path.Dir(at); at = path.Dir(at) {
		if info, err := os.Stat(filepath.Join(w.root, filepath.FromSlash(path.Dir(at)))); err == nil {
			within = append(within, info)
		}
	}
	return within
}

// walk lists the documents that lie in a folder, without class, and those that lie deeper. within are the folders that
// it is in.
func (w *walker) walk(folder string, within []fs.FileInfo) (direct, deeper []doc, err error) {
	dir := filepath.Join(w.root, filepath.FromSlash(folder))
	own, err := os.Stat(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("folder %s cannot be read: %w", dir, cause(err))
	}
	if slices.ContainsFunc(within, func(i fs.FileInfo) bool { return os.SameFile(i, own) }) {
		w.skip("a link to a folder that it is in", doc{name: folder})
		return nil, nil, nil
	}
	entries, err := readDir(dir)
	if err != nil {
		return nil, nil, err
	}
	within = append(slices.Clone(within), own)
	for _, e := range entries {
		name := path.Join(folder, e.Name())
		info, err := os.Stat(filepath.Join(dir, e.Name())) // follows links
		isFolder := err == nil && info.IsDir()
		if !isFolder || hidden(e) {
			direct = append(direct, w.file(name, info)...)
			continue
		}
		in, below, err := w.walk(name, within)
		if err != nil {
			return nil, nil, err
		}
		for i := range in {
			in[i].class = e.Name()
		}
		for i := range below {
			if w.outermost {
				below[i].class = e.Name()
			}
		}
		deeper = append(append(deeper, in...), below...)
	}
	return direct, deeper, nil
}

func hidden(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), ".") }

// file returns the document that a file is, if it is one. One that cannot be found, of a dangling link, will be listed
// as unreadable.
func (w *walker) file(name string, info fs.FileInfo) []doc {
	d, ext := doc{name: name}, strings.ToLower(path.Ext(name))
	switch base := path.Base(name); {
	case strings.HasPrefix(base, "."):
		w.skip("hidden", d)
	case info != nil && !info.Mode().IsRegular():
		w.skip("no file of text but a device or the like", d)
	case slices.ContainsFunc(w.extensions, func(e string) bool { return strings.EqualFold(e, ext) }):
		return []doc{d}
	case ext == "":
		w.skip(`without extension; Extensions("") reads such files`, d)
	default:
		w.skip(fmt.Sprintf("of extension %s; Extensions(%q) reads such files", ext, ext), d)
	}
	return nil
}

// only leaves the documents of a folder that lie in these class folders, if there are any, and gives them their class.
func (w *walker) only(folder string, docs []doc, classes []string) []doc {
	if classes == nil {
		return docs
	}
	left := docs[:0]
	for _, d := range docs {
		class := classOf(d.name, folder, classes)
		if class == "" {
			w.skip("ClassFolders leaves them out", d)
			continue
		}
		if d.class != "" {
			d.class = class
		}
		left = append(left, d)
	}
	return left
}

// classOf is the outermost class folder below a folder that a document of it lies in, or else the folder itself.
func classOf(name, folder string, classes []string) string {
	in := strings.Split(path.Dir(strings.TrimPrefix(name, folder+"/")), "/")
	for _, part := range append(in, path.Base(folder)) {
		if slices.Contains(classes, part) {
			return part
		}
	}
	return ""
}

// none is the error of a folder without documents.
func (w *walker) none(name string, conf docsConfig) error {
	hint := ""
	if conf.classFolders != nil {
		hint = fmt.Sprintf("; ClassFolders leaves only those in folders %s", strings.Join(conf.classFolders, ", "))
	}
	if skipped := shown(onceSkipped(w.passed.All())); skipped != "" {
		hint += "; passed over:" + skipped
	}
	return fmt.Errorf("no %s files in %s (folders there: %s)%s",
		strings.Join(conf.extensions, ", "), name, folderNames(name), hint)
}
