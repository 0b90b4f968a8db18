package fastnb

import "fmt"

// BN says which batch norms train, and by which statistics. It is an option of New, BatchBN by default; SetBN changes
// it. What each of them reaches on photos like ImageNet's and unlike is in bench/RESULTS.md, by bench/finetune.
//
// As long as all groups but the last are frozen, KeepBN and BatchBN are the same: the head's norms use the batch's
// statistics, and their running statistics follow; the body's use their running ones.
type BN int

const (
	// BatchBN is fast.ai 0.7's way, and New's default: the norms of unfrozen groups use the batch's statistics, and their
	// running statistics follow by a tenth a batch; those of frozen groups keep theirs.
	BatchBN BN = iota
	// KeepBN is the default of vision.Pretrained: as soon as any group besides the last is unfrozen, all norms use their
	// running statistics and leave them as they are, as with BNFreeze. Scales and shifts learn with their group.
	KeepBN
	// TrainBN is fastai v2's way, its train_bn: all norms, those of frozen groups too, use the batch's statistics, and
	// their scales and shifts learn. A frozen epoch costs about as much as one of everything, and Precompute is not for
	// it.
	TrainBN
)

var bnNames = []string{BatchBN: "batch", KeepBN: "keep", TrainBN: "train"}

func (b BN) String() string {
	if b < 0 || int(b) >= len(bnNames) {
		return fmt.Sprintf("BN(%d)", int(b))
	}
	return bnNames[b]
}

// check tells that b is none of the three.
func (b BN) check() error {
	if b < 0 || int(b) >= len(bnNames) {
		return fmt.Errorf("%v (want BatchBN, KeepBN or TrainBN)", b)
	}
	return nil
}
