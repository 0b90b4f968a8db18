package serve

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/few"
)

// Prediction is what a model says of one item: classes, numbers, or items that are recommended.
type Prediction struct {
	Name   string   `json:"name,omitempty"`   // of the item: its file, if it has one
	Class  string   `json:"class,omitempty"`  // the most probable one
	Labels []string `json:"labels,omitempty"` // of several labels: those that hold
	Top    []Choice `json:"top,omitempty"`    // the most probable classes, the first is Class
	Values []Value  `json:"values,omitempty"` // of a regression
	Items  []Advice `json:"items,omitempty"`  // that are recommended, the best first
}

// Choice is a class and its probability.
type Choice struct {
	Class string  `json:"class"`
	Prob  float32 `json:"prob"`
}

// Value is a predicted number.
type Value struct {
	Target string  `json:"target,omitempty"`
	Value  float64 `json:"value"`
}

// Advice is an item and the rating that it is predicted to get.
type Advice struct {
	Item   string  `json:"item"`
	Rating float64 `json:"rating"`
}

// Predictions returns predictions one by one, all classes of each, the most probable first. Targets name the numbers of
// a regression, in the order of Probs; nil where they have no names.
func Predictions(p *fastnb.Preds, targets []string) []Prediction {
	if p == nil {
		return nil
	}
	all := make([]Prediction, len(p.Probs))
	for i, row := range p.Probs {
		for k, x := range row {
			if p.Classes != nil {
				all[i].Top = append(all[i].Top, Choice{p.Classes[k], x})
				continue
			}
			v := Value{Value: float64(x)}
			if k < len(targets) {
				v.Target = targets[k]
			}
			all[i].Values = append(all[i].Values, v)
		}
		slices.SortStableFunc(all[i].Top, func(a, b Choice) int { return cmp.Compare(b.Prob, a.Prob) })
		if len(all[i].Top) > 0 {
			all[i].Class = all[i].Top[0].Class
		}
	}
	return all
}

// Best returns the prediction with its n most probable classes, or its n best items.
func (p Prediction) Best(n int) Prediction {
	p.Top, p.Items = p.Top[:min(n, len(p.Top))], p.Items[:min(n, len(p.Items))]
	return p
}

// Labelled returns the prediction as one of several labels: those of Top that hold, as PredictedLabels of
// [fastnb.Preds] says without a threshold, the most probable first.
func (p Prediction) Labelled() Prediction {
	p.Class, p.Labels = "", nil
	preds := fastnb.Preds{Probs: make([][]float32, 1)}
	for _, c := range p.Top {
		preds.Classes, preds.Probs[0] = append(preds.Classes, c.Class), append(preds.Probs[0], c.Prob)
	}
	labels, err := preds.PredictedLabels()
	if err != nil { // there is no class in Top
		return p
	}
	for _, k := range labels[0] {
		p.Labels = append(p.Labels, preds.Classes[k])
	}
	return p
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// names lists columns.
func names(columns []Column) string {
	return few.Of(columns, 12, ", ", func(c Column) string { return fmt.Sprintf("%q", c.Name) })
}
