package bow

import (
	"fmt"
	"math"
)

// Method is how a model comes to its weights.
type Method int

const (
	// DotProdNB is NBLogReg with the weights drawn towards naive Bayes instead of nothing, as in fast.ai 0.7's
	// dotprod_nb, whose w_adj/r_adj is the Prior here: .04. C is .1. The default.
	DotProdNB  Method = iota
	NBLogReg          // logistic regression on entries times [LogCountRatio]; C is .1
	NBSVM             // a support vector machine on the same; C is .003
	LogReg            // logistic regression on the entries as they are; C is .03
	SVM               // a support vector machine on the same; C is .003
	NaiveBayes        // LogCountRatio as weights
)

// methods holds what Train does for each Method.
var methods = []struct {
	name     string
	loss     Loss
	ratio    bool // by which the matrix is scaled
	c, prior float64
}{
	DotProdNB:  {"naive Bayes as prior", LogLoss, true, .1, .04},
	NBLogReg:   {"NB logistic regression", LogLoss, true, .1, 0},
	NBSVM:      {"NB-SVM", SquaredHinge, true, .003, 0},
	LogReg:     {"logistic regression", LogLoss, false, .03, 0},
	SVM:        {"SVM", SquaredHinge, false, .003, 0},
	NaiveBayes: {"naive Bayes", LogLoss, true, 1, 0},
}

// Methods returns all methods, from the plainest on: for a table that compares them.
func Methods() []Method { return []Method{NaiveBayes, LogReg, SVM, NBLogReg, NBSVM, DotProdNB} }

// String returns the method's name.
func (m Method) String() string {
	if m < 0 || int(m) >= len(methods) {
		return fmt.Sprintf("Method(%d)", int(m))
	}
	return methods[m].name
}

// weights returns the weights of the terms for a class, and the bias.
func (c trainConfig) weights(x *Matrix, labels []int, class int) ([]float32, float64, error) {
	if !methods[c.method].ratio {
		w, b, err := linear(x, labels, class, c.linear)
		return narrow(w), b, err
	}
	ratio, b := logCountRatio(x, labels, class)
	if c.method == NaiveBayes {
		return narrow(ratio), b, nil
	}
	c.linear.scale = ratio
	w, b, err := linear(x, labels, class, c.linear)
	interpolate(w, c.beta)
	for j := range w {
		w[j] *= ratio[j]
	}
	return narrow(w), b, err
}

// interpolate moves weights towards their mean size, which stands for naive Bayes.
func interpolate(w []float64, beta float64) {
	var sum float64
	for _, v := range w {
		sum += math.Abs(v)
	}
	mean := sum / float64(len(w))
	for j, v := range w {
		w[j] = (1-beta)*mean + beta*v
	}
}

func narrow(w []float64) []float32 {
	n := make([]float32, len(w))
	for j, v := range w {
		n[j] = float32(v)
	}
	return n
}
