// Package fastnb is a learner in the manner of fast.ai on GoMLX: it holds a model in layer groups, data in
// splits and the record of what was done, and it trains with differential learning rates, SGDR, one-cycle and
// the learning-rate finder in a few lines. It knows no domain: images are in fastnb/vision, texts in fastnb/text,
// tables in fastnb/tabular, ratings in fastnb/collab.
package fastnb
