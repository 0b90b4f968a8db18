package arch_test

import (
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/fastnb/fastnb/fastnb/text/arch"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// input returns a graph's input of codes, and the scope for a net's variables. Nothing is computed.
func input(dims ...int) (s *model.Scope, codes *graph.Node) {
	g := graph.NewGraph(nb.Must(engine.Open()), "example")
	return model.NewStore().RootScope(), graph.Parameter(g, "codes", shapes.Make(dtypes.Int32, dims...))
}

// fastai's language model for a vocabulary of 60,000 words, its dropouts halved.
func ExampleNewAWDLSTM() {
	net := arch.NewAWDLSTM(60000)
	net.Drops = arch.LanguageModelDrops.Times(0.5)
	fmt.Println(net.Name(), net.Check())
	fmt.Println(net.Width(0), net.Width(net.Layers-1), net.Drops.Input)
	fmt.Println(net.Shapes(true)[arch.EmbeddingPath], net.EncoderGroups()[0])
	// Output:
	// awd-lstm-400-1152x3-60000 <nil>
	// 1152 400 0.125
	// [60000 400] [/encoder/embedding]
}

// What a classifier takes from a language model: all but the decoder. It drops more than that.
func ExampleAWDLSTM_Shapes() {
	net := arch.NewAWDLSTM(60000)
	for path := range net.Shapes(true) {
		if !strings.HasPrefix(path, arch.EncoderScope+"/") {
			fmt.Println("left out:", path)
		}
	}
	net.Drops = arch.ClassifierDrops
	fmt.Println(len(net.Shapes(false)), net.Drops.Weight-arch.LanguageModelDrops.Weight)
	// Output:
	// left out: /decoder/bias
	// 13 0.3
}

// A batch of two texts of five words to a score for each of a hundred words at every place.
func ExampleAWDLSTM_Encode() {
	net := arch.AWDLSTM{Vocab: 100, Embedding: 8, Hidden: 12, Layers: 2}
	s, codes := input(2, 5)
	hs, last := net.Encode(s, codes, net.Start(codes.Graph(), 2), nn.BPTT(3))
	w, b := net.Decoder(s, codes.Graph())
	fmt.Println(hs.Shape().Dimensions, w.Shape().Dimensions, b.Shape().Dimensions)
	for _, state := range last {
		fmt.Println(state.H.Shape().Dimensions, state.C.Shape().Dimensions)
	}
	// Output:
	// [5 2 8] [100 8] [100]
	// [2 12] [2 12]
	// [2 8] [2 8]
}

// What a layer knows of the text so far can be what you like, such as the states of a text before.
func ExampleLayerState() {
	net := arch.AWDLSTM{Vocab: 100, Embedding: 8, Hidden: 12, Layers: 1}
	s, codes := input(2, 5)
	ones := graph.Ones(codes.Graph(), shapes.Make(dtypes.Float32, 2, net.Width(0)))
	hs, _ := net.Encode(s, codes, []arch.LayerState{{H: ones, C: ones}})
	fmt.Println(hs.Shape().Dimensions)
	// Output: [5 2 8]
}

// Words that the trained net knows keep their vectors; a new one gets the mean of all.
func ExampleMatchWords() {
	weights := map[string]pretrained.Tensor{
		arch.EmbeddingPath: {Shape: []int{2, 2}, Data: []float32{1, 10, 3, 30}},
	}
	matched, found, err := arch.MatchWords(weights, []string{"cat", "dog"}, []string{"dog", "okapi", "cat"})
	fmt.Println(found, "found:", matched[arch.EmbeddingPath].Data, err)
	// Output: 2 found: [3 30 2 20 1 10] <nil>
}

// The net's sizes are the file's: here three words of two numbers and one layer.
func ExampleReadAWDLSTM() {
	dir := nb.Must(os.MkdirTemp("", "arch"))
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "encoder.safetensors")
	file := &safetensors.File{Tensors: []safetensors.Tensor{
		zeros("0.encoder.weight", 3, 2), zeros("0.rnns.0.weight_hh_l0_raw", 8, 2),
		zeros("0.rnns.0.module.weight_ih_l0", 8, 2), zeros("0.rnns.0.module.bias_ih_l0", 8), zeros("0.rnns.0.module.bias_hh_l0", 8),
	}}
	if err := safetensors.WriteFile(path, file); err != nil {
		log.Fatal(err)
	}
	net, weights, err := arch.ReadAWDLSTM(pretrained.File(path))
	fmt.Println(net.Name(), weights["/encoder/rnn0/weight_hh"].Shape, err)
	// Output: awd-lstm-2-2x1-3 [2 8] <nil>
}

// zeros is a tensor of a file.
func zeros(name string, shape ...int) safetensors.Tensor {
	n := 1
	for _, dim := range shape {
		n *= dim
	}
	return safetensors.FromFloat32(name, shape, make([]float32, n))
}

// Weights of another net are an error that lists what is missing; the store is as it was.
func ExampleBERT_Load() {
	dir := nb.Must(os.MkdirTemp("", "arch"))
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "other.safetensors")
	file := &safetensors.File{Tensors: []safetensors.Tensor{zeros("conv1.weight", 8, 3, 7, 7)}}
	if err := safetensors.WriteFile(path, file); err != nil {
		log.Fatal(err)
	}
	store := model.NewStore()
	err := arch.MiniLM.Load(nb.Must(engine.Open()), store, pretrained.File(path))
	var wrong *pretrained.MapError
	fmt.Println(errors.As(err, &wrong), len(wrong.Missing), len(wrong.Extra), len(pretrained.Shapes(store)))
	// Output: true 101 1 0
}

// A small encoder of two documents of seven tokens, the second of four; a vector for each document.
func ExampleBERT_Encode() {
	net := arch.BERT{Name: "small", Vocab: 50, Positions: 16, Hidden: 8, Layers: 2, Heads: 2, Inner: 16, Eps: 1e-12}
	fmt.Println(net.Check())
	s, codes := input(2, 7)
	lengths := graph.Const(codes.Graph(), []int32{7, 4})
	tokens := net.Encode(s, codes, lengths)
	fmt.Println(tokens.Shape().Dimensions, arch.MeanPool(tokens, lengths).Shape().Dimensions)
	// Output:
	// <nil>
	// [2 7 8] [2 8]
}

// The layer groups of MiniLM: the embeddings and two halves of its six blocks.
func ExampleBERT_Groups() {
	groups := arch.MiniLM.Groups()
	fmt.Println(len(groups[1]), len(groups[2]), slices.Contains(groups[1], groups[2][0]))
	// Output: 3 3 false
}
