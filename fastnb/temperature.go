package fastnb

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/internal/verb"
)

// Temperature returns what the logits of a classifier should be divided by, so that its probabilities come true as
// often as they say: what makes the log loss of these predictions least. Above 1 the model was too sure. Fit it on
// validation items, then take Calibrated of predictions of any. Which class is most probable stays as it is. Guo et al.
// 2017, arXiv:1706.04599.
//
// An error tells if the items have no classes, or if no temperature is best: where all items are right it would be 0,
// where the predictions are no better than chance it would be without end.
func (p *Preds) Temperature() (temperature float64, err error) {
	defer verb.Name(&err, "fastnb: Temperature")
	if err := p.checkTruth(); err != nil {
		return 0, err
	}
	if p.kind() == numbersToMeet {
		return 0, errors.New("the predictions are numbers, probabilities are calibrated")
	}
	if err := p.notFinite(); err != nil {
		return 0, err
	}
	loss := p.temperedLoss()
	ln := least(func(ln float64) float64 { return loss(math.Exp(ln)) }, -lnMost, lnMost)
	if math.Abs(ln) > lnMost-.01 {
		return 0, fmt.Errorf("no temperature from %.3g to %.3g is best: all items are right, or none better than by chance; "+
			"fit it on more validation items", math.Exp(-lnMost), math.Exp(lnMost))
	}
	return math.Exp(ln), nil
}

// lnMost is the logarithm of the highest temperature.
const lnMost = 4

// least finds where a function of one minimum between two places is least, by golden sections.
func least(f func(float64) float64, low, high float64) float64 {
	ratio := (math.Sqrt(5) - 1) / 2
	a, b := high-ratio*(high-low), low+ratio*(high-low)
	fa, fb := f(a), f(b)
	for high-low > 1e-7 {
		if fa <= fb {
			high, b, fb = b, a, fa
			a = high - ratio*(high-low)
			fa = f(a)
		} else {
			low, a, fa = a, b, fb
			b = low + ratio*(high-low)
			fb = f(b)
		}
	}
	return (low + high) / 2
}

// temperedLoss is the sum of the losses that a temperature leaves, which is convex in its inverse.
func (p *Preds) temperedLoss() func(temperature float64) float64 {
	logits := make([][]float64, len(p.Probs))
	for i, row := range p.Probs {
		logits[i] = make([]float64, len(row))
		for k, x := range row {
			logits[i][k] = math.Log(max(float64(x), math.SmallestNonzeroFloat32))
			if p.Labels == nil {
				logits[i][k] -= math.Log(max(1-float64(x), 0x1p-25))
			}
		}
	}
	return func(temperature float64) (sum float64) {
		for i, row := range logits {
			if p.Labels != nil {
				sum += lossOfClass(row, p.Labels[i], temperature)
			} else {
				sum += lossOfLabels(row, p.Targets[i], temperature)
			}
		}
		return sum
	}
}

// lossOfClass is -ln softmax(logits / temperature)[class].
func lossOfClass(logits []float64, class int, temperature float64) float64 {
	top, sum := slices.Max(logits), 0.
	for _, x := range logits {
		sum += math.Exp((x - top) / temperature)
	}
	return math.Log(sum) - (logits[class]-top)/temperature
}

// lossOfLabels is the mean over the labels of -ln sigmoid(logit / temperature) where they are there, else of the rest.
func lossOfLabels(logits []float64, there []float32, temperature float64) (sum float64) {
	for k, x := range logits {
		if x /= temperature; there[k] > .5 {
			x = -x
		}
		sum += max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
	}
	return sum / float64(len(logits))
}

// Calibrated returns these predictions with their logits divided by a temperature. Loss is the mean of Losses, 0
// without labels; Views are left out. Probabilities of one class each are seen by their rows' sums, which are 1; others
// are those of several labels. An error tells if there are no classes, or if the temperature is not above 0.
func (p *Preds) Calibrated(temperature float64) (calibrated *Preds, err error) {
	defer verb.Name(&err, "fastnb: Calibrated")
	switch {
	case p == nil || p.Probs == nil || len(p.Classes) == 0:
		return nil, errors.New("there are no probabilities of classes")
	case p.ragged() >= 0:
		return nil, fmt.Errorf("not every item has %d probabilities, one for each class", len(p.Classes))
	case !(temperature > 0) || math.IsInf(temperature, 0):
		return nil, fmt.Errorf("the temperature is %g (want a number above 0, as Temperature finds)", temperature)
	}
	return p.tempered(temperature), nil
}

func (p *Preds) tempered(temperature float64) *Preds {
	q := *p
	q.Probs, q.Views = make([][]float32, len(p.Probs)), nil
	each := p.kind() == severalLabels || p.kind() == anyKind && !p.sumTo1()
	for i, row := range p.Probs {
		if each {
			q.Probs[i] = temperLabels(row, temperature)
		} else {
			q.Probs[i] = temperClasses(row, temperature)
		}
	}
	q.Loss = q.meanLoss()
	return &q
}

func (p *Preds) sumTo1() bool {
	return !slices.ContainsFunc(p.Probs, func(row []float32) bool {
		var sum float64
		for _, x := range row {
			sum += float64(x)
		}
		return math.Abs(sum-1) > 1e-3
	})
}

// temperClasses is softmax(ln p / temperature).
func temperClasses(row []float32, temperature float64) []float32 {
	powers, sum := make([]float64, len(row)), 0.
	top := float64(slices.Max(row))
	for k, x := range row {
		powers[k] = math.Pow(float64(x)/top, 1/temperature)
		sum += powers[k]
	}
	out := make([]float32, len(row))
	for k, x := range powers {
		out[k] = float32(x / sum)
	}
	return out
}

// temperLabels is sigmoid(logit p / temperature).
func temperLabels(row []float32, temperature float64) []float32 {
	out := make([]float32, len(row))
	for k, x := range row {
		yes, no := math.Pow(float64(x), 1/temperature), math.Pow(1-float64(x), 1/temperature)
		out[k] = float32(yes / (yes + no))
	}
	return out
}

// Calibration returns the reliability curve, in so many bins of equal width: the mean probability of those that are in
// a bin, the share of them that came true, and how many they are; see [metric.Calibration]. Of one class each it is the
// probability of the most probable class, of several labels that of each label. plots.Calibration draws it. Nil
// without labels, of numbers, and where the predictions do not fit.
func (p *Preds) Calibration(bins int) (predicted, actual []float64, counts []int) {
	if p.checkTruth() != nil || p.kind() == numbersToMeet {
		return nil, nil, nil
	}
	all := slices.Concat(p.Probs...)
	if p.kind() == oneClass {
		sure, right := metric.Confidence(all, len(p.Classes), p.Labels)
		return metric.Calibration(sure, right, bins)
	}
	right := make([]bool, 0, len(all))
	for _, row := range p.Targets {
		for _, x := range row {
			right = append(right, x > .5)
		}
	}
	return metric.Calibration(all, right, bins)
}

// OneVsRest returns the probability that each item has of a class, and whether it is of it: what metric.ROC and
// metric.PrecisionRecall want. An error tells if there is no such class, or if the items have no labels.
func (p *Preds) OneVsRest(class string) (probs []float32, is []bool, err error) {
	defer verb.Name(&err, "fastnb: OneVsRest")
	if err := p.checkTruth(); err != nil {
		return nil, nil, err
	}
	k := slices.Index(p.Classes, class)
	switch {
	case len(p.Classes) == 0:
		return nil, nil, errors.New("the predictions are numbers, they have no classes")
	case k < 0:
		return nil, nil, fmt.Errorf("there is no class %q (%s)", class, p.listed())
	}
	for i, row := range p.Probs {
		probs = append(probs, row[k])
		is = append(is, p.Labels != nil && p.Labels[i] == k || p.Labels == nil && p.Targets[i][k] > .5)
	}
	return probs, is, nil
}
