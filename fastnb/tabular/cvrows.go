package tabular

import (
	"github.com/fastnb/fastnb/fastnb/split"
	"github.com/fastnb/fastnb/internal/verb"
)

// CVRows returns the row numbers of a validation set: n rows in random order are cut into folds, each a share of them,
// and it returns fold number fold, counted from 0. They are the rows that fast.ai 0.7's get_cv_idxs gives, which uses
// numpy's generator: its default seed is 42, and a seed of more than 32 bits is an error. It is [split.CVRows].
func CVRows(n, fold int, share float64, seed uint64) (rows []int, err error) {
	defer verb.Name(&err, "tabular: CVRows")
	return split.CVRows(n, fold, share, seed)
}
