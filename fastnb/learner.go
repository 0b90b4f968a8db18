package fastnb

import (
	"errors"
	"fmt"
	"slices"

	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/ml/model"
)

// Learner trains a model on data and predicts with it. It is a handle: opening one reads nothing and computes
// nothing; weights are read, initialised and compiled for when they are first needed. A Learner is used from one
// goroutine.
type Learner struct {
	// Recorder holds what the last fit did. Never nil.
	Recorder *Recorder

	net       *net     // the model, and what of it is frozen
	graphs    *graphs  // what of it was compiled
	feed      *feed    // where its batches come from
	stepper   *stepper // trains it on those
	clock     *clock   // all randomness
	show      *display // where it shows what it does
	metrics   []metric.Metric
	callbacks []any
}

// Option is an option of New.
type Option interface{ learner(*Learner) }

type option func(*Learner)

func (o option) learner(l *Learner) { o(l) }

// WithLoss sets the loss. Default: CrossEntropy where the data has classes, BinaryCrossEntropy for several labels per
// item, else MeanSquared. New refuses one that is not of what the data have.
func WithLoss(loss Loss) Option { return option(func(l *Learner) { l.graphs.loss = loss }) }

// WithOptimizer sets the optimizer. Default: optim.SGD with momentum 0.9.
func WithOptimizer(o optim.Optimizer) Option {
	return option(func(l *Learner) { l.graphs.optimizer = o })
}

// WithMetrics sets the metrics of the epoch table. Default: metric.Accuracy where the data has classes,
// metric.AccuracyThresh(.5) for several labels per item, else none.
func WithMetrics(ms ...metric.Metric) Option { return option(func(l *Learner) { l.metrics = ms }) }

// WithCallbacks adds callbacks to every fit.
func WithCallbacks(cs ...any) Option {
	return option(func(l *Learner) { l.callbacks = append(l.callbacks, cs...) })
}

// WithProgress sets where progress and the epoch table go; nil is nowhere, the default.
func WithProgress(p Progress) Option {
	return option(func(l *Learner) {
		if l.show.to = p; p == nil {
			l.show.to = silent{}
		}
	})
}

// WithMetadata adds something that belongs to the model to every checkpoint of the learner, as text under a key: the
// sizes of its layers, say, so that [ReadMetadata] finds what the net can be made of again where the code that made it
// does not run. What belongs to the data's side of the model, such as a vocabulary, comes in by itself: see Fitted. The
// key is the name of whoever reads it, a package for instance. An empty key, "fitted", and text that is not UTF-8 are
// errors of New.
func WithMetadata(key, value string) Option {
	return option(func(l *Learner) { l.net.metadata[key] = value })
}

// Seed fixes all randomness of a learner: initial weights, order, transforms and dropout. Default 42. The same seed
// on the same machine and device gives the same weights, bit for bit.
func Seed(n uint64) Option { return option(func(l *Learner) { l.clock.seed = n }) }

func (b BN) learner(l *Learner) { l.net.bn = b }

// New returns a learner of m on data that computes on be. Everything is unfrozen.
func New(be compute.Backend, data Data, m Model, opts ...Option) (l *Learner, err error) {
	defer verb.Name(&err, "fastnb: New")
	if be == nil || isNil(data) {
		return nil, errors.New("a backend and data are needed (engine.Open opens a backend)")
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	if err := checkItems(data, Train); err != nil && noItems(data) == nil {
		return nil, err
	}
	if f := fittedOf(data); f.err != nil { // which no checkpoint could keep
		return nil, f.err
	}
	l = newLearner(be, data, m)
	l.graphs.loss, l.metrics = defaultsOf(data)
	for _, o := range opts {
		o.learner(l)
	}
	if err := l.check(); err != nil {
		return nil, err
	}
	return l, nil
}

// check tells what options don't fit the model or the data.
func (l *Learner) check() error {
	m, data := l.net.model, l.feed.data
	return errors.Join(l.net.bn.check(), l.net.metadata.check(), l.graphs.loss.check(m, data),
		checkMetrics(l.metrics, m, data))
}

// newLearner puts a learner's parts together.
func newLearner(be compute.Backend, data Data, m Model) *Learner {
	show := &display{silent{}}
	n := newNet(be, m)
	g := &graphs{net: n, optimizer: optim.SGD{}, show: show, execs: map[execKey]*model.Exec{}}
	f, c := newFeed(g, data), &clock{seed: 42}
	return &Learner{Recorder: &Recorder{}, net: n, graphs: g, feed: f, stepper: &stepper{f, c}, clock: c, show: show}
}

// defaultsOf returns loss and metrics by what the items have: one class, several labels or numbers.
func defaultsOf(data Data) (Loss, []metric.Metric) {
	_, targeted := data.(Targeted)
	switch classes := data.Classes() != nil; {
	case classes && data.Labels(Train) == nil && targeted:
		return BinaryCrossEntropy, []metric.Metric{metric.AccuracyThresh(.5)}
	case classes:
		return CrossEntropy, []metric.Metric{metric.Accuracy}
	}
	return MeanSquared, nil
}

// checkMetrics tells which metric does not measure what the data have.
func checkMetrics(ms []metric.Metric, of Model, data Data) error {
	for _, m := range ms {
		switch labels := data.Labels(Train) != nil; {
		case of.Losses != nil && m.Kept == nil:
			return fmt.Errorf("metric %s does not measure what model %s keeps of its items; "+
				"want one with a Kept, such as text.Perplexity", m.Name, of.Name)
		case of.Losses != nil:
		case labels && m.Score == nil:
			return fmt.Errorf("metric %s is of numbers, the data have one class each; metric.Accuracy is of classes", m.Name)
		case !labels && m.Targets == nil:
			return fmt.Errorf("metric %s is of classes, the data have numbers or several labels; "+
				"metric.RMSE or metric.AccuracyThresh are of those", m.Name)
		}
	}
	return nil
}

// Open makes sure that the model's variables exist and have their values, pretrained, loaded or initial. Everything
// that needs them does so by itself; it is for those who look at the Store, or change what is in it, before that.
func (l *Learner) Open() (err error) {
	defer verb.Name(&err, "fastnb: Open")
	return l.net.open(l.feed.data, l.clock.initial())
}

// Data returns what the learner learns from.
func (l *Learner) Data() Data { return l.feed.data }

// Model returns the net.
func (l *Learner) Model() Model { return l.net.model }

// Store returns the variables: weights, running statistics and optimizer state, by path. It is empty until the
// learner is first used.
func (l *Learner) Store() *model.Store { return l.net.store }

// Metrics returns what the epoch table measures, in its order.
func (l *Learner) Metrics() []metric.Metric { return slices.Clone(l.metrics) }

// Loss returns what is minimised. A Model with Losses has its own.
func (l *Learner) Loss() Loss { return l.graphs.loss }

// Backend returns the device that computes.
func (l *Learner) Backend() compute.Backend { return l.net.be }

// SetData gives the learner other data of the same classes, larger images for instance, and freezes everything but
// the last layer group, as fast.ai does. Precompute is turned off. The data are prepared as the model was trained, by
// its normalisation say, whatever they were made with, and an error tells if they can't be; see Fitted. Data returns
// what came of them.
func (l *Learner) SetData(data Data) (err error) {
	defer verb.Name(&err, "fastnb: SetData")
	if data, err = l.gate().prepared(data, Train); err != nil {
		return err
	}
	l.graphs.forget()
	clear(l.feed.acts)
	l.feed.take(data)
	l.feed.precompute = false
	l.net.freezeTo(-1)
	return nil
}

// gate lets in what data fit the learner.
func (l *Learner) gate() gate { return gate{l.net, l.feed.data} }
