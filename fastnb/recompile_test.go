package fastnb_test

import (
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
)

// notes is a Progress that keeps what it is told beside the batches.
type notes []string

func (*notes) Begin(int, int, []string) {}
func (*notes) Batch(int, int, float64)  {}
func (*notes) Epoch([]string)           {}
func (*notes) End(error)                {}
func (n *notes) Note(text string)       { *n = append(*n, text) }

// compiled counts the compilations of training steps so far.
func (n *notes) compiled() (count int) {
	for _, text := range *n {
		if strings.HasPrefix(text, "compiling the training step") {
			count++
		}
	}
	return count
}

// Rates, momentum and weight decay change with every step or fit, and the step is compiled once; what is frozen makes
// another graph, and the first one is kept.
func TestRatesDoNotRecompile(t *testing.T) {
	n := &notes{}
	l := clouds(t, fastnb.WithProgress(n))
	check(t, l.Fit(fastnb.LR(0.05), 2, fastnb.CycleLen(1)))
	check(t, l.Fit(fastnb.LR(0.01, 0.02, 0.03), 1, fastnb.Momentum(0.5), fastnb.WD(0.1)))
	check(t, l.FitOneCycle(fastnb.LR(0.02), 1))
	if got := n.compiled(); got != 1 {
		t.Errorf("3 fits compiled %d training steps, want 1:\n%s", got, strings.Join(*n, "\n"))
	}
	l.Freeze()
	check(t, l.Fit(fastnb.LR(0.05), 1))
	l.Unfreeze()
	check(t, l.Fit(fastnb.LR(0.05), 1))
	if got := n.compiled(); got != 2 {
		t.Errorf("frozen and unfrozen again: %d training steps, want 2:\n%s", got, strings.Join(*n, "\n"))
	}
}
