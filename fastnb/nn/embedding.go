package nn

import (
	"errors"
	"slices"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Embedding looks up a learned vector of dim numbers for each code: codes of integers [...] in 0 ... count-1 to [...,
// dim] float32. A code outside of that takes the nearest. The variable weight is [count, dim]; when new it is 0.01
// times the remainder by 2 of normal numbers, which are thus within 0.02, as in fastai v2.
func Embedding(s *model.Scope, codes *graph.Node, count, dim int) *graph.Node {
	normal := func(g *graph.Graph, shape shapes.Shape) *graph.Node {
		x := s.RandomNormal(g, shape)
		return graph.MulScalar(graph.Rem(x, graph.Scalar(g, x.DType(), 2)), 0.01)
	}
	table := s.WithInitializer(normal).VariableWithShape("weight",
		shapes.Make(dtypes.Float32, count, dim)).NodeValue(codes.Graph())
	return LookUp(table, codes)
}

// DropRows is Embedding's dropout: it returns a factor for each code, [..., 1], which is 0 for all places of a dropped
// code and 1/(1-p) for the others, as if p of a table's count rows were dropped whole (Gal, Ghahramani 2016,
// https://arxiv.org/abs/1512.05287).
func DropRows(s *model.Scope, codes *graph.Node, count int, p float64, dtype dtypes.DType) *graph.Node {
	rows := Dropout(s, graph.Ones(codes.Graph(), shapes.Make(dtype, count, 1)), p)
	return graph.Gather(graph.StopGradient(rows), graph.ExpandAxes(codes, -1))
}

// Vectors returns what an Embedding of a scope learned, [count][dim]. An error if it has no weights yet.
func Vectors(store *model.Store, scope string) ([][]float64, error) {
	v := store.GetVariable(model.JoinPath(scope, "weight"))
	if v == nil {
		return nil, errors.New("the net has no weights yet; train it, or Load a checkpoint")
	}
	t, err := v.Value()
	if err != nil {
		return nil, err
	}
	flat, err := tensors.CopyFlatData[float32](t)
	if err != nil {
		return nil, err
	}
	rows := make([][]float64, 0, t.Shape().Dim(0))
	for row := range slices.Chunk(flat, t.Shape().Dim(1)) {
		wide := make([]float64, len(row))
		for k, x := range row {
			wide[k] = float64(x)
		}
		rows = append(rows, wide)
	}
	return rows, nil
}

// The gradient of LookUp is a product with one-hot codes up to so many rows of a table, and up to so many zeros and
// ones: of few codes at a time, in other words.
const (
	mostHot  = 8192
	mostOnes = 1 << 21
)

// LookUp picks rows of a table: table [count, dim] and codes [...] of integers to [..., dim]. A code outside of 0 ...
// count-1 takes the nearest row.
//
// The gradient adds up what came to each row. XLA's CPU backend does such a scatter in a loop of one row at a time; for
// small tables and batches it is a matrix product with the one-hot codes instead.
func LookUp(table, codes *graph.Node) *graph.Node {
	count, dim := table.Shape().Dim(0), table.Shape().Dim(1)
	last := graph.Scalar(codes.Graph(), codes.DType(), count-1)
	codes = graph.Min(graph.Max(codes, graph.ZerosLike(last)), last)
	pick := func(in []*graph.Node) *graph.Node { return graph.Gather(in[0], graph.ExpandAxes(codes, -1)) }
	if count > mostHot || count*codes.Shape().Size() > mostOnes || !onCPU(table.Graph()) {
		return pick([]*graph.Node{table})
	}
	return customVJP(pick, func(_ []*graph.Node, _, dy *graph.Node) []*graph.Node {
		rows := codes.Shape().Size()
		class := graph.Iota(codes.Graph(), shapes.Make(codes.DType(), rows, count), 1)
		hot := graph.ConvertDType(graph.Equal(class, graph.Reshape(codes, rows, 1)), dy.DType())
		return []*graph.Node{graph.Einsum("rc,rd->cd", hot, graph.Reshape(dy, rows, dim))}
	}, table)
}
