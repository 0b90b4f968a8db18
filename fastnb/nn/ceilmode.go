package nn

type ceilMode struct{}

func (ceilMode) pool(c *poolConfig) { c.padding.ceil = true }

// CeilMode lets a pool's last window of a row or column reach over the end, where PyTorch's ceil_mode does: n pixels
// give ceil((n + 2 Pad - window)/Stride) + 1. Without it only whole windows count. With SamePad it has no effect.
var CeilMode ceilMode

// reach returns how far the last window of k reaches over the end of a padded axis. A window that would begin in the
// padding at the end is left out.
func (p padding) reach(in, k, stride int) int {
	rest := in + 2*p.n - k // after the first window
	steps := (rest + stride - 1) / stride
	if rest < 0 || steps*stride >= in+p.n {
		steps--
	}
	return max(steps*stride-rest, 0)
}
