package serve

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"

	"github.com/fastnb/fastnb/engine/internal/wire"
)

// The types of arguments that are recorded in a form of their own.
var (
	valueType    = reflect.TypeFor[compute.Value]()
	valuesType   = reflect.TypeFor[[]compute.Value]()
	functionType = reflect.TypeFor[compute.Function]()
	shapeType    = reflect.TypeFor[shapes.Shape]()
	errorType    = reflect.TypeFor[error]()
)

// operations are the methods of compute.Function that a record may call: those that make values of values.
var operations = func() map[string]reflect.Method {
	all := map[string]reflect.Method{}
	for i := range functionType.NumMethod() {
		m := functionType.Method(i)
		if n := m.Type.NumOut(); n >= 2 && m.Type.Out(n-1) == errorType {
			if first := m.Type.Out(0); first == valueType || first == valuesType {
				all[m.Name] = m
			}
		}
	}
	delete(all, wire.Parameter)
	delete(all, wire.ConstantOp)
	return all
}()

// replayer repeats a record on a real builder.
type replayer struct {
	builder   compute.Builder
	functions []compute.Function
	values    []compute.Value
}

// replay compiles a record.
func replay(be compute.Backend, name string, record []byte) (exec compute.Executable, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	b := be.Builder(name)
	r := &replayer{builder: b, functions: []compute.Function{b.Main()}}
	for n := 0; len(record) > 0; n++ {
		var op wire.Op
		if record, err = wire.UnmarshalFirst(record, &op); err == nil {
			err = r.do(&op)
		}
		if err != nil {
			return nil, fmt.Errorf("operation %d, %s: %w", n, op.Method, err)
		}
	}
	return b.Compile()
}

func (r *replayer) do(op *wire.Op) error {
	if op.Function < 0 || op.Function >= len(r.functions) {
		return fmt.Errorf("no function %d", op.Function)
	}
	f := r.functions[op.Function]
	switch op.Method {
	case wire.Closure:
		return r.addFunction(f.Closure())
	case wire.NewFunction:
		name, err := decode[string](op, 0)
		if err != nil {
			return err
		}
		return r.addFunction(r.builder.NewFunction(name))
	case wire.Return:
		return r.doReturn(f, op)
	case wire.Parameter:
		return r.parameter(f, op)
	case wire.ConstantOp:
		return r.constant(f, op)
	}
	return r.operation(f, op)
}

func (r *replayer) addFunction(f compute.Function, err error) error {
	if err == nil {
		r.functions = append(r.functions, f)
	}
	return err
}

func (r *replayer) doReturn(f compute.Function, op *wire.Op) error {
	numbers, err := decode[[]int](op, 0)
	if err != nil {
		return err
	}
	values, err := r.list(numbers)
	if err != nil {
		return err
	}
	return f.Return(values, nil)
}

func (r *replayer) parameter(f compute.Function, op *wire.Op) error {
	name, err := decode[string](op, 0)
	if err != nil {
		return err
	}
	shape, err := decodeShape(op, 1)
	if err != nil {
		return err
	}
	v, err := f.Parameter(name, shape, nil)
	return r.add(f, op, err, v)
}

func (r *replayer) constant(f compute.Function, op *wire.Op) error {
	c, err := decode[wire.Constant](op, 0)
	if err != nil {
		return err
	}
	shape, err := c.Shape.Of()
	if err != nil {
		return err
	}
	flat, err := flatOf(shape, c.Data)
	if err != nil {
		return err
	}
	v, err := f.Constant(flat, shape.Dimensions...)
	return r.add(f, op, err, v)
}

// operation calls a method by its name.
func (r *replayer) operation(f compute.Function, op *wire.Op) error {
	m, ok := operations[op.Method]
	if !ok || len(op.Args) != m.Type.NumIn() {
		return fmt.Errorf("no such operation with %d arguments", len(op.Args))
	}
	in := make([]reflect.Value, len(op.Args))
	for i, raw := range op.Args {
		var err error
		if in[i], err = r.argument(m.Type.In(i), raw); err != nil {
			return fmt.Errorf("argument %d: %w", i+1, err)
		}
	}
	call := reflect.ValueOf(f).MethodByName(op.Method)
	if m.Type.IsVariadic() {
		return r.results(f, op, call.CallSlice(in))
	}
	return r.results(f, op, call.Call(in))
}

// argument decodes an argument as what the method takes.
func (r *replayer) argument(t reflect.Type, raw wire.Raw) (reflect.Value, error) {
	switch t {
	case valueType:
		v, err := unmarshal(raw, r.value)
		return reflect.ValueOf(&v).Elem(), err
	case valuesType:
		v, err := unmarshal(raw, r.list)
		return reflect.ValueOf(v), err
	case functionType:
		f, err := unmarshal(raw, r.function)
		return reflect.ValueOf(&f).Elem(), err
	case shapeType:
		s, err := unmarshal(raw, func(s *wire.Shape) (shapes.Shape, error) { return s.Of() })
		return reflect.ValueOf(s), err
	}
	into := reflect.New(t)
	err := wire.Unmarshal(raw, into.Interface())
	return into.Elem(), err
}

// unmarshal decodes a value in its recorded form and finds what it stands for.
func unmarshal[In, Out any](raw wire.Raw, find func(In) (Out, error)) (out Out, err error) {
	var in In
	if err = wire.Unmarshal(raw, &in); err != nil {
		return out, err
	}
	return find(in)
}

func (r *replayer) value(n int) (compute.Value, error) {
	if n < 0 || n >= len(r.values) {
		return nil, fmt.Errorf("no value %d", n)
	}
	return r.values[n], nil
}

func (r *replayer) list(numbers []int) ([]compute.Value, error) {
	all := make([]compute.Value, len(numbers))
	for i, n := range numbers {
		v, err := r.value(n)
		if err != nil {
			return nil, err
		}
		all[i] = v
	}
	return all, nil
}

func (r *replayer) function(n int) (compute.Function, error) {
	if n < 0 || n >= len(r.functions) {
		return nil, fmt.Errorf("no function %d", n)
	}
	return r.functions[n], nil
}

// results takes a method's results: values and an error.
func (r *replayer) results(f compute.Function, op *wire.Op, out []reflect.Value) error {
	if err, _ := out[len(out)-1].Interface().(error); err != nil {
		return err
	}
	var values []compute.Value
	for _, o := range out[:len(out)-1] {
		if list, ok := o.Interface().([]compute.Value); ok {
			values = append(values, list...)
		} else {
			values = append(values, o.Interface())
		}
	}
	return r.add(f, op, nil, values...)
}

// add numbers the values that an operation made. Their shapes must be those that the client worked out.
func (r *replayer) add(f compute.Function, op *wire.Op, err error, values ...compute.Value) error {
	if err != nil {
		return err
	}
	if len(values) != len(op.Out) {
		return fmt.Errorf("%d results, the client expects %d", len(values), len(op.Out))
	}
	for i, v := range values {
		got, err := f.Shape(v)
		if err != nil {
			return err
		}
		if want, err := op.Out[i].Of(); err != nil || !got.Equal(want) {
			return fmt.Errorf("result %d is %s, the client expects %s", i, got, want)
		}
	}
	r.values = append(r.values, values...)
	return nil
}

// decode decodes an argument.
func decode[T any](op *wire.Op, i int) (v T, err error) {
	if i >= len(op.Args) {
		return v, errors.New("too few arguments")
	}
	err = wire.Unmarshal(op.Args[i], &v)
	return v, err
}

func decodeShape(op *wire.Op, i int) (shapes.Shape, error) {
	s, err := decode[wire.Shape](op, i)
	if err != nil {
		return shapes.Invalid(), err
	}
	return s.Of()
}

// flatOf copies bytes into a slice of the shape's Go type.
func flatOf(shape shapes.Shape, data []byte) (any, error) {
	if int64(len(data)) != shape.ByteSize() {
		return nil, fmt.Errorf("%d bytes for a tensor of shape %s", len(data), shape)
	}
	flat := reflect.MakeSlice(reflect.SliceOf(shape.DType.GoType()), shape.Size(), shape.Size()).Interface()
	copy(dtypes.UnsafeByteSliceFromAny(flat), data)
	return flat, nil
}

// lacks finds the operations that a backend does not implement: asked without arguments, they say so before anything.
func lacks(be compute.Backend) []string {
	var all []string
	for name, m := range operations {
		if isLacking(be, m) {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

func isLacking(be compute.Backend, m reflect.Method) (lacking bool) {
	defer func() { recover() }() // what panics is there
	in := make([]reflect.Value, m.Type.NumIn())
	for i := range in {
		in[i] = reflect.Zero(m.Type.In(i))
	}
	call := reflect.ValueOf(be.Builder("lacks").Main()).MethodByName(m.Name)
	var out []reflect.Value
	if m.Type.IsVariadic() {
		out = call.CallSlice(in)
	} else {
		out = call.Call(in)
	}
	err, _ := out[len(out)-1].Interface().(error)
	return compute.IsNotImplemented(err)
}
