package vision

import (
	"fmt"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
	"github.com/fastnb/fastnb/internal/imagerecord"
	"github.com/fastnb/fastnb/internal/verb"
)

// OpenOption is an option of [Open]. [NetOption] and [BatchOption] are some, too.
type OpenOption interface{ open(*openConfig) }

type openOption func(*openConfig)

func (o openOption) open(c *openConfig) { o(c) }

func (o NetOption) open(c *openConfig) { o.apply(&c.Settings) }

func (o BatchOption) open(c *openConfig) { o.data(&c.data) }

// Arch gives a net of your own, which the file only names. Default: the net of that name in package arch.
func Arch(a arch.Arch) OpenOption { return openOption(func(c *openConfig) { c.arch = &a }) }

type openConfig struct {
	domain.Settings
	data config
	arch *arch.Arch
}

// Open returns the learner of [Pretrained] that a checkpoint holds, without the images that it was trained on: path is
// the file, models/NAME.safetensors below WorkDir. It predicts what the learner that was saved did, bit for bit with
// the same BatchSize on the same device; see [Learner.PredictImages]. SetData gives it images to train on. What was
// passed to fastnb.New by [With], such as an optimizer or a loss, is not in the file.
//
// The error wraps [fastnb.ErrNoCheckpoint] if there is no such file, and [fastnb.ErrBadCheckpoint] if it is damaged or
// does not tell its net, as files that were saved before this function was there.
func Open(path string, opts ...OpenOption) (_ *Learner, err error) {
	defer verb.Name(&err, "vision: Open")
	f, err := fittedIn(path)
	if err != nil {
		return nil, err
	}
	c := openConfig{data: configOf(f, path)}
	for _, o := range opts {
		o.open(&c)
	}
	a, err := c.of(f.Net.Arch)
	if err != nil {
		return nil, err
	}
	if err := c.data.check(); err != nil {
		return nil, err
	}
	net := learnerConfig{Settings: c.Settings, scratch: true, layers: f.Net.Layers, ps: f.Net.Ps, yRange: f.Net.YRange}
	l, err := net.newLearner(a, blankOf(f, path, c.data))
	if err != nil {
		return nil, err
	}
	if err := l.LoadFile(path); err != nil {
		return nil, err
	}
	return l, nil
}

// fittedIn reads what a checkpoint tells of its net and its data.
func fittedIn(path string) (f fitted, err error) {
	text, err := fastnb.ReadFitted(path)
	if err != nil {
		return f, err
	}
	if f, err = imagerecord.Parse(text); err != nil {
		return f, fmt.Errorf("%s: %w: %w", path, fastnb.ErrBadCheckpoint, err)
	}
	if f.Net == nil {
		return f, fmt.Errorf("%s: %w: it does not tell its net, as files of before, and of FromModel and "+
			"CustomHead; load it with data into a learner made in the same way, by LoadFile, and save it again where it is of "+
			"before", path, fastnb.ErrBadCheckpoint)
	}
	if len(f.Net.Ps) != len(f.Net.Layers)+1 || !slices.Contains(crops, f.Net.Crop) || !knownPadMode(f.Net.PadMode) ||
		len(f.Net.YRange)%2 != 0 {
		return f, fmt.Errorf("%s: %w: it tells a net that can't be: %+v", path, fastnb.ErrBadCheckpoint, *f.Net)
	}
	return f, nil
}

// configOf is the configuration of the data that the net was trained on.
func configOf(f fitted, path string) config {
	c := defaults()
	c.size, c.batchSize, c.crop = f.Net.Size, f.Net.BatchSize, Crop(slices.Index(crops, f.Net.Crop))
	c.presize, c.padMode = f.Net.Presize, PadMode(max(slices.Index(padModes, f.Net.PadMode), 0))
	c.workDir = domain.DirOf(path)
	return c
}

// of returns the net of that name.
func (c openConfig) of(name string) (arch.Arch, error) {
	if c.arch == nil {
		a, err := arch.ByName(name)
		if err != nil {
			return a, fmt.Errorf("the file's net %q is none of package arch; vision.Arch gives a net of your own", name)
		}
		return a, nil
	}
	if c.arch.Name != name {
		return arch.Arch{}, fmt.Errorf("Arch gives the net %q, the file's is %q", c.arch.Name, name)
	}
	return *c.arch, nil
}

// blankOf returns data of a net without images. They are labelled all the same, none of them.
func blankOf(f fitted, path string, c config) *Data {
	d := &Data{root: path, opened: path, config: c, kind: kind(f.Kind), classes: f.Classes, columns: f.Columns,
		norm: Norm{Mean: f.Mean, Std: f.Std}}
	for _, s := range []fastnb.Split{fastnb.Train, fastnb.Valid} {
		d.splits[s].empty(d.kind)
	}
	return d
}
