package fastnb

import (
	"fmt"
	"strings"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Group is a layer group: the variables under any of these scopes, such as {"/conv1", "/layer1"}. The groups of a
// model get their own learning rates and are frozen one by one.
type Group []string

// Model is a net as graph functions, with its layer groups from input to output.
type Model struct {
	// Name is part of the keys of caches and is checked when a checkpoint is loaded.
	Name string

	// Body maps the data's prepared inputs to activations; it is what Precompute caches. Nil where a model has no
	// such part: Head then takes the first input.
	Body func(s *model.Scope, inputs []*graph.Node) *graph.Node

	// Head maps activations to the model's output, logits for a classifier.
	Head func(s *model.Scope, x *graph.Node) *graph.Node

	// Losses, if set, stands for Head and the learner's loss together where there are labels: for a model whose output
	// is too large to be kept, such as a score for every word at every place. Head then serves predictions only, but
	// every variable of Losses must be one of Body or Head, too.
	Losses func(s *model.Scope, x, labels *graph.Node) Losses

	// MinBatch is how many rows a batch must have to be trained on: 2 for a net with a batch norm of one value per row,
	// such as that of a head. Default 1. Fits and LRFind refuse data of smaller batches, unless BNFreeze is on.
	MinBatch int

	// Groups holds every trainable variable exactly once. With a Body the last group is the Head's.
	Groups []Group

	// Init puts pretrained weights into the empty store. May be nil.
	Init func(be compute.Backend, store *model.Store) error
}

// Losses are what Model.Losses finds in a batch.
type Losses struct {
	Mean   *graph.Node // scalar: what training minimises
	Rows   *graph.Node // [rows] loss of each row
	Weight *graph.Node // [rows] how much a row counts in the loss of a split, such as its number of words
	Kept   *graph.Node // [rows, k] what becomes of each row in Preds.Kept, for metrics
}

// FromFunc makes a Model of one graph function of one input and its layer groups.
func FromFunc(name string, f func(s *model.Scope, x *graph.Node) *graph.Node, groups ...Group) Model {
	return Model{Name: name, Head: f, Groups: groups}
}

// forward builds the whole model on prepared inputs.
func (m Model) forward(s *model.Scope, inputs []*graph.Node) *graph.Node {
	return m.Head(s, m.body(s, inputs))
}

// output is forward, or of activations the head alone.
func (m Model) output(s *model.Scope, inputs []*graph.Node, activations bool) *graph.Node {
	if activations {
		return m.Head(s, inputs[0])
	}
	return m.forward(s, inputs)
}

// body builds all but the head.
func (m Model) body(s *model.Scope, inputs []*graph.Node) *graph.Node {
	if m.Body == nil {
		return inputs[0]
	}
	return m.Body(s, inputs)
}

// holds tells whether the variable path lies in the group.
func (g Group) holds(path string) bool {
	for _, scope := range g {
		if strings.HasPrefix(path, strings.TrimSuffix(scope, "/")+"/") {
			return true
		}
	}
	return false
}

// groupOf returns the number of the layer group that holds path, -1 when none does.
func (m Model) groupOf(path string) int {
	for i, g := range m.Groups {
		if g.holds(path) {
			return i
		}
	}
	return -1
}

// check tells what is wrong with a model that can be seen before its graph is built.
func (m Model) check() error {
	switch {
	case m.Name == "":
		return fmt.Errorf("the model has no Name; caches and checkpoints need one")
	case m.Head == nil:
		return fmt.Errorf("model %s has no Head", m.Name)
	case len(m.Groups) == 0:
		return fmt.Errorf("model %s has no layer groups; one group of every top-level scope is enough", m.Name)
	case m.Body != nil && len(m.Groups) < 2:
		return fmt.Errorf("model %s has a Body but one layer group (want the body's groups, then the head's)", m.Name)
	}
	for i, g := range m.Groups {
		for _, scope := range g {
			if !strings.HasPrefix(scope, "/") {
				return fmt.Errorf("layer group %d of model %s has the scope %q (want %q)", i, m.Name, scope, "/"+scope)
			}
		}
	}
	return nil
}

// checkBatch tells when data have batches that the model can't be trained on.
func (m Model) checkBatch(data Data) error {
	size := data.BatchSize()
	switch {
	case size >= m.MinBatch:
		return nil
	case data.Len(Train) < m.MinBatch:
		return fmt.Errorf("a training split of %d makes BatchSize(%d) (want %d or more: batch norm needs company)",
			data.Len(Train), size, m.MinBatch)
	}
	return fmt.Errorf("BatchSize(%d) (want %d or more: batch norm needs company)", size, m.MinBatch)
}

// checkGroups tells which trainable variables are in no layer group or in two.
func (m Model) checkGroups(store *model.Store) error {
	for v := range store.IterVariables() {
		var in []int
		for i, g := range m.Groups {
			if v.Trainable && g.holds(v.Path()) {
				in = append(in, i)
			}
		}
		if v.Trainable && len(in) == 0 {
			return fmt.Errorf("variable %s of model %s is in no layer group; add its scope to one of Groups", v.Path(), m.Name)
		}
		if len(in) > 1 {
			return fmt.Errorf("variable %s of model %s is in layer groups %d and %d (want one)", v.Path(), m.Name, in[0], in[1])
		}
	}
	return nil
}

// last returns the number of the last layer group.
func (m Model) last() int { return len(m.Groups) - 1 }

// checkOutput tells when a model that is to score classes gives something else than a row of scores for each item.
func (m Model) checkOutput(y *graph.Node, data Data) error {
	classes := len(data.Classes())
	if m.Losses != nil || classes == 0 || (y.Rank() == 2 && y.Shape().Dim(1) == classes) {
		return nil
	}
	return fmt.Errorf("model %s gives %v for a batch of %d items (want [%[3]d %d], a score for each of the %[4]d classes)",
		m.Name, y.Shape().Dimensions, data.BatchSize(), classes)
}
