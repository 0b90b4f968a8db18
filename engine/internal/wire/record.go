package wire

// A program's record is the sequence of the operations that a client asked of a compute.Builder, each an encoded Op,
// one after the other. Values and functions are numbered in the order in which they come to be: the main function is
// 0, and what Closure and NewFunction return count on from there.

// Op is one call of a method of compute.Function.
type Op struct {
	_        struct{} `cbor:",toarray"`
	Function int      // whose method
	Method   string
	Args     []Raw   // values and functions by number, shapes as Shape, constants as Constant, all else as it is
	Out      []Shape // of the values that it returns, as the client worked them out
}

// The methods of a record that are no operations. They are called on the function they are recorded with.
const (
	Closure     = "Closure"     // a new function
	NewFunction = "NewFunction" // (name) a new function, of the builder
	Parameter   = "Parameter"   // (name, Shape) a value
	ConstantOp  = "Constant"    // (Constant) a value
	Return      = "Return"      // (values)
)

// Constant is a tensor within a program.
type Constant struct {
	_     struct{} `cbor:",toarray"`
	Shape Shape
	Data  []byte
}
