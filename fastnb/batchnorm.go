package fastnb

import (
	"fmt"
	"path"
	"slices"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// BN says which batch norms train, and by which statistics. It is an option of New, BatchBN by default; SetBN changes it.
// What each of them reaches on photos like ImageNet's and unlike is in bench/RESULTS.md, by bench/finetune.
//
// As long as all groups but the last are frozen, KeepBN and BatchBN are the same: the head's norms use the batch's
// statistics, and their running statistics follow; the body's use their running ones.
type BN int

const (
	// BatchBN is fast.ai 0.7's way, and New's default: the norms of unfrozen groups use the batch's statistics, and their
	// running statistics follow by a tenth a batch; those of frozen groups keep theirs.
	BatchBN BN = iota
	// KeepBN is the default of vision.Pretrained: once more than the last group is unfrozen, all norms use and keep their
	// running statistics, as BNFreeze would have it. Scales and shifts learn with their group.
	KeepBN
	// TrainBN is fastai v2's way, its train_bn: all norms, those of frozen groups too, use the batch's statistics, and their
	// scales and shifts learn. A frozen epoch costs about as much as one of everything, and Precompute is not for it.
	TrainBN
)

var bnNames = []string{BatchBN: "batch", KeepBN: "keep", TrainBN: "train"}

func (b BN) String() string {
	if b < 0 || int(b) >= len(bnNames) {
		return fmt.Sprintf("BN(%d)", int(b))
	}
	return bnNames[b]
}

func (b BN) learner(l *Learner) { l.bn = b }

// check tells that b is none of the three.
func (b BN) check() error {
	if b < 0 || int(b) >= len(bnNames) {
		return fmt.Errorf("%v (want BatchBN, KeepBN or TrainBN)", b)
	}
	return nil
}

// SetBN changes which batch norms train, from the next fit on.
func (l *Learner) SetBN(b BN) error {
	if err := b.check(); err != nil {
		return failed("SetBN", err)
	}
	l.bn = b
	return nil
}

// BN returns which batch norms train.
func (l *Learner) BN() BN { return l.bn }

// BNFreeze makes every batch norm use and keep its running statistics in training, those of the head, too, and whatever BN
// says; false undoes it.
func (l *Learner) BNFreeze(frozen bool) { l.bnFreeze = frozen }

// norms is how the batch norms of a training step behave; it is part of what the step's graph is kept by.
type norms struct{ keep, train bool }

func (l *Learner) norms() norms {
	headOnly := l.frozenTo == len(l.model.Groups)-1
	return norms{keep: l.bnFreeze || l.bn == KeepBN && !headOnly, train: l.bn == TrainBN && !l.bnFreeze && !l.precompute}
}

// markNorms tells the layers how their batch norms are to train.
func (l *Learner) markNorms(s *model.Scope, g *graph.Graph) {
	n := l.norms()
	s.SetGraphParam(g, nn.BNFreezeParam, n.keep)
	if n.train {
		return
	}
	for _, group := range l.model.Groups[:l.frozenTo] {
		for _, scope := range group {
			model.SetGraphParam(g, model.JoinPath(scope, nn.FrozenParam), true)
		}
	}
}

// trains tells whether a step changes the trainable variable v of a layer group.
func (l *Learner) trains(v *model.Variable, group int) bool {
	return group >= l.frozenTo || group >= 0 && l.norms().train && l.ofNorm(v)
}

// ofNorm tells whether v is the scale or the shift of a batch norm.
func (l *Learner) ofNorm(v *model.Variable) bool {
	return slices.Contains([]string{"weight", "bias"}, v.Name()) && l.store.GetVariable(path.Dir(v.Path())+"/running_mean") != nil
}
