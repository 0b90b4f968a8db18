package fastnb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// activations are the body's outputs for a split, one row per item in the split's order.
type activations struct {
	rows   []float32
	shape  []int // of one row
	labels []int
}

// activations returns the body's outputs for a split: from memory, from disk, or computed and then kept on disk.
func (l *Learner) activations(ctx context.Context, split Split) (*activations, error) {
	key, err := l.activationKey(split)
	if err != nil {
		return nil, err
	}
	if a := l.acts[key]; a != nil {
		a.labels = l.data.Labels(split)
		return a, nil
	}
	path := filepath.Join(l.data.Dir(), "tmp", fmt.Sprintf("activations-%s-%s.safetensors", split, key[:20]))
	a, err := readActivations(path, key)
	if err != nil {
		if a, err = l.compute(ctx, split); err != nil {
			return nil, err
		}
		if err := a.write(path, key); err != nil {
			return nil, err
		}
	}
	a.labels = l.data.Labels(split)
	l.acts[key] = a
	return a, nil
}

// activationKey names what the activations of a split depend on: the graph of Prepare and body and its weights, the
// files and how they are read and prepared, and the device that computes.
func (l *Learner) activationKey(split Split) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, l.model.Name, l.be.Description(), split, l.data.Fingerprint(split))
	own := fittedOf(l.data)
	if own.err != nil {
		return "", own.err
	}
	in, err := inputShapes(l.data, split)
	if err != nil {
		return "", err
	}
	fmt.Fprintln(h, own.text, l.bodyProgram(in))
	for _, v := range l.bodyVariables() {
		fmt.Fprintln(h, v.Path(), v.Shape())
		if err := hashValue(h, v); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// bodyProgram names the graph of Prepare and body on such inputs.
func (l *Learner) bodyProgram(in []shapes.Shape) string {
	key := fmt.Sprint("body ", in)
	name, ok := l.programs[key]
	if !ok {
		name = l.graphName(in, func(s *model.Scope, in []*graph.Node) { l.model.Body(s, l.data.Prepare(in)) })
		l.rememberProgram(key, name)
	}
	return name
}

func hashValue(w io.Writer, v *model.Variable) error {
	t, err := v.Value()
	if err != nil {
		return err
	}
	return t.ConstBytes(func(data []byte) { _, _ = w.Write(data) })
}

// bodyVariables returns the variables of all layer groups but the last, by path.
func (l *Learner) bodyVariables() []*model.Variable {
	return l.variablesWhere(func(v *model.Variable) bool {
		g := l.model.groupOf(v.Path())
		return g >= 0 && g < len(l.model.Groups)-1
	})
}

// compute runs the body over a split.
func (l *Learner) compute(ctx context.Context, split Split) (*activations, error) {
	start := time.Now()
	a := &activations{}
	n := l.data.Len(split)
	for b, err := range until(ctx, l.data.Batches(View{Split: split})) {
		if err != nil {
			return nil, err
		}
		outs, err := l.call(execKey{kind: "activations", inputs: len(b.Inputs)}, l.bodyGraph, b.Inputs)
		if err != nil {
			return nil, err
		}
		if err := a.add(b.Items, outs[0], n); err != nil {
			return nil, err
		}
		l.note("precomputing activations of the %s split: %d of %d", split, b.Items[len(b.Items)-1]+1, n)
	}
	l.note("precomputed activations of the %s split in %.1f s", split, time.Since(start).Seconds())
	return a, nil
}

func (l *Learner) bodyGraph(s *model.Scope, args []*graph.Node) []*graph.Node {
	return []*graph.Node{l.model.Body(s, l.data.Prepare(args))}
}

// add puts the rows of a batch in their places.
func (a *activations) add(items []int, out *tensors.Tensor, n int) error {
	a.shape = out.Shape().Dimensions[1:]
	size := out.Size() / out.Shape().Dim(0)
	if a.rows == nil {
		a.rows = make([]float32, n*size)
	}
	return tensors.ConstFlatData(out, func(flat []float32) {
		for row, item := range items {
			copy(a.rows[item*size:], flat[row*size:(row+1)*size])
		}
	})
}

// batches yields a view's batches of activations, in the same order as the data's own.
func (a *activations) batches(v View, size int) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		n := len(a.rows) / max(product(a.shape), 1)
		order := v.Order(n)
		for i := range v.NumBatches(n, size) {
			items := order[i*size : min((i+1)*size, n)]
			if !yield(a.batch(items, size), nil) {
				return
			}
		}
	}
}

// batch gathers the rows of items, the last one repeated up to size.
func (a *activations) batch(items []int, size int) Batch {
	width := product(a.shape)
	rows := make([]float32, size*width)
	labels := make([]int32, size)
	for r := range size {
		item := items[min(r, len(items)-1)]
		copy(rows[r*width:], a.rows[item*width:(item+1)*width])
		if a.labels != nil {
			labels[r] = int32(a.labels[item])
		}
	}
	b := Batch{Items: items}
	b.Inputs = []*tensors.Tensor{tensors.FromFlatDataAndDimensions(rows, append([]int{size}, a.shape...)...)}
	if a.labels != nil {
		b.Labels = tensors.FromFlatDataAndDimensions(labels, size)
	}
	return b
}

func readActivations(path, key string) (*activations, error) {
	f, err := safetensors.Read(path)
	if err != nil {
		return nil, err
	}
	if f.Metadata["key"] != key || len(f.Tensors) != 1 || len(f.Tensors[0].Shape) == 0 {
		return nil, fmt.Errorf("%s holds other activations", path)
	}
	if f.Metadata[checksumKey] != f.Checksum(key) {
		return nil, fmt.Errorf("%s is damaged", path)
	}
	rows, err := f.Tensors[0].Float32()
	return &activations{rows: rows, shape: f.Tensors[0].Shape[1:]}, err
}

func (a *activations) write(path, key string) error {
	shape := append([]int{len(a.rows) / product(a.shape)}, a.shape...)
	t := tensors.FromFlatDataAndDimensions(a.rows, shape...)
	st, err := encode("activations", t)
	if err != nil {
		return err
	}
	f := &safetensors.File{Metadata: map[string]string{"key": key}, Tensors: []safetensors.Tensor{st}}
	f.Metadata[checksumKey] = f.Checksum(key)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return safetensors.WriteFile(path, f)
}

// encode turns a tensor into one of the file format.
func encode(name string, t *tensors.Tensor) (st safetensors.Tensor, err error) {
	code, ok := dtypeNames[t.DType()]
	if !ok {
		return st, fmt.Errorf("%s: can't save a tensor of %s", name, t.DType())
	}
	st = safetensors.Tensor{Name: name, DType: code, Shape: slices.Clone(t.Shape().Dimensions)}
	err = t.ConstBytes(func(data []byte) { st.Data = slices.Clone(data) })
	return st, err
}

// decode is the inverse of encode.
func decode(st safetensors.Tensor) (*tensors.Tensor, error) {
	for dtype, code := range dtypeNames {
		if code == st.DType {
			t := tensors.FromShape(shapes.Make(dtype, st.Shape...))
			err := t.MutableBytes(func(data []byte) { copy(data, st.Data) })
			return t, err
		}
	}
	return nil, fmt.Errorf("%s: a tensor of %s can't be loaded", st.Name, st.DType)
}

var dtypeNames = map[dtypes.DType]string{
	dtypes.Float32: "F32", dtypes.Float64: "F64", dtypes.Float16: "F16", dtypes.BFloat16: "BF16",
	dtypes.Int32: "I32", dtypes.Int64: "I64", dtypes.Uint8: "U8", dtypes.Uint64: "U64",
}

func product(dims []int) int {
	p := 1
	for _, d := range dims {
		p *= d
	}
	return p
}
