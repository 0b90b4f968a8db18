// Package domain is what the learners of images, tables, texts and ratings have in common: how one is made, how its
// data are replaced, and which of their options exclude each other.
package domain

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/gomlx/compute"
)

// Settings are the options On and With, which every domain has.
type Settings struct {
	Backend compute.Backend // nil: the one that engine.Open chooses
	Options []fastnb.Option // passed on to fastnb.New
}

// Setting sets one of the Settings.
type Setting func(*Settings)

// On sets the device that computes.
func On(be compute.Backend) Setting { return func(s *Settings) { s.Backend = be } }

// With passes options on to fastnb.New.
func With(opts ...fastnb.Option) Setting {
	return func(s *Settings) { s.Options = append(s.Options, opts...) }
}

// Learner returns a learner of m on data that shows its fits where the program can (fastnb.DefaultProgress). Options
// are applied in the order: that, those of the domain, those of the user.
func (s Settings) Learner(data fastnb.Data, m fastnb.Model, own ...fastnb.Option) (*fastnb.Learner, error) {
	if s.Backend == nil {
		be, err := engine.Open()
		if err != nil {
			return nil, err
		}
		s.Backend = be
	}
	options := append([]fastnb.Option{fastnb.WithProgress(fastnb.DefaultProgress())}, own...)
	return fastnb.New(s.Backend, data, m, append(options, s.Options...)...)
}

// Keeping returns a learner as Learner does, with Adam, whose checkpoints hold what its net is made of: net in JSON, as
// metadata under a key, from which Read gets it.
func (s Settings) Keeping(data fastnb.Data, m fastnb.Model, key string, net any) (*fastnb.Learner, error) {
	text, err := json.Marshal(net)
	if err != nil {
		return nil, err
	}
	return s.Learner(data, m, fastnb.WithOptimizer(optim.Adam{}), fastnb.WithMetadata(key, string(text)))
}

// Read returns what parse makes of the metadata of a checkpoint, whose file is path, and of the folder that its data
// had as their Dir. What parse can't read is fastnb.ErrBadCheckpoint.
func Read[T any](path string, parse func(metadata map[string]string, dir string) (T, error)) (found T, err error) {
	metadata, err := fastnb.ReadMetadata(path)
	if err != nil {
		return found, err
	}
	if found, err = parse(metadata, DirOf(path)); err != nil {
		return found, fmt.Errorf("%s: %w: %w", path, fastnb.ErrBadCheckpoint, err)
	}
	return found, nil
}

// Data returns the learner's data as what they are: prepared by the model, they may differ from those that were given.
// Data of another type, which a learner can be given as a [fastnb.Learner], leave it those.
func Data[D fastnb.Data](l *fastnb.Learner, given D) D {
	if d, ok := l.Data().(D); ok {
		return d
	}
	return given
}

// SetData gives a learner other data, after checks of the domain's own.
func SetData[D interface {
	comparable
	fastnb.Data
}](l *fastnb.Learner, data D, checks ...func(D) error) error {
	var none D
	if data == none {
		return errors.New("the data is nil")
	}
	for _, check := range checks {
		if err := check(data); err != nil {
			return err
		}
	}
	return l.SetData(data)
}

// DirOf returns the folder that a learner whose checkpoint is the file path had as its data's Dir: the one that holds
// the file's folder models, or the file's own where that has another name.
func DirOf(path string) string {
	dir := filepath.Dir(path)
	if filepath.Base(dir) == "models" {
		dir = filepath.Dir(dir)
	}
	return dir
}

// Choice collects the options that were given of those that say the same in several ways, such as which items are for
// validation. Its zero value is none.
type Choice struct{ given []string }

// Give notes that an option was given.
func (c *Choice) Give(option string) {
	if !slices.Contains(c.given, option) {
		c.given = append(c.given, option)
	}
}

// Has tells whether this one was.
func (c Choice) Has(option string) bool { return slices.Contains(c.given, option) }

// Given tells whether any was.
func (c Choice) Given() bool { return len(c.given) > 0 }

// Check is an error where two different ones were given.
func (c Choice) Check() error {
	if len(c.given) > 1 {
		return fmt.Errorf("%s at once (want one of them)", strings.Join(c.given, " and "))
	}
	return nil
}
