package text

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/fastnb/fastnb/fastnb/text/arch"
	"github.com/gomlx/compute"
)

// LearnerOption is an option of [NewLanguageModel] and [NewClassifier]. HeadSizes and HeadDrop are of a classifier only.
type LearnerOption interface{ learner(*learnerConfig) }

type learnerOption func(*learnerConfig)

func (o learnerOption) learner(c *learnerConfig) { o(c) }

// Layers sets how many layers of LSTM there are, hidden how many numbers the states of all but the last have, embedding how
// many a word has, and the state of the last. Default 3, 1152 and 400, fastai's; a laptop learns with less.
func Layers(n, hidden, embedding int) LearnerOption {
	return learnerOption(func(c *learnerConfig) { c.net.Layers, c.net.Hidden, c.net.Embedding = n, hidden, embedding })
}

// WithDrops sets the five dropouts, which DropMult then multiplies. Default those of fastai v2, arch.LanguageModelDrops and
// arch.ClassifierDrops.
func WithDrops(d arch.Drops) LearnerOption {
	return learnerOption(func(c *learnerConfig) { c.net.Drops = d })
}

// DropMult multiplies the five dropouts: more for little text. Default 1 for a language model, .5 for a classifier, as fastai v2.
type DropMult float64

// AR and TAR weigh what is added to the loss in training: the mean square of the last layer's states, after dropout, and that
// of their change from one time to the next, before it (Merity, McCann, Socher 2017, https://arxiv.org/abs/1708.01009). Defaults 2
// and 1, the course's.
type (
	AR  float64
	TAR float64
)

// HeadSizes are the sizes of the hidden layers of a classifier's head. Default {50}.
type HeadSizes []int

// HeadDrop is the dropout before each of the head's layers but the first, whose is Drops.Output. Default .1.
type HeadDrop float64

func (m DropMult) learner(c *learnerConfig)  { c.dropMult = float64(m) }
func (a AR) learner(c *learnerConfig)        { c.ar = float64(a) }
func (b TAR) learner(c *learnerConfig)       { c.tar = float64(b) }
func (h HeadSizes) learner(c *learnerConfig) { c.headSizes, c.headed = h, true }
func (p HeadDrop) learner(c *learnerConfig)  { c.headDrop, c.headed = float64(p), true }

// SharedOption is an option of every learner of texts.
type SharedOption struct{ set func(*domain.Settings) }

// On sets the device that computes. Default: the one that engine.Open chooses.
func On(be compute.Backend) SharedOption {
	return SharedOption{func(c *domain.Settings) { c.Backend = be }}
}

// With passes options on to fastnb.New.
func With(opts ...fastnb.Option) SharedOption {
	return SharedOption{func(c *domain.Settings) { c.Options = append(c.Options, opts...) }}
}

func (o SharedOption) learner(c *learnerConfig)         { o.set(&c.Settings) }
func (o SharedOption) transformer(c *transformerConfig) { o.set(&c.Settings) }

type learnerConfig struct {
	domain.Settings
	net       arch.AWDLSTM
	dropMult  float64
	ar, tar   float64
	headSizes []int
	headDrop  float64
	headed    bool // by an option of a classifier
}

// newLearnerConfig checks the options of a net of so many words; drops and mult are the defaults.
func newLearnerConfig(opts []LearnerOption, words int, drops arch.Drops, mult float64) (learnerConfig, error) {
	c := learnerConfig{net: arch.NewAWDLSTM(words), dropMult: mult, ar: 2, tar: 1, headSizes: []int{50}, headDrop: .1}
	c.net.Drops = drops
	for _, o := range opts {
		o.learner(&c)
	}
	if !(c.dropMult >= 0) || !(c.ar >= 0) || !(c.tar >= 0) || !(c.headDrop >= 0 && c.headDrop < 1) {
		return c, fmt.Errorf("DropMult(%g), AR(%g), TAR(%g), HeadDrop(%g): want 0 or more of each, HeadDrop below 1", c.dropMult, c.ar, c.tar, c.headDrop)
	}
	for _, n := range c.headSizes {
		if n < 1 {
			return c, fmt.Errorf("HeadSizes%v: want 1 or more of each", c.headSizes)
		}
	}
	if err := c.net.Check(); err != nil {
		return c, err
	}
	c.net.Drops = c.net.Drops.Times(c.dropMult)
	return c, nil
}
