package safetensors

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// ChecksumKey is where a file that has a Checksum keeps it, among its metadata.
const ChecksumKey = "sha256"

// Checksum returns the SHA-256, in hexadecimal, of a text that belongs to the file and of all its tensors, whatever
// their order.
func (f *File) Checksum(text string) string {
	h := sha256.New()
	fmt.Fprintln(h, text)
	byName := func(a, b Tensor) int { return strings.Compare(a.Name, b.Name) }
	for _, t := range slices.SortedStableFunc(slices.Values(f.Tensors), byName) {
		fmt.Fprintln(h, t.Name, t.DType, t.Shape)
		h.Write(t.Data)
	}
	return hex.EncodeToString(h.Sum(nil))
}
