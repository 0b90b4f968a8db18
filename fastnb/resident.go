package fastnb

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Resident is a Data whose training items fit on the device. A learner then keeps them there, picks each batch's rows
// there, and trains many steps in one call, so that small batches don't wait for the host. Batches, order and results
// are those of Batches; Augment has no effect on such data.
type Resident interface {
	// Resident returns all training items as one batch with a row each, Items left out; false where they don't fit.
	Resident() (Batch, bool)
}

// maxLoop is the largest number of training steps in one call.
const maxLoop = 64

// loopTime is about how long one call of several training steps may take: an interrupt is seen between two calls.
const loopTime = 100 * time.Millisecond

// resident returns the training items that are kept on the device, nil where the data or the device can't do that.
func (l *Learner) resident() *Batch {
	if l.precompute || !canLoop(l.be) {
		return nil
	}
	if l.set == nil {
		if r, ok := l.data.(Resident); ok {
			if set, ok := r.Resident(); ok {
				l.set = &set
			}
		}
	}
	return l.set
}

// canLoop tells whether the device runs loops of training steps. GoMLX's Go backend has no slices at a place that is
// computed; its XLA backend has While, but does not list it (v0.28.8).
func canLoop(be compute.Backend) bool {
	c := be.Capabilities()
	return c.Functions && c.Operations[compute.OpTypeDynamicSlice]
}

// rows yields the batches of a shuffled view of a resident set: only the numbers of their rows.
func (l *Learner) rows(ctx context.Context, v View, set *Batch) iter.Seq2[Batch, error] {
	return until(ctx, func(yield func(Batch, error) bool) {
		n, size := l.data.Len(v.Split), l.data.BatchSize()
		order := v.Order(n)
		for i := range v.NumBatches(n, size) {
			if !yield(Batch{Items: order[i*size : min((i+1)*size, n)], set: set}, nil) {
				return
			}
		}
	})
}

// inGroups yields batches in groups of at most n() at a time, asked before each group; a batch that is not of a
// resident set is a group of its own.
func inGroups(batches iter.Seq2[Batch, error], n func() int) iter.Seq2[[]Batch, error] {
	return func(yield func([]Batch, error) bool) {
		var group []Batch
		want := n()
		for b, err := range batches {
			if err != nil {
				if len(group) == 0 || yield(group, nil) {
					yield(nil, err)
				}
				return
			}
			if group = append(group, b); len(group) < want && b.set != nil {
				continue
			}
			if !yield(group, nil) {
				return
			}
			group, want = nil, n()
		}
		if len(group) > 0 {
			yield(group, nil)
		}
	}
}

// atOnce returns how many training steps the next call may do.
func (l *Learner) atOnce() int {
	if l.stepTime == 0 {
		return 1
	}
	return int(min(max(loopTime/l.stepTime, 1), maxLoop))
}

// trainOn trains on batches, one after the other, and returns their losses.
func (l *Learner) trainOn(bs []Batch, hs []hyper) ([]float64, error) {
	if bs[0].set != nil {
		return l.loop(bs, hs)
	}
	losses := make([]float64, len(bs))
	for i, b := range bs {
		var err error
		if losses[i], err = l.step(b, hs[i]); err != nil {
			return nil, err
		}
	}
	return losses, nil
}

// loop does the steps in one call of the device.
func (l *Learner) loop(bs []Batch, hs []hyper) ([]float64, error) {
	set, size := bs[0].set, l.data.BatchSize()
	k := l.key("training loop", *set)
	k.optimizer, k.clip = l.optimizer, hs[0].clip > 0
	plan, err := l.plan(bs, hs, size)
	if err != nil {
		return nil, err
	}
	args := append(append(plan, set.Labels), set.Inputs...)
	compiled := l.execs[l.on(k, args)] != nil
	began := time.Now()
	outs, err := l.call(k, l.loopGraph(k, size), args)
	if err != nil {
		return nil, err
	}
	flat, err := tensors.CopyFlatData[float32](outs[0])
	if err != nil {
		return nil, err
	}
	if compiled {
		l.stepTime = max(time.Since(began)/time.Duration(len(bs)), 1)
	}
	l.steps += uint64(len(bs))
	losses := make([]float64, len(bs))
	for i := range losses {
		losses[i] = float64(flat[i])
	}
	return losses, nil
}

// plan packs what differs from step to step into tensors with maxLoop rows: how many steps there are, the rows of each
// batch, its hyper-parameters and the state of the random generator.
func (l *Learner) plan(bs []Batch, hs []hyper, size int) ([]*tensors.Tensor, error) {
	width := len(hs[0].flat())
	rows, hypers := make([]int32, maxLoop*size), make([]float32, maxLoop*width)
	states := make([]uint64, 0, maxLoop*graph.RNGStateShape.Size())
	for i, b := range bs {
		for r := range size {
			rows[i*size+r] = int32(b.Items[min(r, len(b.Items)-1)])
		}
		copy(hypers[i*width:], hs[i].flat())
		state, err := graph.RNGStateFromSeed(int64(mix(l.seed, l.steps+uint64(i))))
		if err != nil {
			return nil, err
		}
		flat, err := tensors.CopyFlatData[uint64](state)
		if err != nil {
			return nil, err
		}
		states = append(states, flat...)
	}
	states = append(states, make([]uint64, cap(states)-len(states))...)
	return []*tensors.Tensor{
		tensors.FromScalar(int32(len(bs))),
		tensors.FromFlatDataAndDimensions(rows, maxLoop, size),
		tensors.FromFlatDataAndDimensions(hypers, maxLoop, width),
		tensors.FromFlatDataAndDimensions(states, maxLoop, graph.RNGStateShape.Size()),
	}, nil
}

// loopGraph builds a loop over training steps; args are those of plan, then labels and inputs of the whole set. It
// returns the losses, [maxLoop].
//
// A loop sees no node from outside of it, so all that a step reads is its state: the arguments, which stay as they are,
// and the variables. Within the loop the variables' values are those of the state.
func (l *Learner) loopGraph(k execKey, size int) graphFunc {
	return func(s *model.Scope, args []*graph.Node) []*graph.Node {
		g := args[0].Graph()
		vars := l.stepVariables(k, args, size)
		state := []*graph.Node{graph.Const(g, int32(0)), graph.Const(g, make([]float32, maxLoop))}
		state = append(state, args...)
		for _, v := range vars {
			state = append(state, v.NodeValue(g))
		}
		cond := graph.NewClosure(g, func(g *graph.Graph) []*graph.Node {
			in := parameters(g, state)
			return []*graph.Node{graph.LessThan(in[0], in[2])}
		})
		body := graph.NewClosure(g, func(g *graph.Graph) []*graph.Node {
			return l.loopBody(s, k, parameters(g, state), vars, len(args))
		})
		out := graph.While(cond, body, state...)
		for i, v := range vars {
			v.SetNodeValue(out[2+len(args)+i])
		}
		return out[1:2]
	}
}

// loopBody is one step: in is the number of the step, the losses so far, the loop's arguments and the variables.
func (l *Learner) loopBody(s *model.Scope, k execKey, in []*graph.Node, vars []*model.Variable, args int) []*graph.Node {
	g, i := in[0].Graph(), in[0]
	rows, hypers, states, labels, inputs := in[3], in[4], in[5], in[6], in[7:2+args]
	for j, v := range vars {
		v.SetNodeValue(in[2+args+j])
	}
	if rng := l.randomState(); slices.Contains(vars, rng) {
		rng.SetNodeValue(row(states, i))
	}
	batch := []*graph.Node{row(hypers, i)}
	for _, x := range append([]*graph.Node{labels}, inputs...) {
		batch = append(batch, graph.Gather(x, graph.ExpandAxes(row(rows, i), -1)))
	}
	loss := l.trainGraph(k)(s, batch)[0]
	losses := graph.DynamicUpdateSlice(in[1], graph.Reshape(loss, 1), []*graph.Node{i})
	out := append([]*graph.Node{graph.Add(i, graph.Const(g, int32(1))), losses}, in[2:2+args]...)
	for _, v := range vars {
		out = append(out, v.NodeValue(g))
	}
	return out
}

// row returns row i of x, a matrix.
func row(x, i *graph.Node) *graph.Node {
	width := x.Shape().Dim(1)
	return graph.Reshape(graph.DynamicSlice(x, []*graph.Node{i, graph.Const(x.Graph(), int32(0))}, []int{1, width}), width)
}

// randomState returns the random generator's state, nil where nothing was drawn yet.
func (l *Learner) randomState() *model.Variable {
	return l.store.GetVariable(model.JoinPath("/", model.RNGStateVariableName))
}

// parameters returns a closure's parameters for a loop's state.
func parameters(g *graph.Graph, state []*graph.Node) []*graph.Node {
	params := make([]*graph.Node, len(state))
	for i, n := range state {
		params[i] = graph.Parameter(g, fmt.Sprintf("state%d", i), n.Shape())
	}
	return params
}

// stepVariables returns the variables that a training step uses, those of the optimizer made if need be. It builds
// the graph of a step, which is then thrown away.
func (l *Learner) stepVariables(k execKey, args []*graph.Node, size int) []*model.Variable {
	g := graph.NewGraph(l.be, "variables of a step")
	defer g.Finalize()
	model.SetStore(g, l.store)
	shape := func(n *graph.Node, rows int) shapes.Shape {
		return shapes.Make(n.DType(), append([]int{rows}, n.Shape().Dimensions[1:]...)...)
	}
	batch := []*graph.Node{graph.Parameter(g, "hyper", shapes.Make(dtypes.Float32, args[2].Shape().Dim(1)))}
	for i, n := range args[4:] {
		batch = append(batch, graph.Parameter(g, fmt.Sprintf("batch%d", i), shape(n, size)))
	}
	l.trainGraph(k)(l.store.RootScope(), batch)
	return l.variablesWhere(func(v *model.Variable) bool { return v.InUseByGraph(g) })
}
