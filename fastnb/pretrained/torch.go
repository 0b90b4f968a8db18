package pretrained

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/fastnb/safetensors"
)

// A dtype is a type of elements, by its name in safetensors.
type dtype string

// storageTypes are the classes torch.XStorage by X.
var storageTypes = map[string]dtype{
	"Float": "F32", "Double": "F64", "Half": "F16", "BFloat16": "BF16", "Long": "I64", "Int": "I32", "Short": "I16",
	"Char": "I8", "Byte": "U8", "Bool": "BOOL", "Untyped": "U8", "ComplexFloat": "C64",
}

// dtypes are the values torch.x by x.
var dtypes = map[string]dtype{
	"float32": "F32", "float64": "F64", "float16": "F16", "bfloat16": "BF16", "int64": "I64", "int32": "I32",
	"int16": "I16",
	"int8":  "I8", "uint8": "U8", "uint16": "U16", "uint32": "U32", "uint64": "U64", "bool": "BOOL", "complex64": "C64",
}

var elementSize = map[dtype]int{
	"F32": 4, "F64": 8, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "U16": 2, "U32": 4, "U64": 8,
	"BOOL": 1, "C64": 8,
}

// storage is a block of elements that tensors are views of. Its data may be known only after the pickle is read.
type storage struct {
	dtype dtype
	data  []byte
}

// view is a tensor before its elements are gathered; offset and strides count elements.
type view struct {
	storage      *storage
	dtype        dtype
	offset       int
	size, stride []int
}

// global finds what a pickle may name. Anything else is refused: to make it could run code.
func global(module, name string) (any, error) {
	if f, ok := functions[module+"."+name]; ok {
		return f, nil
	}
	if kind, ok := strings.CutSuffix(name, "Storage"); ok && (module == "torch" || module == "torch.storage") {
		if d, ok := storageTypes[kind]; ok {
			return d, nil
		}
	}
	if d, ok := dtypes[name]; ok && module == "torch" {
		return d, nil
	}
	if isInert(module, name) {
		return class(module + "." + name), nil
	}
	return nil, &ClassError{Class: module + "." + name}
}

// ClassError says that a file asks for a class or function that isn't data.
type ClassError struct {
	Class string // "module.Name", as the file says
}

// quantised are the names of what PyTorch keeps quantised tensors in.
var quantised = regexp.MustCompile(`^torch\..*(qtensor|Q(U)?Int\d|\bq(u)?int\d|float8|float4)`)

func (e *ClassError) Error() string {
	if quantised.MatchString(e.Class) {
		return fmt.Sprintf("the file holds quantised tensors (%s), and floats are wanted: save the model before it is quantised, "+
			"or tensor.dequantize()", e.Class)
	}
	return fmt.Sprintf("the file asks for Python's %q, and only tensors, maps, lists, numbers and strings are read "+
		"(if it holds a pickled module, save its weights: torch.save(model.state_dict(), ...))", e.Class)
}

var functions = map[string]call{
	"collections.OrderedDict":                    newDict,
	"collections.Counter":                        newDict,
	"collections.defaultdict":                    func(tuple) (any, error) { return &dict{}, nil },
	"builtins.dict":                              newDict,
	"__builtin__.dict":                           newDict,
	"torch.Size":                                 newSize,
	"torch.device":                               func(tuple) (any, error) { return nil, nil },
	"torch._utils._rebuild_tensor":               rebuild,
	"torch._utils._rebuild_tensor_v2":            rebuild,
	"torch._utils._rebuild_tensor_v3":            rebuildTyped,
	"torch._tensor._rebuild_from_type_v2":        rebuildOfType,
	"torch._utils._rebuild_parameter":            firstArgument,
	"torch._utils._rebuild_parameter_with_state": firstArgument,
}

// newDict makes a map, empty or of a list of pairs.
func newDict(args tuple) (any, error) {
	d := &dict{}
	if len(args) == 0 {
		return d, nil
	}
	if d, ok := args[0].(*dict); ok {
		return &dict{entries: slices.Clone(d.entries)}, nil
	}
	pairs, ok := args[0].(*list)
	if !ok {
		return nil, fmt.Errorf("a map of %T", args[0])
	}
	for _, p := range pairs.items {
		key, value, ok := pair(p)
		if !ok {
			return nil, fmt.Errorf("a map's entry is %T (want a pair)", p)
		}
		d.entries = append(d.entries, entry{key, value})
	}
	return d, nil
}

func pair(v any) (key, value any, ok bool) {
	var items []any
	switch v := v.(type) {
	case tuple:
		items = v
	case *list:
		items = v.items
	}
	if len(items) != 2 {
		return nil, nil, false
	}
	return items[0], items[1], true
}

func newSize(args tuple) (any, error) { return firstArgument(args) }

func firstArgument(args tuple) (any, error) {
	if len(args) == 0 {
		return nil, fmt.Errorf("a call without arguments")
	}
	return args[0], nil
}

// rebuild makes a tensor of (storage, offset, size, stride, ...).
func rebuild(args tuple) (any, error) {
	if len(args) < 4 {
		return nil, fmt.Errorf("a tensor of %d arguments", len(args))
	}
	s, isStorage := args[0].(*storage)
	offset, isInt := args[1].(int)
	size, sizeOK := ints(args[2])
	stride, strideOK := ints(args[3])
	if !isStorage || !isInt || !sizeOK || !strideOK || len(size) != len(stride) {
		return nil, fmt.Errorf("a tensor of unknown arguments")
	}
	return &view{storage: s, dtype: s.dtype, offset: offset, size: size, stride: stride}, nil
}

// rebuildTyped makes a tensor of (storage, offset, size, stride, requires_grad, hooks, dtype, ...).
func rebuildTyped(args tuple) (any, error) {
	v, err := rebuild(args)
	if err != nil {
		return nil, err
	}
	d, ok := dtype(""), len(args) > 6
	if ok {
		d, ok = args[6].(dtype)
	}
	if !ok {
		return nil, fmt.Errorf("a tensor of unknown type")
	}
	v.(*view).dtype = d
	return v, nil
}

// rebuildOfType makes a tensor of (function, class, arguments, state): what the function makes of the arguments.
func rebuildOfType(args tuple) (any, error) {
	if len(args) > 2 {
		f, isCall := args[0].(call)
		inner, isTuple := args[2].(tuple)
		if isCall && isTuple {
			return f(inner)
		}
	}
	return nil, fmt.Errorf("a tensor of unknown arguments")
}

func ints(v any) ([]int, bool) {
	t, ok := v.(tuple)
	if l, isList := v.(*list); isList {
		t, ok = l.items, true
	}
	out := make([]int, len(t))
	for i := range t {
		n, isInt := t[i].(int)
		ok = ok && isInt
		out[i] = n
	}
	return out, ok
}

// storageID takes apart ("storage", type, key, location, elements, ...).
func storageID(id any) (d dtype, key string, elements int, rest tuple, err error) {
	t, _ := id.(tuple)
	if len(t) >= 5 && t[0] == any("storage") {
		d, isType := t[1].(dtype)
		key, isKey := t[2].(string)
		elements, isInt := t[4].(int)
		if isType && isKey && isInt && elements >= 0 {
			return d, key, elements, t[5:], nil
		}
	}
	return "", "", 0, nil, fmt.Errorf("a reference to something other than a tensor's storage")
}

// gather copies the elements of a view in row-major order and converts them. It takes their number off budget.
func (v *view) gather(budget *int) (Tensor, error) {
	n, err := v.check()
	if err != nil {
		return Tensor{}, err
	}
	if *budget -= n; *budget < 0 {
		return Tensor{}, fmt.Errorf("the tensors have more elements than the file could hold")
	}
	raw := safetensors.Tensor{DType: string(v.dtype), Shape: v.size, Data: v.bytes(n)}
	data, err := raw.Float32()
	return Tensor{Shape: v.size, Data: data}, err
}

// check returns the number of elements, all of which lie in the storage.
func (v *view) check() (int, error) {
	last, n, held := v.offset, 1, len(v.storage.data)/elementSize[v.dtype]
	for i, d := range v.size {
		if d == 0 {
			return 0, nil
		}
		if d < 0 || v.stride[i] < 0 || n > maxElements/d || v.stride[i] > maxElements/d {
			return 0, fmt.Errorf("impossible shape %v with strides %v", v.size, v.stride)
		}
		n *= d
		last += (d - 1) * v.stride[i]
	}
	if v.offset < 0 || last < v.offset || last >= held {
		return 0, fmt.Errorf("shape %v, strides %v, offset %d: outside of its storage of %d elements", v.size, v.stride,
			v.offset, held)
	}
	return n, nil
}

// maxElements keeps products of sizes and strides from overflowing.
const maxElements = 1 << 40

// bytes returns the n elements row by row, without a copy where they lie so.
func (v *view) bytes(n int) []byte {
	size := elementSize[v.dtype]
	if n == 0 {
		return nil
	}
	if v.contiguous() {
		return v.storage.data[v.offset*size : (v.offset+n)*size]
	}
	out := make([]byte, 0, n*size)
	index, at := make([]int, len(v.size)), v.offset
	for range n {
		out = append(out, v.storage.data[at*size:(at+1)*size]...)
		at = v.advance(index, at)
	}
	return out
}

func (v *view) contiguous() bool {
	want := 1
	for i := len(v.size) - 1; i >= 0; i-- {
		if v.size[i] != 1 && v.stride[i] != want {
			return false
		}
		want *= v.size[i]
	}
	return true
}

// advance moves the index to the next element in row-major order and returns where that lies.
func (v *view) advance(index []int, at int) int {
	for i := len(index) - 1; i >= 0; i-- {
		at += v.stride[i]
		if index[i]++; index[i] < v.size[i] {
			break
		}
		at -= v.size[i] * v.stride[i]
		index[i] = 0
	}
	return at
}
