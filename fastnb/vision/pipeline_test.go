package vision

import (
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// wanted is how the tiny net wants its pixels: not as ImageNet's nets.
var wanted = Norm{Mean: [3]float32{127, 127, 127}, Std: [3]float32{128, 128, 128}}

// tinyArch is a net of two layers that wants pixels normalised by n.
func tinyArch(n Norm) arch.Arch {
	return arch.Arch{Name: "tiny", Mean: n.Mean, Std: n.Std, Groups: [2][]string{{"/c1"}, {"/c2"}},
		Body: func(s *model.Scope, x *graph.Node) *graph.Node {
			return nn.ReLU(nn.Conv(s.In("c2"), nn.ReLU(nn.Conv(s.In("c1"), x, 4, 3, nn.Stride(2))), 4, 3))
		}}
}

func goBackend(t testing.TB) compute.Backend {
	t.Helper()
	be, err := engine.OpenDevice(engine.Go)
	ok(t, err)
	return be
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// tiny returns a learner of the tiny net on d; all such learners begin with the same weights.
func tiny(t testing.TB, d *Data, opts ...LearnerOption) *Learner {
	t.Helper()
	return tinyOf(t, wanted, d, opts...)
}

func tinyOf(t testing.TB, n Norm, d *Data, opts ...LearnerOption) *Learner {
	t.Helper()
	opts = append([]LearnerOption{FromScratch(), Layers(), On(goBackend(t)), With(fastnb.WithProgress(nil))}, opts...)
	l, err := Pretrained(tinyArch(n), d, opts...)
	ok(t, err)
	return l
}

// predictor is a learner of images or of anything.
type predictor interface {
	Predict(split fastnb.Split) (*fastnb.Preds, error)
	PredictOn(data fastnb.Data, split fastnb.Split) (*fastnb.Preds, error)
}

func probsOfValid(t testing.TB, l predictor) [][]float32 {
	t.Helper()
	p, err := l.Predict(fastnb.Valid)
	ok(t, err)
	return p.Probs
}

func predictedOn(t testing.TB, l predictor, d fastnb.Data) [][]float32 {
	t.Helper()
	p, err := l.PredictOn(d, fastnb.Valid)
	ok(t, err)
	return p.Probs
}

func same[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// near is same but for the order of sums, which differs between batch sizes.
func near(t testing.TB, what string, got, want [][]float32) {
	t.Helper()
	a, b := slices.Concat(got...), slices.Concat(want...)
	for i := range b {
		if len(a) != len(b) || math.Abs(float64(a[i]-b[i])) > 1e-5 {
			t.Fatalf("%s: %v, want %v", what, got, want)
		}
	}
}

func saysAll(t testing.TB, err error, words ...string) {
	t.Helper()
	for _, w := range words {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("error %v, want %q in it", err, w)
		}
	}
}

// Whatever images a learner is given, and by whatever verb, its net sees them normalised as it was trained: as it sees
// the data that it was made with. The truth is a learner made with those data, of the same weights.
func TestImagesGivenLaterAreNormalisedForTheNet(t *testing.T) {
	dir := tree(t)
	fresh := func(opts ...DataOption) *Data { return open(t, dir, append(opts, Augment(SideOn))...) }
	own := func() *Learner { return tiny(t, fresh()) }
	given := func() *Learner {
		l := tiny(t, fresh(BatchSize(3)))
		ok(t, l.SetData(fresh()))
		return l
	}
	want := probsOfValid(t, own())
	if reflect.DeepEqual(probsOfValid(t, tinyOf(t, ImageNet, fresh())), want) {
		t.Fatal("another normalisation makes no difference; the test shows nothing")
	}
	same(t, "SetData, Predict", probsOfValid(t, given()), want)
	same(t, "SetData, Norm", given().Data().Norm(), wanted)
	same(t, "PredictOn", predictedOn(t, own(), fresh()), want)
	same(t, "PredictOn normalised for another net", predictedOn(t, own(), fresh().WithNorm(Norm{Std: [3]float32{1, 1, 1}})), want)
	l := own()
	predictedOn(t, l, fresh(Size(20)))
	predictedOn(t, l, fresh())
	same(t, "Predict after PredictOn", probsOfValid(t, l), want)
	same(t, "Norm after PredictOn", l.Data().Norm(), wanted)

	verbs := map[string]func(l *Learner) (any, error){
		"Validate": func(l *Learner) (any, error) { loss, _, err := l.Validate(); return loss, err },
		"TTA":      func(l *Learner) (any, error) { return probsOf(l.TTA(fastnb.Test)) },
		"LRFind": func(l *Learner) (any, error) {
			s, err := l.LRFind(fastnb.Iterations(5))
			return s, err
		},
		"Fit": func(l *Learner) (any, error) { return l.Recorder.Loss, l.Fit(fastnb.LR(.01), 1) },
		"Precompute": func(l *Learner) (any, error) {
			ok(t, l.Precompute(true))
			return probsOf(l.Predict(fastnb.Valid))
		},
		"Random": func(l *Learner) (any, error) {
			p, err := Random(l, fastnb.Valid, 2, 1)
			return p.Images, err
		},
	}
	for name, verb := range verbs {
		a, b := given(), own()
		b.Freeze() // as SetData does
		got, err := verb(a)
		ok(t, err)
		want, err := verb(b)
		ok(t, err)
		same(t, "SetData, "+name, got, want)
	}
}

func probsOf(p *fastnb.Preds, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return p.Probs, nil
}

// Larger images, as in progressive resizing: those of a learner that was made for them.
func TestLargerImagesAreNormalisedForTheNet(t *testing.T) {
	dir := tree(t)
	l := tiny(t, open(t, dir))
	probsOfValid(t, l)
	ok(t, l.SetData(open(t, dir, Size(24), BatchSize(2))))
	near(t, "size 24", probsOfValid(t, l), probsOfValid(t, tiny(t, open(t, dir, Size(24)))))
}

// One Data serves learners of several nets, one after the other and in turns, and is not changed by them.
func TestOneDataServesTwoNets(t *testing.T) {
	dir := tree(t)
	d := open(t, dir)
	other := Norm{Mean: [3]float32{9, 8, 7}, Std: [3]float32{50, 60, 70}}
	a, b := tiny(t, d), tinyOf(t, other, d)
	wantA, wantB := probsOfValid(t, tiny(t, open(t, dir))), probsOfValid(t, tinyOf(t, other, open(t, dir)))
	for range 2 {
		same(t, "the one", probsOfValid(t, a), wantA)
		same(t, "the other", probsOfValid(t, b), wantB)
		ok(t, a.SetData(b.Data()))
		ok(t, b.SetData(d))
	}
	p, err := fastnb.Average(must(a.PredictOn(b.Data(), fastnb.Valid)), must(b.PredictOn(a.Data(), fastnb.Valid)))
	ok(t, err)
	q, err := fastnb.Average(must(a.Predict(fastnb.Valid)), must(b.Predict(fastnb.Valid)))
	ok(t, err)
	same(t, "their average", p.Probs, q.Probs)
	same(t, "the data's Norm", d.Norm(), ImageNet)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// A checkpoint keeps what its net was trained with; a learner that loads it takes it over, also where its data were
// made otherwise.
func TestCheckpointsKeepTheNormalisation(t *testing.T) {
	dir := tree(t)
	l := tiny(t, open(t, dir))
	ok(t, l.Fit(fastnb.LR(.01), 1))
	ok(t, l.Save("m"))
	want := probsOfValid(t, l)
	other := tinyOf(t, ImageNet, open(t, dir)) // as after an update that knows other means
	ok(t, other.Load("m"))
	same(t, "loaded", probsOfValid(t, other), want)
	same(t, "its Norm", other.Data().Norm(), wanted)
	ok(t, other.SetData(open(t, dir)))
	same(t, "SetData after Load", probsOfValid(t, other), want)
}

// Activations on the disk are not those of the same files normalised for another net, or of another body of the same
// name.
func TestActivationsAreOfOneNormalisation(t *testing.T) {
	dir := tree(t)
	frozen := func(n Norm) [][]float32 {
		l := tinyOf(t, n, open(t, dir))
		l.Freeze()
		ok(t, l.Precompute(true))
		return probsOfValid(t, l)
	}
	for _, n := range []Norm{wanted, ImageNet, wanted} {
		same(t, "precomputed", frozen(n), probsOfValid(t, tinyOf(t, n, open(t, dir))))
	}
	a := tinyArch(wanted)
	body := a.Body
	a.Body = func(s *model.Scope, x *graph.Node) *graph.Node { return graph.Tanh(body(s, x)) }
	of := func(precompute bool) [][]float32 {
		l, err := Pretrained(a, open(t, dir), FromScratch(), Layers(), On(goBackend(t)), With(fastnb.WithProgress(nil)))
		ok(t, err)
		l.Freeze()
		ok(t, l.Precompute(precompute))
		return probsOfValid(t, l)
	}
	same(t, "another body of that name", of(true), of(false))
}

// Labels go by the names of the classes: a subset, or another order, means the same; a class that the model does not
// know is refused, with both lists.
func TestClassesOfImagesGivenLater(t *testing.T) {
	dir := tree(t)
	l := tiny(t, open(t, dir))
	want, err := l.Predict(fastnb.Valid)
	ok(t, err)

	reversed, err := open(t, dir).withClasses([]string{"dog", "cat"})
	ok(t, err)
	p, err := l.PredictOn(reversed, fastnb.Valid)
	ok(t, err)
	same(t, "another order", p, want)

	few := tree(t)
	ok(t, os.RemoveAll(filepath.Join(few, "train", "cat")))
	ok(t, os.RemoveAll(filepath.Join(few, "valid", "cat")))
	p, err = l.PredictOn(open(t, few), fastnb.Valid)
	ok(t, err)
	same(t, "labels of dogs alone", p.Labels, []int{1, 1, 1})
	same(t, "their classes", p.Classes, []string{"cat", "dog"})
	same(t, "their probabilities", p.Probs, want.Probs[2:])
	ok(t, l.SetData(open(t, few)))
	ok(t, l.Fit(fastnb.LR(.01), 1))
	bigger, err := l.Data().With(Size(20))
	ok(t, err)
	same(t, "classes of With", bigger.Classes(), []string{"cat", "dog"})

	ok(t, os.Rename(filepath.Join(few, "train", "dog"), filepath.Join(few, "train", "wolf")))
	ok(t, os.Rename(filepath.Join(few, "valid", "dog"), filepath.Join(few, "valid", "wolf")))
	_, err = l.PredictOn(open(t, few), fastnb.Valid)
	saysAll(t, err, "PredictOn", "[wolf]", "[cat dog]")
	saysAll(t, l.SetData(open(t, few)), "SetData", "[wolf]", "[cat dog]")
}

// A split without labels is predicted, and has the model's classes.
func TestPredictOnImagesWithoutLabels(t *testing.T) {
	dir := tree(t)
	l := tiny(t, open(t, dir))
	want, err := l.Predict(fastnb.Test)
	ok(t, err)
	p, err := l.PredictOn(open(t, dir), fastnb.Test)
	ok(t, err)
	same(t, "test", p, want)
	bare := open(t, dir)
	bare.classes, bare.splits[fastnb.Train], bare.splits[fastnb.Valid] = nil, split{}, split{}
	p, err = l.PredictOn(bare, fastnb.Test)
	ok(t, err)
	same(t, "nothing but test", p, want)
	saysAll(t, l.SetData(bare), "no training items")
}

// A net that flattens its images takes those of one size alone.
func TestImagesOfASizeThatTheNetCannotTake(t *testing.T) {
	dir := tree(t)
	flat := fastnb.FromFunc("flat", func(s *model.Scope, x *graph.Node) *graph.Node {
		return nn.Dense(s.In("d"), graph.Reshape(x, x.Shape().Dim(0), -1), 2)
	}, fastnb.Group{"/d"})
	l, err := fastnb.New(goBackend(t), open(t, dir), flat)
	ok(t, err)
	saysAll(t, l.SetData(open(t, dir, Size(20))), "SetData", "[4, 20, 20, 3]", "[4, 16, 16, 3]", "/d/weight")
	_, err = l.PredictOn(open(t, dir, Size(20)), fastnb.Valid)
	saysAll(t, err, "PredictOn", "/d/weight")
	near(t, "a batch size", predictedOn(t, l, open(t, dir, BatchSize(2))), probsOfValid(t, l))
}

// What pixels can't be normalised by is told before anything is trained.
func TestNormThatNormalisesNothing(t *testing.T) {
	d := open(t, tree(t))
	net := fastnb.FromFunc("m", func(s *model.Scope, x *graph.Node) *graph.Node {
		return nn.Dense(s.In("d"), graph.ReduceMean(x, 1, 2), 2)
	}, fastnb.Group{"/d"})
	_, err := fastnb.New(goBackend(t), d.WithNorm(Norm{}), net)
	saysAll(t, err, "New", "deviations above 0")
	_, err = Pretrained(tinyArch(wanted), nil)
	saysAll(t, err, "Pretrained", "the data is nil")
}

// Batches of one can't be trained on, for the head's batch norms see one value per image; they can be predicted.
func TestBatchesOfOne(t *testing.T) {
	dir := tree(t)
	l := tiny(t, open(t, dir, BatchSize(1)))
	const want = "BatchSize(1) (want 2 or more: batch norm needs company)"
	train := func(l *Learner) []error {
		_, err := l.LRFind()
		return []error{err, l.Fit(fastnb.LR(.01), 1), l.FitOneCycle(fastnb.LR(.01), 1), l.FineTune(1, .01)}
	}
	for _, err := range train(l) {
		saysAll(t, err, want)
	}
	near(t, "predictions", probsOfValid(t, l), probsOfValid(t, tiny(t, open(t, dir))))
	l.Freeze()
	ok(t, l.Precompute(true))
	saysAll(t, l.Fit(fastnb.LR(.01), 1), want)
	ok(t, l.SetData(open(t, dir, BatchSize(2))))
	ok(t, l.Fit(fastnb.LR(.01), 1))
	ok(t, l.SetData(open(t, dir, BatchSize(1))))
	saysAll(t, l.Fit(fastnb.LR(.01), 1), want)
	l.BNFreeze(true) // no batch norm looks at the batch
	ok(t, l.Fit(fastnb.LR(.01), 1))

	for _, folder := range []string{"train/cat", "train/dog", "valid/dog"} {
		ok(t, os.RemoveAll(filepath.Join(dir, filepath.FromSlash(folder))))
	}
	write(t, pngBytes(t, photo(20, 20, 3)), dir, "train", "cat", name(1))
	for _, err := range train(tiny(t, open(t, dir))) {
		saysAll(t, err, "a training split of 1", want)
	}
}

// A last batch of one image is left out of training, and is measured in validation.
func TestLastBatchOfOne(t *testing.T) {
	d := open(t, tree(t), BatchSize(5)) // of 11 images
	l := tiny(t, d)
	ok(t, l.Fit(fastnb.LR(.01), 2))
	if n := len(l.Recorder.Loss); n != 4 {
		t.Errorf("%d batches in 2 epochs, want 4", n)
	}
}

// Pictures of predictions are of the learner's own images: those of others are refused, not mixed up.
func TestPicturesOfOtherImages(t *testing.T) {
	l, d := tiny(t, open(t, tree(t))), open(t, tree(t), ValidFolder("train"))
	p, err := l.PredictOn(d, fastnb.Valid)
	ok(t, err)
	_, err = MostWrong(l, fastnb.Valid, p, 2)
	saysAll(t, err, "not of the learner's valid images", "SetData")
	ok(t, l.SetData(d))
	p, err = l.Predict(fastnb.Valid)
	ok(t, err)
	pics, err := MostUncertain(l, fastnb.Valid, p, 2)
	ok(t, err)
	if len(pics.Images) != 2 || slices.Contains(pics.Titles, "") {
		t.Errorf("%d images, titles %q", len(pics.Images), pics.Titles)
	}
}
