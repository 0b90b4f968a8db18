package text_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/fastnb/fastnb/fastnb/text"
)

// said is what models say of some texts, in bits.
type said struct {
	Probs   [][]uint32
	Written string
	Next    text.NextWords
}

// spoken are the texts; the second has no word that the model knows, the last is longer than all that it has read.
var spoken = []string{"it was g1 and b3 , so g3 .", "¿?", "so b4", strings.Repeat("it was b2 . ", 60)}

func bits(l *text.Classifier) (all [][]uint32, err error) {
	p, err := l.PredictTexts(spoken...)
	if err != nil {
		return nil, err
	}
	for _, row := range p.Probs {
		var of []uint32
		for _, p := range row {
			of = append(of, math.Float32bits(p))
		}
		all = append(all, of)
	}
	return all, nil
}

func speak(class *text.Classifier, lm *text.LanguageModel) ([]byte, error) {
	var s said
	var errs [3]error
	s.Probs, errs[0] = bits(class)
	s.Written, errs[1] = lm.Generate("the cat", 12)
	s.Next, errs[2] = lm.NextWords("the fox sings and", 5)
	b, err := json.Marshal(s)
	return b, errors.Join(append(errs[:], err)...)
}

// TestMain is the tests, or the other process of TestOpen, which opens the models of a folder and says what they say.
func TestMain(m *testing.M) {
	dir := os.Getenv("FASTNB_TEST_OPEN")
	if dir == "" {
		os.Exit(m.Run())
	}
	said, err := openAndSpeak(dir)
	if err != nil {
		log.Fatal(err)
	}
	os.Stdout.Write(said)
}

func openAndSpeak(dir string) ([]byte, error) {
	class, err := text.OpenClassifier(filepath.Join(dir, "class.safetensors"), text.WithTokenizer(fields{}), quiet)
	if err != nil {
		return nil, err
	}
	lm, err := text.OpenLanguageModel(filepath.Join(dir, "lm.safetensors"), text.WithTokenizer(fields{}), quiet)
	if err != nil {
		return nil, err
	}
	return speak(class, lm)
}

// moved copies a checkpoint to a folder that has nothing of the model's data.
func moved(t *testing.T, l *fastnb.Learner, name, to string) string {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(l.Data().Dir(), "models", name+".safetensors"))
	ok(t, err)
	path := filepath.Join(to, name+".safetensors")
	ok(t, os.WriteFile(path, file, 0o644))
	return path
}

// Models say the same, bit for bit, in another process that has their files alone.
func TestOpen(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	class := classifier(t, reviewData(t, 60, text.MaxLen(70)), text.LSTM(1, 8, 8), text.Layers(6, 5), text.Ps(.1, .2))
	ok(t, class.Fit(fastnb.LR(1e-2), 1))
	ok(t, class.Save("class"))
	lm := languageModel(t, inventedData(t), oneLayer)
	ok(t, lm.Fit(fastnb.LR(1e-2), 1))
	ok(t, lm.Save("lm"))
	dir := t.TempDir()
	path, lmPath := moved(t, class.Learner, "class", dir), moved(t, lm.Learner, "lm", dir)
	want, err := speak(class, lm)
	ok(t, err)
	ok(t, os.RemoveAll(class.Data().Dir()))
	ok(t, os.RemoveAll(lm.Data().Dir()))
	self, err := os.Executable()
	ok(t, err)
	cmd := exec.Command(self)
	cmd.Env, cmd.Stderr = append(os.Environ(), "FASTNB_TEST_OPEN="+dir), os.Stderr
	got, err := cmd.Output()
	ok(t, err)
	if string(got) != string(want) {
		t.Errorf("the other process says %s\nwant %s", got, want)
	}
	t.Run("classifier", func(t *testing.T) { testOpened(t, path, class) })
	t.Run("language model", func(t *testing.T) { testOpenedLM(t, lmPath) })
	t.Run("errors", func(t *testing.T) { testWrongOpen(t, path, lmPath) })
}

func sameBits(t *testing.T, one, other *text.Classifier) {
	t.Helper()
	a, err := bits(one)
	ok(t, err)
	b, err := bits(other)
	ok(t, err)
	if fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("one says %v, the other %v", a, b)
	}
}

// An opened model has nothing to learn from until it is given data, of its own kind; saved then, it can be opened again.
func testOpened(t *testing.T, path string, was *text.Classifier) {
	l, err := text.OpenClassifier(path, text.WithTokenizer(fields{}), quiet)
	ok(t, err)
	const want = "opened without its data; SetData gives it some"
	wrong(t, l.Fit(fastnb.LR(1e-2), 1), want)
	wrong(t, errorOf(l.LRFind()), want)
	wrong(t, errorOf(l.Predict(fastnb.Train)), want)
	_, _, err = l.Validate()
	wrong(t, err, "no such split")
	wrong(t, l.SetData(reviewData(t, 40)), "text: SetData: ", "MaxLen(1440)")
	docs := reviewDocs(t, t.TempDir(), 40, 1)
	data, err := text.ForClassifier(docs, text.WithTokenizer(fields{}), text.WithVocab(l.Data().Vocab()), text.MaxLen(70),
		text.BatchSize(20))
	ok(t, err)
	ok(t, l.SetData(data))
	sameBits(t, l, was)
	l.Unfreeze()
	ok(t, l.Fit(fastnb.LR(1e-2), 1))
	ok(t, l.Save("more"))
	again, err := text.OpenClassifier(filepath.Join(docs.Dir(), "models", "more.safetensors"), text.WithTokenizer(fields{}), quiet)
	ok(t, err)
	if again.Data().Dir() != docs.Dir() {
		t.Errorf("models are kept in %s, want %s", again.Data().Dir(), docs.Dir())
	}
	sameBits(t, again, l)
}

// An opened language model gives its encoder to others, and learns on.
func testOpenedLM(t *testing.T, path string) {
	l, err := text.OpenLanguageModel(path, text.WithTokenizer(fields{}), quiet)
	ok(t, err)
	wrong(t, l.Fit(fastnb.LR(1e-2), 1), "SetData gives it some")
	ok(t, l.SaveEncoder("english"))
	docs, err := text.FromTexts([]string{sentences(7, 40), sentences(8, 20)}, nil, text.ValidRows([]int{1}),
		text.WorkDir(t.TempDir()))
	ok(t, err)
	data, err := text.ForLanguageModel(docs, text.WithTokenizer(fields{}), text.WithVocab(l.Data().Vocab()), text.BatchSize(4),
		text.BPTT(20))
	ok(t, err)
	other := languageModel(t, data, oneLayer)
	ok(t, other.LoadEncoderFile(filepath.Join(filepath.Dir(path), "models", "english.encoder")))
	ok(t, l.SetData(data))
	ok(t, l.Fit(fastnb.LR(1e-3), 1))
}

// older rewrites a checkpoint's file as one of a version that kept less.
func older(t *testing.T, path string, less func(fitted map[string]any)) string {
	t.Helper()
	f, err := safetensors.Read(path)
	ok(t, err)
	var fitted map[string]any
	ok(t, json.Unmarshal([]byte(f.Metadata["fitted"]), &fitted))
	less(fitted)
	b, err := json.Marshal(fitted)
	ok(t, err)
	f.Metadata["fitted"] = string(b)
	f.Metadata["sha256"] = f.Checksum(f.Metadata["fastnb"] + f.Metadata["fitted"])
	to := filepath.Join(t.TempDir(), filepath.Base(path))
	ok(t, safetensors.WriteFile(to, f))
	return to
}

func testWrongOpen(t *testing.T, class, lm string) {
	own := text.WithTokenizer(fields{})
	wrong(t, errorOf(text.OpenClassifier(class)), "text: OpenClassifier: ", `tokenizer, "fields", is none of this package`, "WithTokenizer")
	wrong(t, errorOf(text.OpenClassifier(class, text.WithTokenizer(renamed{}))), `its tokenizer is "fields", the one given "renamed"`)
	wrong(t, errorOf(text.OpenClassifier(lm, own)), "text: OpenClassifier: ", "OpenLanguageModel opens it", "unusable checkpoint")
	wrong(t, errorOf(text.OpenLanguageModel(class, own)), "text: OpenLanguageModel: ", "OpenClassifier opens it")
	wrong(t, errorOf(text.OpenLanguageModel("nowhere.safetensors")), "text: OpenLanguageModel: ", "no such checkpoint")
	before := older(t, class, func(fitted map[string]any) { delete(fitted, "net") })
	wrong(t, errorOf(text.OpenClassifier(before, own)), "saved before models could be opened", "save it anew")
	pieces := older(t, class, func(fitted map[string]any) { fitted["tokenizer"] = "wordpiece 1 0 lower=true" })
	wrong(t, errorOf(text.OpenClassifier(pieces)), "which subword.Open reads")
	data := reviewData(t, 60, text.MaxLen(70))
	l := classifier(t, data, text.LSTM(1, 8, 8), text.Layers(6, 5))
	ok(t, l.LoadFile(before)) // with its data, it is as good as ever
	ok(t, l.Save("anew"))
	ok(t, errorOf(text.OpenClassifier(filepath.Join(data.Dir(), "models", "anew.safetensors"), own, quiet)))
}
