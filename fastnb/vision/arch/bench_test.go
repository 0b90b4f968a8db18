package arch

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

func backend(t testing.TB) compute.Backend {
	be, err := engine.Open()
	if err != nil {
		t.Fatal(err)
	}
	return be
}

var batch = 64

// BenchmarkForward is the pass of a frozen body, images of the net's own size.
func BenchmarkForward(b *testing.B) {
	for _, a := range []Arch{EfficientNetLite0, ResNet18, ResNet34, ResNet50} {
		b.Run(a.Name, func(b *testing.B) {
			exec := model.MustNewExec(backend(b), model.NewStore(), a.Body)
			run(b, a, exec)
		})
	}
}

// BenchmarkTrain is a step of plain gradient descent on all weights.
func BenchmarkTrain(b *testing.B) {
	for _, a := range []Arch{EfficientNetLite0, ResNet18, ResNet34, ResNet50} {
		b.Run(a.Name, func(b *testing.B) {
			exec := model.MustNewExec(backend(b), model.NewStore(), func(s *model.Scope, x *graph.Node) *graph.Node {
				return step(a, s, x)
			})
			run(b, a, exec)
		})
	}
}

func step(a Arch, s *model.Scope, x *graph.Node) *graph.Node {
	s.Store().SetTraining(x.Graph(), true)
	labels := graph.Zeros(x.Graph(), shapes.Make(dtypes.Int32, x.Shape().Dim(0)))
	loss := graph.ReduceAllMean(nn.CrossEntropy(a.logits(s, x), labels))
	grads := s.BuildTrainableVariablesGradientsGraph(loss)
	i := 0
	for v := range s.IterVariables() {
		if v.Trainable && v.InUseByGraph(x.Graph()) {
			v.SetNodeValue(graph.Sub(v.NodeValue(x.Graph()), graph.MulScalar(grads[i], 1e-3)))
			i++
		}
	}
	return loss
}

func run(b *testing.B, a Arch, exec *model.Exec) {
	if s := os.Getenv("BATCH"); s != "" {
		fmt.Sscan(s, &batch)
	}
	x := tensors.FromShape(shapes.Make(dtypes.Float32, batch, a.Size, a.Size, 3))
	tensors.MustMutableFlatData(x, func(f []float32) {
		for i := range f {
			f[i] = float32(i*7919%1000)/500 - 1
		}
	})
	start := time.Now()
	exec.MustCall(x)
	first := time.Since(start)
	for b.Loop() {
		exec.MustCall(x)[0].MustFinalizeAll()
	}
	b.ReportMetric(float64(batch*b.N)/b.Elapsed().Seconds(), "images/s")
	b.ReportMetric(first.Seconds()-b.Elapsed().Seconds()/float64(b.N), "compile-s")
}
