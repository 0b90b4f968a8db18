package nn

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// processorTime is what this process has used of all cores.
func processorTime() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// measure times a layer forward, and forward and backward.
func measure(b *testing.B, dims []int, f func(s *model.Scope, x *graph.Node) *graph.Node) {
	x := tensors.FromShape(shapes.Make(dtypes.Float32, dims...))
	tensors.MustMutableFlatData(x, func(v []float32) {
		for i := range v {
			v[i] = float32(waveAt(1.3, i%100003))
		}
	})
	for _, backward := range []bool{false, true} {
		name := map[bool]string{false: "forward", true: "both"}[backward]
		b.Run(name, func(b *testing.B) {
			exec := model.MustNewExec(backend(b), model.NewStore(), func(s *model.Scope, x *graph.Node) []*graph.Node {
				s.Store().SetTraining(x.Graph(), true)
				y := f(s.In("layer"), x)
				if !backward {
					return []*graph.Node{y}
				}
				loss := graph.ReduceAllSum(graph.Mul(y, graph.StopGradient(y)))
				return append(s.BuildTrainableVariablesGradientsGraph(loss), graph.Gradient(loss, x)[0])
			})
			start := time.Now()
			exec.MustCall(x)
			first := time.Since(start).Seconds()
			used := processorTime()
			for b.Loop() {
				for _, y := range exec.MustCall(x) {
					y.MustFinalizeAll()
				}
			}
			b.ReportMetric((processorTime()-used).Seconds()*1e3/float64(b.N), "cpu-ms/op")
			b.ReportMetric(first, "first-s")
		})
	}
}

// BenchmarkDepthwise has the depthwise convolutions of EfficientNet-Lite0 at 224 pixels.
func BenchmarkDepthwise(b *testing.B) {
	for _, c := range []struct{ size, channels, kernel, stride int }{
		{112, 32, 3, 1}, {112, 96, 3, 2}, {56, 144, 3, 1}, {56, 144, 5, 2}, {28, 240, 5, 1}, {28, 240, 3, 2},
		{14, 480, 3, 1}, {14, 480, 5, 1}, {14, 672, 5, 1}, {14, 672, 5, 2}, {7, 1152, 5, 1}, {7, 1152, 3, 1},
	} {
		b.Run(fmt.Sprintf("%dx%dx%dk%ds%d", c.size, c.size, c.channels, c.kernel, c.stride), func(b *testing.B) {
			measure(b, []int{32, c.size, c.size, c.channels}, func(s *model.Scope, x *graph.Node) *graph.Node {
				return Conv(s, x, c.channels, c.kernel, Groups(c.channels), Stride(c.stride), SamePad, NoBias)
			})
		})
	}
}

// BenchmarkGrouped has the convolutions in groups of ResNeXt-50 (32x4d) at 224 pixels, on batches of 8.
func BenchmarkGrouped(b *testing.B) {
	for _, c := range []struct{ size, channels, stride int }{
		{56, 128, 1}, {56, 256, 2}, {28, 256, 1}, {28, 512, 2}, {14, 512, 1}, {14, 1024, 2}, {7, 1024, 1},
	} {
		b.Run(fmt.Sprintf("%dx%dx%ds%d", c.size, c.size, c.channels, c.stride), func(b *testing.B) {
			measure(b, []int{8, c.size, c.size, c.channels}, func(s *model.Scope, x *graph.Node) *graph.Node {
				return Conv(s, x, c.channels, 3, Groups(32), Stride(c.stride), Pad(1), NoBias)
			})
		})
	}
}

func BenchmarkBatchNorm(b *testing.B) {
	measure(b, []int{32, 56, 56, 144}, func(s *model.Scope, x *graph.Node) *graph.Node { return BatchNorm(s, x) })
}

func BenchmarkReLU6(b *testing.B) {
	measure(b, []int{32, 56, 56, 144}, func(s *model.Scope, x *graph.Node) *graph.Node { return ReLU6(x) })
}

func BenchmarkPointwise(b *testing.B) {
	measure(b, []int{32, 56, 56, 24}, func(s *model.Scope, x *graph.Node) *graph.Node { return Conv(s, x, 144, 1, NoBias) })
}
