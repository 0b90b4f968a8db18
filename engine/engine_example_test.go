package engine_test

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"

	"github.com/fastnb/fastnb/engine"
)

func ExampleOpenDevice() {
	be, err := engine.OpenDevice(engine.Go)
	if err != nil {
		panic(err)
	}
	fmt.Println(engine.Describe(be))
	fmt.Println(graph.MustExecOnce(be, func(x *graph.Node) *graph.Node { return graph.Add(x, x) }, float32(21)))
	// Output:
	// go, GoMLX's pure-Go engine
	// float32(42)
}
