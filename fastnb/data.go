package fastnb

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"reflect"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Split names a part of the data.
type Split int

const (
	Train Split = iota // what the weights are fitted to
	Valid              // what the metrics are measured on
	Test               // what is to be predicted; has no labels
)

// String returns "train", "valid" or "test".
func (s Split) String() string { return [...]string{"train", "valid", "test"}[s] }

// View says how one pass reads a split. The zero View reads the training items in file order, unaugmented.
// The same View on the same data yields the same batches, bit for bit: it holds all the randomness of the pass.
type View struct {
	Split   Split
	Shuffle bool   // a new order, drawn from Seed; a ragged last batch is then dropped
	Augment bool   // random transforms, drawn from Seed and the item's index
	Seed    uint64 // fixes order and transforms
}

// Batch is one minibatch on the host. Every tensor has as many rows (axis 0) as the data's batch size, so that
// one shape is compiled: when fewer items are left the last one is repeated, and Items says how many are real.
type Batch struct {
	Inputs []*tensors.Tensor // what Data.Prepare takes
	Labels *tensors.Tensor   // [rows] int32 classes, or float32 targets; nil where the split has no labels
	Items  []int             // index of each real row in the split

	set *Batch // where the rows named by Items are to be found, for a batch that is made on the device
}

// Data is what a Learner learns from. Packages vision, text, tabular and collab implement it.
type Data interface {
	// Len returns the number of items of a split, 0 where there is no such split.
	Len(Split) int

	// BatchSize returns the number of rows of every batch, at most Len(Train) where there is anything to train on.
	BatchSize() int

	// Batches reads a split as v says. Loading runs ahead of the consumer, in bounded memory, and stops when the
	// consumer breaks off. The consumer owns the tensors.
	Batches(v View) iter.Seq2[Batch, error]

	// Prepare is the graph function from a batch's inputs to the model's: decoding, augmentation and
	// normalisation that run on the device.
	Prepare(inputs []*graph.Node) []*graph.Node

	// Classes returns the class names in label order, nil for regression.
	Classes() []string

	// Labels returns the class of every item of a split, nil where it has no labels.
	Labels(Split) []int

	// Names returns a name for every item of a split, its file for an image, in the order of the split.
	Names(Split) []string

	// Fingerprint changes whenever what an unaugmented pass over the split yields may change: files, order, size,
	// normalisation, labels.
	Fingerprint(Split) string

	// Dir is where models and caches of this data are kept.
	Dir() string
}

// Targeted is a Data whose items have numbers to be met instead of one class: a regression, or several labels per item,
// which are then named by Classes.
type Targeted interface {
	// Targets returns the numbers of every item of a split, [N][columns], nil where it has none.
	Targets(Split) [][]float32
}

// Logarithmic is a Targeted whose numbers may be natural logarithms of what is to be predicted: what writes predictions
// for others, such as Number, turns them back.
type Logarithmic interface {
	// Logs tells whether they are.
	Logs() bool
}

// Shaped is a Data that knows what its batches look like without reading one: a model that is opened or loaded need not
// wait for items that it does not look at.
type Shaped interface {
	// InputShapes returns the shapes of the Inputs of every batch of View{Split: Train}, BatchSize rows and all.
	InputShapes() []shapes.Shape
}

// OnDevice is a Data whose training items fit on the device. A learner then keeps them there, picks each batch's rows
// there, and trains many steps in one call, so that small batches don't wait for the host. Batches, order and results
// are those of Batches; Augment has no effect on such data.
type OnDevice interface {
	// OnDevice returns all training items as one batch with a row each, Items left out; false where they don't fit.
	OnDevice() (Batch, bool)
}

// Fitted is a Data that knows what belongs to the model that is trained on it: what was fitted to the training items,
// such as categories, vocabulary and means, and what the net wants of its inputs, such as the normalisation of pixels.
// It travels with the model. Every checkpoint holds it, so that the model can be used where the training items are not;
// see ReadFitted. And whatever data the learner is given later, by SetData, PredictOn or Load, are prepared by it, if
// they are a Refitter, or else compared with it, and refused where they differ.
//
// A Data whose Prepare or Batches depend on more than the items themselves should be Fitted: of one that is not, the
// learner can check nothing but classes and shapes.
type Fitted interface {
	// Fitted returns what belongs to the model as text, JSON for instance. The same text means that items are prepared
	// alike. An error says what no model can be trained with.
	Fitted() (string, error)
}

// FittedChecker is a Fitted that can tell whether a model can use data that were fitted to other items. Load, SetData
// and PredictOn refuse data for which CheckFitted returns an error: the same code would stand for another category.
type FittedChecker interface {
	// CheckFitted returns an error that says how a text of Fitted, a checkpoint's or other data's, differs.
	CheckFitted(fitted string) error
}

// Refitter is a Fitted whose items can be prepared by what another fitted, such as images, which can be normalised in
// any way.
type Refitter interface {
	// Refit returns the same items, in a Data of the same type, prepared by a text of Fitted: that of the model's data
	// or of a checkpoint. The Data itself stays as it is, so that one can serve learners of several nets. An error says
	// what keeps the items from being so prepared, and the fix: a class that the model does not know, say.
	Refit(fitted string) (Data, error)
}

// Prepared is a Fitted only part of whose text says how items are prepared; the rest, such as the sizes of the net,
// serves to open the model without its data. Caches of activations are keyed by that part alone, so that nets with
// other heads share them.
type Prepared interface {
	// PreparedBy returns the part of Fitted that says how items are prepared. The errors are those of Fitted.
	PreparedBy() (string, error)
}

// Itemless is a Data that may have no items at all: that of a model which was opened from a file alone. New takes it
// all the same. The model predicts on other data, and is trained once SetData has given it some.
type Itemless interface {
	// NoItems returns an error that says why there are no items and what gives some, nil where there are.
	NoItems() error
}

// Order returns the indices of a split of n items in the order of the view: as they are, or shuffled by Seed.
func (v View) Order(n int) []int {
	if v.Shuffle {
		return rand.New(rand.NewPCG(v.Seed, 0x5348)).Perm(n)
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// NumBatches returns how many batches of size rows a pass over n items has: a shuffled pass drops the ragged last
// batch, unless it is the only one.
func (v View) NumBatches(n, size int) int {
	if v.Shuffle && n >= size {
		return n / size
	}
	return (n + size - 1) / size
}

// checkItems tells when a split has no items, or no batches of them can be made.
func checkItems(data Data, split Split) error {
	switch none := noItems(data); {
	case data.Len(split) == 0 && none != nil:
		return fmt.Errorf("%w: %w", none, ErrNoSplit)
	case data.Len(split) == 0 && split == Train:
		return fmt.Errorf("the data has no training items: %w", ErrNoSplit)
	case data.Len(split) == 0:
		return fmt.Errorf("the data has no %s items: %w", split, ErrNoSplit)
	case data.BatchSize() < 1:
		return fmt.Errorf("the data's BatchSize is %d (want 1 or more, also where there is nothing to train on)",
			data.BatchSize())
	}
	return nil
}

// noItems returns why data have no items, nil where they have or should have some.
func noItems(data Data) error {
	if d, ok := data.(Itemless); ok {
		return d.NoItems()
	}
	return nil
}

func isNil(data Data) bool {
	v := reflect.ValueOf(data)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
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

// preparedBy returns what of that says how the items are prepared.
func preparedBy(data Data) (string, error) {
	if d, ok := data.(Prepared); ok {
		return d.PreparedBy()
	}
	f := fittedOf(data)
	return f.text, f.err
}
