package text_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/fastnb/fastnb/fastnb/text/arch"
)

// trained is a language model whose weights are not as another new one's.
func trained(t *testing.T) *text.LanguageModel {
	t.Helper()
	l, err := text.NewLanguageModel(inventedData(t), text.LSTM(2, 12, 8), quiet, text.With(fastnb.Seed(9)))
	ok(t, err)
	ok(t, l.SaveEncoder("encoder"))
	return l
}

// An encoder comes back bit for bit, into a language model and a classifier; the rest stays as it was.
func TestEncoder(t *testing.T) {
	l := trained(t)
	want := weights(t, l.Learner)
	again, err := text.NewLanguageModel(l.Data(), text.LSTM(2, 12, 8), quiet)
	ok(t, err)
	ok(t, again.Open())
	before := weights(t, again.Learner)
	ok(t, again.LoadEncoder("encoder"))
	after := weights(t, again.Learner)
	if len(after) != 10 {
		t.Errorf("%d variables, want 9 of the encoder and the decoder's bias", len(after))
	}
	for path, w := range after {
		from := want
		if !strings.HasPrefix(path, arch.EncoderScope+"/") {
			from = before
		}
		if !slices.Equal(w, from[path]) {
			t.Errorf("%s is not as it should be", path)
		}
	}
	docs, err := text.FromTexts(strings.Fields("the fox sings the fox waits"), strings.Fields("a b a b a b"), text.ValidRows([]int{5}), text.WorkDir(t.TempDir()))
	ok(t, err)
	data, err := text.ForClassifier(docs, text.WithTokenizer(fields{}), text.WithVocab(l.Data().Vocab()), text.BatchSize(2))
	ok(t, err)
	c, err := text.NewClassifier(data, text.LSTM(2, 12, 8), quiet)
	ok(t, err)
	ok(t, c.LoadEncoderFile(filepath.Join(l.Data().Dir(), "models", "encoder.encoder")))
	for path, w := range weights(t, c.Learner) {
		if strings.HasPrefix(path, arch.EncoderScope+"/") && !slices.Equal(w, want[path]) {
			t.Errorf("%s of the classifier is not the language model's", path)
		}
	}
}

// Into a net of another vocabulary each word goes by itself; one that is new gets the mean of all rows.
func TestEncoderOfOtherWords(t *testing.T) {
	l := trained(t)
	from, rows := l.Data().Vocab(), weights(t, l.Learner)[arch.EmbeddingPath]
	vocab, err := text.NewVocab([]string{text.Unk, text.Pad, "fox", "unheard-of", "the"})
	ok(t, err)
	docs, err := text.FromTexts([]string{"the fox the fox the"}, nil, text.WorkDir(l.Data().Dir()))
	ok(t, err)
	data, err := text.ForLanguageModel(docs, text.WithTokenizer(fields{}), text.WithVocab(vocab), text.BatchSize(2))
	ok(t, err)
	other, err := text.NewLanguageModel(data, text.LSTM(2, 12, 8), quiet)
	ok(t, err)
	ok(t, other.LoadEncoder("encoder"))
	got := weights(t, other.Learner)[arch.EmbeddingPath]
	for code, word := range vocab.Words() {
		for k, x := range got[code*8 : code*8+8] {
			want := float64(rows[int(from.Code(word))*8+k])
			if word == "unheard-of" {
				want = 0
				for i := range from.Len() {
					want += float64(rows[i*8+k]) / float64(from.Len())
				}
			}
			near(t, word, float64(x), want, 1e-7)
		}
	}
}

// A file that is missing, damaged, of another net or no encoder is an error that says so, and nothing has changed.
func TestWrongEncoders(t *testing.T) {
	l := trained(t)
	models := filepath.Join(l.Data().Dir(), "models")
	whole, err := os.ReadFile(filepath.Join(models, "encoder.encoder"))
	ok(t, err)
	damage := func(name string, b []byte) { ok(t, os.WriteFile(filepath.Join(models, name+".encoder"), b, 0o644)) }
	damage("short", whole[:len(whole)-40])
	damage("empty", nil)
	flipped := slices.Clone(whole)
	flipped[len(whole)-10] ^= 64
	damage("flipped", flipped)
	damage("renamed", bytes.Replace(whole, []byte(`\"fox\"`), []byte(`\"fix\"`), 1))
	ok(t, l.Save("checkpoint"))
	checkpoints, err := filepath.Glob(filepath.Join(models, "checkpoint*"))
	ok(t, err)
	checkpoint, err := os.ReadFile(checkpoints[0])
	ok(t, err)
	damage("checkpoint", checkpoint)
	before := weights(t, l.Learner)
	for name, words := range map[string][]string{
		"nowhere": {"nowhere.encoder", "no such checkpoint", "SaveEncoder"}, "short": {"short.encoder", "unusable checkpoint"}, "empty": {"unusable"},
		"flipped": {"flipped.encoder", "damaged", "save the encoder anew"}, "renamed": {"damaged"}, "checkpoint": {"no vocabulary"},
		"": {`"" is no name`}, "../encoder": {"no path"}, "a/b": {"no path"}, ".hidden": {"is no name"}, "..": {"is no name"},
	} {
		err := l.LoadEncoder(name)
		wrong(t, err, append(words, "text: LoadEncoder: ")...)
		if name != "" && !strings.ContainsAny(name, "/.") && !errors.Is(err, fastnb.ErrBadCheckpoint) && !errors.Is(err, fastnb.ErrNoCheckpoint) {
			t.Errorf("%s: %v wraps no error of checkpoints", name, err)
		}
	}
	wrong(t, l.SaveEncoder("../encoder"), "text: SaveEncoder: ", "no path")
	for path, w := range weights(t, l.Learner) {
		if !slices.Equal(w, before[path]) {
			t.Errorf("%s has changed", path)
		}
	}
	for want, layers := range map[string]text.LearnerOption{
		"/encoder/embedding/weight is [24 8] (want [24 10])": text.LSTM(2, 12, 10),
		"/encoder/rnn0/weight_hh is [12 48] (want [14 56])":  text.LSTM(2, 14, 8),
		"/encoder/rnn2/weight_hh is missing":                 text.LSTM(3, 12, 8),
		"/encoder/rnn1/weight_hh is [8 32] (want none)":      text.LSTM(1, 12, 8),
	} {
		other, err := text.NewLanguageModel(l.Data(), layers, quiet)
		ok(t, err)
		wrong(t, other.LoadEncoder("encoder"), want, "give the learner the LSTM")
	}
}

// fastai's files of weights and words make a language model that says what fastai says of the next word, and of the one after more
// words, wherever the words stand in the vocabulary.
func TestLoadPretrained(t *testing.T) {
	var o struct {
		LM struct {
			Batches []struct {
				X      [][]int32
				Logits [][][]float64
			}
		}
	}
	const dir = "../../testdata/awdlstm/"
	file, err := os.ReadFile(dir + "awdlstm.json")
	ok(t, err)
	ok(t, json.Unmarshal(file, &o))
	words, err := pretrained.ReadStrings(dir + "vocab.pkl")
	ok(t, err)
	shuffled := append(slices.Clone(words[:2]), slices.Sorted(slices.Values(words[2:]))...)
	vocab, err := text.NewVocab(shuffled)
	ok(t, err)
	docs, err := text.FromTexts([]string{strings.Join(words, " ")}, nil, text.WorkDir(t.TempDir()))
	ok(t, err)
	data, err := text.ForLanguageModel(docs, text.WithTokenizer(fields{}), text.WithVocab(vocab), text.BatchSize(2))
	ok(t, err)
	l, err := text.NewLanguageModel(data, text.LSTM(3, 20, 12), quiet)
	ok(t, err)
	found, err := l.LoadPretrained(pretrained.File(dir+"lm.pth"), pretrained.File(dir+"vocab.pkl"))
	if err != nil || found != len(words) {
		t.Fatalf("%d of %d words found, %v", found, len(words), err)
	}
	for row := range o.LM.Batches[0].X {
		var prompt []string
		for _, b := range o.LM.Batches {
			for _, code := range b.X[row] {
				prompt = append(prompt, words[code])
			}
			got, err := l.NextWords(strings.Join(prompt, " "), 5)
			ok(t, err)
			logits := b.Logits[row][len(b.X[row])-1]
			var sum float64
			for _, x := range logits {
				sum += math.Exp(x)
			}
			for _, w := range got {
				near(t, w.Word, w.Prob, math.Exp(logits[slices.Index(words, w.Word)])/sum, 1e-4)
			}
		}
	}
	_, err = l.LoadPretrained(pretrained.File(dir+"lm.pth"), pretrained.File(filepath.Join(t.TempDir(), "none.pkl")))
	wrong(t, err, "text: LoadPretrained: ", "none.pkl")
	other, err := text.NewLanguageModel(data, text.LSTM(2, 20, 12), quiet)
	ok(t, err)
	_, err = other.LoadPretrained(pretrained.File(dir+"lm.pth"), pretrained.File(dir+"vocab.pkl"))
	wrong(t, err, "give the learner the LSTM")
}
