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
func Factors(n int) Option { return option(func(c *config) { c.Factors = n }) }

// YRange bounds predicted ratings to low ... high, by a sigmoid. For ratings of 1 to 5, 0 to 5.5 does well: a sigmoid
// never quite reaches its ends. Default: no bounds.
func YRange(low, high float64) Option {
	return option(func(c *config) { c.YRange = []float64{low, high} })
}

// Setting is an option of NewLearner and of Open.
type Setting interface {
	learner(*config)
	open(*domain.Settings)
}

type settingOption domain.Setting

func (o settingOption) learner(c *config)       { o(&c.Settings) }
func (o settingOption) open(s *domain.Settings) { o(s) }

// On sets the device that computes. Default: the one that engine.Open chooses.
func On(be compute.Backend) Setting { return settingOption(domain.On(be)) }

// With passes options on to fastnb.New.
func With(opts ...fastnb.Option) Setting { return settingOption(domain.With(opts...)) }

type config struct {
	net
	domain.Settings
}

func (c config) check() error {
	if c.Factors < 1 {
		return fmt.Errorf("Factors(%d) (want 1 or more)", c.Factors)
	}
	if r := c.YRange; r != nil && (!(r[0] < r[1]) || math.IsInf(r[1]-r[0], 0)) {
		return fmt.Errorf("YRange(%g, %g) (want low below high, both finite)", r[0], r[1])
	}
	return nil
}
