package vision

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const notImage = "no image, by name and by content"

// pass notes n files that are passed over; what a folder has of one kind becomes one entry.
func (w *walker) pass(name, reason string, n int) {
	path := filepath.Join(w.root, name)
	if n == 1 && !isDir(path) {
		w.passed.File(path, reason)
		return
	}
	w.passed.Folder(path, reason, n)
}

// strangers are folders that systems and programs leave among images.
var strangers = []string{"__MACOSX", "__pycache__", "@eaDir", "$RECYCLE.BIN", "System Volume Information", "lost+found"}

// passedByName tells whether an entry is hidden or a stranger's, and notes the images that it seems to be or to hold.
func (w *walker) passedByName(folder string, e fs.DirEntry) bool {
	name := filepath.Join(folder, e.Name())
	hidden := strings.HasPrefix(e.Name(), ".")
	if !hidden && !(e.IsDir() && slices.Contains(strangers, e.Name())) {
		return false
	}
	switch n := countImages(filepath.Join(w.root, name)); {
	case n == 0:
	case !e.IsDir():
		w.pass(name, "a hidden file", n)
	case hidden:
		w.pass(name, "in a hidden folder", n)
	default:
		w.pass(name, "in a folder that a system or program made", n)
	}
	return true
}

// countImages counts the files at or below path that are images by their names, without following links, up to 100,000.
func countImages(path string) (n int) {
	_ = filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && imageName(p) {
			n++
		}
		if n == 100_000 {
			return fs.SkipAll
		}
		return nil // what cannot be read is not counted
	})
	return n
}

// imageExtensions are those of images, also of formats that are not read: such a file is not passed over but refused.
var imageExtensions = []string{".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".gif", ".bmp", ".dib", ".tif",
	".tiff", ".webp",
	".heic", ".heif", ".avif", ".jp2", ".j2k", ".jxl", ".psd", ".ico", ".svg", ".pdf", ".ppm", ".pgm", ".pbm", ".pnm",
	".dcm",
	".cr2", ".cr3", ".nef", ".arw", ".dng", ".orf", ".raf", ".rw2", ".exr", ".hdr", ".tga", ".eps", ".qoi", ".dds"}

// imageName tells whether a file is an image by its name, in upper or lower case.
func imageName(name string) bool {
	return slices.Contains(imageExtensions, strings.ToLower(filepath.Ext(name)))
}

// emptyClass says that a class folder has no images, and what it has instead.
func (w *walker) emptyClass(folder string) error {
	path := filepath.Join(w.root, folder)
	if entries, err := os.ReadDir(path); err == nil && len(entries) == 0 {
		return fmt.Errorf("class folder %s is empty; put images into it or remove it", path)
	}
	said := fmt.Sprintf("class folder %s has no images, its folders neither; put some into it or remove it", path)
	return w.without(said, folder)
}

// without adds to what is said of a folder what was passed over in it.
func (w *walker) without(said, folder string) error {
	path := filepath.Join(w.root, folder)
	for _, s := range w.passed.All() {
		if s.Path == path || strings.HasPrefix(s.Path, path+string(filepath.Separator)) {
			said += "\n\tpassed over: " + s.String()
		}
	}
	return fmt.Errorf("%s", said)
}
