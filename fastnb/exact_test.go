package fastnb_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/callback"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/safetensors"
)

// odd are numbers that JSON lacks, or that it may not give back.
var odd = []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 1e308, -1e308, 5e-324, 1. / 3, 1e21, 0, 7}

// strange are names that people, or file systems, come up with.
var strange = []string{"caf\xe9", "\xff\xfe", "a\nb", "a\x00b", "<html>&amp;", `"'\`, "../..", "a/b", "", " ", "🐈", "Cat", "cat", "CON", "\ufffd", "\u2028",
	`{"bytes":"YQ=="}`, strings.Repeat("long ", 400)}

// strangers are clouds with other names of classes and items.
type strangers struct {
	*synth.Data
	names []string
}

func (d strangers) Classes() []string { return d.names[:3] }

func (d strangers) Names(s fastnb.Split) []string {
	names := d.Data.Names(s)
	for i := range names {
		names[i] = d.names[i%len(d.names)]
	}
	return names
}

// constant is a metric that is always v.
func constant(name string, v float64) metric.Metric {
	return metric.Metric{Name: name, Score: func([]float32, int, []int) float64 { return v }}
}

// same tells whether two values are alike, NaN like NaN and -0 unlike 0.
func same(a, b any) bool {
	return fmt.Sprintf("%T %+q %v", a, a, a) == fmt.Sprintf("%T %+q %v", b, b, b)
}

// Whatever a metric is and whatever it, the classes and the model are called comes back from a checkpoint as it was.
func TestCheckpointKeepsOddNumbersAndNames(t *testing.T) {
	var metrics []metric.Metric
	for i, name := range strange {
		metrics = append(metrics, constant(name, odd[i%len(odd)]))
	}
	for from := 0; from+3 <= len(strange); from += 3 {
		m, data := synth.Net(3), strangers{synth.Clouds(t.TempDir(), 200, 16, 3), strange[from:]}
		m.Name = strange[from]
		learner := func() *fastnb.Learner {
			l, err := fastnb.New(backend(t), data, m, fastnb.WithMetrics(metrics...), fastnb.WithCallbacks(&callback.SaveBest{Name: "best"}))
			check(t, err)
			return l
		}
		l, again := learner(), learner()
		check(t, l.Fit(fastnb.LR(.05), 2))
		check(t, l.Save("odd"))
		for _, name := range []string{"odd", "best"} {
			check(t, again.Load(name))
			if d := changed(weights(t, l), weights(t, again)); name == "odd" && len(d) > 0 {
				t.Errorf("classes %q: other weights: %v", data.Classes(), d)
			}
		}
		check(t, again.Load("odd"))
		if !same(*again.Recorder, *l.Recorder) {
			t.Fatalf("history %+v, was %+v", again.Recorder, l.Recorder)
		}
		runs, err := l.Runs()
		check(t, err)
		if r := runs[len(runs)-1]; r.Err != nil || !slices.Equal(r.Classes, data.Classes()) || r.Model != m.Name || !same(*r.Recorder, *l.Recorder) {
			t.Errorf("run %+v", r)
		}
		wellFormed(t, runs.HTML())
		if lines := strings.Count(runs.String(), "\n"); lines != 1+len(runs) {
			t.Errorf("%d lines for %d runs:\n%s", lines, len(runs), runs)
		}
	}
}

// A checkpoint of before had U+FFFD for what is not UTF-8 in a name: it loads.
func TestOldCheckpointOfStrangeNames(t *testing.T) {
	data := strangers{synth.Clouds(t.TempDir(), 200, 16, 3), strange}
	l := newLearner(t, backend(t), data)
	check(t, l.Save("old"))
	path := filepath.Join(data.Dir(), "models", "old.safetensors")
	f, err := safetensors.Read(path)
	check(t, err)
	text := f.Metadata["fastnb"]
	for _, name := range strange[:2] {
		now, _ := json.Marshal(map[string][]byte{"bytes": []byte(name)})
		then, _ := json.Marshal(name)
		if !strings.Contains(text, string(now)) {
			t.Fatalf("%s is not in %s", now, text)
		}
		text = strings.Replace(text, string(now), string(then), 1)
	}
	f.Metadata["fastnb"], f.Metadata["sha256"] = text, f.Checksum(text)
	check(t, safetensors.WriteFile(path, f))
	check(t, l.Load("old"))
}

// Predictions come back as they were.
func TestPredsKeepOddNumbersAndNames(t *testing.T) {
	l := clouds(t)
	var row []float32
	for _, v := range odd {
		row = append(row, float32(v))
	}
	for _, p := range []*fastnb.Preds{
		{}, {Probs: [][]float32{}, Views: [][][]float32{}, Classes: []string{}},
		{Probs: [][]float32{row, row}, Labels: []int{1, 0}, Targets: [][]float32{row, row}, Classes: strange[:len(row)],
			Names: strange[:2], Loss: math.NaN(), Kept: [][]float32{row, row}, Views: [][][]float32{{row, row}}},
		{Kept: [][]float32{row, row}, Classes: strange},
	} {
		check(t, l.SavePreds("odd", p))
		got, err := l.LoadPreds("odd")
		check(t, err)
		if !same(*got, *p) {
			t.Errorf("got %+v, want %+v", got, p)
		}
	}
	if err := l.SavePreds("odd", nil); err == nil || !strings.Contains(err.Error(), "the predictions are nil") {
		t.Error(err)
	}
}

// What SavePreds of before wrote is read.
func TestOldPreds(t *testing.T) {
	l := clouds(t)
	want := &fastnb.Preds{Probs: [][]float32{{.25, .75}}, Labels: []int{1}, Classes: []string{"a", "b"}, Names: []string{"x"}, Loss: .5}
	const old = `{"Probs":[[0.25,0.75]],"Labels":[1],"Targets":null,"Classes":["a","b"],"Names":["x"],"Loss":0.5,"Kept":null,"Views":null}`
	dir := filepath.Join(l.Data().Dir(), "models")
	check(t, os.MkdirAll(dir, 0o755))
	check(t, os.WriteFile(filepath.Join(dir, "old.preds.json"), []byte(old), 0o644))
	got, err := l.LoadPreds("old")
	if check(t, err); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// A history of millions of batches is longer than the header of a file may be.
func TestCheckpointOfALongHistory(t *testing.T) {
	l := clouds(t)
	check(t, l.Fit(fastnb.LR(.05), 1))
	r := l.Recorder
	for range 30_000 {
		r.Epochs = append(r.Epochs, r.Epochs[0])
		r.LR, r.Mom, r.Loss, r.RawLoss = append(r.LR, 1./3), append(r.Mom, math.NaN()), append(r.Loss, 1./3), append(r.RawLoss, 1./3)
	}
	check(t, l.Save("long"))
	again := cloudsIn(t, l.Data().Dir())
	check(t, again.Load("long"))
	if d := changed(weights(t, l), weights(t, again)); len(d) > 0 || !same(*again.Recorder, *r) {
		t.Errorf("%d batches, %d epochs, want %d and %d; other weights: %v", len(again.Recorder.Loss), len(again.Recorder.Epochs), len(r.Loss), len(r.Epochs), d)
	}
	check(t, again.Save("long"))
	runs, err := l.Runs()
	if check(t, err); len(runs) != 2 || runs[1].Err != nil || len(runs[1].Recorder.Epochs) != len(r.Epochs) {
		t.Errorf("runs %v", names(runs))
	}
	if header, err := safetensors.ReadMetadata(filepath.Join(l.Data().Dir(), "models", "long.safetensors")); err != nil || len(header["fastnb"]) > 1e6 {
		t.Errorf("a header of %d bytes, %v", len(header["fastnb"]), err)
	}
}

// What can't be kept after the fit is an error before it.
func TestWhatCanNotBeKeptIsRefusedBeforeTheFit(t *testing.T) {
	long := strings.Repeat("x", 250)
	for name, tt := range map[string]struct {
		opt  fastnb.FitOption
		want string
	}{
		"best":   {fastnb.Callbacks(&callback.SaveBest{Name: "a/b"}), `SaveBest: "a/b" is no name for a checkpoint`},
		"none":   {fastnb.Callbacks(&callback.SaveBest{}), `SaveBest: "" is no name for a checkpoint`},
		"above":  {fastnb.Callbacks(&callback.SaveBest{Name: ".."}), `SaveBest: ".." is no name`},
		"NUL":    {fastnb.Callbacks(&callback.SaveBest{Name: "a\x00"}), `SaveBest: "a\x00" is no name`},
		"long":   {fastnb.Callbacks(&callback.SaveBest{Name: long}), "is no name for a checkpoint: file name too long; use a short one"},
		"prev":   {fastnb.Callbacks(&callback.SaveBest{Name: "a.prev"}), `it is where the one before "a" is kept; use another`},
		"cycles": {fastnb.CycleSave("runs/a"), `CycleSave: "runs/a_cyc_1" is no name for a checkpoint`},
		"clip":   {fastnb.Clip(math.NaN()), "Clip(NaN) (want a finite norm, 0 for no bound)"},
		"decay":  {fastnb.WD(math.Inf(1)), "weight decay"},
	} {
		l := clouds(t)
		err := l.Fit(fastnb.LR(.05), 1, fastnb.CycleLen(1), tt.opt)
		if err == nil || !strings.Contains(err.Error(), tt.want) || len(l.Recorder.Loss) > 0 {
			t.Errorf("%s: %v after %d batches, want %s", name, err, len(l.Recorder.Loss), tt.want)
		}
	}
	fitted := unreadable{synth.Clouds(t.TempDir(), 200, 16, 3)}
	if err := newLearner(t, backend(t), fitted).Fit(fastnb.LR(.05), 1); err == nil || !strings.Contains(err.Error(), "have the Fitted of fastnb_test.unreadable give JSON or base64") {
		t.Error(err)
	}
}

// unreadable is data that fitted what is no text.
type unreadable struct{ *synth.Data }

func (unreadable) Fitted() (string, error) { return "\xff", nil }

// Whatever a file system takes is the name of a checkpoint.
func TestNamesOfCheckpoints(t *testing.T) {
	l := clouds(t)
	for _, name := range []string{"a b", "a:b", "🐈", "a\nb", "caf\xe9", "Head", "head", strings.Repeat("y", 200)} {
		check(t, l.Fit(fastnb.LR(.01), 1))
		want := weights(t, l)
		check(t, l.Save(name))
		check(t, l.Fit(fastnb.LR(.01), 1))
		check(t, l.Load(name))
		if d := changed(want, weights(t, l)); len(d) > 0 {
			t.Errorf("%q: other weights: %v", name, d)
		}
	}
	runs, err := l.Runs()
	if check(t, err); len(runs) != 8 {
		t.Errorf("runs %q", names(runs))
	}
	wellFormed(t, runs.HTML())
}

// A schedule that gives no number is told by what it gives, not by the loss that comes of it.
func TestScheduleThatGivesNoNumber(t *testing.T) {
	late := func(v float64) func(float64) float64 {
		return func(pct float64) float64 {
			if pct >= .5 {
				return v
			}
			return .1
		}
	}
	for want, fit := range map[string][2]float64{
		"learning rate of NaN (want a finite one, 0 or more)": {math.NaN(), .9}, "learning rate of -0.1 (want": {-1, .9},
		"momentum of +Inf (want 0 or more, below 1)": {1, math.Inf(1)}, "momentum of 1 (want": {1, 1}, "momentum of -0.5 (want": {1, -.5},
	} {
		err := clouds(t).FitSchedule(fastnb.LR(.1), 2, late(fit[0]), late(fit[1]))
		if err == nil || errors.Is(err, fastnb.ErrNaN) || !strings.Contains(err.Error(), "the schedule gives a "+want) || !strings.HasSuffix(err.Error(), " in epoch 1, batch 0") {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestMetricWithoutValidation(t *testing.T) {
	data := synth.Clouds(t.TempDir(), 200, 16, 3)
	data.X[fastnb.Valid], data.Class[fastnb.Valid] = nil, nil
	l := newLearner(t, backend(t), data)
	check(t, l.Fit(fastnb.LR(.05), 1))
	if got := l.Recorder.Metric("accuracy"); got != nil {
		t.Errorf("accuracy %v, want none", got)
	}
}
