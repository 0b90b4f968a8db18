package fastnb

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// prep is what data do to their inputs on the device, with a name for what it does to inputs of some shapes: what is
// compiled serves those data only that prepare their inputs alike.
type prep struct {
	prepare func(inputs []*graph.Node) []*graph.Node
	names   map[string]string // by the shapes of the inputs
}

func newPrep(data Data) *prep { return &prep{prepare: data.Prepare, names: map[string]string{}} }

// program names what is done to such inputs. The name is made of the graph itself, so that nothing that it depends on
// can be forgotten.
func (p *prep) program(n *net, inputs []*tensors.Tensor) string {
	key := shapesText(inputs)
	if name, ok := p.names[key]; ok {
		return name
	}
	name := graphName(n, shapesOf(inputs), func(_ *model.Scope, in []*graph.Node) { p.prepare(in) })
	if name == "" {
		name = fmt.Sprint(opaquePrefix, opaque.Add(1))
	}
	p.names[key] = name
	return name
}

// body names what is done to such inputs, and what the body of the net makes of them.
func (p *prep) body(n *net, in []shapes.Shape) string {
	key := fmt.Sprint("body ", in)
	name, ok := p.names[key]
	if !ok {
		name = graphName(n, in, func(s *model.Scope, in []*graph.Node) { n.model.Body(s, p.prepare(in)) })
		p.names[key] = name
	}
	return name
}

// opaque counts the programs that can't be told apart by their graphs; each serves the data that it was built of alone.
var opaque atomic.Uint64

// opaquePrefix begins the names of programs that serve one Data alone.
const opaquePrefix = "data "

// isOpaque tells whether a program serves the data of p alone.
func (p *prep) isOpaque(program string) bool {
	if !strings.HasPrefix(program, opaquePrefix) {
		return false
	}
	for _, own := range p.names {
		if own == program {
			return true
		}
	}
	return false
}

// graphName returns a hash of the graph that build makes of such inputs, with the net's variables; "" where the graph
// does not show all that it is made of.
func graphName(n *net, in []shapes.Shape, build func(s *model.Scope, in []*graph.Node)) (name string) {
	err := caught(func() error {
		g := graph.NewGraph(n.be, "named")
		defer g.Finalize()
		model.SetStore(g, n.store)
		build(n.store.RootScope(), inputsOf(g, in))
		if telling(g.Nodes()) {
			sum := sha256.Sum256([]byte(g.String()))
			name = hex.EncodeToString(sum[:])
		}
		return nil
	})
	if err != nil {
		return "" // compiling tells what is wrong
	}
	return name
}

// telling tells whether the text of a graph shows all that its nodes depend on. GoMLX (v0.28.8) shows neither the
// values of a constant of 32 numbers or more, nor the functions that a loop or a sort calls.
func telling(nodes []*graph.Node) bool {
	for _, n := range nodes {
		switch n.Type() {
		case graph.NodeTypeCall, graph.NodeTypeWhile, graph.NodeTypeIf, graph.NodeTypeSort:
			return false
		case graph.NodeTypeConstant:
			if n.ConstantValue() == nil {
				return false
			}
		}
	}
	return true
}
