package pretrained

// Layout says how the axes of a file's tensor become those of our variable.
type Layout int

const (
	Same     Layout = iota // as they are
	ConvOIHW               // convolution, also grouped and depthwise: [out, in, height, width] -> [height, width, in, out]
	DenseOI                // dense layer: [out, in] -> [in, out]; of [out, c, h, w], a convolution, in is c*h*w
	Flat                   // a number for each channel of images: [channels, 1, 1] -> [channels]
)

// apply reorders a tensor. One that has another number of axes stays as it is, and its shape will not fit.
func (l Layout) apply(t Tensor) Tensor {
	switch {
	case l == ConvOIHW && len(t.Shape) == 4:
		return t.transpose(2, 3, 1, 0)
	case l == DenseOI && len(t.Shape) == 4:
		t.Shape = []int{t.Shape[0], t.Shape[1] * t.Shape[2] * t.Shape[3]}
		return t.transpose(1, 0)
	case l == DenseOI && len(t.Shape) == 2:
		return t.transpose(1, 0)
	case l == Flat && len(t.Shape) == 3 && t.Shape[1] == 1 && t.Shape[2] == 1:
		return Tensor{Shape: t.Shape[:1], Data: t.Data}
	}
	return t
}

// transpose returns a copy whose axis i is the tensor's axis order[i].
func (t Tensor) transpose(order ...int) Tensor {
	strides, n := make([]int, len(t.Shape)), 1
	for i := len(t.Shape) - 1; i >= 0; i-- {
		strides[i] = n
		n *= t.Shape[i]
	}
	v := view{size: make([]int, len(order)), stride: make([]int, len(order))}
	for i, axis := range order {
		v.size[i], v.stride[i] = t.Shape[axis], strides[axis]
	}
	out, index, at := make([]float32, n), make([]int, len(order)), 0
	for i := range out {
		out[i] = t.Data[at]
		at = v.advance(index, at)
	}
	return Tensor{Shape: v.size, Data: out}
}
