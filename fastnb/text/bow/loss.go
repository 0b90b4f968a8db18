package bow

import "math"

// Loss is what a linear model makes small, of the margin m of each document: its score, negative where the document is
// not of the class.
type Loss int

const (
	LogLoss      Loss = iota // log(1 + exp(-m)): logistic regression
	SquaredHinge             // max(0, 1-m) squared: a support vector machine
)

// best returns the best dual variable of a document: the others, and so the rest of the model, stay as they are. alpha
// is its present value, margin the document's, and size the squared length of its row, which is how fast the margin
// grows with alpha.
func (l Loss) best(alpha, margin, size, c float64) float64 {
	if l == SquaredHinge {
		return max(0, alpha-(margin-1+alpha/(2*c))/(size+1/(2*c)))
	}
	return c * sigmoid(-settled(alpha, margin, size, c))
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// settled returns the margin t at which alpha is right for the log loss, c*sigmoid(-t), and to which the margin moves
// by setting it so: Newton's method, with halving where it would leave the interval that the answer is in.
func settled(alpha, margin, size, c float64) float64 {
	low, high, t := margin-size*alpha, margin+size*(c-alpha), margin
	for range 100 {
		s := sigmoid(-t)
		excess := t - margin - size*(c*s-alpha)
		if excess > 0 {
			high = t
		} else {
			low = t
		}
		next := t - excess/(1+size*c*s*(1-s))
		if !(next > low && next < high) {
			next = (low + high) / 2
		}
		if math.Abs(next-t) <= 1e-12*(1+math.Abs(t)) {
			return next
		}
		t = next
	}
	return t
}
