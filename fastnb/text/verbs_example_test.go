package text_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/fastnb/fastnb/fastnb/text/arch"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// Some of the reviews for a quick try, and a share of those for validation; those of the test folder are to be predicted.
func ExampleSample() {
	dir := folder()
	defer os.RemoveAll(dir)
	docs := nb.Must(text.FromFolders(dir, text.TrainIn("train"), text.ClassFolders("neg", "pos"), text.TestIn("test"),
		text.ValidShare(.3), text.Sample(2), text.SampleValid(1), text.Seed(3), text.WorkDir(filepath.Join(dir, "work"))))
	fmt.Println(docs.Len(fastnb.Train), docs.Len(fastnb.Valid), docs.Len(fastnb.Test), docs.Names(fastnb.Test))
	fmt.Println(filepath.Base(docs.Dir()))
	// Output:
	// 2 1 1 [test/pos/1.txt]
	// work
}

// Files without names of columns, parted by semicolons: to learn from, for validation, and to be predicted.
func ExampleTestCSV() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	file := func(name, rows string) string {
		path := filepath.Join(dir, name)
		nb.Check(os.WriteFile(path, []byte(rows), 0o644))
		return path
	}
	valid, test := file("valid.csv", "Not bad.;good\n"), file("test.csv", "So so.;\n")
	docs := nb.Must(text.FromCSV(file("train.csv", "Good!;good\nBad.;bad\n"), text.Comma(';'), text.Header("review", "stars"),
		text.TextColumns("review"), text.LabelColumn("stars"), text.ValidCSV(valid), text.TestCSV(test)))
	fmt.Println(docs.Classes(), docs.Labels(fastnb.Train), docs.Labels(fastnb.Valid))
	fmt.Println(nb.Must(docs.Text(fastnb.Test, 0)))
	// Output:
	// [bad good] [1 0] [1]
	// So so.
}

// Documents that are not in their encoding are listed, all of them; they are read all the same where that is asked for.
func ExampleReplaceBad() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	texts := []string{"caf\xe9", "tea", "th\xe9"}
	docs := nb.Must(text.FromTexts(texts, nil, text.WorkDir(dir), text.Workers(2)))
	_, err := docs.Vocab(text.English)
	var bad *text.UnreadableError
	if errors.As(err, &bad) {
		var docs []text.Unreadable = bad.Docs
		for _, doc := range docs {
			fmt.Println(doc.Name, strings.Contains(doc.Reason, "is not UTF-8"))
		}
	}
	replaced := nb.Must(text.FromTexts(texts, nil, text.WorkDir(dir), text.ReplaceBad(true)))
	fmt.Println(nb.Must(replaced.Text(fastnb.Train, 0)))
	// Output:
	// text 0 true
	// text 2 true
	// caf�
}

// A report of one's own in place of the line on stderr.
func ExampleOnTokenize() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	most := 0
	report := func(done, total int) { most = max(most, 100*done/total) }
	docs := nb.Must(text.FromTexts([]string{"one", "two"}, nil, text.WorkDir(dir), text.OnTokenize(report)))
	nb.Must(docs.Vocab(text.English))
	fmt.Println(most, "%")
	// Output: 100 %
}

// What is made of documents is kept under their fingerprint, which their contents decide, and which of them there are.
func ExampleDocs_Fingerprint() {
	of := func(texts ...string) string {
		return nb.Must(text.FromTexts(texts, nil)).Fingerprint(fastnb.Train)
	}
	both, again := of("one", "two"), of("one", "two")
	fmt.Println(both == again, both == of("one", "too"), both == of("one"))
	// Output: true false false
}

// The codes are the places of the words, and any other word is [UNK].
func ExampleEncoderVocab() {
	vocab := nb.Must(text.EncoderVocab([]string{"[PAD]", "film", "[UNK]"}))
	fmt.Println(vocab.Code("film"), vocab.Code("play"), vocab.Word(2))
	// Output: 1 2 [UNK]
}

func ExampleCorpus_Start() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	docs := nb.Must(text.FromTexts([]string{"one", "two three"}, nil, text.WorkDir(dir)))
	vocab := nb.Must(docs.Vocab(text.English, text.MinFreq(1)))
	corpus := nb.Must(docs.Corpus(fastnb.Train, text.English, vocab))
	fmt.Println(corpus.Start(0), corpus.Start(1), corpus.Start(2)) // each document begins with xxbos
	// Output: 0 2 5
}

// Documents of 2 to 40 words are padded to two lengths; of those over 24 tokens the end is read.
func ExampleShapes() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	var texts, labels []string
	for n := 2; n <= 40; n += 2 {
		texts, labels = append(texts, strings.Repeat("tick tock ", n/2)), append(labels, []string{"even", "odd"}[n/2%2])
	}
	docs := nb.Must(text.FromTexts(texts, labels, text.WorkDir(dir)))
	data := nb.Must(text.ForClassifier(docs, text.Shapes(2), text.MaxLen(24), text.BatchSize(4)))
	fmt.Println(data.Lengths(), data.Cut(fastnb.Train), "of", data.Len(fastnb.Train), "are cut")
	fmt.Println(data.Dir() == dir, data.Fingerprint(fastnb.Train) != docs.Fingerprint(fastnb.Train))
	// Output:
	// [16 24] 9 of 20 are cut
	// true true
}

// What belongs to a model travels with it: data of another vocabulary are refused.
func ExampleClassData_CheckFitted() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	data := verdicts(dir, nil)
	fitted := nb.Must(data.Fitted())
	fmt.Println(strings.Contains(fitted, `"tokenizer":"english 1","max_len":1440`), data.CheckFitted(fitted))
	other := nb.Must(text.ForClassifier(data.Docs(), text.MaxLen(7), text.WithVocab(data.Vocab())))
	fmt.Println(other.CheckFitted(fitted))
	// Output:
	// true <nil>
	// MaxLen(1440), the learner's data have MaxLen(7); give the data the one that the model has learned with
}

// All windows are of one length, as those of fastai v2, where nothing varies them.
func ExampleJitter() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	docs := nb.Must(text.FromTexts([]string{strings.Repeat("tick tock ", 900)}, nil, text.WorkDir(dir)))
	for _, on := range []bool{false, true} {
		data := nb.Must(text.ForLanguageModel(docs, text.BatchSize(2), text.BPTT(18), text.Jitter(on)))
		lengths := map[int]bool{}
		for batch := range data.Batches(fastnb.View{Split: fastnb.Train, Shuffle: true, Seed: 1}) {
			lengths[batch.Inputs[0].Shape().Dim(1)] = true
		}
		fmt.Println(len(lengths) == 1)
	}
	// Output:
	// true
	// false
}

// The net takes codes as they are.
func ExampleLMData_Prepare() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	g := graph.NewGraph(nb.Must(engine.Open()), "batch")
	codes := graph.Parameter(g, "codes", shapes.Make(dtypes.Int32, 4, 16))
	fmt.Println(rhymes(dir).Prepare([]*graph.Node{codes})[0] == codes)
	// Output: true
}

// A small net with dropouts of one's own, on a device of one's own.
func ExampleLayers() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	drops := text.Drops(arch.Drops{Embedding: .02, Input: .1, Weight: .1, Hidden: .1, Output: .2})
	learn := nb.Must(text.NewClassifier(verdicts(dir, nil), text.LSTM(2, 16, 8), drops, text.DropMult(1), text.AR(1),
		text.TAR(.5), text.Layers(20, 10), text.Ps(.2, .1), text.On(nb.Must(engine.Open()))))
	fmt.Println(learn.Model().Name, len(learn.Model().Groups), "layer groups")
	// Output: awd-lstm-8-16x2-16-[20 10]-2 4 layer groups
}

// unread is a classifier of verdicts that has learned nothing yet.
func unread(data *text.ClassData) *text.Classifier {
	return nb.Must(text.NewClassifier(data, text.LSTM(1, 24, 24), text.With(fastnb.WithProgress(nil))))
}

// A classifier is opened from its file alone, with what it was trained on elsewhere.
func ExampleOpenClassifier() {
	dir := workFolder()
	learn := unread(verdicts(dir, nil))
	nb.Check(learn.Save("verdicts"))
	before := nb.Must(learn.PredictTexts("one and two"))
	file := filepath.Join(workFolder(), "verdicts.safetensors")
	nb.Check(os.Rename(filepath.Join(dir, "models", "verdicts.safetensors"), file))
	nb.Check(os.RemoveAll(dir))

	opened := nb.Must(text.OpenClassifier(file, text.With(fastnb.WithProgress(nil))))
	after := nb.Must(opened.PredictTexts("one and two"))
	fmt.Println(after.Classes, after.Probs[0][0] == before.Probs[0][0])
	// Output: [high low] true
}

// A language model is opened from its file alone, and writes on.
func ExampleOpenLanguageModel() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	nb.Check(rhymer(dir).Save("rhymes"))
	opened := nb.Must(text.OpenLanguageModel(filepath.Join(dir, "models", "rhymes.safetensors"),
		text.With(fastnb.WithProgress(nil))))
	next := nb.Must(opened.NextWords("One, two, buckle", 1))
	var best text.NextWord = next[0]
	fmt.Println(best.Word, strings.Contains(next.HTML(), "<td>my</td>"))
	// Output: my true
}

// Other documents of the same kind are predicted, or take the place of those that the learner has.
func ExampleClassifier_SetData() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	learn := unread(verdicts(dir, nil))
	docs := nb.Must(text.FromTexts([]string{"two", "three", "one"}, []string{"low", "high", "low"},
		text.ValidRows([]int{2}), text.WorkDir(dir)))
	other := nb.Must(text.ForClassifier(docs, text.WithVocab(learn.Data().Vocab())))
	fmt.Println(len(nb.Must(learn.PredictOn(other, fastnb.Valid)).Probs), "prediction of", learn.Data().Len(fastnb.Train))
	nb.Check(learn.SetData(other))
	fmt.Println(learn.Data().Len(fastnb.Train), "documents to learn from")
	// Output:
	// 1 prediction of 6
	// 2 documents to learn from
}

// The vectors of words may come from elsewhere; package glove reads some.
func ExampleClassifier_SetVectors() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	learn := unread(verdicts(dir, nil))
	vectors := make([][]float32, learn.Data().Vocab().Len())
	for code := range vectors {
		vectors[code] = make([]float32, 24)
		vectors[code][0] = float32(code)
	}
	nb.Check(learn.SetVectors(vectors))
	fmt.Println(nb.Must(learn.Vectors())[5][0])
	// Output: 5
}

// An encoder's file may lie anywhere.
func ExampleClassifier_LoadEncoderFile() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	model := nb.Must(text.NewLanguageModel(rhymes(dir), text.LSTM(1, 24, 24)))
	nb.Check(model.SaveEncoder("rhymes"))
	learn := unread(verdicts(dir, model.Data().Vocab()))
	nb.Check(learn.LoadEncoderFile(filepath.Join(dir, "models", "rhymes.encoder")))
	one, two := nb.Must(model.Vectors()), nb.Must(learn.Vectors())
	fmt.Println(one[10][0] == two[10][0])
	// Output: true
}

// fastai's files, here of a tiny net; those of a large one that has read Wikipedia are named by WT103.
func ExampleLanguageModel_LoadPretrained() {
	dir := workFolder()
	defer os.RemoveAll(dir)
	weights, vocab := text.WT103(filepath.Join(dir, "nowhere"))
	docs := nb.Must(text.FromTexts([]string{"w3 w4 w5 w3 w4 w5"}, nil, text.WorkDir(dir)))
	data := nb.Must(text.ForLanguageModel(docs, text.BatchSize(1), text.MinFreq(1)))
	learn := nb.Must(text.NewLanguageModel(data, text.LSTM(3, 20, 12)))
	_, err := learn.LoadPretrained(weights, vocab)
	fmt.Println(err != nil)
	tiny := "../../testdata/awdlstm/"
	found := nb.Must(learn.LoadPretrained(pretrained.File(tiny+"lm.pth"), pretrained.File(tiny+"vocab.pkl")))
	fmt.Println(found, "of", data.Vocab().Len(), "words are known")
	// Output:
	// true
	// 12 of 16 words are known
}
