package vision

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
)

// list is a list of images, what is known of each, and what is wrong with it: what FromItems, FromCSV, FromTable and
// FromNames make data of.
type list struct {
	id       string // names the list among those of one path, for its caches
	what     string // what it has: "row", "item" or "file"
	kind     kind
	classes  []string // nil: those that the images have, sorted
	columns  []string // the names of numbers
	files    []file   // labelled
	split    []fastnb.Split
	numbered []int // where the file of each item of FromItems is, -1 for none; else nil
	test     []file
	faults   faults
}

// add adds an image, which is at a place of the list.
func (l *list) add(f file, s fastnb.Split, place string) {
	if f.name == "" {
		l.faults.add("without the name of a file", place)
		return
	}
	f.at = place
	if s == fastnb.Test {
		l.test = append(l.test, f)
		return
	}
	l.files, l.split = append(l.files, f), append(l.split, s)
}

// folders checks the list and returns its images as those of folders, by which data are made: the labelled ones and
// those to be predicted. It sets what the data know of classes.
func (l *list) folders(d *Data) ([]folder, error) {
	if len(l.files) == 0 && l.faults.none() {
		return nil, fmt.Errorf("no %ss (want images with something to learn)", l.what)
	}
	l.checkTwice(l.files)
	l.checkTwice(l.test)
	l.checkLabels()
	d.kind, d.columns, d.classes = l.kind, l.columns, l.classNames()
	labelled := folder{name: l.id, files: l.files, split: l.split, id: l.listed(l.files), numbered: l.numbered}
	if err := l.hold(d, labelled); err != nil {
		l.faults.other(err)
	}
	l.checkKnown(labelled)
	kept := l.there(d, labelled)
	test := l.there(d, folder{name: l.id + " test", files: l.test, id: l.listed(l.test),
		split: slices.Repeat([]fastnb.Split{fastnb.Test}, len(l.test))})
	if err := l.faults.err(l.what); err != nil {
		return nil, err
	}
	if len(test.files) == 0 {
		return []folder{kept}, nil
	}
	return []folder{kept, test}, nil
}

// hold moves images to validation: those of the options, or where the images are in no split, a fifth.
func (l *list) hold(d *Data, f folder) error {
	given := slices.Contains(f.split, fastnb.Valid)
	switch by := d.config.held.by; {
	case given && by != "" && by != "ValidColumn":
		return fmt.Errorf("both %s and %ss that are for validation; leave one of them out", by, l.what)
	case !given && by == "":
		d.config.held = heldOut{by: "ValidShare", share: .2}
	}
	if len(l.files) < 2 {
		return fmt.Errorf("%d %s to learn from and to validate with (want 2 or more)", len(l.files), l.what)
	}
	if err := d.hold(f); err != nil {
		return err
	}
	if !slices.Contains(f.split, fastnb.Train) {
		return fmt.Errorf("all %ss are for validation, so there is nothing to learn from", l.what)
	}
	return nil
}

// listed names the files of a list, where its id alone doesn't: nothing for a list that is a file or a folder.
func (l *list) listed(files []file) string {
	if l.id != itemsID {
		return ""
	}
	var b strings.Builder
	for _, f := range files {
		b.WriteString(f.name + "\n")
	}
	return b.String()
}

// itemsID is the id of a list that is in no file.
const itemsID = "items"

// checkTwice tells which files are listed more than once.
func (l *list) checkTwice(files []file) {
	first := make(map[string]int, len(files))
	for i, f := range files {
		k, known := first[path.Clean(f.name)]
		switch {
		case !known:
			first[path.Clean(f.name)] = i
		case f.truth.equal(files[k].truth):
			l.faults.add("listed before, with the same "+l.kind.noun(), f.at+" as "+files[k].at+", "+f.name)
		default:
			l.faults.add("listed before, with other "+l.kind.noun(), f.at+" and "+files[k].at+", "+f.name)
		}
	}
}

// noun names what is known of an image.
func (k kind) noun() string {
	if k == numbers {
		return "numbers"
	}
	return "labels"
}

// classNames returns the classes: those of the list, or of all labelled images, sorted.
func (l *list) classNames() []string {
	if l.classes != nil || l.kind == numbers {
		return l.classes
	}
	seen := map[string]bool{}
	for _, f := range l.files {
		if l.kind == oneClass {
			seen[f.class] = true
		}
		for _, label := range f.labels {
			seen[label] = true
		}
	}
	delete(seen, "")
	names := make([]string, 0, len(seen))
	for name := range seen {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// there returns a folder without the files that do not exist, which are faults, or skipped where that is asked for.
func (l *list) there(d *Data, f folder) folder {
	missing := make([]bool, len(f.files))
	parallel(len(f.files), d.config.workers, func(i int) {
		_, err := os.Stat(placeOf(d.root, f.files[i].name))
		missing[i] = errors.Is(err, os.ErrNotExist)
	})
	kept := folder{name: f.name, id: f.id}
	for i, file := range f.files {
		switch {
		case !missing[i]:
			kept.files, kept.split = append(kept.files, file), append(kept.split, f.split[i])
		case d.config.skip:
			d.skipped = append(d.skipped, Unreadable{placeOf(d.root, file.name), "there is no such file"})
		default:
			l.faults.add("whose file is not there", file.at+", "+file.name)
		}
	}
	if len(f.files) > 0 && len(kept.files) == 0 {
		l.faults.other(fmt.Errorf("none of the files is in %s%s", d.root, d.whereElse(f.files[0].name)))
	}
	return kept
}

// whereElse says which option would find a file.
func (d *Data) whereElse(name string) string {
	dir, base := path.Split(name)
	found, _ := filepath.Glob(filepath.Join(d.root, filepath.FromSlash(dir), globbed(base)+".*"))
	if len(found) > 0 {
		return fmt.Sprintf("; Suffix(%q) finds them", filepath.Ext(found[0]))
	}
	for _, pattern := range []string{globbed(base), globbed(base) + ".*"} {
		found, _ = filepath.Glob(filepath.Join(d.root, "*", filepath.FromSlash(dir), pattern))
		if len(found) > 0 {
			folder, _ := filepath.Rel(d.root, found[0])
			folder = strings.Split(filepath.ToSlash(folder), "/")[0]
			return fmt.Sprintf("; they seem to be in Folder(%q)%s", folder, suffixed(base, found[0]))
		}
	}
	return "; Folder says in which folder they are, Suffix how their names go on"
}

func suffixed(base, found string) string {
	if rest := strings.TrimPrefix(filepath.Base(found), base); rest != "" {
		return fmt.Sprintf(", with Suffix(%q)", rest)
	}
	return ""
}

// globbed returns a name as a pattern that it alone matches.
func globbed(name string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(name)
}

// placeOf returns the path of a file of the data: names are slash-separated, from the root or absolute.
func placeOf(root, name string) string {
	if name = filepath.FromSlash(name); filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(root, name)
}
