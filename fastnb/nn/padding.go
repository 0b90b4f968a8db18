package nn

// padding says how a window is padded along an axis: n at both ends, as PyTorch, or as TensorFlow's SAME.
type padding struct {
	n    int
	same bool
	ceil bool
}

// ends returns the zeros before and after an axis of length in, for a window of k elements dilation apart.
// SAME gives ceil(in/stride) outputs, and the odd zero of an uneven pad goes to the end.
func (p padding) ends(in, k, stride, dilation int) [2]int {
	switch {
	case p.ceil && !p.same:
		return [2]int{p.n, p.n + p.reach(in, k, stride)}
	case !p.same:
		return [2]int{p.n, p.n}
	}
	out := (in + stride - 1) / stride
	total := max((out-1)*stride+(k-1)*dilation+1-in, 0)
	return [2]int{total / 2, total - total/2}
}

// outputs returns how many windows of k fit into a padded axis.
func outputs(in, k, stride, dilation int, pad [2]int) int {
	return (in+pad[0]+pad[1]-(k-1)*dilation-1)/stride + 1
}
