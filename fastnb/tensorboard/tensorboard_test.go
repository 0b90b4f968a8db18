package tensorboard

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// truth is testdata/events.json.
type truth struct {
	Start  float64
	Events []struct {
		Wall    float64
		Step    int
		Scalars [][2]any
	}
	Read map[string][]reading
}

func reference(t *testing.T) (r truth) {
	t.Helper()
	text, err := os.ReadFile("testdata/events.json")
	check(t, err)
	check(t, json.Unmarshal(text, &r))
	return r
}

func at(wall float64) time.Time { return time.UnixMicro(int64(wall * 1e6)) }

// The same events are the same bytes as TensorBoard's own writer makes (testdata/events.py).
func TestBytes(t *testing.T) {
	r := reference(t)
	b := record(record(nil, versionEvent(at(r.Start))), startEvent(at(r.Start), 0))
	for _, e := range r.Events {
		var scalars []scalar
		for _, s := range e.Scalars {
			scalars = append(scalars, scalar{s[0].(string), s[1].(float64)})
		}
		b = record(b, scalarEvent(at(e.Wall), e.Step, scalars...))
	}
	want, err := os.ReadFile("testdata/python.tfevents")
	check(t, err)
	if !bytes.Equal(b, want) {
		t.Errorf("wrote\n%q\nwant\n%q", b, want)
	}
}

// What is read in these tests is what TensorBoard's own reader reads.
func TestDecode(t *testing.T) {
	version, sessions, scalars := decode(t, "testdata/python.tfevents")
	if r := reference(t); version != fileVersion || !slices.Equal(sessions, []int64{1}) || !reflect.DeepEqual(scalars, r.Read) {
		t.Errorf("%s, %v, %v; want %v", version, sessions, scalars, r.Read)
	}
}

// Whatever a metric measures and is called: protobuf's own decoder reads the file, and a name that is not UTF-8 is escaped.
func TestOddNumbersAndNames(t *testing.T) {
	tags := map[string]string{"caf\xe9": `caf\xe9`, "a\nb": "a\nb", "a\x00": "a\x00", "": "", "🐈": "🐈", "\xff/<b>\"": `\xff/<b>\"`}
	nan := math.NaN()
	var b []byte
	for name := range tags {
		for i, v := range []float64{math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 1e308, nan} {
			b = record(b, scalarEvent(at(1), i+1, scalar{name, v}))
		}
	}
	path := filepath.Join(t.TempDir(), "odd.tfevents")
	check(t, os.WriteFile(path, append(record(record(nil, versionEvent(at(1))), startEvent(at(1), 0)), b...), 0o644))
	_, _, scalars := decode(t, path)
	want := fmt.Sprint([]reading{{1, 1, math.Inf(1)}, {1, 2, math.Inf(-1)}, {1, 3, math.Copysign(0, -1)}, {1, 4, math.Inf(1)}, {1, 5, nan}})
	for name, tag := range tags {
		if got := fmt.Sprint(scalars[tag]); got != want {
			t.Errorf("%q: %s as %s, want %s", name, got, tag, want)
		}
	}
}

func learner(t *testing.T, opts ...fastnb.Option) *fastnb.Learner {
	t.Helper()
	be, err := engine.Open()
	check(t, err)
	l, err := fastnb.New(be, synth.Clouds(t.TempDir(), 200, 16, 3), synth.Net(3), opts...)
	check(t, err)
	return l
}

// file returns the one file of events in a folder.
func file(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*tfevents*"))
	check(t, err)
	if len(files) != 1 {
		t.Fatalf("files %v, want one", files)
	}
	return files[0]
}

// expected are the scalars of a fit, after so many batches of others.
func expected(scalars map[string][]reading, r *fastnb.Recorder, offset int, wall float64) {
	add := func(tag string, step int, v float64) {
		scalars[tag] = append(scalars[tag], reading{wall, float64(offset + step), float64(float32(v))})
	}
	for i := range r.RawLoss {
		add("train/loss", i+1, r.RawLoss[i])
		add("train/lr", i+1, r.LR[i])
	}
	for _, e := range r.Epochs {
		add("valid/loss", e.Batches, e.ValidLoss)
		add("valid/accuracy", e.Batches, e.Metrics[0])
	}
}

// Two fits, the second stopped within an epoch: the file holds the recorder's numbers, and TensorBoard reads them so.
func TestLog(t *testing.T) {
	const wall = 1.7e9 + .5
	dir := filepath.Join(t.TempDir(), "runs", "first")
	log := &Log{Dir: dir, now: func() time.Time { return at(wall) }}
	l := learner(t, fastnb.WithCallbacks(log))
	want := map[string][]reading{}
	check(t, l.Fit(fastnb.LR(.05), 2, fastnb.CycleLen(1)))
	expected(want, l.Recorder, 0, wall)
	check(t, l.Fit(fastnb.LR(.01), 2, fastnb.Callbacks(stopAfter(17))))
	expected(want, l.Recorder, 24, wall)
	if len(want["train/loss"]) != 24+17 || len(want["valid/accuracy"]) != 3 {
		t.Fatalf("fits of %d batches, %d epochs", len(want["train/loss"]), len(want["valid/accuracy"]))
	}
	version, sessions, got := decode(t, file(t, dir))
	if version != fileVersion || !slices.Equal(sessions, []int64{1}) || !reflect.DeepEqual(got, want) {
		t.Errorf("%s, %v, %v; want %v", version, sessions, got, want)
	}
	peer(t, dir, want)
}

type stopAfter int

func (n stopAfter) EndBatches(l *fastnb.Learner) error {
	if len(l.Recorder.Loss) >= int(n) {
		return fastnb.ErrStop
	}
	return nil
}

// peer has TensorBoard's own reader read the folder, where there is one.
func peer(t *testing.T, dir string, want map[string][]reading) {
	t.Helper()
	python := os.Getenv("FASTNB_PEER_PYTHON")
	if python == "" {
		t.Log("FASTNB_PEER_PYTHON names no Python with tensorboard: not read by it")
		return
	}
	out, err := exec.Command(python, "testdata/events.py", dir).Output()
	check(t, err)
	var got map[string][]reading
	check(t, json.Unmarshal(out, &got))
	if !reflect.DeepEqual(got, want) {
		t.Errorf("TensorBoard reads %v, want %v", got, want)
	}
}

// A new Log removes what an earlier one wrote, and nothing else.
func TestLogStartsAnew(t *testing.T) {
	dir := t.TempDir()
	check(t, os.WriteFile(filepath.Join(dir, "events.out.tfevents.1.theirs"), nil, 0o644))
	l := learner(t)
	for second := range 2 {
		log := &Log{Dir: dir, now: func() time.Time { return time.Unix(int64(second), 0) }}
		check(t, l.Fit(fastnb.LR(.05), 1, fastnb.Callbacks(log)))
	}
	check(t, os.Remove(filepath.Join(dir, "events.out.tfevents.1.theirs")))
	want := map[string][]reading{}
	expected(want, l.Recorder, 0, 1)
	if _, _, got := decode(t, file(t, dir)); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Batches are in the file before the epoch is over.
func TestLogIsLive(t *testing.T) {
	dir := t.TempDir()
	l := learner(t)
	check(t, l.Fit(fastnb.LR(.05), 1, fastnb.Callbacks(&Log{Dir: dir}, look(func() {
		_, _, got := decode(t, file(t, dir))
		if n := len(got["train/loss"]); n != len(l.Recorder.Loss) {
			t.Errorf("%d batches in the file after %d", n, len(l.Recorder.Loss))
		}
	}))))
}

type look func()

func (f look) EndBatches(*fastnb.Learner) error { f(); return nil }

func TestLogWithoutValidation(t *testing.T) {
	be, err := engine.Open()
	check(t, err)
	data := synth.Line(t.TempDir(), 64, 16)
	delete(data.X, fastnb.Valid)
	l, err := fastnb.New(be, data, synth.LineModel())
	check(t, err)
	dir := t.TempDir()
	check(t, l.Fit(fastnb.LR(.05), 1, fastnb.Callbacks(&Log{Dir: dir})))
	if _, _, got := decode(t, file(t, dir)); len(got) != 2 || len(got["train/loss"]) != 4 {
		t.Errorf("%v, want training alone", got)
	}
}

func TestLogErrors(t *testing.T) {
	l := learner(t)
	plain := filepath.Join(t.TempDir(), "file")
	check(t, os.WriteFile(plain, nil, 0o644))
	for want, log := range map[string]any{
		`fastnb: Fit: tensorboard: no Dir; want the folder of the run, such as "runs/head"`: &Log{},
		"fastnb: Fit: tensorboard: mkdir":                            &Log{Dir: filepath.Join(plain, "runs")},
		"fastnb: Fit: a tensorboard.Log is no callback: it has none": Log{Dir: "runs"},
	} {
		if err := l.Fit(fastnb.LR(.05), 1, fastnb.Callbacks(log)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
