package fastnb_test

import (
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

func goBackend(t testing.TB) compute.Backend {
	t.Helper()
	be, err := engine.OpenDevice(engine.Go)
	check(t, err)
	return be
}

// prepared is data with a Prepare of its own.
type prepared struct {
	*synth.Data
	by func(x *graph.Node) *graph.Node
}

func (d prepared) Prepare(in []*graph.Node) []*graph.Node {
	return []*graph.Node{d.by(d.Data.Prepare(in)[0])}
}

func preparedBy(dir string, by func(x *graph.Node) *graph.Node) prepared {
	return prepared{synth.Clouds(dir, 40, 8, 3), by}
}

func small(t testing.TB, d fastnb.Data) *fastnb.Learner {
	t.Helper()
	l, err := fastnb.New(goBackend(t), d, synth.Net(3))
	check(t, err)
	return l
}

// Prepares that differ in one thing each, down to what GoMLX does not show of a graph.
func prepares() map[string]func(x *graph.Node) *graph.Node {
	table := func(last float32) func(x *graph.Node) *graph.Node {
		return func(x *graph.Node) *graph.Node {
			big := make([]float32, 40) // GoMLX keeps no value of as many
			big[39] = last
			return graph.Mul(x, graph.ReduceAllSum(graph.Const(x.Graph(), big)))
		}
	}
	looped := func(by float64) func(x *graph.Node) *graph.Node {
		return func(x *graph.Node) *graph.Node {
			g := x.Graph()
			start := []*graph.Node{graph.Const(g, int32(0)), x}
			state := func(g *graph.Graph) []*graph.Node {
				return []*graph.Node{graph.Parameter(g, "i", start[0].Shape()), graph.Parameter(g, "x", x.Shape())}
			}
			cond := graph.NewClosure(g, func(g *graph.Graph) []*graph.Node {
				return []*graph.Node{graph.LessThan(state(g)[0], graph.Const(g, int32(1)))}
			})
			body := graph.NewClosure(g, func(g *graph.Graph) []*graph.Node {
				s := state(g)
				return []*graph.Node{graph.Add(s[0], graph.Const(g, int32(1))), graph.MulScalar(s[1], by)}
			})
			return graph.While(cond, body, start...)[1]
		}
	}
	return map[string]func(x *graph.Node) *graph.Node{
		"nothing":        func(x *graph.Node) *graph.Node { return x },
		"another op":     graph.Neg,
		"a scalar":       func(x *graph.Node) *graph.Node { return graph.MulScalar(x, 2) },
		"another scalar": func(x *graph.Node) *graph.Node { return graph.MulScalar(x, 2.0000002) },
		"an axis":        func(x *graph.Node) *graph.Node { return graph.Reverse(x, 1) },
		"another axis":   func(x *graph.Node) *graph.Node { return graph.Reverse(x, 0) },
		"a table":        table(3),
		"another table":  table(4),
		"a loop":         looped(5),
		"another loop":   looped(6),
		"a part": func(x *graph.Node) *graph.Node {
			return graph.Where(graph.GreaterThan(x, graph.Scalar(x.Graph(), x.DType(), 1)), x, graph.ZerosLike(x))
		},
		"another part": func(x *graph.Node) *graph.Node {
			return graph.Where(graph.LessThan(x, graph.Scalar(x.Graph(), x.DType(), 1)), x, graph.ZerosLike(x))
		},
		"of the batch":    func(x *graph.Node) *graph.Node { return graph.Sub(x, graph.ReduceAndKeep(x, graph.ReduceMean, 0)) },
		"of the features": func(x *graph.Node) *graph.Node { return graph.Sub(x, graph.ReduceAndKeep(x, graph.ReduceMean, 1)) },
	}
}

// What is compiled for one data set serves no other that is prepared otherwise: predictions are those of a learner that
// never saw another, whatever came before.
func TestGraphsAreNotSharedByDataPreparedOtherwise(t *testing.T) {
	dir := t.TempDir()
	want := map[string][][]float32{}
	for name, by := range prepares() {
		p, err := small(t, preparedBy(dir, by)).Predict(fastnb.Valid)
		check(t, err)
		want[name] = p.Probs
	}
	l := small(t, preparedBy(dir, prepares()["nothing"]))
	for range 2 {
		for name, by := range prepares() {
			p, err := l.PredictOn(preparedBy(dir, by), fastnb.Valid)
			check(t, err)
			if !reflect.DeepEqual(p.Probs, want[name]) {
				t.Errorf("PredictOn data prepared by %s: %v, want %v", name, p.Probs[0], want[name][0])
			}
			p, err = l.Predict(fastnb.Valid)
			check(t, err)
			if !reflect.DeepEqual(p.Probs, want["nothing"]) {
				t.Errorf("own data after those prepared by %s: %v, want %v", name, p.Probs[0], want["nothing"][0])
			}
		}
	}
}

// Data that are prepared alike share what is compiled, so that predicting many of them does not compile each time.
func TestGraphsAreSharedByDataPreparedAlike(t *testing.T) {
	n := &notes{}
	l, err := fastnb.New(goBackend(t), synth.Clouds(t.TempDir(), 40, 8, 3), synth.Net(3), fastnb.WithProgress(n))
	check(t, err)
	for range 4 {
		_, err := l.PredictOn(synth.Clouds(t.TempDir(), 40, 8, 3), fastnb.Valid)
		check(t, err)
	}
	if text := strings.Join(*n, "\n"); strings.Count(text, "compiling") != 1 {
		t.Errorf("notes:\n%s\nwant one compilation", text)
	}
}

// Cached activations are of one Prepare and one body, also where the data's Fingerprint says nothing of the one and the
// model's Name nothing of the other.
func TestActivationsAreOfOnePrepareAndBody(t *testing.T) {
	dir := t.TempDir()
	predict := func(precompute bool, scale float64, act func(x *graph.Node) *graph.Node) [][]float32 {
		m := synth.Net(3)
		body := m.Body
		m.Body = func(s *model.Scope, in []*graph.Node) *graph.Node { return act(body(s, in)) }
		by := func(x *graph.Node) *graph.Node { return graph.MulScalar(x, scale) }
		l, err := fastnb.New(goBackend(t), preparedBy(dir, by), m)
		check(t, err)
		l.Freeze()
		check(t, l.Precompute(precompute))
		p, err := l.Predict(fastnb.Valid)
		check(t, err)
		return p.Probs
	}
	for _, scale := range []float64{1, 3} {
		for _, act := range []func(x *graph.Node) *graph.Node{nn.ReLU, graph.Tanh} {
			for range 2 {
				if got, want := predict(true, scale, act), predict(false, scale, act); !reflect.DeepEqual(got, want) {
					t.Errorf("scale %g: %v, want %v", scale, got[0], want[0])
				}
			}
		}
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "tmp", "activations-*")); len(files) != 4 {
		t.Errorf("%d caches, want 4: the second time each is read", len(files))
	}
}

// scaled is data that can be prepared by any number: its Prepare multiplies by it.
type scaled struct {
	*synth.Data
	scale string
}

func (d scaled) Prepare(in []*graph.Node) []*graph.Node {
	return []*graph.Node{graph.MulScalar(in[0], float64(len(d.scale)))}
}

func (d scaled) Fitted() (string, error) {
	if d.scale == "" {
		return "", errors.New("no scale")
	}
	return d.scale, nil
}

func (d scaled) Refit(scale string) (fastnb.Data, error) {
	if strings.Trim(scale, "x") != "" {
		return nil, errors.New("no scale of x: " + scale)
	}
	return scaled{d.Data, scale}, nil
}

// wrapper hides what it wraps but for its methods.
type wrapper struct{ scaled }

// Data that can be prepared by what the model was trained with are, by every way in; what can't is refused. The data
// stay as they are.
func TestDataArePreparedByWhatBelongsToTheModel(t *testing.T) {
	dir := t.TempDir()
	of := func(scale string) scaled { return scaled{synth.Clouds(dir, 40, 8, 3), scale} }
	l := small(t, of("xx"))
	want, err := l.Predict(fastnb.Valid)
	check(t, err)
	check(t, l.Save("xx"))
	given := of("xxxx")
	p, err := l.PredictOn(given, fastnb.Valid)
	check(t, err)
	equal(t, "PredictOn", p.Probs, want.Probs)
	check(t, l.SetData(given))
	p, err = l.Predict(fastnb.Valid)
	check(t, err)
	equal(t, "SetData", p.Probs, want.Probs)
	for _, load := range []func(l *fastnb.Learner) error{
		func(l *fastnb.Learner) error { return l.Load("xx") },
		func(l *fastnb.Learner) error { return l.LoadFile(filepath.Join(dir, "models", "xx.safetensors")) },
	} {
		other := small(t, of("xxxxxx"))
		_, err := other.Predict(fastnb.Valid) // compiled for its own
		check(t, err)
		check(t, load(other))
		p, err = other.Predict(fastnb.Valid)
		check(t, err)
		equal(t, "Load", p.Probs, want.Probs)
	}
	equal(t, "what was given", given.scale, "xxxx")

	for words, d := range map[string]fastnb.Data{
		"only one of them tells what it was prepared by": synth.Clouds(dir, 40, 8, 3),
		"give it a Refit of its own":                     wrapper{of("xxx")},
		"no scale":                                       of(""),
	} {
		_, err := l.PredictOn(d, fastnb.Valid)
		says(t, err, "PredictOn", words)
		says(t, l.SetData(d), "SetData", words)
	}
	check(t, l.SetData(wrapper{of("xx")})) // prepared alike
	_, err = fastnb.New(goBackend(t), of(""), synth.Net(3))
	says(t, err, "New", "no scale")
	says(t, small(t, synth.Clouds(dir, 40, 8, 3)).Load("xx"), "Load", "don't; want data of the same kind")
}

// widened is data whose items have more numbers.
type widened struct{ *synth.Data }

func (d widened) Prepare(in []*graph.Node) []*graph.Node {
	return []*graph.Node{graph.Concatenate([]*graph.Node{in[0], in[0]}, 1)}
}

// several is data with several labels per item.
type several struct{ *synth.Data }

func (several) Labels(fastnb.Split) []int        { return nil }
func (several) Targets(fastnb.Split) [][]float32 { return [][]float32{{0, 1, 1}} }

// Other channels, targets instead of classes, other classes: each is told where the data come in, with what there is
// and what is wanted.
func TestDataThatTheModelCannotTake(t *testing.T) {
	l := small(t, synth.Clouds(t.TempDir(), 40, 8, 3))
	wide := synth.Clouds(t.TempDir(), 40, 8, 3)
	for _, rows := range wide.X {
		for i, row := range rows {
			rows[i] = append(row, 1, 2)
		}
	}
	for words, d := range map[string]fastnb.Data{
		"can't take the new data's inputs": wide,
		"/dense1/weight":                   wide,
		"[class0 class1 class2], not [class0 class1 class2 class3]":                    synth.Clouds(t.TempDir(), 40, 8, 4),
		"train items have 3 numbers or labels each, those of the model one class each": several{synth.Clouds(t.TempDir(), 40, 8, 3)},
		"the data is nil": (*synth.Data)(nil),
	} {
		_, err := l.PredictOn(d, fastnb.Train)
		says(t, err, "PredictOn", words)
		says(t, l.SetData(d), "SetData", words)
	}
	none := synth.Clouds(t.TempDir(), 40, 8, 3)
	none.X[fastnb.Train] = nil // its batches have no rows then
	_, err := l.PredictOn(none, fastnb.Test)
	says(t, err, "PredictOn", "BatchSize is 0")
	delete(none.X, fastnb.Test)
	if _, err := l.PredictOn(none, fastnb.Test); !errors.Is(err, fastnb.ErrNoSplit) {
		t.Error(err)
	}
	if _, err := l.PredictOn(widened{synth.Clouds(t.TempDir(), 40, 8, 3)}, fastnb.Valid); err == nil {
		t.Error("no error for data prepared to be wider")
	}
	if _, err := l.Predict(fastnb.Valid); err != nil {
		t.Error(err)
	}
}

func says(t *testing.T, err error, words ...string) {
	t.Helper()
	for _, w := range words {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("error %v, want %q in it", err, w)
		}
	}
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
