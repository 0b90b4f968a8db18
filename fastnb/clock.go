package fastnb

// clock is where all randomness of a learner comes from: a seed, and two counters that go on from fit to fit and that
// checkpoints keep. What is drawn at some time depends on those alone, so that it can be drawn again.
type clock struct {
	seed   uint64
	passes uint64 // training epochs begun, ever; names the next one's order and transforms
	steps  uint64 // training steps done, ever; names the next one's dropout
}

// initial is the seed of the initial weights.
func (c *clock) initial() int64 { return int64(c.seed) }

// pass is the seed of the order and the transforms of the next training epoch, or of one ahead of it.
func (c *clock) pass(ahead int) uint64 { return mix(c.seed, c.passes+uint64(ahead)) }

// step is the seed of the dropout of the next training step, or of one ahead of it.
func (c *clock) step(ahead int) int64 { return int64(mix(c.seed, c.steps+uint64(ahead))) }

// augmented is the seed of the transforms of a view of test-time augmentation, the same at any time.
func (c *clock) augmented(view int) uint64 { return mix(c.seed, uint64(view)<<32) }

// mix makes one seed of a learner's seed and a counter (the finaliser of SplitMix64, Steele, Lea, Flood 2014).
func mix(seed, n uint64) uint64 {
	z := seed*0x9e3779b97f4a7c15 + n + 1
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
