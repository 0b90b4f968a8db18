package modelfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/fastnb/fastnb/engine/enginetest"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/collab"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/serve"
	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
	"github.com/fastnb/fastnb/internal/imagerecord"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// saver is a learner of any domain.
type saver interface {
	Fit(lrs fastnb.LRs, epochs int, opts ...fastnb.FitOption) error
	Save(name string) error
}

// trained trains a learner a little and returns its file below dir.
func trained(t testing.TB, l saver, dir string) string {
	t.Helper()
	check(t, l.Fit(fastnb.LR(.01), 1))
	check(t, l.Save("m"))
	return filepath.Join(dir, "models", "m.safetensors")
}

var progress = fastnb.WithProgress(nil)

// plants is a table whose zip codes are text that looks like numbers.
func plants(t testing.TB, dir string, target tabular.DataOption) *tabular.Learner {
	t.Helper()
	table, err := tabular.NewTable(
		tabular.Texts("zip", []string{"007", "007", "100", "100", "007", "200", "100", "200"}),
		tabular.Numbers("height", []float64{40, 60, 30, 20, 5, 50, 25, 80}),
		tabular.Bools("sun", []bool{true, true, false, false, false, true, false, false}),
		tabular.Numbers("width", []float64{20, 30, 15, 10, 3, 25, 12, 40}))
	check(t, err)
	d, err := tabular.FromTable(table, target, tabular.Cats("zip"), tabular.Conts("height"), tabular.ValidRows([]int{1}), tabular.WorkDir(dir))
	check(t, err)
	l, err := tabular.NewLearner(d, tabular.Layers(4), tabular.With(progress))
	check(t, err)
	return l
}

func kitchen(t testing.TB, dir string) *collab.Learner {
	t.Helper()
	var who, what []string
	var stars []float64
	for p := range 8 {
		for d, dish := range []string{"soup", "curry", "cake", "ice"} {
			who, what = append(who, fmt.Sprint("guest ", p)), append(what, dish)
			stars = append(stars, float64(1+(p+d)%5))
		}
	}
	table, err := tabular.NewTable(tabular.Texts("who", who), tabular.Texts("dish", what), tabular.Numbers("stars", stars))
	check(t, err)
	data, err := collab.FromTable(table, "who", "dish", "stars", tabular.ValidRows(nil), tabular.BatchSize(8), tabular.WorkDir(dir))
	check(t, err)
	l, err := collab.NewLearner(data, collab.Factors(3), collab.YRange(0, 5.5), collab.With(progress))
	check(t, err)
	return l
}

func documents(t testing.TB, dir string, labelled bool) *text.Docs {
	t.Helper()
	var texts, labels []string
	for i := range 24 {
		texts = append(texts, fmt.Sprintf("the film number %d was %s", i, []string{"bad", "good"}[i%2]))
		labels = append(labels, []string{"neg", "pos"}[i%2])
	}
	if !labelled {
		labels = nil
	}
	docs, err := text.FromTexts(texts, labels, text.ValidShare(.2), text.WorkDir(dir))
	check(t, err)
	return docs
}

func verdicts(t testing.TB, dir string) *text.Classifier {
	t.Helper()
	data, err := text.ForClassifier(documents(t, dir, true), text.BatchSize(8), text.MinFreq(1))
	check(t, err)
	l, err := text.NewClassifier(data, text.LSTM(1, 8, 8), text.With(progress))
	check(t, err)
	return l
}

func words(t testing.TB, dir string) *text.LanguageModel {
	t.Helper()
	data, err := text.ForLanguageModel(documents(t, dir, false), text.BatchSize(2), text.BPTT(4), text.MinFreq(1))
	check(t, err)
	l, err := text.NewLanguageModel(data, text.LSTM(1, 8, 8), text.With(progress))
	check(t, err)
	return l
}

// photos are a net that package arch has, on eight images. It is not trained, which would take long.
func photos(t testing.TB, dir string) *vision.Learner {
	t.Helper()
	for i := range 8 {
		img := image.NewGray(image.Rect(0, 0, 40, 40))
		for k := range img.Pix {
			img.Pix[k] = byte(30*i + k%7)
		}
		img.SetGray(1, 1, color.Gray{Y: 255})
		folder := filepath.Join(dir, "train", []string{"cat", "dog"}[i%2])
		check(t, os.MkdirAll(folder, 0o777))
		var b bytes.Buffer
		check(t, png.Encode(&b, img))
		check(t, os.WriteFile(filepath.Join(folder, fmt.Sprint(i, ".png")), b.Bytes(), 0o666))
	}
	data, err := vision.FromPaths(dir, vision.Size(32), vision.BatchSize(4), vision.ValidShare(.25))
	check(t, err)
	l, err := vision.Pretrained(arch.ResNet18, data, vision.FromScratch(), vision.Layers(), vision.With(progress))
	check(t, err)
	return l
}

// The record of each kind of model is what the model is.
func TestCards(t *testing.T) {
	dir := t.TempDir()
	table, ratings := plants(t, filepath.Join(dir, "t"), tabular.LogTarget("width")), kitchen(t, filepath.Join(dir, "r"))
	texts, lm := verdicts(t, filepath.Join(dir, "x")), words(t, filepath.Join(dir, "w"))
	for _, c := range []struct {
		path   string
		learn  *fastnb.Learner
		kind   Kind
		lines  []string
		record func(c *Card) any
		want   any
	}{
		{trained(t, table, filepath.Join(dir, "t")), table.Learner, Table,
			[]string{" width, by its logarithm\n", " 1: zip (3)\n", " 1: height (", "Fit 1 epoch, lr 0.01, Adam"},
			func(c *Card) any {
				return []any{c.Table.Task, c.Table.Target, c.Table.Categories[0].Values, c.Table.Layers}
			},
			[]any{"regression", []string{"width"}, []string{"007", "100", "200"}, []int{4}}},
		{trained(t, ratings, filepath.Join(dir, "r")), ratings.Learner, Ratings,
			[]string{"stars of dish by who", "8 users, 4 items, 3 factors of each, between 0 and 5.5"},
			func(c *Card) any { return *c.Rating }, RatingRecord{"who", "dish", "stars", 8, 4, 3, []float64{0, 5.5}}},
		{trained(t, texts, filepath.Join(dir, "x")), texts.Learner, Texts, []string{"classes", "2: neg, pos", "tokenizer english 1", "the last 1440 tokens"},
			func(c *Card) any { return c.Text.Vocabulary }, texts.Data().Vocab().Len()},
		{trained(t, lm, filepath.Join(dir, "w")), lm.Learner, Words, []string{"a language model"},
			func(c *Card) any { return c.Text.Vocabulary }, lm.Data().Vocab().Len()},
	} {
		card, err := Read(c.path)
		check(t, err)
		check(t, card.Whole())
		if got := c.record(card); card.Kind != c.kind || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: kind %s, %+v, want %s, %+v", c.path, card.Kind, got, c.kind, c.want)
		}
		info, err := os.Stat(c.path)
		check(t, err)
		numbers, optimizer := numbersOf(c.learn)
		if card.Bytes != info.Size() || card.Parameters != numbers || card.Optimizer != optimizer || numbers == 0 || optimizer == 0 ||
			card.Net != c.learn.Model().Name || !slices.Equal(card.Classes, c.learn.Data().Classes()) ||
			card.Data != c.learn.Data().Fingerprint(fastnb.Train) || card.Fit.Epochs != 1 || len(card.Epochs) != 1 ||
			card.Fit.Train != c.learn.Data().Len(fastnb.Train) {
			t.Errorf("%s: the card is %+v, want %d parameters and %d of the optimizer", c.kind, card, numbers, optimizer)
		}
		var b bytes.Buffer
		check(t, card.Print(&b))
		for _, line := range append(c.lines, "checksum right", "train loss") {
			if !strings.Contains(b.String(), line) {
				t.Errorf("the card lacks %q:\n%s", line, &b)
			}
		}
		text, err := json.Marshal(card)
		check(t, err)
		var again Card
		check(t, json.Unmarshal(text, &again))
		if twice, err := json.Marshal(again); err != nil || !bytes.Equal(twice, text) {
			t.Errorf("read from JSON it is %s, want %s; %v", twice, text, err)
		}
	}
}

// numbersOf counts the numbers of a learner's variables.
func numbersOf(l *fastnb.Learner) (numbers, optimizer int) {
	for v := range l.Store().IterVariables() {
		switch {
		case strings.HasPrefix(v.Path(), "/optim/"):
			optimizer += v.Shape().Size()
		case !strings.Contains(v.Path(), "state") && !strings.HasPrefix(v.Path(), "/#"):
			numbers += v.Shape().Size()
		}
	}
	return numbers, optimizer
}

func TestImages(t *testing.T) {
	dir := t.TempDir()
	l := photos(t, dir)
	check(t, l.Save("m"))
	path := filepath.Join(dir, "models", "m.safetensors")
	card, err := Read(path)
	check(t, err)
	net := imagerecord.Net{Arch: "resnet18", Layers: []int{}, Ps: []float64{.5}, Size: 32, Crop: "random", BatchSize: 4}
	want := ImageRecord{&net, arch.ResNet18.Mean, arch.ResNet18.Std, "class", nil}
	if card.Kind != Images || !reflect.DeepEqual(*card.Image, want) || card.Parameters < 11e6 || card.Fit.Verb != "" {
		t.Errorf("the card is %+v, %+v", card, card.Image)
	}
	in, err := Gather(card, []string{filepath.Join(dir, "train"), Stdin}, strings.NewReader(string(mustRead(t, filepath.Join(dir, "train", "cat", "0.png")))))
	check(t, err)
	m, err := Open(path, Options{})
	check(t, err)
	all, err := m.Predict(t.Context(), in, func(int, int) {})
	check(t, err)
	p, err := m.Images.PredictImages(in.images...)
	check(t, err)
	wants := serve.Predictions(p, nil)
	for i := range wants {
		wants[i].Name = in.names[i]
	}
	if len(all) != 9 || all[0].Name != filepath.Join(dir, "train", "cat", "0.png") || all[8].Name != "-" || !reflect.DeepEqual(all, wants) {
		t.Errorf("predictions are %+v, want %+v", all, wants)
	}
	records := card.Records(all)
	if len(records) != 10 || !slices.Equal(records[0], []string{"name", "class", "prob cat", "prob dog"}) || records[1][1] != all[0].Class {
		t.Errorf("the records are %v", records)
	}
	check(t, m.Warm(3))
	if about := m.Server().About(); about.Kind != serve.Image {
		t.Errorf("it is served as %+v", about)
	}
	check(t, os.WriteFile(filepath.Join(dir, "bad.png"), []byte("hello"), 0o666))
	in, err = Gather(card, []string{filepath.Join(dir, "bad.png")}, nil)
	check(t, err)
	_, err = m.Predict(t.Context(), in, func(int, int) {})
	says(t, err, "1 unreadable image", "bad.png")
}

// The card of a net of numbers has all that it is opened by, and the names as they are in the table.
func TestNumbersOfImages(t *testing.T) {
	dir := t.TempDir()
	photos(t, dir)
	list := "image,\"\"\"left\"\"\",right\ntrain/cat/0.png,1,2\ntrain/dog/1.png,3,4\n" +
		"train/cat/2.png,5,6\ntrain/dog/3.png,1,2\n"
	check(t, os.WriteFile(filepath.Join(dir, "list.csv"), []byte(list), 0o666))
	data, err := vision.FromCSV(filepath.Join(dir, "list.csv"), vision.Target(`"left"`, "right"), vision.Size(32),
		vision.Presize(48), vision.CropPad, vision.BatchSize(2), vision.ValidShare(.25))
	check(t, err)
	l, err := vision.Pretrained(arch.ResNet18, data, vision.FromScratch(), vision.Layers(), vision.YRange(0, 7),
		vision.With(progress))
	check(t, err)
	check(t, l.Save("m"))
	card, err := Read(filepath.Join(dir, "models", "m.safetensors"))
	check(t, err)
	if r := card.Image; r.Task != "numbers" || !slices.Equal(r.Targets, []string{`"left"`, "right"}) ||
		!slices.Equal(r.YRange, []float64{0, 7}) || r.Presize != 48 || r.PadMode != "reflection" {
		t.Errorf("the card is %+v, %+v", r, r.Net)
	}
	var b bytes.Buffer
	check(t, card.Print(&b))
	for _, line := range []string{", decoded at 48, padded by reflection", `"\"left\"", right, between 0 and 7`} {
		if !strings.Contains(b.String(), line) {
			t.Errorf("the card lacks %q:\n%s", line, &b)
		}
	}
}

// What a file says of a net of one's own can be done, and helps.
func TestNetOfOnesOwn(t *testing.T) {
	dir := t.TempDir()
	photos(t, dir)
	data, err := vision.FromPaths(dir, vision.Size(32), vision.BatchSize(4), vision.ValidShare(.25))
	check(t, err)
	net := fastnb.FromFunc("mine", func(s *model.Scope, x *graph.Node) *graph.Node {
		return nn.Dense(s.In("fc"), nn.GlobalAvg(nn.Conv(s.In("conv"), x, 4, 3)), 2)
	})
	own := func() *vision.Learner {
		l, err := vision.FromModel(net, data, vision.With(progress))
		check(t, err)
		return l
	}
	check(t, own().Save("m"))
	path := filepath.Join(dir, "models", "m.safetensors")
	card, err := Read(path)
	check(t, err)
	var b bytes.Buffer
	check(t, card.Print(&b))
	const advice = "make the learner again in the same way, with data, load the file into it by LoadFile"
	if !strings.Contains(b.String(), advice) {
		t.Errorf("the card lacks %q:\n%s", advice, &b)
	}
	_, err = Open(path, Options{})
	says(t, err, path+" can't be opened: ", advice)
	l := own()
	check(t, l.LoadFile(path))
	_, err = l.PredictImages(filepath.Join(dir, "train", "cat", "0.png"))
	check(t, err)
	text, err := json.Marshal(card)
	check(t, err)
	var again Card
	check(t, json.Unmarshal(text, &again))
	if again.Image.Net != nil {
		t.Errorf("from JSON its net is %+v", again.Image.Net)
	}
}

func mustRead(t testing.TB, path string) []byte {
	t.Helper()
	contents, err := os.ReadFile(path)
	check(t, err)
	return contents
}

func says(t *testing.T, err error, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v (want %q in it)", err, want)
		}
	}
}

// A file of rows is predicted as its table, whose text that looks like numbers stays text.
func TestRows(t *testing.T) {
	dir := t.TempDir()
	l := plants(t, dir, tabular.Class("sun"))
	path := trained(t, l, dir)
	card, err := Read(path)
	check(t, err)
	in, err := Gather(card, []string{Stdin}, strings.NewReader("height,zip\n40,007\n20,100\n,999\n"))
	check(t, err)
	m, err := Open(path, Options{})
	check(t, err)
	all, err := m.Predict(t.Context(), in, func(int, int) {})
	check(t, err)
	p, err := l.PredictRows(tabular.Row{"height": 40, "zip": "007"}, tabular.Row{"height": 20, "zip": "100"}, tabular.Row{"zip": "999"})
	check(t, err)
	for i, want := range serve.Predictions(p, nil) {
		if want.Name = fmt.Sprint("row ", i+1); !reflect.DeepEqual(all[i], want) {
			t.Errorf("row %d is %+v, want %+v", i, all[i], want)
		}
	}
	missing, err := m.Missing(in)
	if err != nil || !strings.Contains(missing, "missing: 1 height; unknown: 1 zip") {
		t.Errorf("missing: %q, %v", missing, err)
	}
	about := m.Server().About()
	if about.Columns[0].Name != "zip" || about.Columns[0].Kind != "text" || about.Columns[1].Kind != "number" {
		t.Errorf("it is served as %+v", about)
	}
	for want, args := range map[string][]string{
		"2 files of rows": {path, path}, "nothing to predict; name a file of rows": nil, "can be read once only": {Stdin, Stdin},
		"no file": {filepath.Join(dir, "none.csv")},
	} {
		_, err := Gather(card, args, strings.NewReader(""))
		says(t, err, want)
	}
	_, err = Gather(card, []string{Stdin}, strings.NewReader("height,zip\n"))
	says(t, err, "has no rows below its header")
	in, err = Gather(card, []string{Stdin}, strings.NewReader("weight\n1\n"))
	check(t, err)
	_, err = m.Predict(t.Context(), in, func(int, int) {})
	says(t, err, `no column "zip"`)
	_, err = Open(path, Options{Tokenizer: "vocab.txt"})
	says(t, err, "-tokenizer is for models of texts")
}

func TestTextsAndUsers(t *testing.T) {
	dir := t.TempDir()
	l := verdicts(t, dir)
	path := trained(t, l, dir)
	card, err := Read(path)
	check(t, err)
	file := filepath.Join(dir, "a.txt")
	check(t, os.WriteFile(file, []byte("a good film"), 0o666))
	in, err := Gather(card, []string{file, Stdin}, strings.NewReader("bad\r\n\n  \nvery bad"))
	check(t, err)
	if want := []string{file, "line 1", "line 4"}; !slices.Equal(in.names, want) {
		t.Errorf("the texts are %q, want %q", in.names, want)
	}
	m, err := Open(path, Options{BatchSize: 3})
	check(t, err)
	all, err := m.Predict(t.Context(), in, func(int, int) {})
	check(t, err)
	p, err := m.Texts.PredictTexts("a good film", "bad", "very bad")
	check(t, err)
	if all[2].Class != p.Classes[p.Predicted()[2]] || m.Texts.Data().BatchSize() != 3 {
		t.Errorf("%+v, want %v; batches of %d", all, p.Probs, m.Texts.Data().BatchSize())
	}
	_, err = Gather(card, []string{Stdin}, strings.NewReader("\n"))
	says(t, err, "the standard input is empty (want a text in each line)")
	_, err = Gather(card, []string{Stdin}, strings.NewReader("\xff"))
	says(t, err, "not in UTF-8")
	_, err = Gather(card, []string{dir}, nil)
	says(t, err, "is a directory")

	r := kitchen(t, filepath.Join(dir, "r"))
	path = trained(t, r, filepath.Join(dir, "r"))
	m, err = Open(path, Options{})
	check(t, err)
	in, err = Gather(m.Card, []string{"guest 1", Stdin}, strings.NewReader("guest 2\n"))
	check(t, err)
	all, err = m.Predict(t.Context(), in, func(int, int) {})
	check(t, err)
	want, err := m.Ratings.Recommend("guest 2", 1)
	check(t, err)
	if len(all) != 2 || all[1].Name != "guest 2" || all[1].Items[0] != serve.Advice(want[0]) {
		t.Errorf("%+v, want %v", all, want)
	}
	in, err = Gather(m.Card, []string{"nobody"}, nil)
	check(t, err)
	_, err = m.Predict(t.Context(), in, func(int, int) {})
	says(t, err, `no training row has the user "nobody"`)
}

// What is no model is one clear error, and so is what is damaged.
func TestBadFiles(t *testing.T) {
	dir := t.TempDir()
	l := plants(t, dir, tabular.Target("width"))
	path := trained(t, l, dir)
	check(t, l.Save("m")) // the one before is m.prev
	table, err := tabular.NewTable(tabular.Numbers("a", []float64{1}))
	check(t, err)
	check(t, table.Save(filepath.Join(dir, "table.safetensors")))
	check(t, os.WriteFile(filepath.Join(dir, "a.txt"), []byte("hello"), 0o666))
	for path, want := range map[string]string{
		filepath.Join(dir, "none"):              "no file",
		filepath.Join(dir, "models", "m"):       "do you mean " + path + "?",
		dir:                                     "is a folder (there are " + filepath.Join(dir, "table.safetensors"),
		filepath.Join(dir, "a.txt"):             "is no checkpoint of fastnb",
		filepath.Join(dir, "table.safetensors"): "holds tensors, but no model",
		os.DevNull:                              "is no regular file",
	} {
		_, err := Read(path)
		says(t, err, want)
		_, err = Open(path, Options{})
		says(t, err, want)
	}
	contents := mustRead(t, path)
	contents[len(contents)-5] ^= 1
	check(t, os.WriteFile(path, contents, 0o666))
	card, err := Read(path)
	check(t, err)
	if card.Checksum != "wrong: its checksum is wrong" || card.Kind != Table {
		t.Errorf("of a damaged file: %+v", card)
	}
	says(t, card.Whole(), "is damaged; the one that was saved before it is "+filepath.Join(dir, "models", "m.prev.safetensors"))
	_, err = Open(path, Options{})
	says(t, err, "is damaged")
	check(t, os.WriteFile(path, contents[:len(contents)/2], 0o666))
	_, err = Read(path)
	says(t, err, "is no checkpoint of fastnb")

	lm := words(t, filepath.Join(dir, "w"))
	_, err = Open(trained(t, lm, filepath.Join(dir, "w")), Options{})
	says(t, err, "is a language model")
}
