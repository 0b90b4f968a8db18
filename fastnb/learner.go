package fastnb

import (
	"errors"
	"fmt"
	"time"

	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/ml/model"
)

// Learner trains a model on data and predicts with it. It is a handle: opening one reads nothing and computes
// nothing; weights are read, initialised and compiled for when they are first needed. A Learner is used from one
// goroutine.
type Learner struct {
	// Recorder holds what the last fit did. Never nil.
	Recorder *Recorder

	be        compute.Backend
	data      Data
	model     Model
	store     *model.Store
	loss      Loss
	optimizer optim.Optimizer
	metrics   []metric.Metric
	callbacks []any
	progress  Progress
	seed      uint64

	frozenTo   int  // groups before this one are frozen
	bn         BN   // which batch norms train
	bnFreeze   bool // every batch norm keeps its statistics
	precompute bool // the head trains on cached activations

	passes uint64 // training epochs begun, ever; names the next one's order and transforms
	steps  uint64 // training steps done, ever; names the next one's dropout

	ready bool                    // variables exist and have values
	execs map[execKey]*model.Exec // compiled graphs
	acts  map[string]*activations // precomputed, by cache key

	programs map[string]string // the names of the graphs of the data's Prepare, by the shapes of its inputs; see program

	set      *Batch        // the training items, where they are kept on the device
	stepTime time.Duration // of a step on those, 0 if not known
}

// Option is an option of New.
type Option interface{ learner(*Learner) }

type option func(*Learner)

func (o option) learner(l *Learner) { o(l) }

// WithLoss sets the loss. Default: CrossEntropy where the data has classes, BinaryCrossEntropy for several labels per
// item, else MeanSquared.
func WithLoss(loss Loss) Option { return option(func(l *Learner) { l.loss = loss }) }

// WithOptimizer sets the optimizer. Default: optim.SGD with momentum 0.9.
func WithOptimizer(o optim.Optimizer) Option { return option(func(l *Learner) { l.optimizer = o }) }

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
		if l.progress = p; p == nil {
			l.progress = silent{}
		}
	})
}

// Seed fixes all randomness of a learner: initial weights, order, transforms and dropout. Default 42. The same seed
// on the same machine and device gives the same weights, bit for bit.
type Seed uint64

func (s Seed) learner(l *Learner) { l.seed = uint64(s) }

// New returns a learner of m on data that computes on be. Everything is unfrozen.
func New(be compute.Backend, data Data, m Model, opts ...Option) (*Learner, error) {
	if be == nil || isNil(data) {
		return nil, failed("New", fmt.Errorf("a backend and data are needed (engine.Open opens a backend)"))
	}
	if err := m.check(); err != nil {
		return nil, failed("New", err)
	}
	if err := checkItems(data, Train); err != nil {
		return nil, failed("New", err)
	}
	if f := fittedOf(data); f.err != nil { // which no checkpoint could keep
		return nil, failed("New", f.err)
	}
	l := &Learner{be: be, data: data, model: m, store: model.NewStore(), optimizer: optim.SGD{}, seed: 42}
	l.Recorder, l.progress = &Recorder{}, silent{}
	l.execs, l.acts = map[execKey]*model.Exec{}, map[string]*activations{}
	l.defaults()
	for _, o := range opts {
		o.learner(l)
	}
	if err := errors.Join(l.bn.check(), l.checkMetrics()); err != nil {
		return nil, failed("New", err)
	}
	return l, nil
}

// defaults sets loss and metrics by what the items have: one class, several labels or numbers.
func (l *Learner) defaults() {
	_, targeted := l.data.(Targeted)
	switch classes := l.data.Classes() != nil; {
	case classes && l.data.Labels(Train) == nil && targeted:
		l.loss, l.metrics = BinaryCrossEntropy, []metric.Metric{metric.AccuracyThresh(.5)}
	case classes:
		l.loss, l.metrics = CrossEntropy, []metric.Metric{metric.Accuracy}
	default:
		l.loss = MeanSquared
	}
}

// checkMetrics tells which metric does not measure what the data have.
func (l *Learner) checkMetrics() error {
	for _, m := range l.metrics {
		switch labels := l.data.Labels(Train) != nil; {
		case l.model.Losses != nil && m.Kept == nil:
			return fmt.Errorf("metric %s does not measure what model %s keeps of its items; want one with a Kept, such as text.Perplexity", m.Name, l.model.Name)
		case l.model.Losses != nil:
		case labels && m.Score == nil:
			return fmt.Errorf("metric %s is of numbers, the data have one class each; metric.Accuracy is of classes", m.Name)
		case !labels && m.Targets == nil:
			return fmt.Errorf("metric %s is of classes, the data have numbers or several labels; metric.RMSE or metric.AccuracyThresh are of those", m.Name)
		}
	}
	return nil
}

// Open makes sure that the model's variables exist and have their values, pretrained, loaded or initial. Everything that needs
// them does so by itself; it is for those who look at the Store, or change what is in it, before that.
func (l *Learner) Open() error { return failed("Open", l.open()) }

// Data returns what the learner learns from.
func (l *Learner) Data() Data { return l.data }

// Model returns the net.
func (l *Learner) Model() Model { return l.model }

// Store returns the variables: weights, running statistics and optimizer state, by path. It is empty until the
// learner is first used.
func (l *Learner) Store() *model.Store { return l.store }

// Backend returns the device that computes.
func (l *Learner) Backend() compute.Backend { return l.be }

// SetData gives the learner other data of the same classes, larger images for instance, and freezes everything but
// the last layer group, as fast.ai does. Precompute is turned off. The data are prepared as the model was trained, by
// its normalisation say, whatever they were made with, and an error tells if they can't be; see Fitted. Data returns
// what came of them.
func (l *Learner) SetData(data Data) error {
	data, err := l.prepared(data, Train)
	if err != nil {
		return failed("SetData", err)
	}
	l.forget()
	l.take(data)
	l.precompute = false
	l.Freeze()
	return nil
}
