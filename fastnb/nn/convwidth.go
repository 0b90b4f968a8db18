package nn

// Width is the width in pixels of a Conv's window where it differs from the height, which is Conv's kernel:
// Conv(s, x, 64, 1, Width(7), SamePad) has the 1x7 window of the Inception nets (Szegedy et al. 2015,
// arXiv:1512.00567), padded at the sides only. Without it windows are square.
type Width int

func (n Width) conv(c *convConfig) { c.width = int(n) }
