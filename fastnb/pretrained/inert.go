package pretrained

import "strings"

// class is a Python class, or a function that makes something, of what checkpoints hold beside weights: settings,
// dates, numbers of NumPy. Nothing of it is needed, and what it would make is an inert object: a name and nothing
// else.
type class string

type inert struct{ class string }

// inertModules are the modules whose classes are classes to us; inertNames those of other modules.
var (
	inertModules = []string{"numpy.", "pathlib.", "datetime.", "decimal.", "fractions.", "uuid.", "typing.", "omegaconf.",
		"torch.optim."}
	inertNames = map[string]bool{
		"argparse.Namespace": true, "types.SimpleNamespace": true, "collections.deque": true, "_codecs.encode": true,
		"copyreg._reconstructor": true, "copy_reg._reconstructor": true, "torch.torch_version.TorchVersion": true,
		"torch.Tensor": true, "torch.nn.parameter.Parameter": true,
	}
	inertBuiltins = map[string]bool{
		"set": true, "frozenset": true, "list": true, "tuple": true, "int": true, "long": true, "float": true,
		"complex": true, "str": true,
		"unicode": true, "bool": true, "bytes": true, "bytearray": true, "range": true, "xrange": true, "slice": true,
		"object": true,
	}
)

func isInert(module, name string) bool {
	if module == "builtins" || module == "__builtin__" {
		return inertBuiltins[name]
	}
	for _, m := range inertModules {
		if strings.HasPrefix(module+".", m) {
			return true
		}
	}
	return inertNames[module+"."+name]
}

// newObject stands for an object that is made of its class and arguments.
func (u *unpickler) newObject() {
	_, isTuple := u.pop().(tuple)
	c, isClass := u.pop().(class)
	if !isTuple || !isClass {
		u.fail("opcode 0x81 for a class that is no data")
		return
	}
	u.push(&inert{string(c)})
}
