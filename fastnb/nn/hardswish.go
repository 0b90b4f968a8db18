package nn

import "github.com/gomlx/gomlx/core/graph"

// HardSigmoid returns min(max(x+3, 0), 6)/6, a logistic function of three straight lines. Its gradient is 0 at -3 and
// at 3, as PyTorch's. Howard et al. 2019, arXiv:1905.02244.
func HardSigmoid(x *graph.Node) *graph.Node {
	return graph.MulScalar(ReLU6(graph.AddScalar(x, 3)), 1./6)
}

// HardSwish returns x·HardSigmoid(x). Howard et al. 2019, arXiv:1905.02244.
func HardSwish(x *graph.Node) *graph.Node { return graph.Mul(x, HardSigmoid(x)) }
