package fastnb

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/gomlx/gomlx/core/graph"
)

// LabelSmoothing is CrossEntropy with a share of each target, such as .1, spread evenly over all classes: no answer is
// certain, and one wrong label does less harm. The loss that a fit shows, of validation too, is the smoothed one.
// New refuses a share below 0, or of 1 or more. Szegedy et al. 2016, arXiv:1512.00567; as PyTorch's label_smoothing.
func LabelSmoothing(share float64) Loss {
	l := Loss{
		Name: fmt.Sprintf("cross-entropy, smoothed by %g", share),
		Rows: func(logits, labels *graph.Node) *graph.Node {
			return nn.CrossEntropy(logits, labels, nn.LabelSmoothing(share))
		},
		Activate: softmax,
		of:       oneClass,
	}
	if !(share >= 0 && share < 1) {
		l.wrong = fmt.Errorf("LabelSmoothing(%g): want 0 or more, below 1, as .1", share)
	}
	return l
}

// Focal is CrossEntropy in which an item counts less the more probable its class is already, by (1-p)^gamma, so that
// what is rare or hard is learned; gamma 2 is the paper's, 0 is CrossEntropy. With Weighted around it it has the
// paper's alpha. New refuses a gamma below 0. Lin et al. 2017, arXiv:1708.02002; as fastai's FocalLoss.
func Focal(gamma float64) Loss {
	return Loss{
		Name:     fmt.Sprintf("focal, gamma %g", gamma),
		Rows:     func(logits, labels *graph.Node) *graph.Node { return nn.Focal(logits, labels, gamma) },
		Activate: softmax,
		of:       oneClass,
		wrong:    checkGamma("Focal", gamma),
	}
}

// BinaryFocal is BinaryCrossEntropy in which a label counts less the better it is known already: Focal of several
// labels. Without alpha it is torchvision's sigmoid_focal_loss.
func BinaryFocal(gamma float64) Loss {
	l := ofLabels(fmt.Sprintf("binary focal, gamma %g", gamma), func(logits, labels *graph.Node) *graph.Node {
		return nn.BinaryFocal(logits, labels, gamma)
	})
	l.wrong = checkGamma("BinaryFocal", gamma)
	return l
}

func checkGamma(loss string, gamma float64) error {
	if gamma >= 0 && gamma <= mostGamma {
		return nil
	}
	return fmt.Errorf("%s(%g): want a gamma from 0 to %d, as 2", loss, gamma, mostGamma)
}

// mostGamma keeps powers within float32.
const mostGamma = 20
