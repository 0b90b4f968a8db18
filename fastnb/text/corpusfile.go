package text

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fastnb/fastnb/fastnb/safetensors"
)

// The file of a corpus, in the safetensors format; its metadata have the key.
//
//	codes   I32, those of all documents, one after the other
//	starts  I64, the start of each document in codes, and the end of the last
const keyKey = "key"

// corpusWriter writes the file document by document.
type corpusWriter struct {
	out    *safetensors.Writer
	starts []int64
}

func newCorpusWriter(path string) (*corpusWriter, error) {
	out, err := safetensors.Create(path)
	if err != nil {
		return nil, err
	}
	out.Begin("codes", "I32", -1)
	return &corpusWriter{out, []int64{0}}, nil
}

func (w *corpusWriter) add(codes []int32) error {
	w.starts = append(w.starts, w.starts[len(w.starts)-1]+int64(len(codes)))
	_, err := w.out.Write(safetensors.Bytes(codes))
	return err
}

// finish writes starts and metadata.
func (w *corpusWriter) finish(key string) error {
	_ = w.out.Add(safetensors.FromNumbers("starts", []int{len(w.starts)}, w.starts)) // an error stays with the writer
	return w.out.Commit(map[string]string{keyKey: key})
}

// openCorpus maps the file at path, an error where it is cut off or not that of key.
func openCorpus(path, key string) (*Corpus, error) {
	r, err := safetensors.Open(path)
	if err != nil {
		return nil, err
	}
	c := &Corpus{unmap: r.Close}
	if err := c.read(r, key); err != nil {
		c.Close()
		return nil, fmt.Errorf("%s: %w; delete it", path, err)
	}
	return c, nil
}

func (c *Corpus) read(r *safetensors.Reader, key string) error {
	if r.Metadata[keyKey] != key {
		return errors.New("this is another corpus, or another version's")
	}
	f, err := r.Map()
	if err != nil {
		return err
	}
	if c.codes, err = numbers[int32](f, "codes"); err != nil {
		return err
	}
	if c.starts, err = numbers[int64](f, "starts"); err != nil {
		return err
	}
	n := len(c.starts)
	if n == 0 || c.starts[0] != 0 || c.starts[n-1] != int64(len(c.codes)) || !slices.IsSorted(c.starts) {
		return errors.New("it is damaged")
	}
	return nil
}

func numbers[T safetensors.Number](f *safetensors.File, name string) ([]T, error) {
	t, err := f.Tensor(name)
	if err != nil {
		return nil, err
	}
	return safetensors.Numbers[T](t)
}

// versions is how many versions of a cache file are kept: of the documents as they were, with other vocabularies.
const versions = 3

// removeOld removes the oldest versions of a cache file.
func removeOld(dir, name string) {
	paths, _ := filepath.Glob(filepath.Join(dir, name+"-*"))
	slices.SortFunc(paths, func(a, b string) int { return changed(b).Compare(changed(a)) })
	for _, old := range paths[min(len(paths), versions):] {
		os.Remove(old)
	}
}

func changed(path string) (t time.Time) {
	if info, err := os.Stat(path); err == nil {
		t = info.ModTime()
	}
	return t
}
