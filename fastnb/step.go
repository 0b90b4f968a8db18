package fastnb

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/fastnb/fastnb/internal/trace"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// execKey names a graph: everything that changes what is compiled.
type execKey struct {
	kind       string // "training step", "validation", "prediction", "activations"
	frozenTo   int
	norms      norms
	precompute bool
	clip       bool
	optimizer  optim.Optimizer
	inputs     int    // the data's inputs, the last of the arguments: an augmented batch has more than a clean one
	shapes     string // of what the graph is called with
	program    string // what the data's Prepare does to the inputs
}

type graphFunc = func(s *model.Scope, args []*graph.Node) []*graph.Node

// call runs the graph named k on args, compiling it first if need be.
func (l *Learner) call(k execKey, build graphFunc, args []*tensors.Tensor) (outs []*tensors.Tensor, err error) {
	k = l.on(k, args)
	err = caught(func() error {
		e, err := l.executable(k, build, args)
		if err != nil {
			return err
		}
		trace.Mark(k.kind)
		outs, err = e.Call(anys(args)...)
		trace.Mark(k.kind + " done")
		return err
	})
	return outs, err
}

// on is the key for a call with these arguments.
func (l *Learner) on(k execKey, args []*tensors.Tensor) execKey {
	if k.shapes = shapesText(args); !k.precompute {
		k.program = l.program(args[len(args)-k.inputs:])
	}
	return k
}

func (l *Learner) executable(k execKey, build graphFunc, args []*tensors.Tensor) (*model.Exec, error) {
	if e := l.execs[k]; e != nil {
		return e, nil
	}
	exec, err := model.NewExec(l.be, l.store, build)
	if err != nil {
		return nil, err
	}
	exec.WithName(k.kind + " of " + l.model.Name)
	what := k.kind + l.another(k, args)
	l.note("compiling the %s", what)
	start := time.Now()
	if _, err := exec.Compile(shapesOf(args)...); err != nil {
		return nil, err
	}
	l.note("compiled the %s in %.1f s", what, time.Since(start).Seconds())
	l.execs[k] = exec
	return exec, nil
}

// another says for which inputs a graph is compiled once more, if only those are new.
func (l *Learner) another(k execKey, args []*tensors.Tensor) string {
	for old := range l.execs {
		sameShapes := old.shapes == k.shapes
		if old.shapes, old.program = k.shapes, k.program; old != k || len(args) == 0 {
			continue
		}
		if sameShapes {
			return " for data that are prepared otherwise"
		}
		return fmt.Sprintf(" for inputs %v", args[len(args)-1].Shape().Dimensions)
	}
	return ""
}

// forget drops what was compiled and computed for the data so far.
func (l *Learner) forget() {
	for _, e := range l.execs {
		e.Finalize()
	}
	clear(l.execs)
	clear(l.acts)
	l.set, l.stepTime = nil, 0
}

// hyper are the hyper-parameters of one step, on the host.
type hyper struct {
	lr, wd    []float64 // per trained layer group
	mom, clip float64   // clip 0: none
}

// flat packs h into one vector: lr..., wd..., momentum, clip.
func (h hyper) flat() []float32 {
	flat := make([]float32, 0, 2*len(h.lr)+2)
	for _, v := range append(append([]float64{}, h.lr...), h.wd...) {
		flat = append(flat, float32(v))
	}
	return append(flat, float32(h.mom), float32(h.clip))
}

// step trains on one batch and returns its loss.
func (l *Learner) step(b Batch, h hyper) (float64, error) {
	if err := l.store.SetRNGStateFromSeed(int64(mix(l.seed, l.steps))); err != nil {
		return 0, err
	}
	k := l.key("training step", b)
	k.optimizer, k.clip = l.optimizer, h.clip > 0
	args := append([]*tensors.Tensor{tensors.FromFlatDataAndDimensions(h.flat(), len(h.flat())), b.Labels}, b.Inputs...)
	outs, err := l.call(k, l.trainGraph(k), args)
	if err != nil {
		return 0, err
	}
	l.steps++
	return float64(tensors.ToScalar[float32](outs[0])), nil
}

func (l *Learner) key(kind string, b Batch) execKey {
	return execKey{kind: kind, frozenTo: l.frozenTo, norms: l.norms(), precompute: l.precompute, inputs: len(b.Inputs)}
}

// trainGraph builds one training step; args are hyper-parameters, labels, inputs. It returns the batch's loss.
func (l *Learner) trainGraph(k execKey) graphFunc {
	return func(s *model.Scope, args []*graph.Node) []*graph.Node {
		g := args[0].Graph()
		l.store.SetTraining(g, true)
		l.markNorms(s, g)
		loss := l.batchLoss(s, args[2:], args[1], k.precompute)
		minimised := loss
		for _, p := range nn.Penalties(g) {
			minimised = graph.Add(minimised, p)
		}
		params := l.params(g)
		grads := graph.Gradient(minimised, values(params, g)...)
		lr, wd, mom, clip := unpack(args[0], len(l.trained()))
		if k.clip {
			grads = optim.ClipNorm(grads, clip)
		}
		l.optimizer.Update(l.store, params, grads, optim.Hyper{LR: lr, WD: wd, Momentum: mom})
		return []*graph.Node{loss}
	}
}

// batchLoss builds the mean loss of a batch.
func (l *Learner) batchLoss(s *model.Scope, inputs []*graph.Node, labels *graph.Node, precompute bool) *graph.Node {
	if l.model.Losses != nil {
		return l.model.Losses(s, l.model.body(s, l.data.Prepare(inputs)), labels).Mean
	}
	return graph.ReduceAllMean(l.loss.Rows(l.output(s, inputs, precompute), labels))
}

// output builds the model on a batch's inputs, or the head on cached activations.
func (l *Learner) output(s *model.Scope, inputs []*graph.Node, precompute bool) *graph.Node {
	if precompute {
		return l.model.Head(s, inputs[0])
	}
	return l.model.forward(s, l.data.Prepare(inputs))
}

// params returns the variables to train, by path: those of unfrozen groups that the graph uses, and norms that train.
// Their order does not depend on whether they were made or loaded, and so neither does a sum over their gradients.
func (l *Learner) params(g *graph.Graph) []optim.Param {
	first := l.trained()[0]
	var params []optim.Param
	for v := range l.store.IterVariables() {
		group := l.model.groupOf(v.Path())
		if v.Trainable && v.InUseByGraph(g) && group >= first && l.trains(v, group) {
			params = append(params, optim.Param{Var: v, Group: group - first})
		}
	}
	slices.SortFunc(params, func(a, b optim.Param) int { return strings.Compare(a.Var.Path(), b.Var.Path()) })
	return params
}

func values(params []optim.Param, g *graph.Graph) []*graph.Node {
	nodes := make([]*graph.Node, len(params))
	for i, p := range params {
		nodes[i] = p.Var.NodeValue(g)
	}
	return nodes
}

func unpack(h *graph.Node, groups int) (lr, wd, mom, clip *graph.Node) {
	at := func(i int) *graph.Node { return graph.Reshape(graph.Slice(h, graph.AxisElem(i))) }
	lr = graph.Slice(h, graph.AxisRange(0, groups))
	wd = graph.Slice(h, graph.AxisRange(groups, 2*groups))
	return lr, wd, at(2 * groups), at(2*groups + 1)
}

// infer returns the predictions of a batch, or what Model.Losses keeps of it; where the batch has labels also the loss of
// each row and, of a Model with Losses, its weight.
func (l *Learner) infer(b Batch) (outs []*tensors.Tensor, err error) {
	k := execKey{kind: "prediction", precompute: l.precompute, inputs: len(b.Inputs)}
	args := b.Inputs
	if b.Labels != nil {
		k.kind = "validation"
		args = append([]*tensors.Tensor{b.Labels}, args...)
	}
	return l.call(k, l.inferGraph(k), args)
}

func (l *Learner) inferGraph(k execKey) graphFunc {
	return func(s *model.Scope, args []*graph.Node) []*graph.Node {
		if k.kind == "prediction" {
			return []*graph.Node{l.loss.predictions(l.output(s, args, k.precompute))}
		}
		if l.model.Losses != nil {
			found := l.model.Losses(s, l.model.body(s, l.data.Prepare(args[1:])), args[0])
			return []*graph.Node{found.Kept, found.Rows, found.Weight}
		}
		out := l.output(s, args[1:], k.precompute)
		return []*graph.Node{l.loss.predictions(out), l.loss.Rows(out, args[0])}
	}
}

// open makes sure that every variable of the model exists and has its value: pretrained, loaded or initial.
func (l *Learner) open() error {
	if l.ready {
		return nil
	}
	err := l.init()
	if err != nil {
		l.store = model.NewStore() // the next call starts anew
	}
	return err
}

func (l *Learner) init() error {
	if l.model.Init != nil {
		if err := l.model.Init(l.be, l.store); err != nil {
			return err
		}
	}
	return l.trace()
}

// trace builds the model's graph without compiling it, so that its variables come into being, and initialises
// those that have no value yet.
func (l *Learner) trace() error {
	in, err := inputShapes(l.data, Train)
	if err != nil {
		return err
	}
	err = caught(func() error {
		g := graph.NewGraph(l.be, "variables")
		defer g.Finalize()
		model.SetStore(g, l.store)
		if err := l.checkOutput(l.model.forward(l.store.RootScope(), l.data.Prepare(inputsOf(g, in)))); err != nil {
			return err
		}
		if err := l.store.SetRNGStateFromSeed(int64(l.seed)); err != nil {
			return err
		}
		return l.store.InitializeVariables(l.be, nil)
	})
	if err == nil {
		err = l.model.checkGroups(l.store)
	}
	l.ready = err == nil
	return err
}

func shapesOf(ts []*tensors.Tensor) []shapes.Shape {
	all := make([]shapes.Shape, len(ts))
	for i, t := range ts {
		all[i] = t.Shape()
	}
	return all
}

// resetOptimizer sets the optimizer's state to zero, as at the start of every fit.
func (l *Learner) resetOptimizer() error { return nn.Zero(l.store, optim.IsState) }

// mix makes one seed of a learner's seed and a counter (the finaliser of SplitMix64, Steele, Lea, Flood 2014).
func mix(seed, n uint64) uint64 {
	z := seed*0x9e3779b97f4a7c15 + n + 1
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func anys(ts []*tensors.Tensor) []any {
	as := make([]any, len(ts))
	for i, t := range ts {
		as[i] = t
	}
	return as
}

// checkOutput tells when a model that is to score classes gives something else than a row of scores for each item.
func (l *Learner) checkOutput(y *graph.Node) error {
	classes := len(l.data.Classes())
	if l.model.Losses != nil || classes == 0 || (y.Rank() == 2 && y.Shape().Dim(1) == classes) {
		return nil
	}
	return fmt.Errorf("model %s gives %v for a batch of %d items (want [%[3]d %d], a score for each of the %[4]d classes)",
		l.model.Name, y.Shape().Dimensions, l.data.BatchSize(), classes)
}
