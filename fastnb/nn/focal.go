package nn

import "github.com/gomlx/gomlx/core/graph"

// Focal returns the focal loss of each row: (1-p)^gamma times the cross entropy, where p is the probability of the
// row's own class, so that rows that are right already count less. Logits [n, classes] and integer labels [n] to [n];
// gamma 0 is CrossEntropy. Lin et al. 2017, arXiv:1708.02002.
func Focal(logits, labels *graph.Node, gamma float64) *graph.Node {
	return focused(CrossEntropy(logits, labels), gamma)
}

// BinaryFocal returns the mean focal loss of each row's labels: logits [n, ...] and targets of the same shape, 0 or 1,
// to [n]; gamma 0 is BCEWithLogits. It is torchvision's sigmoid_focal_loss without its alpha.
func BinaryFocal(logits, targets *graph.Node, gamma float64) *graph.Node {
	each := BCEWithLogits(graph.Reshape(logits, -1), graph.Reshape(targets, -1))
	return perRow(graph.Reshape(focused(each, gamma), logits.Shape().Dimensions...))
}

// focused makes focal losses of cross entropies, -ln p.
func focused(ce *graph.Node, gamma float64) *graph.Node {
	return customVJP(
		func(in []*graph.Node) *graph.Node { return graph.Mul(graph.PowScalar(wrong(in[0]), gamma), in[0]) },
		func(in []*graph.Node, _, dy *graph.Node) []*graph.Node {
			q := wrong(in[0])
			slope := graph.Mul(graph.Mul(graph.PowScalar(q, gamma-1), graph.Exp(graph.Neg(in[0]))), in[0])
			return []*graph.Node{graph.Mul(dy, graph.Add(graph.PowScalar(q, gamma), graph.MulScalar(slope, gamma)))}
		}, ce)
}

// wrong is 1-p, above 0 so that its powers are finite.
func wrong(ce *graph.Node) *graph.Node {
	return graph.MaxScalar(graph.Neg(graph.Expm1(graph.Neg(ce))), 1e-30)
}
