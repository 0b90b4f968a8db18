package vision

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
)

// opened opens a model of the tiny net.
func opened(t testing.TB, path string, opts ...OpenOption) *Learner {
	t.Helper()
	l, err := Open(path, append(opts, Arch(tinyArch(wanted)), On(goBackend(t)), With(fastnb.WithProgress(nil)))...)
	ok(t, err)
	return l
}

// predictedImages returns the probabilities of images.
func predictedImages(t testing.TB, l *Learner, images ...any) [][]float32 {
	t.Helper()
	p, err := l.PredictImages(images...)
	ok(t, err)
	return p.Probs
}

// savedAs saves a learner and returns the file, moved to a folder of its own.
func savedAs(t testing.TB, l *Learner) string {
	t.Helper()
	ok(t, l.Save("m"))
	text, err := os.ReadFile(filepath.Join(l.Data().Dir(), "models", "m.safetensors"))
	ok(t, err)
	path := filepath.Join(t.TempDir(), "net.safetensors")
	ok(t, os.WriteFile(path, text, 0o666))
	return path
}

// testFiles copies the test images of a tree elsewhere and returns them.
func testFiles(t testing.TB, dir string) (files []string) {
	t.Helper()
	elsewhere := t.TempDir()
	ok(t, os.CopyFS(elsewhere, os.DirFS(filepath.Join(dir, "test"))))
	for i := range 12 {
		files = append(files, filepath.Join(elsewhere, name(i+1)))
	}
	return files
}

// A model that was saved predicts the same in another process, where there are no images but those to be predicted.
func TestOpenInAnotherProcess(t *testing.T) {
	for name, opts := range map[string][]DataOption{"crop": {Size(20), BatchSize(3)}, "squash": {CropNo}} {
		dir := tree(t)
		l := tiny(t, open(t, dir, opts...), Layers(6), Ps(.1, .2))
		ok(t, l.Fit(fastnb.LR(.05), 2))
		files := testFiles(t, dir)
		want, path := predictedImages(t, l, files), savedAs(t, l)
		ok(t, os.RemoveAll(dir))
		out := filepath.Join(t.TempDir(), "probs.json")
		c := exec.Command(os.Args[0], "-test.run=^TestOpenHere$", "-test.v")
		c.Env = append(os.Environ(), "FASTNB_ENGINE=own", "FASTNB_TEST_MODEL="+path,
			"FASTNB_TEST_IMAGES="+filepath.Dir(files[0]), "FASTNB_TEST_OUT="+out)
		said, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, said)
		}
		text, err := os.ReadFile(out)
		ok(t, err)
		var got [][]float32
		ok(t, json.Unmarshal(text, &got))
		same(t, name, got, want)
	}
}

// TestOpenHere is the other process.
func TestOpenHere(t *testing.T) {
	path := os.Getenv("FASTNB_TEST_MODEL")
	if path == "" {
		t.Skip("it is run by TestOpenInAnotherProcess")
	}
	var files []string
	for i := range 12 {
		files = append(files, filepath.Join(os.Getenv("FASTNB_TEST_IMAGES"), name(i+1)))
	}
	text, err := json.Marshal(predictedImages(t, opened(t, path), files))
	ok(t, err)
	ok(t, os.WriteFile(os.Getenv("FASTNB_TEST_OUT"), text, 0o666))
}

// Without images a model predicts and is not trained; with some it is a learner like any other.
func TestOpenedModelLearnsFromOtherImages(t *testing.T) {
	dir := tree(t)
	l := tiny(t, open(t, dir))
	ok(t, l.Fit(fastnb.LR(.05), 1))
	files := testFiles(t, dir)
	path, want := savedAs(t, l), predictedImages(t, l, files)
	o := opened(t, path, WorkDir(t.TempDir()))
	_, find := o.LRFind()
	_, valid := o.Predict(fastnb.Valid)
	_, tta := o.TTA(fastnb.Test)
	_, with := o.Data().With(Size(30))
	_, some := Random(o, fastnb.Train, 2, 1)
	for _, err := range []error{o.Fit(fastnb.LR(.01), 1), o.FineTune(1, .01), find, valid, tta, some, with} {
		saysAll(t, err, path, "SetData gives it some")
		if err != with && !errors.Is(err, fastnb.ErrNoSplit) {
			t.Errorf("%v does not wrap ErrNoSplit", err)
		}
	}
	same(t, "history", o.Recorder.Loss, l.Recorder.Loss)
	ok(t, o.SetData(open(t, dir)))
	same(t, "with images", predictedImages(t, o, files), want)
	same(t, "the valid split", probsOfValid(t, o), probsOfValid(t, l))
	ok(t, o.Fit(fastnb.LR(.05), 1))
	larger := open(t, dir, Size(24), CropNo)
	ok(t, o.SetData(larger))
	again := opened(t, savedAs(t, o))
	same(t, "size", again.Data().Size(), 24)
	same(t, "after SetData", predictedImages(t, again, files), predictedImages(t, o, files))
}

// What was saved while activations stood for the images is opened like all else.
func TestOpenPrecomputed(t *testing.T) {
	dir := tree(t)
	l := tiny(t, open(t, dir), With(fastnb.KeepBN))
	l.Freeze()
	ok(t, l.Precompute(true))
	ok(t, l.Fit(fastnb.LR(.05), 1))
	files := testFiles(t, dir)
	o := opened(t, savedAs(t, l))
	same(t, "predictions", predictedImages(t, o, files), predictedImages(t, l, files))
	same(t, "frozen", o.FrozenTo(), l.FrozenTo())
	same(t, "batch norms", o.BN(), fastnb.KeepBN)
}

// A file of before tells nothing of its net: Open says so, and it loads as ever.
func TestOpenFileOfBefore(t *testing.T) {
	dir := tree(t)
	l := tiny(t, open(t, dir))
	old, err := fastnb.New(goBackend(t), open(t, dir).WithNorm(wanted), l.Model(), fastnb.Seed(7))
	ok(t, err)
	ok(t, old.Fit(fastnb.LR(.05), 1))
	path := savedAs(t, &Learner{Learner: old, data: old.Data().(*Data)})
	_, err = Open(path, Arch(tinyArch(wanted)))
	saysAll(t, err, "vision: Open", path, "save it again")
	if !errors.Is(err, fastnb.ErrBadCheckpoint) {
		t.Errorf("%v does not wrap ErrBadCheckpoint", err)
	}
	ok(t, l.LoadFile(path))
	files := testFiles(t, dir)
	want := predictedImages(t, &Learner{Learner: old, data: old.Data().(*Data)}, files)
	same(t, "loaded", predictedImages(t, l, files), want)
	same(t, "saved again", predictedImages(t, opened(t, savedAs(t, l)), files), want)
}

// The net's name is enough where package arch has it; else it is given, and must be the file's.
func TestOpenFindsTheNet(t *testing.T) {
	d := open(t, tree(t), Size(32))
	path := savedAs(t, tiny(t, d))
	_, err := Open(path)
	saysAll(t, err, `vision: Open: the file's net "tiny" is none of package arch; vision.Arch gives`)
	_, err = Open(path, Arch(arch.ResNet18))
	saysAll(t, err, `Arch gives the net "resnet18", the file's is "tiny"`)
	_, err = Open(path, Arch(tinyArch(wanted)), BatchSize(0))
	saysAll(t, err, "BatchSize(0)")
	_, err = Open(filepath.Join(t.TempDir(), "none.safetensors"))
	if !errors.Is(err, fastnb.ErrNoCheckpoint) {
		t.Errorf("%v does not wrap ErrNoCheckpoint", err)
	}
	l, err := Pretrained(arch.ResNet18, d, FromScratch(), Layers(7, 5), On(goBackend(t)))
	ok(t, err)
	o, err := Open(savedAs(t, l), On(goBackend(t)))
	ok(t, err)
	same(t, "model", o.Model().Name, l.Model().Name)
	same(t, "normalisation", o.Data().Norm(), l.Data().Norm())
	same(t, "classes", o.Data().Classes(), []string{"cat", "dog"})
}

// Activations serve all heads: how likely a head drops what it sees does not change them.
func TestActivationsServeOtherDropouts(t *testing.T) {
	dir := tree(t)
	d := open(t, dir)
	for _, p := range []float64{.1, .4} {
		l := tiny(t, d, Ps(p))
		l.Freeze()
		ok(t, l.Precompute(true))
		ok(t, l.Fit(fastnb.LR(.01), 1))
	}
	kept, err := filepath.Glob(filepath.Join(d.Dir(), "tmp", "activations-train-*"))
	ok(t, err)
	if len(kept) != 1 {
		t.Errorf("activations in %v, want one file", kept)
	}
}

// Data that were another net's become the learner's: what is saved tells its own net.
func TestOpenAfterAnotherNetsData(t *testing.T) {
	dir := tree(t)
	l, other := tiny(t, open(t, dir)), tiny(t, open(t, dir), Layers(3))
	ok(t, l.SetData(other.Data()))
	o := opened(t, savedAs(t, l))
	if o.Model().Name != l.Model().Name || !slices.Equal(o.Data().Classes(), l.Data().Classes()) {
		t.Errorf("%s of %v, want %s of %v", o.Model().Name, o.Data().Classes(), l.Model().Name, l.Data().Classes())
	}
}
