package nn

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// watcher is the graph parameter that holds what Watch was given.
const watcher = "/watcher"

// Watch shows what the layers of a net make of its input: from now on see is called with the output of each Conv,
// BatchNorm and Dense that is built in the graph, and the path of its scope, such as "/layer1/0/conv1". What follows a
// layer without being one, such as a ReLU or a shortcut, is not seen.
func Watch(g *graph.Graph, see func(layer string, output *graph.Node)) {
	model.SetGraphParam(g, watcher, see)
}

// watched shows a layer's output to who watches, and returns it.
func watched(s *model.Scope, output *graph.Node) *graph.Node {
	v, _ := model.GetGraphParam(output.Graph(), watcher)
	if see, ok := v.(func(string, *graph.Node)); ok {
		see(s.Scope(), output)
	}
	return output
}
