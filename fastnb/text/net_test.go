package text

import (
	"math"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// letters is data of two short texts, the second for validation.
func letters(t *testing.T, window int) *LMData {
	t.Helper()
	train, valid := strings.Repeat("abc", 130), strings.Repeat("abc", 7)
	docs, err := FromTexts([]string{train, valid}, nil, ValidRows([]int{1}), WorkDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	data, err := ForLanguageModel(docs, WithTokenizer(Characters), BatchSize(2), BPTT(window), Jitter(false))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// bigram looks at each token alone.
func bigram(s *model.Scope, codes *graph.Node, words int) *graph.Node {
	return nn.Embedding(s.At("table"), codes, words, words)
}

// lastOf scores what follows the last token of a window only.
func lastOf(net Net) Net {
	return func(s *model.Scope, codes *graph.Node, words int) *graph.Node {
		return graph.Slice(net(s, codes, words), graph.AxisRange(), graph.AxisElem(-1))
	}
}

func netOf(t *testing.T, data *LMData, net Net) *LanguageModel {
	t.Helper()
	l, err := NewNet(data, "test", net, nil, With(fastnb.WithProgress(nil)))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// A net learns from every place or from the last one, and in both cases what follows what; validation has 10 pairs in each of
// its two columns, of which windows of 4 have 3 last ones: those of the third are half padding and don't count.
func TestNetPlaces(t *testing.T) {
	for name, tc := range map[string]struct {
		net   Net
		words float64
	}{"every": {bigram, 20}, "last": {lastOf(bigram), 4}} {
		t.Run(name, func(t *testing.T) {
			l := netOf(t, letters(t, 4), tc.net)
			if err := l.Fit(fastnb.LR(.1), 3); err != nil {
				t.Fatal(err)
			}
			preds, err := l.Predict(fastnb.Valid)
			if err != nil {
				t.Fatal(err)
			}
			var words float64
			for _, row := range preds.Kept {
				words += float64(row[keptWords])
			}
			if words != tc.words {
				t.Errorf("%g words are scored (want %g)", words, tc.words)
			}
		})
	}
}

// Scores of no words, of other words than the vocabulary's, or of more places than there are, are errors that tell the shapes.
func TestNetShapes(t *testing.T) {
	for name, net := range map[string]Net{
		"rank": func(s *model.Scope, codes *graph.Node, words int) *graph.Node {
			return nn.Embedding(s, codes, words, 1)
		},
		"places": func(s *model.Scope, codes *graph.Node, words int) *graph.Node { return twice(bigram(s, codes, words)) },
	} {
		l := netOf(t, letters(t, 4), net)
		if err := l.Fit(fastnb.LR(.1), 1); err == nil || !strings.Contains(err.Error(), "net test makes") {
			t.Errorf("%s: %v (want an error that names the net)", name, err)
		}
	}
}

func twice(x *graph.Node) *graph.Node { return graph.Concatenate([]*graph.Node{x, x}, 1) }

// With states a net reads a text token by token, without them its last window: both then go on with the alphabet, and a prompt is
// read the same way whatever was read before.
func TestNetGenerate(t *testing.T) {
	counting := func(s *model.Scope, codes *graph.Node, words int) *graph.Node {
		n := nn.State(s, "n", codes.Shape().Dim(0), 1)
		n.SetNodeValue(graph.AddScalar(n.NodeValue(codes.Graph()), 1))
		return bigram(s, codes, words)
	}
	for name, net := range map[string]Net{"without states": bigram, "last": lastOf(bigram), "with states": counting} {
		l := netOf(t, letters(t, 4), net)
		if err := l.Fit(fastnb.LR(.1), 3); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if got, err := l.Generate("abcab", 6, Temperature(0)); err != nil || got != "abcabcabcab" {
				t.Errorf("%s: %q, %v", name, got, err)
			}
		}
	}
}

// A net that is never sure has the loss of an even guess.
func TestNetLoss(t *testing.T) {
	even := func(s *model.Scope, codes *graph.Node, words int) *graph.Node {
		return graph.MulScalar(bigram(s, codes, words), 0)
	}
	data := letters(t, 4)
	loss, metrics, err := netOf(t, data, lastOf(even)).Validate()
	want := math.Log(float64(data.Vocab().Len()))
	if err != nil || math.Abs(loss-want) > 1e-5 || math.Abs(metrics[1]-float64(data.Vocab().Len())) > 1e-3 {
		t.Errorf("loss %g, metrics %v, %v (want %g)", loss, metrics, err, want)
	}
}

// Characters come together as they were; what is special is left out.
func TestCharactersJoin(t *testing.T) {
	for _, doc := range []string{"", "I i 'n' i\n\nam\t:", "naïve  ☺", "xxbos"} {
		if got := Characters.(Joiner).Join(Characters.Tokens(doc)); got != doc {
			t.Errorf("%q became %q", doc, got)
		}
	}
	if got := Characters.(Joiner).Join([]string{BOS, "a", Unk, Fake, Pad, "b"}); got != "a\uFFFDb" {
		t.Errorf("%q", got)
	}
}
