package split

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext/prng"
)

// CVRows returns the row numbers of a validation set: n rows in random order are cut into folds, each a share of them,
// and it returns fold number fold, counted from 0. They are the rows that fast.ai 0.7's get_cv_idxs gives, in its
// order; it uses numpy's generator: its default seed is 42, and a seed of more than 32 bits is an error.
func CVRows(n, fold int, share float64, seed uint64) ([]int, error) {
	size := int(share * float64(n))
	if !(share > 0 && share < 1) || fold < 0 || size < 1 || (fold+1)*size > n {
		return nil, fmt.Errorf("fold %d of %g of %d rows (want a share between 0 and 1, and a fold that is whole)",
			fold, share, n)
	}
	if err := CheckCVSeed(seed); err != nil {
		return nil, err
	}
	return permutation(n, uint32(seed))[fold*size : (fold+1)*size], nil
}

// CheckCVSeed tells when CVRows takes no such seed.
func CheckCVSeed(seed uint64) error {
	if seed > math.MaxUint32 {
		return fmt.Errorf("Seed(%d) (want at most %d: numpy's generator, which draws the rows, takes 32 bits)",
			seed, uint32(math.MaxUint32))
	}
	return nil
}

// permutation shuffles 0 ... n-1 as numpy.random.RandomState(seed).permutation(n) does: from the end, the other place
// drawn by cutting 32 random bits to the bits that it needs until it is in range.
func permutation(n int, seed uint32) []int {
	rng := prng.NewMT19937()
	rng.Seed(uint64(seed))
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	for i := n - 1; i > 0; i-- {
		j := below(rng, uint32(i))
		order[i], order[j] = order[j], order[i]
	}
	return order
}

// below draws a number from 0 to top.
func below(rng *prng.MT19937, top uint32) uint32 {
	mask := top
	for shift := 1; shift < 32; shift *= 2 {
		mask |= mask >> shift
	}
	for {
		if v := rng.Uint32() & mask; v <= top {
			return v
		}
	}
}
