package fastnb

import (
	"cmp"
	"math"
	"slices"

	"github.com/fastnb/fastnb/fastnb/metric"
)

// Losses returns the loss of each item, [N], whatever loss the model was trained with: of one class each -ln of the
// right class's probability; of several labels the mean over the labels of -ln of the probability of what is right,
// there or not; of numbers the mean squared error. Nil where the items have no labels, or predictions that do not fit.
func (p *Preds) Losses() []float64 {
	if p.checkTruth() != nil {
		return nil
	}
	losses := make([]float64, len(p.Probs))
	for i := range losses {
		losses[i] = p.loss(i)
	}
	return losses
}

func (p *Preds) loss(i int) float64 {
	switch row := p.Probs[i]; p.kind() {
	case oneClass:
		return metric.LogLoss.Score(row, len(row), p.Labels[i:i+1])
	case severalLabels:
		return metric.LogLoss.Targets(row, p.Targets[i], len(row))
	default:
		return metric.MSE.Targets(row, p.Targets[i], len(row))
	}
}

// TopLosses returns the n items with the highest Losses, the highest first, all of them if there are fewer. An item
// whose loss is no number comes before all others. Nil where Losses is.
func (p *Preds) TopLosses(n int) []int {
	losses := p.Losses()
	if losses == nil {
		return nil
	}
	items := make([]int, len(losses))
	for i, x := range losses {
		if items[i] = i; math.IsNaN(x) {
			losses[i] = math.Inf(1)
		}
	}
	slices.SortStableFunc(items, func(a, b int) int { return cmp.Compare(losses[b], losses[a]) })
	return items[:min(max(n, 0), len(items))]
}
