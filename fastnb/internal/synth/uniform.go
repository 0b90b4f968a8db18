package synth

import "hash/fnv"

// Uniform returns n numbers in [-1, 1) that follow from a name: the top 24 bits of splitmix64, begun at the name's
// FNV-1a hash. fastnb/vision/arch/testdata/truth.py has the same, so that weights need not be kept in files.
func Uniform(name string, n int) []float64 {
	hash := fnv.New64a()
	hash.Write([]byte(name))
	state, out := hash.Sum64(), make([]float64, n)
	for i := range out {
		state += 0x9e3779b97f4a7c15
		z := state
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		out[i] = float64((z^z>>31)>>40)/(1<<23) - 1
	}
	return out
}
