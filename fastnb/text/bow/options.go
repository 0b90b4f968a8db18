package bow

import "fmt"

// TermOption is an option of [FindTerms] and [Train].
type TermOption interface {
	term(*termConfig)
	train(*trainConfig)
}

type termOption func(*termConfig)

func (o termOption) term(c *termConfig)   { o(c) }
func (o termOption) train(c *trainConfig) { o(&c.terms) }

// TrainOption is an option of [Train]; so is every [TermOption] and [WeightOption], and a [Method].
type TrainOption interface{ train(*trainConfig) }

type trainOption func(*trainConfig)

func (o trainOption) train(c *trainConfig) { o(c) }

// LinearOption is an option of [Linear]; so is every [WeightOption], and a [Loss].
type LinearOption interface{ linear(*linearConfig) }

type linearOption func(*linearConfig)

func (o linearOption) linear(c *linearConfig) { o(c) }
func (o linearOption) train(c *trainConfig)   { o(&c.linear) }

// WeightOption is an option of [Linear] and [Train].
type WeightOption interface {
	linear(*linearConfig)
	train(*trainConfig)
}

// NGrams is the length of the longest terms: 1 is words only, 2 is words and pairs of neighbours, 3 triples, too.
// Default 2.
func NGrams(words int) TermOption { return termOption(func(c *termConfig) { c.ngrams = words }) }

// MaxTerms bounds the number of terms: the ones that come most often are kept. Default 0: all.
func MaxTerms(n int) TermOption { return termOption(func(c *termConfig) { c.most = n }) }

// MinDocs is the number of documents that a term must be in to be kept. Default 1. With 2 or more, a term is counted
// only if its parts are kept, which saves memory.
func MinDocs(n int) TermOption { return termOption(func(c *termConfig) { c.minDocs = n }) }

// Counts makes a matrix hold how often each term comes. Default false: it holds 1 for each term that a document has,
// which is better for sentiment.
func Counts(on bool) TermOption { return termOption(func(c *termConfig) { c.counts = on }) }

// C is how much the misfit of a document counts beside the size of the weights, above 0; see [Method] for the defaults.
// A smaller one makes a simpler model.
func C(weight float64) WeightOption {
	return linearOption(func(c *linearConfig) { c.c, c.ownC = weight, true })
}

// Prior is the weight of a term if nothing in the documents speaks for another: a model's weights are drawn to it
// instead of 0. See [Method] for the defaults.
func Prior(weight float64) WeightOption {
	return linearOption(func(c *linearConfig) { c.prior, c.ownPrior = weight, true })
}

// Beta is the share of the linear model's own weights in NB-SVM's, 0 to 1; the rest is their mean size, so that 0 is
// naive Bayes. Default 1.
func Beta(share float64) TrainOption { return trainOption(func(c *trainConfig) { c.beta = share }) }

// Passes bounds the passes over the documents in training a linear model. Default 1000; 10 to 100 mostly do.
func Passes(n int) WeightOption { return linearOption(func(c *linearConfig) { c.passes = n }) }

// Tolerance is by how much the scores of documents may still move in the last pass. Default .001.
func Tolerance(by float64) WeightOption {
	return linearOption(func(c *linearConfig) { c.tolerance = by })
}

// Seed fixes the order in which documents are gone through. Default 42.
func Seed(n uint64) WeightOption { return linearOption(func(c *linearConfig) { c.seed = n }) }

// Scale multiplies each term's column of the matrix, as if its entries were so: NB-SVM's is [LogCountRatio]. Default 1.
func Scale(factors []float64) LinearOption {
	return linearOption(func(c *linearConfig) { c.scale = factors })
}

func (m Method) train(c *trainConfig) { c.method = m }

func (l Loss) linear(c *linearConfig) { c.loss = l }

type termConfig struct {
	ngrams, most, minDocs int
	counts                bool
}

type trainConfig struct {
	terms  termConfig
	method Method
	linear linearConfig
	beta   float64
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
	if !c.linear.ownC {
		c.linear.c = m.c
	}
	if !c.linear.ownPrior {
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
