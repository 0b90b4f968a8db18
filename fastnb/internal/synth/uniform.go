package synth

import "hash/fnv"

// Uniform returns numbers in [-1, 1), one after the other, that follow from a name: the top 24 bits of splitmix64,
// begun at the name's FNV-1a hash. fastnb/vision/arch/testdata/truth.py has the same, so that weights need not be kept
// in files.
func Uniform(name string) (next func() float64) {
	hash := fnv.New64a()
	hash.Write([]byte(name))
	state := hash.Sum64()
	return func() float64 {
		state += 0x9e3779b97f4a7c15
		z := state
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return float64((z^z>>31)>>40)/(1<<23) - 1
	}
}
