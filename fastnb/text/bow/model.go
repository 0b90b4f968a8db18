package bow

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/fastnb/fastnb/internal/verb"
)

// Model tells the class of documents. It may be used by several goroutines at once.
type Model struct {
	Terms   *Terms
	weights [][]float32 // [class][term]; with two classes only those of class 1
	bias    []float64
}

// Train finds the terms of documents and trains a model by a [Method], default DotProdNB. labels are their classes,
// counted from 0; with more than two, each is trained against the rest. The same input gives the same model.
//
// It is an error if a class up to the highest has no documents, if there is only one, or if the documents have no
// terms.
func Train(docs Docs, labels []int, opts ...TrainOption) (m *Model, err error) {
	defer verb.Name(&err, "bow: Train")
	conf := defaultTraining()
	for _, o := range opts {
		o.train(&conf)
	}
	if conf, err = conf.forMethod(); err != nil {
		return nil, err
	}
	classes, err := checkLabels(labels, count(docs))
	if err != nil {
		return nil, err
	}
	terms, err := findTerms(docs, conf.terms)
	if err != nil {
		return nil, err
	}
	m = &Model{Terms: terms}
	if err := m.fit(terms.Matrix(docs), labels, classes, conf); err != nil {
		return nil, err
	}
	return m, nil
}

// fit trains the classes, on all cores.
func (m *Model) fit(x *Matrix, labels []int, classes int, conf trainConfig) error {
	problems, first := classes, 0
	if classes == 2 {
		problems, first = 1, 1
	}
	m.weights, m.bias = make([][]float32, problems), make([]float64, problems)
	errs := make([]error, problems)
	turn := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i := range problems {
		wg.Go(func() {
			turn <- struct{}{}
			m.weights[i], m.bias[i], errs[i] = conf.weights(x, labels, first+i)
			<-turn
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// Classes returns the number of classes.
func (m *Model) Classes() int { return max(2, len(m.weights)) }

// Scores returns how much each document is of each class, [N, classes]. With two classes, the score of one is the
// other's turned about.
func (m *Model) Scores(docs Docs) [][]float64 {
	scores := make([][]float64, count(docs))
	onAllCores(len(scores), func(from, to int) {
		var buf []int32
		for i := from; i < to; i++ {
			buf = m.Terms.in(docs.Doc(i), buf[:0])
			scores[i] = m.score(m.Terms.row(buf))
		}
	})
	return scores
}

func (m *Model) score(r row) []float64 {
	scores := slices.Clone(m.bias)
	for class, w := range m.weights {
		for k, j := range r.cols {
			v := float64(w[j])
			if r.values != nil {
				v *= float64(r.values[k])
			}
			scores[class] += v
		}
	}
	if len(scores) == 1 {
		return []float64{-scores[0], scores[0]}
	}
	return scores
}

// Predict returns the class of each document, the one with the highest score; of equal ones the first. A document
// without any of the terms, such as an empty one, is of the class that the bias favours.
func (m *Model) Predict(docs Docs) []int {
	classes := make([]int, count(docs))
	for i, scores := range m.Scores(docs) {
		classes[i] = slices.Index(scores, slices.Max(scores))
	}
	return classes
}

// Accuracy is the share of documents whose class is the one predicted.
func (m *Model) Accuracy(docs Docs, labels []int) (share float64, err error) {
	defer verb.Name(&err, "bow: Accuracy")
	if len(labels) != count(docs) || len(labels) == 0 {
		return 0, fmt.Errorf("%d labels for %d documents (want as many, and some)", len(labels), count(docs))
	}
	right := 0
	for i, class := range m.Predict(docs) {
		if labels[i] < 0 || labels[i] >= m.Classes() {
			return 0, fmt.Errorf("labels[%d] is %d of %d classes (want 0 to %d)", i, labels[i], m.Classes(), m.Classes()-1)
		}
		if labels[i] == class {
			right++
		}
	}
	return float64(right) / float64(len(labels)), nil
}

// Term is a term and what it adds to the score of a class each time it counts.
type Term struct {
	Codes  []int32
	Weight float64
}

// Top returns the n terms that speak most for a class, the strongest first; fewer if fewer speak for it.
func (m *Model) Top(class, n int) (top []Term, err error) {
	defer verb.Name(&err, "bow: Top")
	if class < 0 || class >= m.Classes() {
		return nil, fmt.Errorf("class %d of %d (want 0 to %d)", class, m.Classes(), m.Classes()-1)
	}
	weight := m.weightsOf(class)
	var order []int
	for j := range m.Terms.Len() {
		if weight(j) > 0 {
			order = append(order, j)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weight(b), weight(a)) })
	for _, j := range order[:min(max(n, 0), len(order))] {
		top = append(top, Term{m.Terms.Codes(j), weight(j)})
	}
	return top, nil
}

// weightsOf returns the weights of the terms for a class.
func (m *Model) weightsOf(class int) func(term int) float64 {
	if len(m.weights) > 1 {
		return func(j int) float64 { return float64(m.weights[class][j]) }
	}
	sign := float64(2*class - 1)
	return func(j int) float64 { return sign * float64(m.weights[0][j]) }
}
