package vision

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"regexp"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/verb"
)

// FromNames makes image data from the images in a folder, however deep they lie, whose class is part of their name:
// what the one group of a regular expression matches, as in `^(.+)_\d+\.jpg$` for the pets of Oxford. The expression is
// matched with the name of the file, without its folders. A fifth is drawn for validation, or what another option says.
// [TestFolder] names a folder, from the path, of images to be predicted.
//
// The error lists all files whose names the expression does not match, beside what FromItems lists. What is passed over
// in the folder is as in [FromPaths].
func FromNames(path, pattern string, opts ...DataOption) (_ *Data, err error) {
	defer verb.Name(&err, "vision: FromNames")
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, err
	}
	if re.NumSubexp() != 1 {
		return nil, fmt.Errorf("the pattern %s has %d groups (want one, in parentheses, for the class; (?:...) is none)",
			pattern, re.NumSubexp())
	}
	return dataOf(nameSource{path, re}, opts)
}

// nameSource is a folder whose files have their classes in their names.
type nameSource struct {
	path    string
	pattern *regexp.Regexp
}

func (s nameSource) root() string { return s.path }

func (s nameSource) takes() []string { return nil }

func (s nameSource) list(d *Data) ([]folder, error) {
	if !isDir(s.path) {
		return nil, fmt.Errorf("no folder %s", s.path)
	}
	w := &walker{root: s.path}
	w.except = append(d.ownFolders(w), filepath.Clean(filepath.FromSlash(d.config.test)))
	files, err := w.below(".", "")
	if err != nil {
		return nil, err
	}
	d.passed = w.passed.All()
	l := &list{id: ".", what: "file"}
	for _, f := range files {
		match := s.pattern.FindStringSubmatch(path.Base(f.name))
		if match == nil {
			l.faults.add(fmt.Sprintf("whose names %s does not match", s.pattern), f.name)
			continue
		}
		f.class = match[1]
		l.add(f, fastnb.Train, f.name)
	}
	if len(files) == 0 {
		return nil, errors.New("no images in " + s.path)
	}
	return l.folders(d)
}
