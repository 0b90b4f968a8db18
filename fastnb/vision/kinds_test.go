package vision

import (
	"fmt"
	"image"
	"image/color"
	draw2d "image/draw"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/metric"
)

// listed writes n small pictures, which differ in how red they are, and a CSV file of them, and returns its path.
func listed(t testing.TB, header string, n int, row func(i int) string) string {
	t.Helper()
	dir := t.TempDir()
	text := header + "\n"
	for i := range n {
		write(t, pngBytes(t, plain(uint8(12*i))), dir, "pics", name(i))
		text += row(i) + "\n"
	}
	write(t, []byte(text), dir, "list.csv")
	return filepath.Join(dir, "list.csv")
}

// plain is a picture of one colour.
func plain(red uint8) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 20, 20))
	draw2d.Draw(img, img.Bounds(), image.NewUniform(color.RGBA{red, 100, 100, 255}), image.Point{}, draw2d.Src)
	return img
}

// fromCSV makes data of a CSV file of small pictures in the folder pics.
func fromCSV(t testing.TB, file string, opts ...DataOption) *Data {
	t.Helper()
	d, err := FromCSV(file, append([]DataOption{Size(16), BatchSize(4), Folder("pics")}, opts...)...)
	ok(t, err)
	return d
}

// kinds are data of each kind from one list of pictures.
func kinds(t testing.TB) map[kind]*Data {
	file := listed(t, "file,label,tags,x,y", 20, func(i int) string {
		return fmt.Sprintf("%d.png,%s,%s,%g,%g", i, []string{"cat", "dog"}[i/10],
			[]string{"", "sun", "sun sea", "sea rain"}[i/5], float64(i)/8, float64(i)/4-1)
	})
	return map[kind]*Data{
		oneClass:   fromCSV(t, file, WorkDir(t.TempDir())),
		manyLabels: fromCSV(t, file, LabelColumn("tags"), LabelDelim(" "), WorkDir(t.TempDir())),
		numbers:    fromCSV(t, file, Target("x", "y"), WorkDir(t.TempDir())),
	}
}

func TestKinds(t *testing.T) {
	all := kinds(t)
	for k, d := range all {
		if d.Len(fastnb.Train) != 16 || d.Len(fastnb.Valid) != 4 {
			t.Errorf("%s: %d and %d images, want a fifth of 20 for validation", k, d.Len(fastnb.Train), d.Len(fastnb.Valid))
		}
		for s := range 2 {
			for i, file := range d.Names(fastnb.Split(s)) {
				var n int
				_, err := fmt.Sscanf(file, "pics/%d.png", &n)
				ok(t, err)
				switch k {
				case oneClass:
					same(t, file, d.Labels(fastnb.Split(s))[i], n/10)
				case manyLabels:
					same(t, file, d.Targets(fastnb.Split(s))[i], [][]float32{{0, 0, 0}, {0, 0, 1}, {0, 1, 1}, {1, 1, 0}}[n/5])
				case numbers:
					same(t, file, d.Targets(fastnb.Split(s))[i], []float32{float32(n) / 8, float32(n)/4 - 1})
				}
			}
		}
	}
	same(t, "classes", all[oneClass].Classes(), []string{"cat", "dog"})
	same(t, "labels", all[manyLabels].Classes(), []string{"rain", "sea", "sun"})
	same(t, "columns", all[numbers].Columns(), []string{"x", "y"})
	if all[numbers].Classes() != nil || all[manyLabels].Labels(fastnb.Train) != nil ||
		all[oneClass].Targets(fastnb.Train) != nil {
		t.Error("numbers have classes, several labels a class each, or classes have targets")
	}
	fingerprints := map[string]bool{}
	for _, d := range all {
		fingerprints[d.Fingerprint(fastnb.Train)] = true
	}
	same(t, "fingerprints", len(fingerprints), 3)
}

// Data of each kind are learned with the loss and metric that are theirs, with the body's activations or without,
// predicted, saved and opened.
func TestKindsAreLearned(t *testing.T) {
	for k, d := range kinds(t) {
		l := tiny(t, d, With(fastnb.KeepBN))
		names := map[kind]string{oneClass: "accuracy", manyLabels: "accuracy_thresh", numbers: "rmse"}
		same(t, "metrics", l.Metrics()[0].Name, names[k])
		before, err := l.Predict(fastnb.Train)
		ok(t, err)
		ok(t, l.Fit(fastnb.LR(.02), 10))
		after, err := l.Predict(fastnb.Train)
		ok(t, err)
		if !(after.Loss < .9*before.Loss) {
			t.Errorf("%s: the loss is %g, %g before", k, after.Loss, before.Loss)
		}
		l.Freeze()
		plain, err := l.Predict(fastnb.Valid)
		ok(t, err)
		ok(t, l.Precompute(true))
		cached, err := l.Predict(fastnb.Valid)
		ok(t, err)
		near(t, "precomputed", cached.Probs, plain.Probs)
		same(t, "targets", cached.Targets, d.Targets(fastnb.Valid))
		if math.Abs(cached.Loss-plain.Loss) > 1e-4*plain.Loss {
			t.Errorf("%s: loss %g with activations, %g without", k, cached.Loss, plain.Loss)
		}
		ok(t, l.Fit(fastnb.LR(.01), 1))
		ok(t, l.Precompute(false))
		tta, err := l.TTA(fastnb.Valid)
		ok(t, err)
		if x := tta.Score(l.Metrics()[0]); math.IsNaN(x) || len(tta.Probs[0]) != d.outputs() {
			t.Errorf("%s: TTA %v, score %g", k, tta.Probs, x)
		}
		files := []string{placeOf(d.root, "pics/3.png"), placeOf(d.root, "pics/4.png")}
		want, path := predictedImages(t, l, files), savedAs(t, l)
		o := opened(t, path, WorkDir(t.TempDir()))
		same(t, "opened", predictedImages(t, o, files), want)
		same(t, "columns", o.Data().Columns(), d.Columns())
		same(t, "classes", o.Data().Classes(), d.Classes())
		ok(t, o.SetData(d))
		same(t, "with data", predictedImages(t, o, files), want)
		ok(t, o.Fit(fastnb.LR(.01), 1))
	}
}

// A model is given data of its own kind alone.
func TestOtherKindsAreRefused(t *testing.T) {
	all := kinds(t)
	for k, d := range all {
		l := tiny(t, d)
		for other, data := range all {
			if other != k {
				saysAll(t, l.SetData(data), "the data have "+other.String(), "those of the model "+k.String())
			}
		}
		items := []Item{{File: "pics/0.png", Numbers: []float64{1, 2}}, {File: "pics/1.png", Numbers: []float64{3, 4}}}
		renamed, err := FromItems(d.root, items, Target("x", "z"), Size(16), WorkDir(t.TempDir()))
		ok(t, err)
		if k == numbers {
			saysAll(t, l.SetData(renamed), `the data's numbers are ["x" "z"], the model's ["x" "y"]`, "Target")
		}
		if _, err := MostWrong(l, fastnb.Valid, &fastnb.Preds{}, 1); k != oneClass {
			saysAll(t, err, "vision: MostWrong", "the images have "+k.String())
		}
		if _, err := Labelled(l, fastnb.Valid, &fastnb.Preds{}, nil); k != manyLabels {
			saysAll(t, err, "vision: Labelled", "the images have "+k.String())
		}
		random, err := Random(l, fastnb.Train, 3, 1)
		ok(t, err)
		if slices.Contains(random.Titles, "") {
			t.Errorf("titles %q", random.Titles)
		}
	}
}

// Labels go by their names: data with fewer of them, in other places, serve a model all the same.
func TestLabelsOfOtherDataGoByName(t *testing.T) {
	d := kinds(t)[manyLabels]
	l := tiny(t, d)
	items := []Item{{File: "pics/0.png", Labels: []string{"sun"}}, {File: "pics/1.png"},
		{File: "pics/2.png", Labels: []string{"sun"}}}
	other, err := FromItems(d.root, items, Size(16), ValidRows([]int{2}), WorkDir(t.TempDir()))
	ok(t, err)
	same(t, "labels", other.Classes(), []string{"sun"})
	ok(t, l.SetData(other))
	same(t, "labels", l.Data().Classes(), []string{"rain", "sea", "sun"})
	same(t, "targets", l.Data().Targets(fastnb.Train), [][]float32{{0, 0, 1}, {0, 0, 0}})
	items[0].Labels = []string{"snow", "sun"}
	unknown, err := FromItems(d.root, items, Size(16), ValidRows([]int{2}), WorkDir(t.TempDir()))
	ok(t, err)
	saysAll(t, l.SetData(unknown), "does not know [snow]")
}

// YRange keeps outputs within bounds, belongs to the model, and is for numbers.
func TestYRange(t *testing.T) {
	all := kinds(t)
	l := tiny(t, all[numbers], YRange(-3, 21))
	ok(t, l.Fit(fastnb.LR(.5), 2))
	files := []string{placeOf(all[numbers].root, "pics/3.png")}
	want := predictedImages(t, l, files)
	for _, x := range want[0] {
		if x < -3 || x > 21 {
			t.Errorf("outputs %v", want)
		}
	}
	o := opened(t, savedAs(t, l), WorkDir(t.TempDir()))
	same(t, "opened", predictedImages(t, o, files), want)
	for words, c := range map[string]struct {
		k         kind
		low, high float64
	}{
		"YRange(2, 1) (want":        {numbers, 2, 1},
		"YRange(0, NaN) (want":      {numbers, 0, math.NaN()},
		"YRange(-Inf, 1) (want":     {numbers, math.Inf(-1), 1},
		"the images have one class": {oneClass, 0, 1},
		"have several labels each":  {manyLabels, 0, 1},
	} {
		_, err := Pretrained(tinyArch(wanted), all[c.k], YRange(c.low, c.high), FromScratch(), On(goBackend(t)))
		saysAll(t, err, "vision: Pretrained", words)
	}
}

// What is larger, or of another seed, is the same list: With changes data of a list as those of folders.
func TestWithOfLists(t *testing.T) {
	for k, d := range kinds(t) {
		larger, err := d.With(Size(24))
		ok(t, err)
		same(t, "size", larger.Size(), 24)
		same(t, "names", larger.Names(fastnb.Valid), d.Names(fastnb.Valid))
		same(t, "targets", larger.Targets(fastnb.Train), d.Targets(fastnb.Train))
		rows, err := d.With(ValidRows([]int{19, 3}))
		ok(t, err)
		same(t, string(k), rows.Names(fastnb.Valid), []string{"pics/19.png", "pics/3.png"}) // in their order
		_, err = d.With(ValidFolder("x"))
		saysAll(t, err, "vision: With", "ValidFolder is an option for folders of classes")
	}
	d, err := kinds(t)[oneClass].With(Target("x"))
	ok(t, err)
	same(t, "columns", d.Columns(), []string{"x"})
}

// Of several labels and numbers scores are of all, as metric says.
func TestScoresOfKinds(t *testing.T) {
	for k, d := range kinds(t) {
		l := tiny(t, d)
		p, err := l.Predict(fastnb.Valid)
		ok(t, err)
		for m, classes := range map[*metric.Metric]bool{&metric.Accuracy: true, &metric.RMSE: false} {
			if got := p.Score(*m); math.IsNaN(got) == (classes == (k == oneClass)) {
				t.Errorf("%s of %s: %g", m.Name, k, got)
			}
		}
	}
}

// A test list and a folder of test images give the same images.
func TestTestLists(t *testing.T) {
	file := listed(t, "file,label", 8, func(i int) string { return fmt.Sprintf("%d,%s", i, []string{"a", "b"}[i%2]) })
	dir := filepath.Dir(file)
	for i := range 3 {
		write(t, pngBytes(t, photo(20, 20, uint64(50+i))), dir, "new", name(i))
	}
	write(t, []byte("id,label\n2,\n0,\n1,\n"), dir, "sample.csv")
	sample := filepath.Join(dir, "sample.csv")
	d := fromCSV(t, file, Suffix(".png"), TestCSV(sample), TestFolder("new"))
	same(t, "names", d.Names(fastnb.Test), []string{"new/2.png", "new/0.png", "new/1.png"})
	if d.Labels(fastnb.Test) != nil || d.Targets(fastnb.Test) != nil {
		t.Error("test images have labels")
	}
	folder := fromCSV(t, file, Suffix(".png"), TestFolder("new"))
	same(t, "names", folder.Names(fastnb.Test), []string{"new/0.png", "new/1.png", "new/2.png"})
	l := tiny(t, d)
	p, err := l.Predict(fastnb.Test)
	ok(t, err)
	in, err := l.PredictOn(folder, fastnb.Test)
	ok(t, err)
	near(t, "probabilities", in.Probs, [][]float32{p.Probs[1], p.Probs[2], p.Probs[0]})
	out := filepath.Join(dir, "out.csv")
	s := p.Submission(fastnb.ID("id"), fastnb.ClassName("label"))
	ok(t, s.Check(sample))
	ok(t, s.Write(out))
	text, err := os.ReadFile(out)
	ok(t, err)
	if !strings.HasPrefix(string(text), "id,label\n2,") {
		t.Errorf("%s", text)
	}
}

// A loss of something else than the images have is refused; numbers from 0 to 1 are as good as probabilities.
func TestLossesOfOtherKinds(t *testing.T) {
	all := kinds(t)
	for _, c := range []struct {
		k    kind
		loss fastnb.Loss
		want string
	}{
		{numbers, fastnb.CrossEntropy, "is of one class each, the data have numbers; MeanSquared and Absolute are of those"},
		{numbers, fastnb.BinaryCrossEntropy, "is of several labels, the data have numbers; MeanSquared"},
		{manyLabels, fastnb.MeanSquared, "is of numbers, the data have several labels; BinaryCrossEntropy"},
		{oneClass, fastnb.Absolute, "is of numbers, the data have one class each; CrossEntropy"},
	} {
		_, err := Pretrained(tinyArch(wanted), all[c.k], FromScratch(), On(goBackend(t)), With(fastnb.WithLoss(c.loss)))
		saysAll(t, err, c.want)
	}
	items := []Item{{File: "pics/0.png", Numbers: []float64{0}}, {File: "pics/1.png", Numbers: []float64{.5}},
		{File: "pics/2.png", Numbers: []float64{1}}}
	shares, err := FromItems(all[numbers].root, items, Size(16), ValidRows([]int{2}), WorkDir(t.TempDir()))
	ok(t, err)
	ok(t, tiny(t, shares, With(fastnb.WithLoss(fastnb.BinaryCrossEntropy))).Fit(fastnb.LR(.01), 1))
}
