package nn

import (
	"github.com/gomlx/gomlx/core/graph"
)

// LeakyReLU returns x where x > 0, else slope·x; PyTorch's slope is .01. Its gradient at 0 is slope, as PyTorch's.
// Maas, Hannun, Ng 2013, https://ai.stanford.edu/~amaas/papers/relu_hybrid_icml2013_final.pdf.
func LeakyReLU(x *graph.Node, slope float64) *graph.Node {
	return graph.Where(positive(x), x, graph.MulScalar(x, slope))
}

// ELU returns x where x > 0, else alpha·(exp(x)-1), which goes to -alpha; PyTorch's alpha is 1. Its gradient at 0 is
// alpha, as PyTorch's. Clevert, Unterthiner, Hochreiter 2015, arXiv:1511.07289.
func ELU(x *graph.Node, alpha float64) *graph.Node {
	// The power sees no x above 0: where it overflows, its gradient would make NaN of Where's zero.
	below := graph.Where(positive(x), graph.ZerosLike(x), x)
	return graph.Where(positive(x), x, graph.MulScalar(graph.AddScalar(graph.Exp(below), -1), alpha))
}

// SELU returns λ·ELU(x, α), with the λ and α that keep mean 0 and variance 1 from layer to layer, where the weights
// start with Gain(1). Klambauer, Unterthiner, Mayr, Hochreiter 2017, arXiv:1706.02515, equation 14.
func SELU(x *graph.Node) *graph.Node {
	const lambda, alpha = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717
	return graph.MulScalar(ELU(x, alpha), lambda)
}

// SiLU returns x·σ(x), σ being the logistic function; with another name, Swish. Elfwing, Uchibe, Doya 2017,
// arXiv:1702.03118; Ramachandran, Zoph, Le 2017, arXiv:1710.05941.
func SiLU(x *graph.Node) *graph.Node { return graph.Mul(x, graph.Sigmoid(x)) }

// Softplus returns log(1+exp(x)), a ReLU without a corner, for any x. Dugas, Bengio, Bélisle, Nadeau, Garcia 2000,
// "Incorporating second-order functional knowledge for better option pricing".
func Softplus(x *graph.Node) *graph.Node {
	return customVJP(
		func(in []*graph.Node) *graph.Node {
			x := in[0]
			return graph.Add(graph.Max(x, graph.ZerosLike(x)), graph.Log1P(graph.Exp(graph.Neg(graph.Abs(x)))))
		},
		func(in []*graph.Node, _, dy *graph.Node) []*graph.Node {
			return []*graph.Node{graph.Mul(dy, graph.Sigmoid(in[0]))}
		}, x)
}

// Mish returns x·tanh(Softplus(x)). Misra 2019, arXiv:1908.08681.
func Mish(x *graph.Node) *graph.Node { return graph.Mul(x, graph.Tanh(Softplus(x))) }

func positive(x *graph.Node) *graph.Node { return graph.GreaterThan(x, graph.ZerosLike(x)) }
