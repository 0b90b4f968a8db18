package fastnb

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/gomlx/compute/shapes"
)

// gate is where data and checkpoints come in that are given to a learner after New: the net that they are for, and the
// data that it has.
type gate struct {
	net  *net
	data Data
}

// prepared returns data, of which split is asked for, as the model takes them: the one gate of all that is given to a
// learner after New. They come out as they are, or prepared anew by what belongs to the model, or the error says why
// they can't serve and what would. Data itself is never changed.
func (g gate) prepared(data Data, split Split) (Data, error) {
	if isNil(data) {
		return nil, errors.New("the data is nil")
	}
	if err := checkItems(data, split); err != nil {
		return nil, err
	}
	data, err := g.refitted(data)
	if err != nil {
		return nil, err
	}
	for _, check := range []func(Data, Split) error{g.checkClasses, g.checkTruth, g.checkInputs} {
		if err := check(data, split); err != nil {
			return nil, err
		}
	}
	return data, nil
}

// refitted returns data prepared by what the learner's data fitted.
func (g gate) refitted(data Data) (Data, error) {
	own, theirs := fittedOf(g.data), fittedOf(data)
	if own.err != nil || theirs.err != nil {
		return nil, errors.Join(own.err, theirs.err)
	}
	switch {
	case own == theirs:
		return data, nil
	case own.any != theirs.any:
		return nil, fmt.Errorf("the data are %T, the model's %T, and only one of them tells what it was prepared by, "+
			"so they can't be known to be alike; want data of the same kind (or one that is fastnb.Fitted)",
			data, g.data)
	}
	if r, ok := data.(Refitter); ok {
		return refit(r, own.text)
	}
	return data, g.checkFitted(theirs.text)
}

// adopted returns the learner's data prepared by what a checkpoint holds, nil where they are so already.
func (g gate) adopted(text string) (Data, error) {
	own := fittedOf(g.data)
	if own.err != nil || text == "" || own.text == text {
		return nil, own.err
	}
	if !own.any {
		return nil, fmt.Errorf("its model was trained on data that tell what they were prepared by, those here, %T, don't; "+
			"want data of the same kind (or one that is fastnb.Fitted)", g.data)
	}
	if r, ok := g.data.(Refitter); ok {
		return refit(r, text)
	}
	return nil, g.checkFitted(text)
}

// refit returns data of the same type, prepared by a text of Fitted.
func refit(data Refitter, text string) (Data, error) {
	other, err := data.Refit(text)
	if err != nil {
		return nil, err
	}
	if have, want := reflect.TypeOf(other), reflect.TypeOf(data); have != want {
		return nil, fmt.Errorf("the data are %v, which would lose all but its %v by being prepared as the model's; "+
			"give it a Refit of its own, or make it of the learner's Data", want, have)
	}
	return other, nil
}

// checkClasses tells how the classes differ from those the model tells apart.
func (g gate) checkClasses(data Data, _ Split) error {
	have, want := data.Classes(), g.data.Classes()
	switch {
	case len(have) != len(want):
		return fmt.Errorf("the new data has %d classes, the model was made for %d: %v, not %v",
			len(have), len(want), want, have)
	case !slices.Equal(have, want):
		return fmt.Errorf("the new data's classes are %v, the model's %v; want the same, in one order", have, want)
	}
	return nil
}

// checkTruth tells when a split's items are to be met in another way than those the model was trained on: one class
// each, or so many numbers.
func (g gate) checkTruth(data Data, split Split) error {
	if g.net.model.Losses != nil {
		return nil
	}
	have, want := truthOf(data, split), truthOf(g.data, Train)
	if have == want || have == "" || want == "" {
		return nil
	}
	return fmt.Errorf("the new data's %s items have %s, those of the model %s", split, have, want)
}

// truthOf says what each item of a split has, "" where there is nothing or it can't be told.
func truthOf(data Data, split Split) string {
	if data.Labels(split) != nil {
		return "one class each"
	}
	if t, ok := data.(Targeted); ok {
		if targets := t.Targets(split); len(targets) > 0 {
			return fmt.Sprintf("%d numbers or labels each", len(targets[0]))
		}
	}
	return ""
}

// checkInputs tells when the model can't take the data's inputs: other channels, or a size that it was not made for.
// Data that are Fitted and can't tell their shapes are alike by what they fitted.
func (g gate) checkInputs(data Data, split Split) error {
	_, shaped := data.(Shaped)
	if _, fitted := data.(Fitted); fitted && !shaped {
		return nil
	}
	have, err := inputShapes(data, split)
	if err != nil {
		return err
	}
	want, err := inputShapes(g.data, Train)
	if err != nil || slices.EqualFunc(have, want, sameItems) {
		return err
	}
	misfit := func(err error) error {
		return fmt.Errorf("model %s can't take the new data's inputs %v, it was made for %v: %w",
			g.net.model.Name, have, want, err)
	}
	own, err := g.net.shapesOn(g.data, want)
	if err != nil {
		return nil // which is told where the model is opened
	}
	other, err := g.net.shapesOn(data, have)
	if err != nil {
		return misfit(err)
	}
	for path, shape := range own {
		if !shape.Equal(other[path]) {
			return misfit(fmt.Errorf("%s would be %v, it is %v", path, other[path], shape))
		}
	}
	return nil
}

// sameItems tells whether two batches differ in their number of rows alone.
func sameItems(a, b shapes.Shape) bool {
	return a.DType == b.DType && a.Rank() == b.Rank() && a.Rank() > 0 && slices.Equal(a.Dimensions[1:], b.Dimensions[1:])
}

// checkFitted tells how what was fitted differs from what the gate's data fitted, if both fitted something.
func (g gate) checkFitted(fitted string) error {
	if c, ok := g.data.(FittedChecker); ok && fitted != "" {
		return c.CheckFitted(fitted)
	}
	return nil
}

// named reads the checkpoint of that name beside the gate's data, one of its model and data.
func (g gate) named(name string) (*checkpoint, error) {
	c, err := namedCheckpoint(g.data.Dir(), name)
	if err != nil {
		return nil, err
	}
	return c, g.fits(name, c)
}

// fits tells whether a checkpoint is one of the gate's model and data.
func (g gate) fits(name string, c *checkpoint) error {
	m, s := g.net.model, c.state
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%q: %w: %w", name, ErrBadCheckpoint, fmt.Errorf(format, args...))
	}
	switch {
	case !isKept(string(s.Model), m.Name):
		return bad("it is of model %s, this learner's is %s", s.Model, m.Name)
	case !slices.EqualFunc(s.Classes, g.data.Classes(), isKept):
		return bad("its classes are %v, the data's %v", s.Classes, g.data.Classes())
	case s.FrozenTo < 0 || s.FrozenTo >= len(m.Groups):
		return bad("it froze %d layer groups, the model has %d", s.FrozenTo, len(m.Groups))
	}
	if _, err := g.adopted(c.fitted()); err != nil {
		return bad("%w", err)
	}
	return nil
}
