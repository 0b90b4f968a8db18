package vision

import (
	"fmt"
	"math"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/imagerecord"
)

var (
	_ fastnb.Fitted   = (*Data)(nil)
	_ fastnb.Refitter = (*Data)(nil)
	_ fastnb.Prepared = (*Data)(nil)
)

// fitted is what belongs to a net of images: what it was trained with, whatever images it is given later.
type fitted = imagerecord.Record

// net is what it takes to build a net of Pretrained's anew, and to predict with it as with the data it was trained on.
type net = imagerecord.Net

// Fitted returns the classes and the normalisation as JSON, of the data of a learner of [Pretrained] also its
// architecture, its head, the size and the crop; every checkpoint holds them, and [Open] reads them. A Norm that pixels
// can't be normalised by is an error.
func (d *Data) Fitted() (string, error) { return d.fitted(d.forNet()) }

// PreparedBy returns the classes and the normalisation as JSON. Activations are kept under them, whatever the head.
func (d *Data) PreparedBy() (string, error) { return d.fitted(nil) }

// forNet describes the net that the data are prepared for, as it looks at them.
func (d *Data) forNet() *net {
	if d.net == nil {
		return nil
	}
	n := *d.net
	n.Size, n.Crop, n.BatchSize = d.Size(), d.config.crop.String(), d.BatchSize()
	n.Presize, n.PadMode = d.config.forOpen()
	return &n
}

func (d *Data) fitted(of *net) (string, error) {
	if err := d.norm.check(); err != nil {
		return "", err
	}
	f := fitted{Kind: string(d.kind), Classes: d.classes, Columns: d.columns, Mean: d.norm.Mean, Std: d.norm.Std, Net: of}
	return f.Text()
}

// Refit returns the same images with the classes and the normalisation of a model, whose Fitted is given: labels go by
// the names of their classes. Size and crop stay as they are. A class that the model does not know is an error.
func (d *Data) Refit(text string) (fastnb.Data, error) {
	f, err := imagerecord.Parse(text)
	if err != nil {
		return nil, err
	}
	if err := d.checkKind(f); err != nil {
		return nil, err
	}
	other, err := d.withClasses(f.Classes)
	if err != nil {
		return nil, err
	}
	if f.Net != nil && (d.net == nil || !d.net.Same(f.Net)) {
		other.net = f.Net
	}
	return other.WithNorm(Norm{Mean: f.Mean, Std: f.Std}), nil
}

// checkKind tells when the images have something else than those of a model, whose Fitted is given.
func (d *Data) checkKind(f fitted) error {
	switch {
	case d.kind != kind(f.Kind):
		return fmt.Errorf("the data have %s, those of the model %s; train another learner on the data", d.kind, kind(f.Kind))
	case !slices.Equal(d.columns, f.Columns):
		return fmt.Errorf("the data's numbers are %q, the model's %q; Target names them", d.columns, f.Columns)
	}
	return nil
}

// withClasses returns the same data with other classes, which are among these.
func (d *Data) withClasses(classes []string) (*Data, error) {
	other := *d
	if slices.Equal(d.classes, classes) {
		return &other, nil
	}
	var unknown []string
	to := make([]int, len(d.classes))
	for i, class := range d.classes {
		if to[i] = slices.Index(classes, class); to[i] < 0 {
			unknown = append(unknown, class)
		}
	}
	if unknown != nil {
		return nil, fmt.Errorf("the data's classes are %v, the model's %v, which does not know %v; "+
			"leave out what is of those, or train another learner on the data", d.classes, classes, unknown)
	}
	other.classes = slices.Clone(classes)
	for s := range other.splits {
		other.splits[s] = d.splits[s].renumbered(to)
	}
	return &other, nil
}

// relabelled returns labels by other numbers, nil where there are none.
func relabelled(labels, to []int) []int {
	if labels == nil {
		return nil
	}
	other := make([]int, len(labels))
	for i, label := range labels {
		other[i] = to[label]
	}
	return other
}

// check tells whether pixels can be normalised by n.
func (n Norm) check() error {
	for k := range n.Mean {
		mean, std := float64(n.Mean[k]), float64(n.Std[k])
		if math.IsNaN(mean) || math.IsInf(mean, 0) || !(std > 0) || math.IsInf(std, 0) {
			return fmt.Errorf("pixels can't be normalised by %+v (want finite means, and deviations above 0)", n)
		}
	}
	return nil
}
