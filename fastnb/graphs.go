package fastnb

import (
	"fmt"
	"time"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/fastnb/fastnb/internal/trace"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// graphs is what of a net was compiled: steps of training, losses, predictions, activations, for the inputs that came.
type graphs struct {
	net       *net
	loss      Loss
	optimizer optim.Optimizer
	show      *display
	execs     map[execKey]*model.Exec
}

// execKey names a graph: everything that changes what is compiled.
type execKey struct {
	kind       string // "training step", "training loop", "validation", "prediction", "activations"
	frozenTo   int
	norms      norms
	precompute bool
	clip       bool
	mix        mixture
	optimizer  optim.Optimizer
	inputs     int    // the data's inputs, the last of the arguments: an augmented batch has more than a clean one
	shapes     string // of what the graph is called with
	program    string // what the data do to the inputs
}

type graphFunc = func(s *model.Scope, args []*graph.Node) []*graph.Node

// call runs the graph named k on args, compiling it first if need be.
func (g *graphs) call(k execKey, build graphFunc, args []*tensors.Tensor) (outs []*tensors.Tensor, err error) {
	err = caught(func() error {
		e, err := g.executable(k, build, args)
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

// on is the key for a call with these arguments, whose inputs are prepared by p.
func (g *graphs) on(k execKey, p *prep, args []*tensors.Tensor) execKey {
	if k.shapes = shapesText(args); !k.precompute {
		k.program = p.program(g.net, args[len(args)-k.inputs:])
	}
	return k
}

func (g *graphs) executable(k execKey, build graphFunc, args []*tensors.Tensor) (*model.Exec, error) {
	if e := g.execs[k]; e != nil {
		return e, nil
	}
	exec, err := model.NewExec(g.net.be, g.net.store, build)
	if err != nil {
		return nil, err
	}
	exec.WithName(k.kind + " of " + g.net.model.Name)
	what := k.kind + g.another(k, args)
	g.show.note("compiling the %s", what)
	start := time.Now()
	if _, err := exec.Compile(shapesOf(args)...); err != nil {
		return nil, err
	}
	g.show.note("compiled the %s in %.1f s", what, time.Since(start).Seconds())
	g.execs[k] = exec
	return exec, nil
}

// another says for which inputs a graph is compiled once more, if only those are new.
func (g *graphs) another(k execKey, args []*tensors.Tensor) string {
	for old := range g.execs {
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

// forget drops what was compiled.
func (g *graphs) forget() {
	for _, e := range g.execs {
		e.Finalize()
	}
	clear(g.execs)
}

// forgetOpaque drops what was compiled for the inputs of p alone.
func (g *graphs) forgetOpaque(p *prep) {
	for k, e := range g.execs {
		if p.isOpaque(k.program) {
			e.Finalize()
			delete(g.execs, k)
		}
	}
}

// trainKey names the graph of training steps on batches of so many inputs.
func (g *graphs) trainKey(kind string, precompute bool, h hyper, inputs int) execKey {
	return execKey{kind: kind, frozenTo: g.net.frozenTo, norms: g.net.norms(precompute), precompute: precompute,
		clip: h.clip > 0, mix: h.mix, optimizer: g.optimizer, inputs: inputs}
}

// train builds one training step; args are hyper-parameters, labels, inputs. It returns the batch's loss.
func (g *graphs) train(k execKey, p *prep) graphFunc {
	return func(s *model.Scope, args []*graph.Node) []*graph.Node {
		in := args[0].Graph()
		g.net.store.SetTraining(in, true)
		g.net.markNorms(s, in, k.norms)
		loss := g.batchLoss(s, k, p, args[2:], args[1])
		minimised := loss
		for _, penalty := range nn.Penalties(in) {
			minimised = graph.Add(minimised, penalty)
		}
		params := g.net.params(in, k.precompute)
		grads := graph.Gradient(minimised, values(params, in)...)
		_, groups := g.net.trained(k.precompute)
		lr, wd, mom, clip := unpack(args[0], groups)
		if k.clip {
			grads = optim.ClipNorm(grads, clip)
		}
		k.optimizer.Update(g.net.store, params, grads, optim.Hyper{LR: lr, WD: wd, Momentum: mom})
		return []*graph.Node{loss}
	}
}

// batchLoss builds the mean loss of a batch.
func (g *graphs) batchLoss(s *model.Scope, k execKey, p *prep, in []*graph.Node, labels *graph.Node) *graph.Node {
	m := g.net.model
	if !k.precompute {
		in = p.prepare(in)
	}
	switch {
	case m.Losses != nil:
		return m.Losses(s, m.body(s, in), labels).Mean
	case k.mix.by == "":
		return g.loss.mean(m.output(s, in, k.precompute), labels)
	}
	in, share := k.mix.inputs(s, in)
	return k.mix.mean(g.loss, m.output(s, in, k.precompute), labels, share)
}

// output builds the model on a batch's inputs, or the head on cached activations.
func (g *graphs) output(s *model.Scope, p *prep, in []*graph.Node, precompute bool) *graph.Node {
	if !precompute {
		in = p.prepare(in)
	}
	return g.net.model.output(s, in, precompute)
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

// infer returns the predictions of a batch, or what Model.Losses keeps of it; where the batch has labels also the loss
// of each row and, of a Model with Losses and of a Loss with Weight, its weight.
func (g *graphs) infer(b Batch, p *prep, precompute bool) ([]*tensors.Tensor, error) {
	k := execKey{kind: "prediction", precompute: precompute, inputs: len(b.Inputs)}
	args := b.Inputs
	if b.Labels != nil {
		k.kind = "validation"
		args = append([]*tensors.Tensor{b.Labels}, args...)
	}
	k = g.on(k, p, args)
	return g.call(k, g.inference(k, p), args)
}

func (g *graphs) inference(k execKey, p *prep) graphFunc {
	return func(s *model.Scope, args []*graph.Node) []*graph.Node {
		if k.kind == "prediction" {
			return []*graph.Node{g.loss.Predictions(g.output(s, p, args, k.precompute))}
		}
		if m := g.net.model; m.Losses != nil {
			found := m.Losses(s, m.body(s, p.prepare(args[1:])), args[0])
			return []*graph.Node{found.Kept, found.Rows, found.Weight}
		}
		out := g.output(s, p, args[1:], k.precompute)
		outs := []*graph.Node{g.loss.Predictions(out), g.loss.Rows(out, args[0])}
		if weight := g.loss.weight(args[0]); weight != nil {
			outs = append(outs, weight)
		}
		return outs
	}
}

// body returns the activations of a batch: what the body makes of its inputs.
func (g *graphs) body(b Batch, p *prep) (*tensors.Tensor, error) {
	k := g.on(execKey{kind: "activations", inputs: len(b.Inputs)}, p, b.Inputs)
	outs, err := g.call(k, func(s *model.Scope, args []*graph.Node) []*graph.Node {
		return []*graph.Node{g.net.model.Body(s, p.prepare(args))}
	}, b.Inputs)
	if err != nil {
		return nil, err
	}
	return outs[0], nil
}

func anys(ts []*tensors.Tensor) []any {
	as := make([]any, len(ts))
	for i, t := range ts {
		as[i] = t
	}
	return as
}
