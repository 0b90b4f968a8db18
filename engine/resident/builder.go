package resident

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"reflect"
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/notimplemented"
	"github.com/gomlx/compute/shapes"
	"github.com/pkg/errors"

	"github.com/fastnb/fastnb/engine/internal/wire"
)

//go:generate go run ./internal/gen gen_ops.go

// builder records a program. Shapes are worked out here, so that a mistake is told at the line that makes it; the
// engine compares them with its own.
type builder struct {
	notimplemented.Builder
	backend   *Backend
	name      string
	record    bytes.Buffer
	functions []*function
	values    int
	done      bool
}

// value is the result of an operation.
type value struct {
	builder *builder
	number  int
	shape   shapes.Shape
}

// function records the operations of one function of the program.
type function struct {
	notimplemented.Function
	builder *builder
	parent  *function
	name    string
	number  int

	parameters []string
	inputs     []shapes.Shape
	outputs    []shapes.Shape
	returned   bool
}

// Builder returns a builder that records a program.
func (be *Backend) Builder(name string) compute.Builder {
	b := &builder{backend: be, name: name}
	b.add(nil, compute.MainName)
	return b
}

func (b *builder) add(parent *function, name string) *function {
	f := &function{builder: b, parent: parent, name: name, number: len(b.functions)}
	f.ErrFn = func(op compute.OpType) error {
		return fmt.Errorf("resident: %s: %w", op, compute.ErrNotImplemented)
	}
	b.functions = append(b.functions, f)
	return f
}

func (b *builder) Name() string           { return b.name }
func (b *builder) Main() compute.Function { return b.functions[0] }

func (b *builder) NewFunction(name string) (compute.Function, error) {
	if slices.ContainsFunc(b.functions, func(f *function) bool { return f.parent == nil && f.name == name }) {
		return nil, fmt.Errorf("resident: there is already a function %q", name)
	}
	if err := b.write(0, wire.NewFunction, []any{name}, nil); err != nil {
		return nil, err
	}
	return b.add(nil, name), nil
}

func (b *builder) OpShape(op compute.Value) (shapes.Shape, error) {
	v, err := b.own(op)
	if err != nil {
		return shapes.Invalid(), err
	}
	return v.shape, nil
}

// DeviceAssignment accepts the first device: the engine's programs run on one.
func (b *builder) DeviceAssignment(devices ...compute.DeviceNum) error {
	if len(devices) == 1 && devices[0] == 0 {
		return nil
	}
	return fmt.Errorf("resident: programs run on device 0 alone, not on %v", devices)
}

// Compile has the engine compile the program, or find it among those that it compiled before.
func (b *builder) Compile() (compute.Executable, error) {
	main := b.functions[0]
	if b.done || !main.returned {
		return nil, fmt.Errorf("resident: Compile of %q: want one Return of the main function, and one Compile", b.name)
	}
	b.done = true
	program := b.record.Bytes()
	key := sha256.Sum256(program)
	if err := b.backend.compile(b.name, key[:], program); err != nil {
		return nil, err
	}
	return &executable{backend: b.backend, name: b.name, key: key[:],
		parameters: main.parameters, inputs: main.inputs, outputs: main.outputs}, nil
}

// own checks that a value is the builder's.
func (b *builder) own(v compute.Value) (*value, error) {
	own, ok := v.(*value)
	if !ok || own == nil || own.builder != b {
		return nil, fmt.Errorf("resident: a %T that is no value of the program %q", v, b.name)
	}
	return own, nil
}

// write adds an operation to the record.
func (b *builder) write(fn int, method string, args []any, out []shapes.Shape) error {
	if b.done {
		return fmt.Errorf("resident: %s: the program %q is already compiled", method, b.name)
	}
	op := wire.Op{Function: fn, Method: method, Args: make([]wire.Raw, len(args)), Out: make([]wire.Shape, len(out))}
	for i, arg := range args {
		raw, err := wire.Marshal(arg)
		if err != nil {
			return fmt.Errorf("resident: %s: argument %d: %w", method, i+1, err)
		}
		op.Args[i] = raw
	}
	for i, s := range out {
		op.Out[i] = *wire.FromShape(s)
	}
	data, err := wire.Marshal(op)
	if err != nil {
		return fmt.Errorf("resident: %s: %w", method, err)
	}
	b.record.Write(data)
	return nil
}

func (f *function) Name() string             { return f.name }
func (f *function) Builder() compute.Builder { return f.builder }
func (f *function) Parent() compute.Function {
	if f.parent == nil {
		return nil
	}
	return f.parent
}

func (f *function) Shape(v compute.Value) (shapes.Shape, error) { return f.builder.OpShape(v) }

func (f *function) Closure() (compute.Function, error) {
	if err := f.builder.write(f.number, wire.Closure, nil, nil); err != nil {
		return nil, err
	}
	return f.builder.add(f, ""), nil
}

func (f *function) Parameter(name string, shape shapes.Shape, sharding *compute.ShardingSpec) (compute.Value, error) {
	if sharding != nil || shape.IsDynamic() {
		return nil, fmt.Errorf("resident: parameter %q of shape %s: %w for sharded or dynamic shapes",
			name, shape, compute.ErrNotImplemented)
	}
	v, err := f.call(wire.Parameter, []any{name, wire.FromShape(shape)}, []shapes.Shape{shape})
	if err != nil {
		return nil, err
	}
	f.parameters, f.inputs = append(f.parameters, name), append(f.inputs, shape)
	return v[0], nil
}

func (f *function) Constant(flat any, dims ...int) (compute.Value, error) {
	data := dtypes.UnsafeByteSliceFromAny(flat)
	if flat == nil {
		return nil, fmt.Errorf("resident: a constant without values")
	}
	shape := shapes.Make(dtypes.FromGoType(reflect.TypeOf(flat).Elem()), dims...)
	if int64(len(data)) != shape.ByteSize() {
		return nil, fmt.Errorf("resident: a constant of %d bytes for the shape %s", len(data), shape)
	}
	constant := wire.Constant{Shape: *wire.FromShape(shape), Data: data}
	v, err := f.call(wire.ConstantOp, []any{constant}, []shapes.Shape{shape})
	if err != nil {
		return nil, err
	}
	return v[0], nil
}

func (f *function) Return(outputs []compute.Value, shardings []*compute.ShardingSpec) error {
	sharded := slices.ContainsFunc(shardings, func(s *compute.ShardingSpec) bool { return s != nil })
	if f.returned || len(outputs) == 0 || sharded {
		return fmt.Errorf("resident: Return: want one call, with outputs and without shardings")
	}
	args, err := f.args([]any{outputs})
	if err != nil {
		return err
	}
	if err := f.builder.write(f.number, wire.Return, args.wire, nil); err != nil {
		return err
	}
	f.returned, f.outputs = true, args.list(0)
	return nil
}

func (f *function) Call(target compute.Function, inputs ...compute.Value) ([]compute.Value, error) {
	return f.many("Call", target, inputs)
}

func (f *function) Sort(comparator compute.Function, axis int, isStable bool, inputs ...compute.Value) (
	[]compute.Value, error) {
	return f.many("Sort", comparator, axis, isStable, inputs)
}

func (f *function) While(cond, body compute.Function, initialState ...compute.Value) ([]compute.Value, error) {
	return f.many("While", cond, body, initialState)
}

func (f *function) If(pred compute.Value, trueBranch, falseBranch compute.Function) ([]compute.Value, error) {
	return f.many("If", pred, trueBranch, falseBranch)
}

func (f *function) one(method string, args ...any) (compute.Value, error) {
	v, err := f.many(method, args...)
	if err != nil {
		return nil, err
	}
	return v[0], nil
}

func (f *function) two(method string, args ...any) (compute.Value, compute.Value, error) {
	v, err := f.many(method, args...)
	if err != nil {
		return nil, nil, err
	}
	return v[0], v[1], nil
}

func (f *function) three(method string, args ...any) (compute.Value, compute.Value, compute.Value, error) {
	v, err := f.many(method, args...)
	if err != nil {
		return nil, nil, nil, err
	}
	return v[0], v[1], v[2], nil
}

// many records an operation, with the shapes that its results will have.
func (f *function) many(method string, given ...any) ([]compute.Value, error) {
	if slices.Contains(f.builder.backend.about.Lacks, method) {
		return nil, fmt.Errorf("resident: %s: %w", method, compute.ErrNotImplemented)
	}
	args, err := f.args(given)
	if err != nil {
		return nil, errors.Wrap(err, "resident: "+method) // with the stack, as GoMLX's own backends do
	}
	out, err := infer(method, args)
	if err != nil {
		return nil, errors.Wrap(err, "resident: "+method)
	}
	return f.call(method, args.wire, out)
}

func (f *function) call(method string, args []any, out []shapes.Shape) ([]compute.Value, error) {
	b := f.builder
	if err := b.write(f.number, method, args, out); err != nil {
		return nil, err
	}
	values := make([]compute.Value, len(out))
	for i, s := range out {
		values[i] = &value{builder: b, number: b.values, shape: s}
		b.values++
	}
	return values, nil
}

// args brings arguments into the two forms that are needed: as they are recorded, and with shapes for values.
func (f *function) args(given []any) (args, error) {
	a := args{wire: make([]any, len(given)), known: make([]any, len(given))}
	for i, g := range given {
		var err error
		if a.wire[i], a.known[i], err = f.arg(g); err != nil {
			return a, err
		}
	}
	return a, nil
}

func (f *function) arg(given any) (sent, known any, err error) {
	switch g := given.(type) {
	case *value:
		v, err := f.builder.own(g)
		if err != nil {
			return nil, nil, err
		}
		return v.number, v.shape, nil
	case []compute.Value:
		numbers, all := make([]int, len(g)), make([]shapes.Shape, len(g))
		for i, v := range g {
			own, err := f.builder.own(v)
			if err != nil {
				return nil, nil, err
			}
			numbers[i], all[i] = own.number, own.shape
		}
		return numbers, all, nil
	case *function:
		if g.builder != f.builder {
			return nil, nil, fmt.Errorf("a function of another program")
		}
		return g.number, g, nil
	case shapes.Shape:
		if g.IsDynamic() {
			return nil, nil, fmt.Errorf("shape %s: %w for dynamic shapes", g, compute.ErrNotImplemented)
		}
		return wire.FromShape(g), g, nil
	case nil:
		return nil, nil, fmt.Errorf("a nil value")
	}
	return given, given, nil
}
