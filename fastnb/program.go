package fastnb

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// program names what the data's Prepare does to such inputs: what is compiled serves those data only that prepare their
// inputs alike. The name is made of the graph itself, so that nothing a Prepare depends on can be forgotten.
func (l *Learner) program(inputs []*tensors.Tensor) string {
	key := shapesText(inputs)
	if name, ok := l.programs[key]; ok {
		return name
	}
	name := l.graphName(shapesOf(inputs), func(_ *model.Scope, in []*graph.Node) { l.data.Prepare(in) })
	if name == "" {
		name = fmt.Sprint(opaquePrefix, opaque.Add(1))
	}
	l.rememberProgram(key, name)
	return name
}

func (l *Learner) rememberProgram(key, name string) {
	if l.programs == nil {
		l.programs = map[string]string{}
	}
	l.programs[key] = name
}

// opaque counts the programs that can't be told apart by their graphs; each serves the data that it was built of alone.
var opaque atomic.Uint64

// opaquePrefix begins the names of programs that serve one Data alone.
const opaquePrefix = "data "

// forgetOpaque drops what was compiled for the data alone.
func (l *Learner) forgetOpaque() {
	own := slices.Collect(maps.Values(l.programs))
	for k, e := range l.execs {
		if strings.HasPrefix(k.program, opaquePrefix) && slices.Contains(own, k.program) {
			e.Finalize()
			delete(l.execs, k)
		}
	}
}

// graphName returns a hash of the graph that build makes of such inputs, with the learner's variables; "" where the
// graph does not show all that it is made of.
func (l *Learner) graphName(in []shapes.Shape, build func(s *model.Scope, in []*graph.Node)) (name string) {
	err := caught(func() error {
		g := graph.NewGraph(l.be, "named")
		defer g.Finalize()
		model.SetStore(g, l.store)
		build(l.store.RootScope(), inputsOf(g, in))
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

func shapesText(ts []*tensors.Tensor) string {
	var b strings.Builder
	for _, t := range ts {
		b.WriteString(t.Shape().String())
	}
	return b.String()
}
