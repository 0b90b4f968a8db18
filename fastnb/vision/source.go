package vision

import (
	"fmt"
	"path/filepath"

	"github.com/fastnb/fastnb/fastnb"
)

// source is what data are made from.
type source interface {
	root() string                   // where names of files begin; the default of WorkDir
	takes() []string                // what it is, for the options that are not for all
	list(d *Data) ([]folder, error) // the files, and what is known of each; sets the data's classes and the like
}

// dataOf makes the data of a source.
func dataOf(s source, opts []DataOption) (*Data, error) {
	conf, err := defaults().with(opts)
	if err != nil {
		return nil, err
	}
	return conf.data(s)
}

// data makes data as configured.
func (c config) data(s source) (*Data, error) {
	if err := c.only(s.takes()); err != nil {
		return nil, err
	}
	if c.workDir == "" {
		c.workDir = s.root()
	}
	d := &Data{root: s.root(), from: s, config: c, norm: ImageNet}
	folders, err := s.list(d)
	if err != nil {
		return nil, err
	}
	if folders, err = d.testFolder(folders); err != nil {
		return nil, err
	}
	if err := d.decode(folders); err != nil {
		return nil, err
	}
	if err := d.checkClasses(); err != nil {
		return nil, err
	}
	return d, d.oversample()
}

// testFolder adds the images of TestFolder to those of a list, which names no others.
func (d *Data) testFolder(folders []folder) ([]folder, error) {
	name := d.config.test
	if _, ok := d.from.(folderSource); ok || name == "" || d.config.testCSV != "" {
		return folders, nil
	}
	if !isDir(filepath.Join(d.root, name)) {
		return nil, fmt.Errorf("no folder %s in %s; TestFolder names another", name, d.root)
	}
	w := &walker{root: d.root}
	files, err := w.below(name, "")
	if err != nil {
		return nil, err
	}
	d.passed = append(d.passed, w.passed.All()...)
	if len(files) == 0 {
		return nil, w.without(fmt.Sprintf("no images in %s", filepath.Join(d.root, name)), name)
	}
	return append(folders, newFolder(name, files, fastnb.Test)), nil
}
