package fastnb

import (
	"math"
	"slices"

	"github.com/fastnb/fastnb/fastnb/metric"
)

// Preds are predictions for a split, in its order.
type Preds struct {
	Probs   [][]float32   // [N][classes] probabilities, rows sum to 1, but for several labels; a regression's outputs
	Labels  []int         // [N] true classes, nil where the split has no labels
	Targets [][]float32   // [N][columns] of a regression, or 0 or 1 for each of several labels; else nil
	Logs    bool          // whether Probs and Targets are natural logarithms of the numbers, as of tabular.LogTarget
	Classes []string      // class names, in the order of Probs' columns
	Names   []string      // [N] what each item is called, its file for an image
	Loss    float64       // mean loss; 0 without labels; after TTA the log loss of Probs, of Targets the clean view's
	Kept    [][]float32   // [N][k] of a Model with Losses what those keep of each item; Probs is then nil
	Views   [][][]float32 // after TTA: the Probs of each view, the clean one first
}

// Accuracy returns the share of items whose most likely class is the true one, NaN without labels.
func (p *Preds) Accuracy() float64 { return p.score(metric.Accuracy) }

// LogLoss returns the mean negative log of the true classes' probabilities, NaN without labels.
func (p *Preds) LogLoss() float64 { return p.score(metric.LogLoss) }

// average weighs the first view by clean and shares the rest among the others.
func average(views [][][]float32, clean float64) [][]float32 {
	other := (1 - clean) / float64(len(views)-1)
	mean := make([][]float32, len(views[0]))
	for i, row := range views[0] {
		mean[i] = make([]float32, len(row))
		for c := range row {
			sum := clean * float64(row[c])
			for _, v := range views[1:] {
				sum += other * float64(v[i][c])
			}
			mean[i][c] = float32(sum)
		}
	}
	return mean
}

// Confusion returns how often class i (row) was taken for class j (column), nil without labels.
func (p *Preds) Confusion() [][]int {
	if p.Labels == nil {
		return nil
	}
	return metric.Confusion(p.Predicted(), p.Labels, len(p.Classes))
}

// Predicted returns the most likely class of every item.
func (p *Preds) Predicted() []int {
	classes := make([]int, len(p.Probs))
	for i, row := range p.Probs {
		classes[i] = argmax(row)
	}
	return classes
}

// Right returns the items that are rightly classified, the surest first, none without labels.
func (p *Preds) Right() []int {
	return p.sorted(func(i, class int) bool { return p.Labels != nil && class == p.Labels[i] }, p.sureness)
}

// Wrong returns the items that are wrongly classified, the surest first, none without labels.
func (p *Preds) Wrong() []int {
	return p.sorted(func(i, class int) bool { return p.Labels != nil && class != p.Labels[i] }, p.sureness)
}

// Uncertain returns all items, those whose most likely class is least likely first.
func (p *Preds) Uncertain() []int {
	return p.sorted(func(int, int) bool { return true }, func(i int) float64 { return -p.sureness(i) })
}

// sureness returns the probability of an item's most likely class.
func (p *Preds) sureness(i int) float64 { return float64(p.Probs[i][argmax(p.Probs[i])]) }

// sorted returns the items for which keep holds, the highest key first.
func (p *Preds) sorted(keep func(i, class int) bool, key func(int) float64) []int {
	var items []int
	for i, class := range p.Predicted() {
		if keep(i, class) {
			items = append(items, i)
		}
	}
	slices.SortStableFunc(items, func(a, b int) int {
		switch ka, kb := key(a), key(b); {
		case ka > kb:
			return -1
		case ka < kb:
			return 1
		}
		return 0
	})
	return items
}

// number returns the number of a column that was predicted for an item, no logarithm.
func (p *Preds) number(i, column int) float64 {
	if p.Logs {
		return math.Exp(float64(p.Probs[i][column]))
	}
	return float64(p.Probs[i][column])
}

// width returns how many predictions an item has; -1 where they differ.
func (p *Preds) width() int {
	if len(p.Classes) > 0 {
		if p.ragged() >= 0 {
			return -1
		}
		return len(p.Classes)
	}
	for _, row := range p.Probs {
		if len(row) != len(p.Probs[0]) {
			return -1
		}
	}
	if len(p.Probs) == 0 {
		return 0
	}
	return len(p.Probs[0])
}

// ragged returns the first item without a probability for each class, -1 if there is none.
func (p *Preds) ragged() int {
	for i, row := range p.Probs {
		if len(row) != len(p.Classes) {
			return i
		}
	}
	return -1
}

// Score measures the predictions; NaN without the labels or targets that the metric wants.
func (p *Preds) Score(m metric.Metric) float64 { return p.score(m) }

func (p *Preds) score(m metric.Metric) float64 {
	switch width := p.width(); {
	case len(p.Kept) > 0 && m.Kept != nil:
		return m.Kept(slices.Concat(p.Kept...), len(p.Kept[0]))
	case p.Labels != nil && m.Score != nil && width > 0:
		return m.Score(slices.Concat(p.Probs...), width, p.Labels)
	case len(p.Targets) > 0 && m.Targets != nil:
		return m.Targets(slices.Concat(p.Probs...), slices.Concat(p.Targets...), len(p.Targets[0]))
	}
	return math.NaN()
}

func (p *Preds) scores(ms []metric.Metric) []float64 {
	scores := make([]float64, len(ms))
	for i, m := range ms {
		scores[i] = p.score(m)
	}
	return scores
}

func metricNames(ms []metric.Metric) []string {
	names := make([]string, len(ms))
	for i, m := range ms {
		names[i] = m.Name
	}
	return names
}

func argmax(row []float32) int {
	best := 0
	for i, v := range row {
		if v > row[best] {
			best = i
		}
	}
	return best
}
