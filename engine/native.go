//go:build !resident

package engine

import "github.com/fastnb/fastnb/engine/plugin"

func init() { openOwn, openOwnDevice = plugin.Open, plugin.OpenDevice }

// Report says what Open uses.
type Report = plugin.Report

// Find says what Open would use, installing and opening nothing. A Report without Plugin, on another device than Go,
// means that Open would install it.
func Find() (Report, error) { return plugin.Find() }

// Install installs what Open needs and says what it is.
func Install() (Report, error) { return plugin.Install() }

// InstallDevice installs the plugin of the CPU or of CUDA where it is not installed yet, also on a machine that has no
// such device: an image is built on one machine and runs on another. CUDA's libraries come with it, about 3 GB.
func InstallDevice(d Device) error { return plugin.InstallDevice(d) }

// HasGPU reports whether this machine has an NVIDIA GPU.
func HasGPU() bool { return plugin.HasGPU() }

// Tunables is the setting of glibc's allocator, in the environment variable GLIBC_TUNABLES, with which XLA's buffers
// get huge pages; "" for other allocators. It counts from the start of a process only.
const Tunables = plugin.Tunables

// Trim gives the memory that XLA has freed back to the system.
func Trim() { plugin.Trim() }
