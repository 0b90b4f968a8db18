package bow

import "fmt"

// TermOption is an option of [FindTerms] and [Train].
type TermOption interface {
	TrainOption
	term(*termConfig)
}

// TrainOption is an option of [Train].
type TrainOption interface{ train(*trainConfig) }

// NGrams is the length of the longest terms: 1 is words only, 2 is words and pairs of neighbours, 3 triples, too. Default 2.
type NGrams int

// MaxTerms bounds the number of terms: the ones that come most often are kept. Default 0: all.
type MaxTerms int

// MinDocs is the number of documents that a term must be in to be kept. Default 1. With 2 or more, a term is counted only if
// its parts are kept, which saves memory.
type MinDocs int

// Counts makes a matrix hold how often each term comes. Default false: it holds 1 for each term that a document has, which
// is better for sentiment.
type Counts bool

// C is how much the misfit of a document counts beside the size of the weights, above 0; see [Method] for the defaults. A
// smaller one makes a simpler model.
type C float64

// Prior is the weight of a term if nothing in the documents speaks for another: a model's weights are drawn to it instead of
// 0. See [Method] for the defaults.
type Prior float64

// Beta is the share of the linear model's own weights in NB-SVM's, 0 to 1; the rest is their mean size, so that 0 is naive
// Bayes. Default 1.
type Beta float64

// Passes bounds the passes over the documents in training a linear model. Default 1000; 10 to 100 mostly do.
type Passes int

// Tolerance is by how much the scores of documents may still move in the last pass. Default .001.
type Tolerance float64

// Seed fixes the order in which documents are gone through. Default 42.
type Seed uint64

func (o NGrams) term(c *termConfig)   { c.ngrams = int(o) }
func (o MaxTerms) term(c *termConfig) { c.most = int(o) }
func (o MinDocs) term(c *termConfig)  { c.minDocs = int(o) }
func (o Counts) term(c *termConfig)   { c.counts = bool(o) }

func (o NGrams) train(c *trainConfig)    { o.term(&c.terms) }
func (o MaxTerms) train(c *trainConfig)  { o.term(&c.terms) }
func (o MinDocs) train(c *trainConfig)   { o.term(&c.terms) }
func (o Counts) train(c *trainConfig)    { o.term(&c.terms) }
func (o Method) train(c *trainConfig)    { c.method = o }
func (o C) train(c *trainConfig)         { c.linear.c, c.ownC = float64(o), true }
func (o Prior) train(c *trainConfig)     { c.linear.prior, c.ownPrior = float64(o), true }
func (o Beta) train(c *trainConfig)      { c.beta = float64(o) }
func (o Passes) train(c *trainConfig)    { c.linear.passes = int(o) }
func (o Tolerance) train(c *trainConfig) { c.linear.tolerance = float64(o) }
func (o Seed) train(c *trainConfig)      { c.linear.seed = uint64(o) }

type termConfig struct {
	ngrams, most, minDocs int
	counts                bool
}

type trainConfig struct {
	terms          termConfig
	method         Method
	linear         linearConfig
	ownC, ownPrior bool
	beta           float64
}

func defaultTerms() termConfig { return termConfig{ngrams: 2, minDocs: 1} }

func defaultTraining() trainConfig {
	return trainConfig{terms: defaultTerms(), linear: defaultLinear(), beta: 1}
}

func (c termConfig) check() error {
	switch {
	case c.ngrams < 1:
		return fmt.Errorf("NGrams(%d) (want 1 or more)", c.ngrams)
	case c.most < 0:
		return fmt.Errorf("MaxTerms(%d) (want 1 or more, or 0 for all)", c.most)
	case c.minDocs < 1:
		return fmt.Errorf("MinDocs(%d) (want 1 or more)", c.minDocs)
	}
	return nil
}

// forMethod puts in what the method uses where nothing else was asked for.
func (c trainConfig) forMethod() (trainConfig, error) {
	if c.method < 0 || int(c.method) >= len(methods) {
		return c, fmt.Errorf("no method %d (want 0 to %d: %v)", c.method, len(methods)-1, Methods())
	}
	m := methods[c.method]
	c.linear.loss = m.loss
	if !c.ownC {
		c.linear.c = m.c
	}
	if !c.ownPrior {
		c.linear.prior = m.prior
	}
	return c, c.check()
}

func (c trainConfig) check() error {
	if err := c.terms.check(); err != nil {
		return err
	}
	if !(c.beta >= 0 && c.beta <= 1) {
		return fmt.Errorf("Beta(%g) (want 0 to 1)", c.beta)
	}
	return c.linear.check()
}
