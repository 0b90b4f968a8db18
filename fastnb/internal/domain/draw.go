package domain

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb/split"
)

// Draw is how items for validation are drawn, by the options ValidShare and Fold, Stratify, GroupColumn and Seed.
type Draw struct {
	Share       float64
	Fold, Folds int // the fold, counted from 0; no Folds: the share
	Seed        uint64
}

// Rows returns the numbers of the items for validation, of n that there are: by groups or by classes, if there are any,
// each those of the items.
func (d Draw) Rows(n int, groups, classes []string) ([]int, error) {
	if d.Folds == 0 {
		switch {
		case groups != nil:
			return split.GroupShare(groups, d.Share, d.Seed)
		case classes != nil:
			return split.StratifiedShare(classes, d.Share, d.Seed)
		}
		return split.Share(n, d.Share, d.Seed)
	}
	folds, err := d.folds(n, groups, classes)
	if err != nil {
		return nil, err
	}
	return folds[d.Fold], nil
}

func (d Draw) folds(n int, groups, classes []string) ([][]int, error) {
	switch {
	case groups != nil:
		return split.GroupFolds(groups, d.Folds, d.Seed)
	case classes != nil:
		return split.StratifiedFolds(classes, d.Folds, d.Seed)
	}
	return split.Folds(n, d.Folds, d.Seed)
}

// CheckFold tells what is wrong with the option Fold(k, of).
func CheckFold(k, of int) error {
	if of < 2 || k < 0 || k >= of {
		return fmt.Errorf("Fold(%d, %d) (want 2 folds or more, and one of them, counted from 0)", k, of)
	}
	return nil
}
