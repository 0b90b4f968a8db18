package engine

import (
	"slices"
	"strings"
)

const (
	// xnnpack is XLA's setting by which its CPU code multiplies matrices with XNNPACK. That keeps a packed copy of the right
	// operand where it is an input of the program, and finds the copy again by the operand's address alone: weights that
	// have changed since, or others at the same place, are not seen, and the product is wrong, without a word.
	xnnpack = "xla_cpu_use_xnnpack"

	// deterministic is XLA's setting by which a program gives the same numbers each time on a GPU. Without it sums are added
	// up in any order, and the fastest of several ways is chosen anew in each process.
	deterministic = "xla_gpu_deterministic_ops"

	// cudaFolder is where XLA looks for CUDA's compiler and device library.
	cudaFolder = "xla_gpu_cuda_data_dir"
)

// added are the settings that are fastnb's own, whether this process added them or one above it; addFlag notes others here.
var added = []string{"--" + xnnpack + "=false", "--" + deterministic + "=true"}

// userFlags returns XLA_FLAGS without what fastnb added: what the user chose.
func userFlags(flags string) string {
	own := func(flag string) bool { return slices.Contains(added, flag) }
	return strings.Join(slices.DeleteFunc(strings.Fields(flags), own), " ")
}
