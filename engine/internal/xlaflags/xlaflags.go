// Package xlaflags adds fastnb's own settings to the environment variable XLA_FLAGS and tells them from the user's.
// XLA has no other way to be told, and ends the process at a setting that it does not know.
package xlaflags

import (
	"os"
	"slices"
	"strings"
)

const (
	// XNNPACK is XLA's setting by which its CPU code multiplies matrices with XNNPACK. That keeps a packed copy of the
	// right operand where it is an input of the program, and finds the copy again by the operand's address alone:
	// weights that have changed since, or others at the same place, are not seen, and the product is wrong, without a
	// word.
	XNNPACK = "xla_cpu_use_xnnpack"

	// Deterministic is XLA's setting by which a program gives the same numbers each time on a GPU. Without it sums are
	// added up in any order, and the fastest of several ways is chosen anew in each process.
	Deterministic = "xla_gpu_deterministic_ops"

	// CUDAFolder is where XLA looks for CUDA's compiler and device library.
	CUDAFolder = "xla_gpu_cuda_data_dir"
)

const variable = "XLA_FLAGS"

// added are the settings that are fastnb's own, whether this process added them or one above it; Add notes others here.
var added = []string{"--" + XNNPACK + "=false", "--" + Deterministic + "=true"}

// Users returns the user's settings: XLA_FLAGS without what fastnb added.
func Users() string {
	own := func(flag string) bool { return slices.Contains(added, flag) }
	return strings.Join(slices.DeleteFunc(strings.Fields(os.Getenv(variable)), own), " ")
}

// Add adds a setting to XLA_FLAGS, if a plugin knows it. A user's own setting of it stays, and so does the name of a
// file with settings.
func Add(name, value string, known func(name string) bool) {
	flags := os.Getenv(variable)
	file := flags != "" && !strings.HasPrefix(flags, "-")
	if !file && !strings.Contains(flags, name) && known(name) {
		flag := "--" + name + "=" + value
		added = append(added, flag)
		os.Setenv(variable, strings.TrimSpace(flags+" "+flag))
	}
}

// Drop takes out of XLA_FLAGS what was added for another plugin, which the next one may not know.
func Drop() {
	flags := os.Getenv(variable)
	if users := Users(); len(strings.Fields(users)) < len(strings.Fields(flags)) {
		os.Setenv(variable, users)
	}
}
