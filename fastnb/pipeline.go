package fastnb

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// prepared returns data, of which split is asked for, as the model takes them: the one gate of all that is given to a
// learner after New. They come out as they are, or prepared anew by what belongs to the model, or the error says why
// they can't serve and what would. Data itself is never changed.
func (l *Learner) prepared(data Data, split Split) (Data, error) {
	if isNil(data) {
		return nil, errors.New("the data is nil")
	}
	if err := checkItems(data, split); err != nil {
		return nil, err
	}
	data, err := l.refitted(data)
	if err != nil {
		return nil, err
	}
	for _, check := range []func(Data, Split) error{l.checkClasses, l.checkTruth, l.checkInputs} {
		if err := check(data, split); err != nil {
			return nil, err
		}
	}
	return data, nil
}

// checkItems tells when a split has no items, or no batches of them can be made.
func checkItems(data Data, split Split) error {
	switch {
	case data.Len(split) == 0 && split == Train:
		return fmt.Errorf("the data has no training items: %w", ErrNoSplit)
	case data.Len(split) == 0:
		return fmt.Errorf("the data has no %s items: %w", split, ErrNoSplit)
	case data.BatchSize() < 1:
		return fmt.Errorf("the data's BatchSize is %d (want 1 or more, also where there is nothing to train on)", data.BatchSize())
	}
	return nil
}

func isNil(data Data) bool {
	v := reflect.ValueOf(data)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// take makes data the learner's. What was computed of the data before is dropped.
func (l *Learner) take(data Data) {
	l.data, l.programs = data, nil
	l.set, l.stepTime = nil, 0
}

// refitted returns data prepared by what the learner's data fitted.
func (l *Learner) refitted(data Data) (Data, error) {
	own, theirs := fittedOf(l.data), fittedOf(data)
	if own.err != nil || theirs.err != nil {
		return nil, errors.Join(own.err, theirs.err)
	}
	switch {
	case own == theirs:
		return data, nil
	case own.any != theirs.any:
		return nil, fmt.Errorf("the data are %T, the model's %T, and only one of them tells what it was prepared by, "+
			"so they can't be known to be alike; want data of the same kind (or one that is fastnb.Fitted)", data, l.data)
	}
	if r, ok := data.(Refitter); ok {
		return refit(r, own.text)
	}
	return data, l.checkFitted(theirs.text)
}

// adopt prepares the learner's data by what a checkpoint's model was trained with, nothing in checkpoints of data that
// fit nothing.
func (l *Learner) adopt(text string) error {
	data, err := l.adopted(text)
	if err == nil && data != nil {
		l.take(data)
	}
	return err
}

// adopted returns the learner's data prepared by what a checkpoint holds, nil where they are so already.
func (l *Learner) adopted(text string) (Data, error) {
	own := fittedOf(l.data)
	if own.err != nil || text == "" || own.text == text {
		return nil, own.err
	}
	if !own.any {
		return nil, fmt.Errorf("its model was trained on data that tell what they were prepared by, those here, %T, don't; "+
			"want data of the same kind (or one that is fastnb.Fitted)", l.data)
	}
	if r, ok := l.data.(Refitter); ok {
		return refit(r, text)
	}
	return nil, l.checkFitted(text)
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

// fittedText is what data fitted, if they are Fitted.
type fittedText struct {
	any  bool
	text string
	err  error
}

func fittedOf(data Data) (f fittedText) {
	if d, ok := data.(Fitted); ok {
		f.any = true
		f.text, f.err = d.Fitted()
	}
	return f
}

// checkClasses tells how the classes differ from those the model tells apart.
func (l *Learner) checkClasses(data Data, _ Split) error {
	have, want := data.Classes(), l.data.Classes()
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
func (l *Learner) checkTruth(data Data, split Split) error {
	if l.model.Losses != nil {
		return nil
	}
	have, want := truthOf(data, split), truthOf(l.data, Train)
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
func (l *Learner) checkInputs(data Data, split Split) error {
	_, shaped := data.(Shaped)
	if _, fitted := data.(Fitted); fitted && !shaped {
		return nil
	}
	have, err := inputShapes(data, split)
	if err != nil {
		return err
	}
	want, err := inputShapes(l.data, Train)
	if err != nil || slices.EqualFunc(have, want, sameItems) {
		return err
	}
	misfit := func(err error) error {
		return fmt.Errorf("model %s can't take the new data's inputs %v, it was made for %v: %w",
			l.model.Name, have, want, err)
	}
	own, err := l.variableShapes(l.data, want)
	if err != nil {
		return nil // which is told where the model is opened
	}
	other, err := l.variableShapes(data, have)
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

// variableShapes returns the shapes that the model's variables would have on such inputs. Nothing is computed.
func (l *Learner) variableShapes(data Data, in []shapes.Shape) (map[string]shapes.Shape, error) {
	store, all := model.NewStore(), map[string]shapes.Shape{}
	err := caught(func() error {
		g := graph.NewGraph(l.be, "shapes of the variables")
		defer g.Finalize()
		model.SetStore(g, store)
		l.model.forward(store.RootScope(), data.Prepare(inputsOf(g, in)))
		return nil
	})
	for v := range store.IterVariables() {
		all[v.Path()] = v.Shape()
	}
	return all, err
}

// inputsOf returns parameters of a graph for the data's inputs.
func inputsOf(g *graph.Graph, in []shapes.Shape) []*graph.Node {
	inputs := make([]*graph.Node, len(in))
	for i, s := range in {
		inputs[i] = graph.Parameter(g, fmt.Sprintf("input%d", i), s)
	}
	return inputs
}

// inputShapes returns the shapes of an unaugmented batch's inputs: what the data know, or those of the first batch.
func inputShapes(data Data, split Split) ([]shapes.Shape, error) {
	if d, ok := data.(Shaped); ok {
		return d.InputShapes(), nil
	}
	b, err := first(data.Batches(View{Split: split}))
	if err != nil {
		return nil, err
	}
	return shapesOf(b.Inputs), nil
}

// checkBatch tells when the learner would train on batches that are too small for its batch norms.
func (l *Learner) checkBatch() error {
	if l.norms().keep {
		return nil
	}
	return l.model.checkBatch(l.data)
}
