package text

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/text/arch"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// oracle is what testdata/fastai_awdlstm.py found of tiny nets in evaluation mode.
type oracle struct {
	Words []string
	LM    struct {
		Batches []struct {
			X, Y      [][]int32
			Loss      float64
			Logits    [][][]float64
			Hidden    []struct{ H, C [][]float64 }
			Gradients map[string]any
		}
	}
	Clas struct {
		SeqLen    int `json:"seq_len"`
		MaxLen    int `json:"max_len"`
		Documents [][]int32
		Labels    []int32
		Pooled    [][]float64
		Logits    [][]float64
		Loss      float64
		Gradients map[string]any
	}
	Regularizer struct {
		Raw, Dropped [][][]float64
		Added        float64
	}
	MatchEmbeds struct {
		Words []string
		Rows  [][]float64
		Bias  []float64
	} `json:"match_embeds"`
}

func readOracle(t *testing.T) oracle {
	t.Helper()
	text, err := os.ReadFile(awd("awdlstm.json"))
	if err != nil {
		t.Fatal(err)
	}
	var o oracle
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func awd(name string) string { return filepath.Join("..", "..", "testdata", "awdlstm", name) }

// flat joins nested lists of numbers.
func flat(v any) (all []float64) {
	switch v := v.(type) {
	case float64:
		return []float64{v}
	case []any:
		for _, x := range v {
			all = append(all, flat(x)...)
		}
	default:
		text, _ := json.Marshal(v)
		var list any
		_ = json.Unmarshal(text, &list)
		return flat(list)
	}
	return all
}

// agree compares numbers with the oracle's: within 1e-3 of the largest.
func agree(t *testing.T, name string, got []float32, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", name, len(got), len(want))
	}
	var largest, worst float64
	for i, w := range want {
		largest, worst = max(largest, math.Abs(w)), max(worst, math.Abs(float64(got[i])-w))
	}
	if !(worst <= 1e-3*largest) {
		t.Errorf("%s: off by %.2g, the largest number is %.2g", name, worst, largest)
	}
}

// ours is the path of our variable for the name of fastai's parameter.
func ours(name string) string {
	name = strings.TrimPrefix(strings.TrimPrefix(name, "0."), "module.")
	for old, new := range map[string]string{
		"encoder.weight": arch.EmbeddingPath, "1.decoder.bias": "/decoder/bias",
		"1.layers.0.0.": "/head/0/norm/", "1.layers.0.2.": "/head/0/dense/", "1.layers.1.0.": "/head/1/norm/", "1.layers.1.2.": "/head/1/dense/",
		"rnns.": "/encoder/rnn", ".module.": "/", ".weight_hh_l0_raw": "/weight_hh", "_l0": "",
	} {
		if old != "_l0" {
			name = strings.Replace(name, old, new, 1)
		}
	}
	return strings.TrimSuffix(name, "_l0")
}

// turned transposes what fastai's matrices are, but for the embedding.
func turned(path string, x []float64, shape []int) []float64 {
	if len(shape) != 2 || path == arch.EmbeddingPath {
		return x
	}
	out := make([]float64, len(x))
	for i := range shape[0] {
		for k := range shape[1] {
			out[i*shape[1]+k] = x[k*shape[0]+i]
		}
	}
	return out
}

// tiny is the net of the oracle, with dropouts that do nothing.
func tiny(words int) learnerConfig {
	return learnerConfig{net: arch.AWDLSTM{Vocab: words, Embedding: 12, Hidden: 20, Layers: 3}, layers: []int{10}, ps: []float64{0}}
}

func set(store *model.Store, path string, shape []int, data []float32) {
	store.VariableWithValue(path, tensors.FromFlatDataAndDimensions(data, shape...))
}

// Of the same weights our language model has fastai's losses, scores, states and gradients, also of a second batch that goes
// on from the first one's states; in all forms of fastai's files.
func TestLanguageModelIsFastAIs(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	o := readOracle(t)
	for _, file := range []string{"lm.pth", "lm_v1.pth", "lm_v0.pth"} {
		t.Run(file, func(t *testing.T) {
			net, weights, err := arch.ReadAWDLSTM(pretrained.File(awd(file)))
			if err != nil {
				t.Fatal(err)
			}
			if want := tiny(60).net; net.Name() != want.Name() {
				t.Fatalf("sizes %s, want %s", net.Name(), want.Name())
			}
			if file == "lm_v0.pth" {
				_, full, err := arch.ReadAWDLSTM(pretrained.File(awd("lm.pth")))
				if err != nil {
					t.Fatal(err)
				}
				weights["/decoder/bias"] = full["/decoder/bias"] // the one thing it does not have
			}
			likeFastAI(t, o, weights)
		})
	}
}

func likeFastAI(t *testing.T, o oracle, weights map[string]pretrained.Tensor) {
	c, store := tiny(60), model.NewStore()
	for path, w := range weights {
		set(store, path, w.Shape, w.Data)
	}
	m, paths := c.languageModel(), []string{}
	be, err := engine.Open()
	if err != nil {
		t.Fatal(err)
	}
	for path := range weights {
		paths = append(paths, path)
	}
	exec := model.MustNewExec(be, store, func(s *model.Scope, x, y *graph.Node) []*graph.Node {
		store.SetTraining(x.Graph(), true)
		hs := m.Body(s, []*graph.Node{x})
		l := m.Losses(s, hs, y)
		scores := graph.Reshape(c.scores(s, graph.Reshape(hs, -1, 12)), hs.Shape().Dim(0), hs.Shape().Dim(1), 60)
		out := []*graph.Node{l.Mean, graph.Transpose(scores, 0, 1), l.Rows}
		for _, path := range paths {
			out = append(out, graph.Gradient(l.Mean, store.GetVariable(path).NodeValue(x.Graph()))[0])
		}
		return out
	})
	for i, b := range o.LM.Batches {
		outs := exec.MustCall(b.X, b.Y)
		agree(t, fmt.Sprintf("loss %d", i), []float32{tensors.ToScalar[float32](outs[0])}, []float64{b.Loss})
		agree(t, fmt.Sprintf("logits %d", i), tensors.MustCopyFlatData[float32](outs[1]), flat(b.Logits))
		for l, h := range b.Hidden {
			for name, want := range map[string][][]float64{"h": h.H, "c": h.C} {
				v := store.GetVariable(fmt.Sprintf("/carried/rnn%d/nn~state/%s-3", l, name))
				agree(t, fmt.Sprintf("state %s %d of batch %d", name, l, i), tensors.MustCopyFlatData[float32](v.MustValue()), flat(want))
			}
		}
		checkGradients(t, b.Gradients, paths, outs[3:])
	}
}

// checkGradients compares gradients of paths with those of fastai's names. The row of xxpad is left out: fastai keeps it out of
// the embedding's own gradient, where it never comes up.
func checkGradients(t *testing.T, want map[string]any, paths []string, got []*tensors.Tensor) {
	t.Helper()
	seen := 0
	for name, numbers := range want {
		for i, path := range paths {
			if path != ours(name) {
				continue
			}
			seen++
			shape, g := got[i].Shape().Dimensions, tensors.MustCopyFlatData[float32](got[i])
			w := turned(path, flat(numbers), shape)
			if path == arch.EmbeddingPath {
				copy(g[shape[1]:2*shape[1]], make([]float32, shape[1]))
				copy(w[shape[1]:2*shape[1]], make([]float64, shape[1]))
			}
			agree(t, "gradient of "+name, g, w)
		}
	}
	if seen != len(want) {
		t.Errorf("%d gradients compared, fastai has %d", seen, len(want))
	}
}

// Of the same weights our classifier has fastai's pooled states, scores, loss and gradients, the latter cut off after every
// seven tokens as fastai's are. fastai pads in front and to whole pieces, so that each document begins with a piece, as here.
func TestClassifierIsFastAIs(t *testing.T) {
	o := readOracle(t)
	named, err := pretrained.Read(awd("clas.pth"))
	if err != nil {
		t.Fatal(err)
	}
	c, store := tiny(60), model.NewStore()
	m := c.classes(2, &o.Clas.SeqLen)
	var paths []string
	for name, w := range named {
		if path := ours(name); strings.HasPrefix(path, "/") && !strings.Contains(name, "encoder_dp") {
			shape := w.Shape
			data := w.Data
			if len(shape) == 2 && path != arch.EmbeddingPath {
				shape = []int{shape[1], shape[0]}
				wide := make([]float64, len(data))
				for i, x := range data {
					wide[i] = float64(x)
				}
				for i, x := range turned(path, wide, shape) {
					data[i] = float32(x)
				}
			}
			if strings.HasSuffix(path, "num_batches_tracked") {
				continue
			}
			set(store, path, shape, data)
			if !strings.Contains(path, "running") {
				paths = append(paths, path)
			}
		}
	}
	codes, lengths := make([][]int32, 3), make([]int32, 3)
	longest := 0
	for i, d := range o.Clas.Documents {
		d = d[max(0, len(d)-o.Clas.MaxLen):]
		codes[i], lengths[i], longest = d, int32(len(d)), max(longest, len(d))
	}
	for i := range codes {
		for len(codes[i]) < longest+3 {
			codes[i] = append(codes[i], 1 /* Pad */)
		}
	}
	be, err := engine.Open()
	if err != nil {
		t.Fatal(err)
	}
	exec := model.MustNewExec(be, store, func(s *model.Scope, x, n, y *graph.Node) []*graph.Node {
		pooled := m.Body(s, []*graph.Node{x, n})
		logits := m.Head(s, pooled)
		loss := graph.ReduceAllMean(nn.CrossEntropy(logits, y))
		out := []*graph.Node{pooled, logits, loss}
		for _, path := range paths {
			out = append(out, graph.Gradient(loss, store.GetVariable(path).NodeValue(x.Graph()))[0])
		}
		return out
	})
	outs := exec.MustCall(codes, lengths, o.Clas.Labels)
	agree(t, "pooled", tensors.MustCopyFlatData[float32](outs[0]), flat(o.Clas.Pooled))
	agree(t, "logits", tensors.MustCopyFlatData[float32](outs[1]), flat(o.Clas.Logits))
	agree(t, "loss", []float32{tensors.ToScalar[float32](outs[2])}, []float64{o.Clas.Loss})
	checkGradients(t, o.Clas.Gradients, paths, outs[3:])
}

// Words get their own rows, new ones the mean row, as fastai's match_embeds gives them. A file with an optimizer's state, which
// holds one of fastai's classes, is refused with what to do.
func TestMatchWords(t *testing.T) {
	o := readOracle(t)
	_, weights, err := arch.ReadAWDLSTM(pretrained.File(awd("lm.pth")))
	if err != nil {
		t.Fatal(err)
	}
	words, err := pretrained.ReadStrings(awd("vocab.pkl"))
	if err != nil {
		t.Fatal(err)
	}
	got, found, err := arch.MatchWords(weights, words, o.MatchEmbeds.Words)
	if err != nil || found != len(o.MatchEmbeds.Words)-2 {
		t.Fatalf("%d words found, %v", found, err)
	}
	agree(t, "rows", got[arch.EmbeddingPath].Data, flat(o.MatchEmbeds.Rows))
	agree(t, "bias", got["/decoder/bias"].Data, flat(o.MatchEmbeds.Bias))
	if _, _, err := arch.MatchWords(weights, words[1:], words); err == nil {
		t.Error("a vocabulary with a word too few is taken")
	}
	if _, _, err := arch.ReadAWDLSTM(pretrained.File(awd("lm_opt.pth"))); err == nil || !strings.Contains(err.Error(), "state_dict") {
		t.Errorf("of a file with an optimizer: %v", err)
	}
	if _, _, err := arch.ReadAWDLSTM(pretrained.File(awd("clas.pth"))); err == nil || !strings.Contains(err.Error(), "1.layers.0.0.weight") && !strings.Contains(err.Error(), "layers.0.0.weight") {
		t.Errorf("of a classifier: %v", err)
	}
}

// AR and TAR are fastai's RNNRegularizer.
func TestPenalties(t *testing.T) {
	r := readOracle(t).Regularizer
	be, err := engine.Open()
	if err != nil {
		t.Fatal(err)
	}
	store := model.NewStore()
	rows := func(x [][][]float64) *tensors.Tensor { // [rows, time, n]
		var data []float32
		for _, v := range flat(x) {
			data = append(data, float32(v))
		}
		return tensors.FromFlatDataAndDimensions(data, len(x), len(x[0]), len(x[0][0]))
	}
	exec := model.MustNewExec(be, store, func(s *model.Scope, raw, dropped *graph.Node) *graph.Node {
		store.SetTraining(raw.Graph(), true)
		learnerConfig{ar: 2, tar: 1}.penalize(s, graph.Transpose(raw, 0, 1), graph.Transpose(dropped, 0, 1))
		sum := graph.ScalarZero(raw.Graph(), raw.DType())
		for _, p := range nn.Penalties(raw.Graph()) {
			sum = graph.Add(sum, p)
		}
		return sum
	})
	agree(t, "penalty", []float32{tensors.ToScalar[float32](exec.MustCall(rows(r.Raw), rows(r.Dropped))[0])}, []float64{r.Added})
}
