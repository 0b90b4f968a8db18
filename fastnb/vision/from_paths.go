package vision

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/cache"
	"github.com/fastnb/fastnb/internal/few"
	"github.com/fastnb/fastnb/internal/verb"
)

// FromPaths makes image data from folders. Either path has a folder train of class folders, maybe a folder valid of the
// same, and maybe a folder test of unlabelled images; or it has the class folders themselves, or only a folder train,
// and [ValidShare] says how much of it is for validation.
//
// Labels are the sorted names of the class folders. Images are found however deep they lie in a class folder or in the
// test folder, links followed. Hidden files and folders, what is no image, and images beside the class folders or in
// other folders of the path are passed over; [Data.Skipped] tells of them. The format of an image is told by its
// content: JPEG, PNG, GIF, BMP, TIFF, WebP. Images are turned upright as their EXIF says. All are decoded at once, on
// all cores, into a file below WorkDir/tmp, which the next call opens in milliseconds unless the files have other
// contents.
//
// The error wraps [ErrUnreadable] and lists all images that cannot be decoded, if there are any. Other errors name the
// folder or the option that is wrong.
func FromPaths(path string, opts ...DataOption) (_ *Data, err error) {
	defer verb.Name(&err, "vision: FromPaths")
	return dataOf(folderSource(path), opts)
}

// folderSource is a path of folders of classes.
type folderSource string

func (s folderSource) root() string { return string(s) }

func (s folderSource) takes() []string { return []string{forFolders} }

func (s folderSource) list(d *Data) ([]folder, error) {
	if d.config.test == "" {
		d.config.test = "test"
		if !isDir(filepath.Join(d.root, "test")) && isDir(filepath.Join(d.root, "test1")) {
			d.config.test = "test1"
		}
	}
	w := &walker{root: d.root}
	folders, err := d.list(w)
	if err != nil {
		return nil, err
	}
	if folders[0].name != "." {
		d.noteBeside(w)
	}
	d.passed = w.passed.All()
	return folders, nil
}

// folder is the files that are decoded into one file.
type folder struct {
	name     string
	files    []file
	split    []fastnb.Split // of each file
	id       string         // what else tells it apart from others of that name
	numbered []int          // where the file of each number is, as ValidRows counts, -1 where there is none; nil: there
}

func newFolder(name string, files []file, s fastnb.Split) folder {
	return folder{name: name, files: files, split: slices.Repeat([]fastnb.Split{s}, len(files))}
}

// list finds the classes and the files of every split.
func (d *Data) list(w *walker) ([]folder, error) {
	train, err := d.listTrain(w)
	if err != nil {
		return nil, err
	}
	folders := []folder{train}
	if d.config.holds() {
		err = d.share(train)
	} else if d.config.stratify {
		err = errors.New("Stratify says how ValidShare and Fold draw; give one of them, or leave it out")
	} else {
		var valid folder
		valid, err = d.listValid(w)
		folders = append(folders, valid)
	}
	if err != nil {
		return nil, err
	}
	if isDir(filepath.Join(d.root, d.config.test)) {
		files, err := w.below(d.config.test, "")
		if err != nil {
			return nil, err
		}
		folders = append(folders, newFolder(d.config.test, files, fastnb.Test))
	}
	return folders, nil
}

// listTrain finds the classes and their images.
func (d *Data) listTrain(w *walker) (folder, error) {
	c, name := d.config, d.config.train
	if !isDir(d.root) {
		return folder{}, fmt.Errorf("no folder %s", d.root)
	}
	if !isDir(filepath.Join(d.root, name)) {
		if !c.holds() {
			return folder{}, fmt.Errorf("no folder %s in %s (TrainFolder names another; if %s has the class folders themselves, use ValidShare(0.2))", name, d.root, d.root)
		}
		name = "."
	}
	classes, err := w.classes(name, d.reserved(w, name)...)
	if err != nil {
		return folder{}, err
	}
	if len(classes) == 0 {
		return folder{}, fmt.Errorf("no class folders in %s (want a folder for each class, with its images)",
			filepath.Join(d.root, name))
	}
	d.classes = classes
	files, err := w.labelled(name, classes)
	if err != nil {
		return folder{}, err
	}
	has := map[string]bool{}
	for _, f := range files {
		has[f.class] = true
	}
	for _, class := range classes {
		if !has[class] {
			return folder{}, w.emptyClass(filepath.Join(name, class))
		}
	}
	return newFolder(name, files, fastnb.Train), nil
}

// reserved returns the folders that are not classes where the class folders lie in the path of the data itself: those
// of other splits, and those that fastnb keeps there itself.
func (d *Data) reserved(w *walker, name string) []string {
	if name != "." {
		return nil
	}
	return append(d.ownFolders(w), d.config.valid, d.config.test)
}

// ownFolders returns the folders in the path of the data that fastnb keeps there itself, which no image is taken from.
// Images of the user's in them are noted; where fastnb's work lies elsewhere, they are a folder as any other.
func (d *Data) ownFolders(w *walker) (names []string) {
	for _, own := range []string{"tmp", "models"} {
		if n := countImages(filepath.Join(d.root, own)); n > 0 && sameFolder(d.root, d.config.workDir) {
			w.pass(own, "left out, as fastnb keeps its own files in a folder of this name; rename it, or set WorkDir", n)
			names = append(names, own)
		} else if w.isOurs(own) {
			names = append(names, own)
		}
	}
	return names
}

// noteBeside notes images that lie in the path of the data but in the folder of no split, as in Test or val.
func (d *Data) noteBeside(w *walker) {
	splits := []string{d.config.train, d.config.valid, d.config.test}
	first := func(name string) string { return strings.Split(filepath.ToSlash(filepath.Clean(name)), "/")[0] }
	entries, _ := os.ReadDir(d.root) // it was read before
	for _, e := range entries {
		isSplit := slices.ContainsFunc(splits, func(name string) bool { return first(name) == e.Name() })
		switch n := countImages(filepath.Join(d.root, e.Name())); {
		case isSplit || n == 0 || w.passedByName(".", e):
		case e.IsDir():
			w.pass(e.Name(), fmt.Sprintf("in none of the folders %s; TrainFolder, ValidFolder and TestFolder name others",
				strings.Join(splits, ", ")), n)
		default:
			w.pass(e.Name(), "beside the folder "+d.config.train+", so in no split", 1)
		}
	}
}

// sameFolder tells whether two paths lead to one folder.
func sameFolder(a, b string) bool {
	x, err := os.Stat(a)
	y, again := os.Stat(b)
	return err == nil && again == nil && os.SameFile(x, y)
}

// listValid finds the validation images.
func (d *Data) listValid(w *walker) (folder, error) {
	name := d.config.valid
	if !isDir(filepath.Join(d.root, name)) {
		return folder{}, fmt.Errorf("no folder %s in %s (ValidFolder names another; ValidShare(0.2) takes a fifth of the training images)", name, d.root)
	}
	classes, err := w.classes(name)
	if err != nil {
		return folder{}, err
	}
	for _, class := range classes {
		if !slices.Contains(d.classes, class) {
			return folder{}, fmt.Errorf("class folder %s has no counterpart in %s (classes there: %s)",
				filepath.Join(d.root, name, class), filepath.Join(d.root, d.config.train), strings.Join(d.classes, ", "))
		}
	}
	files, err := w.labelled(name, classes)
	if err == nil && len(files) == 0 {
		err = w.without(fmt.Sprintf("no images in the class folders of %s", filepath.Join(d.root, name)), name)
	}
	return newFolder(name, files, fastnb.Valid), err
}

// share moves the files that an option says to validation.
func (d *Data) share(f folder) error {
	c := d.config
	if isDir(filepath.Join(d.root, c.valid)) {
		option := c.held.by
		if option == "ValidShare" {
			option = fmt.Sprintf("ValidShare(%g)", c.held.share)
		}
		return fmt.Errorf("both %s and a folder %s in %s; leave the option away, or name another folder by ValidFolder",
			option, c.valid, d.root)
	}
	return d.hold(f)
}

// decode decodes all folders, or finds them decoded, and fills the splits.
func (d *Data) decode(folders []folder) error {
	tmp := filepath.Join(d.config.workDir, "tmp")
	if err := os.MkdirAll(tmp, 0o777); err != nil {
		return fmt.Errorf("folder %s cannot be written to (%w); WorkDir names another", d.config.workDir, cause(err))
	}
	total := 0
	for _, f := range folders {
		total += len(f.files)
	}
	report, before := cache.Reporter("decoding images", total, d.config.onDecode), 0
	for _, f := range folders {
		remembered := openSums(d.root, filepath.Join(tmp, d.sumsName(f)), d.config.workers)
		if err := remembered.fill(f.files); err != nil {
			return fmt.Errorf("what files contain, to %s: %w; WorkDir names another folder", tmp, err)
		}
		dec := decoder{root: d.root, files: f.files, shape: d.config.shape(), workers: d.config.workers,
			report: func(done int) { report(before + done) }}
		from, err := dec.openOrDecode(tmp, d.fileName(f))
		if err != nil {
			return fmt.Errorf("decoding to %s: %w; WorkDir names another folder", tmp, err)
		}
		before += len(f.files)
		d.fill(f, from)
	}
	if len(d.skipped) > 0 && !d.config.skip {
		return &UnreadableError{Images: d.skipped}
	}
	return nil
}

// fileName returns the name of the file of decoded images, but for what tells the versions of the files apart.
func (d *Data) fileName(f folder) string {
	name, id := d.folderID(f)
	return fmt.Sprintf("images-%s-%d-%s-%s", name, d.config.kept(), d.config.shape().kind(), id)
}

// sumsName returns the name of the file that remembers what the files of a folder contain.
func (d *Data) sumsName(f folder) string {
	name, id := d.folderID(f)
	return fmt.Sprintf("contents-%s-%s.gob", name, id)
}

// folderID names a folder, for people and for sure.
func (d *Data) folderID(f folder) (name, id string) {
	name = filepath.Base(f.name)
	if f.name == "." {
		name = "all"
	}
	root, err := filepath.Abs(d.root)
	if err != nil {
		root = d.root
	}
	sum := sha256.Sum256([]byte(root + "\n" + f.name + f.id))
	return name, fmt.Sprintf("%x", sum[:4])
}

// fill adds the images of a folder to their splits, but for those that could not be decoded.
func (d *Data) fill(f folder, from *decoded) {
	place := places(d.classes)
	for _, i := range f.order() {
		file := f.files[i]
		if reason, bad := from.index.reasons[i]; bad {
			d.skipped = append(d.skipped, Unreadable{placeOf(d.root, file.name), reason})
			continue
		}
		h, w := from.index.size(i)
		d.longest = max(d.longest, h, w)
		s := &d.splits[f.split[i]]
		s.from = from
		s.records = append(s.records, i)
		s.files = append(s.files, file)
		if f.split[i] != fastnb.Test {
			s.add(d.kind, file.truth, place)
		}
	}
}

// order returns the files in the order of their splits: as they are listed, but those that are held out as they
// were drawn or given.
func (f folder) order() []int {
	order := indices(len(f.files))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(f.files[a].turn, f.files[b].turn) })
	return order
}

// checkClasses tells when a class has no image left to train with.
func (d *Data) checkClasses() error {
	var without []string
	for label, n := range d.counts() {
		if n == 0 {
			without = append(without, d.classes[label])
		}
	}
	switch {
	case without != nil:
		return fmt.Errorf("no image of class %s is left for training; another Seed, a smaller ValidShare, Stratify(true) "+
			"or more images give some", few.Strings(without, shownFaults, ", "))
	case d.Len(fastnb.Train) == 0:
		return errors.New("no image is left for training")
	}
	return nil
}
