package collab

import (
	"fmt"
	"math"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/gomlx/compute"
)

// Option is an option of NewLearner.
type Option interface{ learner(*config) }

type option func(*config)

func (o option) learner(c *config) { o(c) }

// Factors is the number of factors of each user and item. Default 50.
func Factors(n int) Option { return option(func(c *config) { c.factors = n }) }

// YRange bounds predicted ratings to low ... high, by a sigmoid. For ratings of 1 to 5, 0 to 5.5 does well: a sigmoid never
// quite reaches its ends. Default: no bounds.
func YRange(low, high float64) Option {
	return option(func(c *config) { c.bounded, c.low, c.high = true, low, high })
}

// On sets the device that computes. Default: the one that engine.Open chooses.
func On(be compute.Backend) Option { return option(func(c *config) { c.Backend = be }) }

// With passes options on to fastnb.New.
func With(opts ...fastnb.Option) Option {
	return option(func(c *config) { c.Options = append(c.Options, opts...) })
}

type config struct {
	factors   int
	bounded   bool
	low, high float64
	domain.Settings
}

func (c config) check() error {
	if c.factors < 1 {
		return fmt.Errorf("Factors(%d) (want 1 or more)", c.factors)
	}
	if c.bounded && (!(c.low < c.high) || math.IsInf(c.high-c.low, 0)) {
		return fmt.Errorf("YRange(%g, %g) (want low below high, both finite)", c.low, c.high)
	}
	return nil
}
