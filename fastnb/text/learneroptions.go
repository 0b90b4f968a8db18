package text

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/fastnb/fastnb/fastnb/text/arch"
	"github.com/fastnb/fastnb/internal/few"
	"github.com/gomlx/compute"
)

// LanguageModelOption is an option of [NewLanguageModel]; so is every [LearnerOption] and [SharedOption].
type LanguageModelOption interface{ languageModel(*learnerConfig) }

// ClassifierOption is an option of [NewClassifier]; so is every [LearnerOption], [HeadOption] and [SharedOption].
type ClassifierOption interface{ classifier(*learnerConfig) }

// LearnerOption is an option of [NewLanguageModel] and of [NewClassifier].
type LearnerOption interface {
	languageModel(*learnerConfig)
	classifier(*learnerConfig)
}

type learnerOption func(*learnerConfig)

func (o learnerOption) languageModel(c *learnerConfig) { o(c) }
func (o learnerOption) classifier(c *learnerConfig)    { o(c) }

// LSTM sets the sizes of the AWD-LSTM: the number of its layers, the size of the states of all layers but the last, and
// the size of a word's embedding, which is also that of the last layer's states. Default 3, 1152 and 400, as fastai; a
// laptop learns with less.
func LSTM(layers, hidden, embedding int) LearnerOption {
	return learnerOption(func(c *learnerConfig) {
		c.net.Layers, c.net.Hidden, c.net.Embedding = layers, hidden, embedding
	})
}

// Drops sets the five dropouts, which DropMult then multiplies. Default those of fastai v2, arch.LanguageModelDrops and
// arch.ClassifierDrops.
func Drops(d arch.Drops) LearnerOption {
	return learnerOption(func(c *learnerConfig) { c.net.Drops = d })
}

// DropMult multiplies the five dropouts: more for little text. Default 1 for a language model, .5 for a classifier, as
// fastai v2.
func DropMult(factor float64) LearnerOption {
	return learnerOption(func(c *learnerConfig) { c.dropMult = factor })
}

// AR weighs the mean square of the last layer's states, after dropout, which is added to the loss in training (Merity,
// McCann, Socher 2017, https://arxiv.org/abs/1708.01009). Default 2, the course's.
func AR(weight float64) LearnerOption { return learnerOption(func(c *learnerConfig) { c.ar = weight }) }

// TAR weighs, as [AR] does, the mean square of the states' change from one time to the next, before dropout. Default 1,
// the course's.
func TAR(weight float64) LearnerOption {
	return learnerOption(func(c *learnerConfig) { c.tar = weight })
}

// Layers sets the sizes of the hidden layers of a classifier's head; Layers() has none. Default 50.
func Layers(sizes ...int) ClassifierOption {
	return learnerOption(func(c *learnerConfig) { c.layers = sizes })
}

// HeadOption is an option of [NewClassifier] and of [NewTransformer].
type HeadOption interface {
	classifier(*learnerConfig)
	transformer(*transformerConfig)
}

type headOption []float64

func (p headOption) classifier(c *learnerConfig)      { c.ps = p }
func (p headOption) transformer(c *transformerConfig) { c.ps = p }

// Ps sets the dropouts of the head. A classifier has one after each of its hidden [Layers]: give one value for all, or
// one for each; the dropout before the first layer is Drops.Output. A Transformer's head has a single one. Default .1.
func Ps(p ...float64) HeadOption { return headOption(p) }

// SharedOption is an option of every learner of texts.
type SharedOption interface {
	languageModel(*learnerConfig)
	classifier(*learnerConfig)
	transformer(*transformerConfig)
	open(*openConfig)
	settings(*domain.Settings)
}

type sharedOption domain.Setting

func (o sharedOption) languageModel(c *learnerConfig)   { o(&c.Settings) }
func (o sharedOption) classifier(c *learnerConfig)      { o(&c.Settings) }
func (o sharedOption) transformer(c *transformerConfig) { o(&c.Settings) }
func (o sharedOption) open(c *openConfig)               { o(&c.Settings) }
func (o sharedOption) settings(s *domain.Settings)      { o(s) }

// On sets the device that computes. Default: the one that engine.Open chooses.
func On(be compute.Backend) SharedOption {
	return sharedOption(domain.On(be))
}

// With passes options on to fastnb.New.
func With(opts ...fastnb.Option) SharedOption {
	return sharedOption(domain.With(opts...))
}

type learnerConfig struct {
	domain.Settings
	net      arch.AWDLSTM
	dropMult float64
	ar, tar  float64
	layers   []int     // hidden ones of the head
	ps       []float64 // dropouts after those
}

// newLearnerConfig returns the defaults of a net of so many words.
func newLearnerConfig(words int, drops arch.Drops, mult float64) learnerConfig {
	c := learnerConfig{net: arch.NewAWDLSTM(words), dropMult: mult, ar: 2, tar: 1, layers: []int{50}, ps: []float64{.1}}
	c.net.Drops = drops
	return c
}

// checked tells what is wrong with options, and multiplies the dropouts.
func (c learnerConfig) checked() (learnerConfig, error) {
	if !(c.dropMult >= 0) || !(c.ar >= 0) || !(c.tar >= 0) {
		return c, fmt.Errorf("DropMult(%g), AR(%g), TAR(%g): want 0 or more of each", c.dropMult, c.ar, c.tar)
	}
	for _, n := range c.layers {
		if n < 1 {
			return c, fmt.Errorf("the sizes of Layers%s: want 1 or more of each", list(c.layers))
		}
	}
	if err := checkPs(c.ps, len(c.layers)); err != nil {
		return c, err
	}
	if err := c.net.Check(); err != nil {
		return c, err
	}
	c.net.Drops = c.net.Drops.Times(c.dropMult)
	return c, nil
}

// checkPs checks the dropouts of a head of so many.
func checkPs(ps []float64, n int) error {
	for _, p := range ps {
		if !(p >= 0 && p < 1) {
			return fmt.Errorf("the dropouts of Ps%s: want 0 or more, below 1", list(ps))
		}
	}
	if len(ps) == 1 || len(ps) == n {
		return nil
	}
	if n < 2 {
		return fmt.Errorf("the dropouts of Ps%s: want one", list(ps))
	}
	return fmt.Errorf("the dropouts of Ps%s: want one for all, or %d, one after each of the hidden Layers", list(ps), n)
}

// list shows arguments as they are given: (1, 2).
func list[T any](args []T) string {
	return "(" + few.Of(args, len(args), ", ", func(x T) string { return fmt.Sprint(x) }) + ")"
}
