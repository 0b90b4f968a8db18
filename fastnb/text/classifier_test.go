package text_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/fastnb/fastnb/fastnb/text/arch"
)

// Reviews in an invented language: "it was ADJ and ADJ .", so many times, and "so ADJ .", all adjectives of 15 good or of 15 bad ones.
// Whoever has read many knows which go together, whatever they are called.
func review(rng *rand.Rand, good bool, sentences int) string {
	side := map[bool]string{true: "g", false: "b"}[good]
	adj := func() string { return fmt.Sprint(side, rng.IntN(15)) }
	var b strings.Builder
	for range sentences {
		fmt.Fprintf(&b, "it was %s and %s . ", adj(), adj())
	}
	return b.String() + "so " + adj() + " ."
}

// reviewDocs are n reviews to learn from and 200 for validation.
func reviewDocs(t testing.TB, dir string, n, sentences int) *text.Docs {
	t.Helper()
	rng := rand.New(rand.NewPCG(uint64(n), 2))
	var texts, labels []string
	var valid []int
	for i := range n + 200 {
		if i >= n {
			valid = append(valid, i)
		}
		texts = append(texts, review(rng, i%2 == 0, sentences))
		labels = append(labels, map[bool]string{true: "good", false: "bad"}[i%2 == 0])
	}
	docs, err := text.FromTexts(texts, labels, text.ValidRows(valid), text.WorkDir(dir))
	ok(t, err)
	return docs
}

func reviewData(t testing.TB, n int, opts ...text.ClassDataOption) *text.ClassData {
	t.Helper()
	data, err := text.ForClassifier(reviewDocs(t, t.TempDir(), n, 1), plainClass(append([]text.ClassDataOption{text.BatchSize(20), text.Shapes(2)}, opts...)...)...)
	ok(t, err)
	return data
}

func classifier(t testing.TB, data *text.ClassData, opts ...text.ClassifierOption) *text.Classifier {
	t.Helper()
	l, err := text.NewClassifier(data, append([]text.ClassifierOption{text.LSTM(2, 24, 16), text.DropMult(.1), text.Layers(16), quiet}, opts...)...)
	ok(t, err)
	return l
}

// A small net learns which adjectives are good, and what one does with it then.
func TestClassifier(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	l := classifier(t, reviewData(t, 400))
	ok(t, l.FitOneCycle(fastnb.LR(2e-2), 6))
	_, scores, err := l.Validate()
	ok(t, err)
	if scores[0] < .98 {
		t.Errorf("accuracy %.3f", scores[0])
	}
	for name, test := range map[string]func(*testing.T, *text.Classifier){
		"padding": testPadding, "texts": testTexts, "odd texts": testOddTexts, "save": testClassifierSave, "precompute": testPrecompute,
	} {
		t.Run(name, func(t *testing.T) { test(t, l) })
	}
}

func predict(t testing.TB, l *text.Classifier, texts ...string) [][]float32 {
	t.Helper()
	p, err := l.PredictTexts(texts...)
	ok(t, err)
	return p.Probs
}

func alike(t *testing.T, name string, a, b []float32, within float64) {
	t.Helper()
	for i := range a {
		near(t, name, float64(a[i]), float64(b[i]), within)
	}
}

// What a text is held to be does not depend on the texts beside it, however much longer they are.
func testPadding(t *testing.T, l *text.Classifier) {
	rng := rand.New(rand.NewPCG(5, 5))
	short, other, long := "so b3 .", review(rng, true, 1), review(rng, false, 40)
	alone := predict(t, l, short)
	beside := predict(t, l, long, short, other)
	alike(t, "alone and beside a long one", alone[0], beside[1], 1e-5)
	alike(t, "two and three texts", predict(t, l, other, short)[0], beside[2], 1e-5)
	alike(t, "a long one alone", predict(t, l, long)[0], beside[0], 1e-5)
}

// Texts are predicted in their order, as documents of a split are.
func testTexts(t *testing.T, l *text.Classifier) {
	data := l.Data()
	var texts []string
	for i := range 30 {
		s, err := data.Docs().Text(fastnb.Valid, i)
		ok(t, err)
		texts = append(texts, s)
	}
	p, err := l.PredictTexts(texts...)
	ok(t, err)
	valid, err := l.Predict(fastnb.Valid)
	ok(t, err)
	for i, row := range p.Probs {
		alike(t, texts[i], row, valid.Probs[i], 1e-5)
	}
	if p.Labels != nil || len(p.Probs) != 30 || !slices.Equal(p.Classes, []string{"bad", "good"}) {
		t.Errorf("%d predictions, labels %v, classes %q", len(p.Probs), p.Labels, p.Classes)
	}
	if data.Len(fastnb.Test) != 0 || l.Data() != data {
		t.Error("the learner's data are others now")
	}
	_, err = l.PredictTexts("so g1", "caf\xe9")
	wrong(t, err, "text: PredictTexts: ", `text 1: "caf\xe9" is not UTF-8`)
	if bad := (*fastnb.ItemError)(nil); !errors.As(err, &bad) {
		t.Errorf("%v is no ItemError", err)
	}
	_, err = l.PredictTexts()
	wrong(t, err, "text: PredictTexts: ", "no texts")
}

// Whatever a text is, it gets probabilities.
func testOddTexts(t *testing.T, l *text.Classifier) {
	for name, s := range map[string]string{
		"empty": "", "spaces": " \n\t", "100,000 words": strings.Repeat("it was g1 , so ", 20_000), "NUL": "it\x00was\x00 g1",
		"emoji": "it was 👩‍👩‍👧 , so 😀", "unknown words": "quite unheard-of things", "special tokens": "xxpad xxpad xxunk xxbos",
	} {
		p := predict(t, l, s, "it was g1")
		for _, row := range p {
			if sum := float64(row[0]) + float64(row[1]); !(sum > 1-1e-5 && sum < 1+1e-5) {
				t.Errorf("%s: probabilities %v", name, row)
			}
		}
		alike(t, name+", the text beside it", p[1], predict(t, l, "it was g1")[0], 1e-5)
	}
	end := strings.Repeat("it was g1 . ", 360)
	alike(t, "the end of a long text", predict(t, l, strings.Repeat("b2 ", 5000)+end)[0], predict(t, l, end)[0], 1e-5)
}

// A checkpoint is the same classifier in a second learner.
func testClassifierSave(t *testing.T, l *text.Classifier) {
	ok(t, l.Save("reviews"))
	again := classifier(t, l.Data())
	ok(t, again.Load("reviews"))
	texts := []string{"it was g1 and g2 , so g3 .", "so b4"}
	for i, row := range predict(t, again, texts...) {
		alike(t, texts[i], row, predict(t, l, texts...)[i], 0)
	}
	other := reviewData(t, 40, text.MaxVocab(24))
	wrong(t, l.SetData(other), "text: SetData: ", "another vocabulary")
	wrong(t, l.SetData(nil), "nil")
	wrong(t, errorOf(l.PredictOn(other, fastnb.Valid)), "text: PredictOn: ", "a vocabulary of 24 words", "WithVocab")
	words := slices.Clone(l.Data().Vocab().Words())
	words[10], words[11] = words[11], words[10]
	vocab, err := text.NewVocab(words)
	ok(t, err)
	data, err := text.ForClassifier(reviewDocs(t, l.Data().Dir(), 40, 1), text.WithTokenizer(fields{}), text.WithVocab(vocab), text.BatchSize(20))
	ok(t, err)
	wrong(t, classifier(t, data).Load("reviews"), "unusable checkpoint", fmt.Sprintf("word 10 is %q", words[11]))
}

// With a frozen encoder its states may be kept: the same predictions, and the head learns from them.
func testPrecompute(t *testing.T, l *text.Classifier) {
	want, err := l.Predict(fastnb.Valid)
	ok(t, err)
	wrong(t, l.Precompute(true), "not frozen")
	l.Freeze()
	ok(t, l.Precompute(true))
	got, err := l.Predict(fastnb.Valid)
	ok(t, err)
	for i, row := range got.Probs {
		alike(t, want.Names[i], row, want.Probs[i], 1e-5)
	}
	before := weights(t, l.Learner)
	ok(t, l.Fit(fastnb.LR(1e-3), 1))
	if groups := changed(l.Learner, before, weights(t, l.Learner)); !slices.Equal(groups, []int{3}) {
		t.Errorf("groups %v have changed", groups)
	}
}

// Unfreezing one group after the other changes those and no others.
func TestGradualUnfreezing(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	l := classifier(t, reviewData(t, 40), text.LSTM(1, 16, 16))
	ok(t, l.Open())
	for from := 2; from >= 0; from-- {
		before := weights(t, l.Learner)
		l.FreezeTo(from - 3)
		ok(t, l.Fit(fastnb.LRSlice(1e-3, 1e-2), 1))
		if groups := changed(l.Learner, before, weights(t, l.Learner)); !slices.Equal(groups, []int{0, 1, 2}[from:]) {
			t.Errorf("FreezeTo(%d): groups %v have changed", from-3, groups)
		}
	}
}

// Sixteen labelled words are not all adjectives; a language model that has read reviews without labels knows which go together, and a
// classifier that begins with its encoder knows them all.
func TestTransfer(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	docs := reviewDocs(t, t.TempDir(), 300, 5)
	unlabelled, err := text.ForLanguageModel(docs, plainLM(text.BatchSize(10), text.BPTT(30), text.Jitter(false))...)
	ok(t, err)
	lm, err := text.NewLanguageModel(unlabelled, text.LSTM(1, 24, 24), text.DropMult(.1), quiet)
	ok(t, err)
	ok(t, lm.FitOneCycle(fastnb.LR(3e-2), 30, fastnb.Moms(.8, .7, .8)))
	ok(t, lm.SaveEncoder("reviews"))
	few, err := text.ForClassifier(reviewDocs(t, docs.Dir(), 16, 0), text.WithTokenizer(fields{}), text.WithVocab(unlabelled.Vocab()), text.BatchSize(16), text.Shapes(1))
	ok(t, err)
	accuracy := func(l *text.Classifier) float64 {
		_, scores, err := l.Validate()
		ok(t, err)
		return scores[0]
	}
	scratch, tuned := classifier(t, few, text.LSTM(1, 24, 24)), classifier(t, few, text.LSTM(1, 24, 24))
	ok(t, scratch.FitOneCycle(fastnb.LR(1e-2), 120))
	ok(t, tuned.LoadEncoder("reviews"))
	tuned.FreezeTo(-1)
	ok(t, tuned.FitOneCycle(fastnb.LR(1e-2), 80))
	tuned.Unfreeze()
	ok(t, tuned.FitOneCycle(fastnb.LRSlice(1e-5, 1e-3), 40))
	a, b := accuracy(scratch), accuracy(tuned)
	t.Logf("accuracy from scratch %.3f, from a language model %.3f", a, b)
	if b < .95 || b < a+.1 {
		t.Errorf("accuracy from scratch %.3f, from a language model %.3f", a, b)
	}
}

func TestWrongClassifiers(t *testing.T) {
	data := reviewData(t, 40)
	for want, opts := range map[string][]text.ClassifierOption{
		"Layers(0)": {text.Layers(0)}, "Ps(1)": {text.Ps(1)}, "embedding 0": {text.LSTM(1, 1, 0)}, "dropout 1": {text.Drops(arch.Drops{Input: 1})},
	} {
		wrong(t, errorOf(text.NewClassifier(data, append(opts, quiet, text.DropMult(1))...)), "text: NewClassifier: ", want)
	}
	wrong(t, errorOf(text.NewClassifier(nil)), "the data is nil")
}
