package text_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/text"
)

var oneLayer = text.LSTM(1, 32, 32)

// A small net learns an invented language nearly to its entropy, which it can't without remembering; and what one does with it.
func TestLanguageModel(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	data := inventedData(t)
	l := languageModel(t, data, oneLayer)
	ok(t, l.FitOneCycle(fastnb.LR(2e-2), 25, fastnb.Moms(.8, .7, .8), fastnb.Clip(1)))
	loss, scores, err := l.Validate()
	ok(t, err)
	t.Logf("accuracy %.3f, perplexity %.3f; of the language %.3f, without memory %.3f", scores[0], scores[1], sure, blind)
	if scores[1] > sure*1.05 || scores[1] < sure*.95 {
		t.Errorf("perplexity %.3f, want about %.3f", scores[1], sure)
	}
	near(t, "perplexity", scores[1], math.Exp(loss), 1e-4)
	for name, test := range map[string]func(*testing.T, *text.LanguageModel){
		"states": testStates, "accuracy": testAccuracy, "save": testSave, "generate": testGenerate, "next": testNextWords, "sweep": testSweep,
	} {
		t.Run(name, func(t *testing.T) { test(t, l) })
	}
}

// oneWindow is data of which one window is read, from states of zero.
type oneWindow struct {
	*text.LMData
	k int
}

func (d oneWindow) Batches(v fastnb.View) iter.Seq2[fastnb.Batch, error] {
	return func(yield func(fastnb.Batch, error) bool) {
		k := 0
		for b, err := range d.LMData.Batches(v) {
			if k++; k-1 == d.k && !yield(b, err) {
				return
			}
		}
	}
}

// The states go from window to window: a validation is that of whole columns at once, and better than that of windows each by
// itself.
func testStates(t *testing.T, l *text.LanguageModel) {
	kept := func(d fastnb.Data) (loss, words float64) {
		p, err := l.PredictOn(d, fastnb.Valid)
		ok(t, err)
		for _, row := range p.Kept {
			if row != nil {
				loss, words = loss+float64(row[0]), words+float64(row[2])
			}
		}
		return loss, words
	}
	data := l.Data()
	loss, words := kept(data)
	column := (data.Tokens(fastnb.Valid) - 1) / 8
	if int(words) != 8*column {
		t.Errorf("%g words count, want %d", words, 8*column)
	}
	whole, _ := kept(inventedData(t, text.BPTT(column)))
	near(t, "loss of whole columns", whole/words, loss/words, 1e-5)
	var apart float64
	for k := range data.Len(fastnb.Valid) / 8 {
		one, _ := kept(oneWindow{data, k})
		apart += one
	}
	if apart < loss+.02*words {
		t.Errorf("from zero states each time the loss is %.4f, with carried ones %.4f", apart/words, loss/words)
	}
}

// The accuracy is the share of words with the highest score: in five of seven places there is nothing to guess, in the others one
// of four.
func testAccuracy(t *testing.T, l *text.LanguageModel) {
	p, err := l.Predict(fastnb.Valid)
	ok(t, err)
	near(t, "accuracy", p.Score(text.Accuracy), (5+2./4)/7, .03)
	if p.Probs != nil || len(p.Kept) != l.Data().Len(fastnb.Valid) {
		t.Errorf("%d rows are kept of %d items", len(p.Kept), l.Data().Len(fastnb.Valid))
	}
}

// A checkpoint is the same model, in another learner too; it holds no states.
func testSave(t *testing.T, l *text.LanguageModel) {
	loss, _, err := l.Validate()
	ok(t, err)
	ok(t, l.Save("english"))
	again := languageModel(t, l.Data(), oneLayer)
	ok(t, again.Load("english"))
	for v := range again.Store().IterVariables() {
		if nn.IsState(v.Path()) {
			for _, x := range v.MustValue().Value().([][]float32) {
				if x[0] != 0 {
					t.Fatalf("the checkpoint has states: %s", v.Path())
				}
			}
		}
	}
	for range 2 {
		got, _, err := again.Validate()
		ok(t, err)
		near(t, "loaded loss", got, loss, 0)
	}
	other, err := text.NewLanguageModel(l.Data(), text.LSTM(1, 32, 16), quiet)
	ok(t, err)
	wrong(t, other.Load("english"), "awd-lstm-32-32x1")
}

// The same seed writes the same; without chance the likeliest word is next; what is written is the language.
func testGenerate(t *testing.T, l *text.LanguageModel) {
	generate := func(prompt string, n int, opts ...text.GenerateOption) string {
		t.Helper()
		s, err := l.Generate(prompt, n, opts...)
		ok(t, err)
		return s
	}
	if one, two := generate("the cat", 30), generate("the cat", 30); one != two {
		t.Errorf("one seed writes %q and %q", one, two)
	}
	if one, two := generate("the cat", 30), generate("the cat", 30, text.Seed(1)); one == two {
		t.Errorf("two seeds write %q", one)
	}
	greedy := generate("the fox", 20, text.Temperature(0))
	if again := generate("the fox", 20, text.TopK(1), text.Seed(5)); again != greedy || greedy != generate("the fox", 20, text.Temperature(1e-3)) {
		t.Errorf("greedy: %q, the likeliest of one: %q", greedy, again)
	}
	written, right := strings.Fields(generate("the cat", 5+39*7, text.Temperature(.5), text.TopK(4))), 0
	for s := range slices.Chunk(written, 6) { // "sleeps." is one word here
		if strings.Join(s, " ") == fmt.Sprintf("the %s %s and %[1]s sleeps.", s[1], s[2]) {
			right++
		}
	}
	if right < 36 {
		t.Errorf("%d of 40 sentences are right: %v", right, written)
	}
	if s := generate("the unheard-of cat", 0); !strings.Contains(s, "the") {
		t.Errorf("nothing written: %q", s)
	}
	for _, c := range []struct {
		n    int
		opts []text.GenerateOption
	}{{-1, nil}, {1, []text.GenerateOption{text.Temperature(-1)}}, {1, []text.GenerateOption{text.Temperature(math.NaN())}}, {1, []text.GenerateOption{text.TopK(-1)}}} {
		wrong(t, errorOf(l.Generate("the", c.n, c.opts...)), "text: Generate: ", "want 0 or more")
	}
}

// The table sums to 1, the likeliest word first; the noun comes again.
func testNextWords(t *testing.T, l *text.LanguageModel) {
	all, err := l.NextWords("the cat sings and", 1000)
	ok(t, err)
	var sum float64
	for i, w := range all {
		if sum += w.Prob; i > 0 && w.Prob > all[i-1].Prob {
			t.Errorf("%v comes after %v", w, all[i-1])
		}
	}
	if all[0].Word != "cat" || all[0].Prob < .5 {
		t.Errorf("after the verb: %v", all[:4])
	}
	if sum > 1+1e-6 || sum < .98 {
		t.Errorf("probabilities sum to %g", sum)
	}
	if s := all[:1].String(); !strings.HasPrefix(s, "cat ") || !strings.Contains(all[:1].HTML(), "<td>cat</td>") {
		t.Errorf("%q, %q", s, all[:1].HTML())
	}
	if none, err := l.NextWords("the", 0); err != nil || len(none) != 0 {
		t.Errorf("no words: %v, %v", none, err)
	}
	wrong(t, errorOf(l.NextWords(" ", 3)), "text: NextWords: ", "no tokens")
}

// A sweep leaves weights as they were.
func testSweep(t *testing.T, l *text.LanguageModel) {
	before := weights(t, l.Learner)
	loss, _, err := l.Validate()
	ok(t, err)
	sweep, err := l.LRFind(fastnb.Iterations(30))
	ok(t, err)
	if groups := changed(l.Learner, before, weights(t, l.Learner)); groups != nil || len(sweep.LR) == 0 {
		t.Errorf("a sweep of %d rates has changed groups %v", len(sweep.LR), groups)
	}
	again, _, err := l.Validate()
	ok(t, err)
	near(t, "loss after the sweep", again, loss, 0)
}

// The same seed trains the same net, bit for bit; frozen layer groups stay bit for bit.
func TestLanguageModelSeedsAndFreezing(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	data := inventedData(t)
	train := func(freeze int) (*text.LanguageModel, map[string][]float32) {
		l := languageModel(t, data)
		ok(t, l.Open())
		before := weights(t, l.Learner)
		l.FreezeTo(freeze)
		ok(t, l.Fit(fastnb.LR(1e-2), 1))
		if groups := changed(l.Learner, before, weights(t, l.Learner)); fmt.Sprint(groups) != fmt.Sprint([]int{0, 1, 2}[freeze:]) {
			t.Errorf("FreezeTo(%d): groups %v have changed", freeze, groups)
		}
		return l, weights(t, l.Learner)
	}
	one, first := train(0)
	_, second := train(0)
	if groups := changed(one.Learner, first, second); groups != nil {
		t.Errorf("of one seed groups %v differ", groups)
	}
	train(1)
}

// An interrupt keeps what was learned and says where it came; a loss that is no number ends the fit.
func TestLanguageModelInterrupted(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	l := languageModel(t, inventedData(t, text.Jitter(true)), oneLayer)
	ctx, cancel := context.WithCancel(t.Context())
	err := l.Fit(fastnb.LR(1e-2), 4, fastnb.Until(ctx), fastnb.Callbacks(&stopAfter{cancel, 70}))
	if !errors.Is(err, fastnb.ErrInterrupted) {
		t.Fatalf("error is %v", err)
	}
	done := l.Recorder.Epochs
	wrong(t, err, fmt.Sprintf("in epoch %d after %d of", len(done), 70-done[len(done)-1].Batches))
	again := languageModel(t, l.Data(), oneLayer)
	ok(t, again.Load("interrupted"))
	if groups := changed(l.Learner, weights(t, l.Learner), weights(t, again.Learner)); groups != nil {
		t.Errorf("groups %v differ from the checkpoint", groups)
	}
	if err := l.Fit(fastnb.LR(1e38), 2); !errors.Is(err, fastnb.ErrNaN) {
		t.Errorf("at a rate of 1e38: %v", err)
	}
}

// stopAfter is a callback that interrupts after so many batches.
type stopAfter struct {
	stop func()
	left int
}

func (s *stopAfter) EndBatch(*fastnb.Learner) error {
	if s.left--; s.left == 0 {
		s.stop()
	}
	return nil
}

func TestWrongLanguageModels(t *testing.T) {
	data := inventedData(t)
	for want, opts := range map[string][]text.LanguageModelOption{
		"hidden 0":      {text.LSTM(2, 0, 8)},
		"layers -1":     {text.LSTM(-1, 8, 8)},
		"DropMult(NaN)": {text.DropMult(math.NaN())},
		"AR(-1)":        {text.AR(-1)},
	} {
		wrong(t, errorOf(text.NewLanguageModel(data, append(opts, quiet)...)), "text: NewLanguageModel: ", want)
	}
	wrong(t, errorOf(text.NewLanguageModel(nil)), "the data is nil")
	l := languageModel(t, data)
	wrong(t, l.Precompute(true), "finds its losses from the data")
	wrong(t, l.SetData(nil), "text: SetData: ", "nil")
	wrong(t, l.SetData(lmData(t, counted(99), counted(99), text.BatchSize(2))), "another vocabulary", "WithVocab")
	wrong(t, l.Load("nowhere"), "nowhere")
}

// Other data of the same vocabulary, of other rows and windows.
func TestLanguageModelSetData(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	data := inventedData(t)
	l := languageModel(t, data, oneLayer)
	ok(t, l.Fit(fastnb.LR(1e-2), 1))
	loss, _, err := l.Validate()
	ok(t, err)
	ok(t, l.SetData(inventedData(t, text.BatchSize(4), text.BPTT(11))))
	other, _, err := l.Validate()
	ok(t, err)
	near(t, "loss of other windows", other, loss, .02) // a column's beginning is unsure
	l.Unfreeze()
	ok(t, l.Fit(fastnb.LR(1e-3), 1))
}
