package vision

import (
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// ownNet is a net of a convolution, a batch norm and a dense layer.
func ownNet(classes int) fastnb.Model {
	return fastnb.FromFunc("own", func(s *model.Scope, x *graph.Node) *graph.Node {
		x = nn.BatchNorm(s.In("bn"), nn.Conv(s.In("conv"), x, 4, 3, nn.Stride(2), nn.NoBias))
		return nn.Dense(s.In("fc"), nn.GlobalAvg(nn.ReLU(x)), classes)
	})
}

// A net of one's own has a layer group of each of its scopes, trains, is saved, and is loaded by one that is made in the
// same way; Open says that it can't make it.
func TestFromModel(t *testing.T) {
	d := open(t, tree(t), Size(24), BatchSize(5))
	made := func() *Learner {
		l, err := FromModel(ownNet(len(d.Classes())), d, On(goBackend(t)), With(fastnb.WithProgress(nil)))
		ok(t, err)
		return l
	}
	l := made()
	ok(t, l.Fit(fastnb.LR(.01, .02, .03), 1))
	ok(t, l.Save("own"))
	want := probsOfValid(t, l)
	again := made()
	ok(t, again.Load("own"))
	same(t, "predictions", probsOfValid(t, again), want)
	s, err := l.Summary()
	ok(t, err)
	for i, name := range []string{"/conv", "/bn", "/fc"} {
		if s.Layers[i].Name != name || s.Layers[i].Group != i {
			t.Errorf("layer %d is %s of group %d, want %s of group %[1]d", i, s.Layers[i].Name, s.Layers[i].Group, name)
		}
	}
	_, err = Open(l.Data().Dir() + "/models/own.safetensors")
	saysAll(t, err, "vision: Open", "FromModel")
}

// Numbers are measured by a net of one's own as by Pretrained's.
func TestFromModelOfNumbers(t *testing.T) {
	d := kinds(t)[numbers]
	l, err := FromModel(ownNet(2), d, On(goBackend(t)), With(fastnb.WithProgress(nil)))
	ok(t, err)
	ok(t, l.Fit(fastnb.LR(.01), 1))
	if got := l.Recorder.Metrics; len(got) != 1 || got[0] != metric.RMSE.Name {
		t.Errorf("measured by %q", got)
	}
}

// What is wrong with a net of one's own is told before anything is computed.
func TestFromModelChecks(t *testing.T) {
	d := open(t, tree(t), Size(24), BatchSize(5))
	for want, m := range map[string]fastnb.Model{
		"no function":        {Name: "none"},
		"has no Name":        fastnb.FromFunc("", ownNet(3).Head),
		"in no scope":        fastnb.FromFunc("bare", func(s *model.Scope, x *graph.Node) *graph.Node { return nn.Dense(s, nn.GlobalAvg(x), 3) }),
		"nothing to learn":   fastnb.FromFunc("empty", func(_ *model.Scope, x *graph.Node) *graph.Node { return nn.GlobalAvg(x) }),
		"sub-scope \"conv\"": fastnb.FromFunc("twice", twice),
	} {
		_, err := FromModel(m, d, On(goBackend(t)))
		saysAll(t, err, "vision: FromModel", want)
	}
	_, err := FromModel(ownNet(3), nil)
	saysAll(t, err, "vision: FromModel", "the data is nil")
	l, err := FromModel(ownNet(7), d, On(goBackend(t)), With(fastnb.WithProgress(nil)))
	ok(t, err)
	saysAll(t, l.Fit(fastnb.LR(.1), 1), "a score for each of the")
}

// twice calls two layers in one scope.
func twice(s *model.Scope, x *graph.Node) *graph.Node {
	return nn.GlobalAvg(nn.Conv(s.In("conv"), nn.Conv(s.In("conv"), x, 3, 3), 3, 3))
}

// A head of one's own stands in place of pools and Head, is frozen and precomputed like it, and is checked by name.
func TestCustomHead(t *testing.T) {
	d := open(t, tree(t), Size(24), BatchSize(5))
	head := func(s *model.Scope, x *graph.Node, outputs int) *graph.Node {
		return nn.Dense(s.In("fc"), nn.GlobalAvg(x), outputs)
	}
	l := tiny(t, d, CustomHead("linear", head))
	l.Freeze()
	ok(t, l.Precompute(true))
	ok(t, l.Fit(fastnb.LR(.01), 1))
	s, err := l.Summary()
	ok(t, err)
	last := s.Layers[len(s.Layers)-1]
	if last.Name != "/head/fc" || last.Params != 4*len(d.Classes())+len(d.Classes()) {
		t.Errorf("the head is %s with %d parameters", last.Name, last.Params)
	}
	ok(t, l.Save("linear"))
	if err := tiny(t, d).Load("linear"); err == nil || !strings.Contains(err.Error(), "linear") {
		t.Errorf("a learner with another head loads it: %v", err)
	}
	ok(t, tiny(t, d, CustomHead("linear", head)).Load("linear"))
	stock := tiny(t, d) // whose data say which head they are for
	ok(t, l.SetData(stock.Data()))
	ok(t, l.Save("linear"))
	_, err = Open(l.Data().Dir() + "/models/linear.safetensors")
	saysAll(t, err, "vision: Open", "CustomHead")
	for want, o := range map[string]LearnerOption{
		"no name": CustomHead("", head), `"x" is nil`: CustomHead("x", nil),
	} {
		_, err := Pretrained(tinyArch(ImageNet), d, o, FromScratch())
		saysAll(t, err, "vision: Pretrained: CustomHead", want)
	}
}
