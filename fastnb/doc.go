// Package fastnb is a learner in the manner of fast.ai on GoMLX: it holds a model in layer groups, data in
// splits and the record of what was done, and it trains with differential learning rates, SGDR, one-cycle and
// the learning-rate finder in a few lines. It knows no domain: images live in fastnb/vision.
package fastnb
