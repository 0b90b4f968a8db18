package text

import (
	"path/filepath"
	"testing"

	"github.com/fastnb/fastnb/fastnb/safetensors"
)

// BenchmarkCorpusFile writes and opens a corpus of 25,000 documents of 299 codes.
func BenchmarkCorpusFile(b *testing.B) {
	const key = "0000000000000000000000000000000000000000000000000000000000000000"
	path, doc := filepath.Join(b.TempDir(), "a"+safetensors.Ext), make([]int32, 299)
	write := func() {
		w, err := newCorpusWriter(path)
		for i := 0; err == nil && i < 25_000; i++ {
			err = w.add(doc)
		}
		if err == nil {
			err = w.finish(key)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	write()
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			write()
		}
	})
	b.Run("open", func(b *testing.B) { openAndSum(b, path, key) })
}

func openAndSum(b *testing.B, path, key string) {
	for b.Loop() {
		c, err := openCorpus(path, key)
		if err != nil {
			b.Fatal(err)
		}
		sum := int32(0)
		for _, code := range c.Codes() {
			sum += code
		}
		if sum != 0 || c.Len() != 25_000 {
			b.Fatal(sum, c.Len())
		}
		c.Close()
	}
}
