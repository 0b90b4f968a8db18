package text_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
)

// renamed cuts as fields does, under another name.
type renamed struct{ fields }

func (renamed) Name() string { return "renamed" }

// Every verb that takes data refuses documents that were not prepared as the model's, and says what would prepare them; those
// of its vocabulary, tokenizer, length and classes it takes, whatever their batches.
func TestClassifierTakesItsOwnKindOfData(t *testing.T) {
	data := reviewData(t, 40)
	l := classifier(t, data, text.LSTM(1, 8, 8))
	ok(t, l.Save("own"))
	was := l.Data()
	docs := reviewDocs(t, data.Dir(), 40, 1)
	vocab := text.WithVocab(data.Vocab())
	words := slices.Clone(data.Vocab().Words())
	words[10], words[11] = words[11], words[10]
	turned, err := text.NewVocab(words)
	ok(t, err)
	other := func(docs *text.Docs, opts ...text.ClassDataOption) *text.ClassData {
		d, err := text.ForClassifier(docs, append([]text.ClassDataOption{text.WithTokenizer(fields{}), vocab, text.BatchSize(20), text.Shapes(2)}, opts...)...)
		ok(t, err)
		return d
	}
	swapped, err := text.FromTexts([]string{"g1", "b1", "b2", "g2"}, []string{"good", "awful", "awful", "good"}, text.ValidRows([]int{2, 3}), text.WorkDir(data.Dir()))
	ok(t, err)
	for _, c := range []struct {
		name, want string
		data       *text.ClassData
	}{
		{"words", "WithVocab", other(docs, text.WithVocab(turned))},
		{"tokenizer", `tokenizer "renamed", that of the learner's data is "fields"; make the data WithTokenizer`, other(docs, text.WithTokenizer(renamed{}))},
		{"length", "MaxLen(7), the learner's data have MaxLen(1440)", other(docs, text.MaxLen(7))},
		{"classes", "classes are [awful good]", other(swapped)},
	} {
		wrong(t, l.SetData(c.data), "SetData: ", c.want)
		wrong(t, errorOf(l.PredictOn(c.data, fastnb.Valid)), "PredictOn: ", c.want)
		if l.Data() != was || l.Learner.Data() != fastnb.Data(was) {
			t.Fatalf("%s: the learner's data are others now", c.name)
		}
		again := classifier(t, c.data, text.LSTM(1, 8, 8))
		have := strings.NewReplacer("MaxLen(7)", "MaxLen(1440)", `tokenizer "renamed"`, `tokenizer "fields"`, "classes are [awful good]", "classes are [bad good]").Replace(c.want)
		have, _, _ = strings.Cut(have, ", ")
		wrong(t, again.Load("own"), "unusable checkpoint", have)
	}
	same := other(docs, text.BatchSize(8), text.BPTT(3), text.Shapes(1))
	before, err := l.Predict(fastnb.Valid)
	ok(t, err)
	on, err := l.PredictOn(same, fastnb.Valid)
	ok(t, err)
	ok(t, l.SetData(same))
	after, err := l.Predict(fastnb.Valid)
	ok(t, err)
	for i, row := range before.Probs {
		alike(t, fmt.Sprint("PredictOn, document ", i), on.Probs[i], row, 1e-5)
		alike(t, fmt.Sprint("SetData, document ", i), after.Probs[i], row, 1e-5)
	}
}

func TestLanguageModelTakesItsOwnKindOfData(t *testing.T) {
	data := inventedData(t)
	l := languageModel(t, data, oneLayer)
	ok(t, l.Save("own"))
	ok(t, l.SaveEncoder("own"))
	docs, err := text.FromTexts([]string{sentences(1, 40), sentences(2, 40)}, nil, text.ValidRows([]int{1}), text.WorkDir(data.Dir()))
	ok(t, err)
	other, err := text.ForLanguageModel(docs, text.WithTokenizer(renamed{}), text.WithVocab(data.Vocab()), text.BatchSize(4), text.BPTT(20))
	ok(t, err)
	const want = `make the data WithTokenizer`
	wrong(t, l.SetData(other), "SetData: ", want)
	wrong(t, errorOf(l.PredictOn(other, fastnb.Valid)), "PredictOn: ", want)
	again := languageModel(t, other, oneLayer)
	wrong(t, again.Load("own"), "unusable checkpoint", want)
	wrong(t, again.LoadEncoder("own"), "unusable checkpoint", `it has learned tokens of "fields", the data's tokenizer is "renamed"`, want)
	strange, err := text.NewVocab([]string{text.Unk, text.Pad, "chat", "chien"})
	ok(t, err)
	french, err := text.ForLanguageModel(docs, text.WithTokenizer(fields{}), text.WithVocab(strange), text.BatchSize(4), text.BPTT(20))
	ok(t, err)
	wrong(t, languageModel(t, french, oneLayer).LoadEncoder("own"), `it knows none of the data's 2 words, such as "chat"`)
	wrong(t, errorOf(l.Generate("caf\xe9", 3)), "text: Generate: ", "the prompt", "is not UTF-8")
	wrong(t, errorOf(l.NextWords("caf\xe9", 3)), "text: NextWords: ", "is not UTF-8")
}

// A checkpoint of the time when only words were kept is still read.
func TestFittedOfEarlierVersions(t *testing.T) {
	data := reviewData(t, 40)
	words := `["` + strings.Join(data.Vocab().Words(), `","`) + `"]`
	ok(t, data.CheckFitted(words))
	wrong(t, data.CheckFitted(strings.Replace(words, "xxbos", "xxbOs", 1)), "another vocabulary")
	wrong(t, data.CheckFitted(`{"means":[1]}`), "no vocabulary")
}

// A head with batch norm can't learn from single documents; a language model has none.
func TestBatchesOfOne(t *testing.T) {
	const want = "batch norm needs company"
	l := classifier(t, reviewData(t, 40))
	single := classifier(t, reviewData(t, 40, text.BatchSize(1)))
	wrong(t, single.Fit(fastnb.LR(.01), 1), "BatchSize(1) (want 2 or more: "+want+")")
	data, err := text.ForClassifier(reviewDocs(t, t.TempDir(), 40, 1), text.WithTokenizer(fields{}), text.WithVocab(l.Data().Vocab()), text.BatchSize(1))
	ok(t, err)
	ok(t, l.SetData(data))
	wrong(t, l.Fit(fastnb.LR(.01), 1), "BatchSize(1) (want 2 or more: "+want+")")
	for _, v := range []fastnb.View{{Shuffle: true, Seed: 1}, {Shuffle: true, Seed: 2}} {
		for b, err := range reviewData(t, 41, text.BatchSize(20)).Batches(v) {
			ok(t, err)
			if len(b.Items) != 20 {
				t.Errorf("a batch of %d documents to learn from, want the last one of 1 dropped", len(b.Items))
			}
		}
	}
	ok(t, errorOf(text.NewLanguageModel(inventedData(t, text.BatchSize(1)), small()...)))
}

// Names of classes are kept as they are, whatever they are.
func TestOddClassesAreSaved(t *testing.T) {
	names := []string{"a\tb", "c\nd\x00", strings.Repeat("long ", 1000), " ", "été"}
	var texts, labels []string
	for i := range 20 {
		texts, labels = append(texts, fmt.Sprint("word ", i)), append(labels, names[i%5])
	}
	docs, err := text.FromTexts(texts, labels, text.WorkDir(t.TempDir()), text.ValidRows([]int{0, 1, 2, 3, 4}))
	ok(t, err)
	data, err := text.ForClassifier(docs, plainClass(text.BatchSize(5))...)
	ok(t, err)
	l := classifier(t, data, text.LSTM(1, 8, 8))
	ok(t, l.Save("odd"))
	ok(t, classifier(t, data, text.LSTM(1, 8, 8)).Load("odd"))
	if got := data.Classes(); !slices.Equal(got, slices.Sorted(slices.Values(names))) {
		t.Errorf("classes %q", got)
	}
}

// An option that is only a language model's does not compile for a classifier, nor the other way about; one of both does for
// either.
func TestOptionsAreOfTheirVerbs(t *testing.T) {
	lmData, classData := reflect.TypeFor[text.LMDataOption](), reflect.TypeFor[text.ClassDataOption]()
	lm, class := reflect.TypeFor[text.LanguageModelOption](), reflect.TypeFor[text.ClassifierOption]()
	transformer := reflect.TypeFor[text.TransformerOption]()
	for name, c := range map[string]struct {
		option any
		of     []reflect.Type
	}{
		"Jitter": {text.Jitter, []reflect.Type{lmData}}, "MaxLen": {text.MaxLen, []reflect.Type{classData}},
		"Shapes": {text.Shapes, []reflect.Type{classData}}, "BPTT": {text.BPTT, []reflect.Type{lmData, classData}},
		"MinFreq": {text.MinFreq, []reflect.Type{lmData, classData}}, "LSTM": {text.LSTM, []reflect.Type{lm, class}},
		"Layers": {text.Layers, []reflect.Type{class}}, "Ps": {text.Ps, []reflect.Type{class, transformer}},
		"On":      {text.On, []reflect.Type{lm, class, transformer}},
		"Encoder": {text.Encoder, []reflect.Type{transformer}}, "TopK": {text.TopK, nil},
	} {
		returns := reflect.TypeOf(c.option).Out(0)
		for _, verb := range []reflect.Type{lmData, classData, lm, class, transformer} {
			if got, want := returns.Implements(verb), slices.Contains(c.of, verb); got != want {
				t.Errorf("%s is a %v: %t, want %t", name, verb, got, want)
			}
		}
	}
}
