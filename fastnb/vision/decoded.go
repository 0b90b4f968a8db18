package vision

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/fastnb/fastnb/fastnb/safetensors"
)

// decoded is a file of decoded and scaled images, in the safetensors format. A second process opens it in milliseconds;
// pixels are read as they are needed.
//
//	pixels   U8, the images one after the other, in the order in which they were decoded
//	starts   I64, for each image, where it starts in pixels
//	sizes    I32 [images, 2], the height and width of each, 0 of those that could not be decoded
//	reasons  U8, of those, in JSON: why, by number
//
// Its metadata are the key of the images and the checksum of key, starts, sizes and reasons.
type decoded struct {
	pixels *io.SectionReader // its file is closed when it is no longer referred to
	path   string
	index  index
}

// index says where the pixels of each image are.
type index struct {
	starts  []int64
	sizes   []int32        // height and width
	reasons map[int]string // of the images that could not be decoded
}

// size returns the height and width of image i.
func (x index) size(i int) (h, w int) { return int(x.sizes[2*i]), int(x.sizes[2*i+1]) }

// keyKey is where the file's metadata have the key of the cache.
const keyKey = "key"

// shape is what images are scaled to: the shorter side to size and the longer to at most longest, or, squashed, both
// to size, or, whole, the longer to size.
type shape struct {
	size, longest int
	squash, whole bool
}

// scale makes p what the cache holds. What is beyond the longest side is cut off evenly.
func (s shape) scale(p picture) picture {
	if s.squash {
		return p.resizeTo(s.size, s.size, 0, 0, s.size, s.size)
	}
	if s.whole {
		long := max(p.h, p.w)
		h, w := max(p.h*s.size/long, 1), max(p.w*s.size/long, 1)
		return p.resizeTo(h, w, 0, 0, h, w)
	}
	short := min(p.h, p.w)
	rows, columns := max(p.h*s.size/short, s.size), max(p.w*s.size/short, s.size)
	h, w := min(rows, s.longest), min(columns, s.longest)
	return p.resizeTo(rows, columns, s.start(rows, h), s.start(columns, w), h, w)
}

// start returns where to cut length out of side so that the centre square of the cut is that of the whole.
func (s shape) start(side, length int) int {
	if side == length {
		return 0
	}
	return (side-s.size)/2 - (length-s.size)/2
}

// key identifies the decoded images of the files by their contents. Its number rises when pixels are decoded otherwise.
func (s shape) key(files []file) string {
	h := sha256.New()
	fmt.Fprintf(h, "decoded 2 %d %d %t\n", s.size, s.longest, s.squash)
	if s.whole {
		fmt.Fprintln(h, "whole")
	}
	for _, f := range files {
		h.Write(f.sum[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// openDecoded opens the decoded images at path, an error where they are damaged or not those of key.
func openDecoded(path, key string) (*decoded, error) {
	r, err := safetensors.Open(path)
	if err != nil {
		return nil, err
	}
	d := &decoded{path: path}
	if err := d.read(r, key); err != nil {
		r.Close()
		return nil, err
	}
	return d, nil
}

func (d *decoded) read(r *safetensors.Reader, key string) (err error) {
	if r.Metadata[keyKey] != key {
		return fmt.Errorf("%s is of other files", d.path)
	}
	f := &safetensors.File{}
	for _, name := range []string{"starts", "sizes", "reasons"} {
		t, err := r.Tensor(name)
		if err != nil {
			return err
		}
		f.Tensors = append(f.Tensors, t)
	}
	if r.Metadata[safetensors.ChecksumKey] != f.Checksum(key) {
		return fmt.Errorf("the index of %s is damaged", d.path)
	}
	if _, d.pixels, err = r.Section("pixels"); err != nil {
		return err
	}
	if d.index, err = readIndex(f.Tensors[0], f.Tensors[1], f.Tensors[2]); err != nil {
		return err
	}
	return d.index.check(d.pixels.Size())
}

// check tells whether all images lie within so many bytes of pixels.
func (x index) check(size int64) error {
	if len(x.sizes) != 2*len(x.starts) {
		return fmt.Errorf("%d sizes of %d images", len(x.sizes), len(x.starts))
	}
	for i, start := range x.starts {
		h, w := x.size(i)
		if h < 0 || w < 0 || start < 0 || start > size || int64(h)*int64(w) > (size-start)/3 {
			return fmt.Errorf("image %d of %d x %d pixels at %d of %d bytes", i, h, w, start, size)
		}
	}
	return nil
}

// tensors returns the index as tensors: starts, sizes and reasons.
func (x index) tensors() ([]safetensors.Tensor, error) {
	reasons, err := json.Marshal(x.reasons)
	return []safetensors.Tensor{
		safetensors.FromNumbers("starts", []int{len(x.starts)}, x.starts),
		safetensors.FromNumbers("sizes", []int{len(x.starts), 2}, x.sizes),
		safetensors.FromNumbers("reasons", []int{len(reasons)}, reasons),
	}, err
}

// readIndex is the inverse of tensors.
func readIndex(starts, sizes, reasons safetensors.Tensor) (x index, err error) {
	if x.starts, err = safetensors.Numbers[int64](starts); err != nil {
		return x, err
	}
	if x.sizes, err = safetensors.Numbers[int32](sizes); err != nil {
		return x, err
	}
	return x, json.Unmarshal(reasons.Data, &x.reasons)
}

// picture returns image i, its pixels in buffer where they fit.
func (d *decoded) picture(i int, buffer []byte) (p picture, err error) {
	p.h, p.w = d.index.size(i)
	n := 3 * p.h * p.w
	if cap(buffer) < n {
		buffer = make([]byte, n)
	}
	p.pix = buffer[:n]
	if _, err := d.pixels.ReadAt(p.pix, d.index.starts[i]); err != nil {
		return p, fmt.Errorf("decoded images: %w; delete %s to have them decoded again", err, d.path)
	}
	return p, nil
}

// decoder decodes the files of one folder into a file of decoded images.
type decoder struct {
	root    string
	files   []file
	shape   shape
	workers int
	report  func(done int)

	mu    sync.Mutex
	out   *safetensors.Writer
	start int64 // of the next image in pixels
	index index
	done  int
}

// openOrDecode opens the decoded images in the folder tmp, and decodes them where they are missing, damaged or out of
// date. Older versions of the same files are then removed.
func (d *decoder) openOrDecode(tmp, name string) (*decoded, error) {
	key := d.shape.key(d.files)
	path := filepath.Join(tmp, name+"-"+key[:12]+safetensors.Ext)
	if found, err := openDecoded(path, key); err == nil && !d.mended(found) {
		d.report(len(d.files))
		return found, nil
	}
	n := len(d.files)
	d.index = index{starts: make([]int64, n), sizes: make([]int32, 2*n), reasons: map[int]string{}}
	if err := d.write(path, key); err != nil {
		return nil, err
	}
	old, _ := filepath.Glob(filepath.Join(tmp, name+"-*"))
	for _, p := range old {
		if p != path {
			os.Remove(p)
		}
	}
	return openDecoded(path, key)
}

// mended tells whether an image that could not be read can be read now, by a change of permissions say.
func (d *decoder) mended(found *decoded) bool {
	for i := range found.index.reasons {
		if _, err := decodeFile(d.path(i)); err == nil {
			return true
		}
	}
	return false
}

func (d *decoder) path(i int) string {
	return placeOf(d.root, d.files[i].name)
}

// write decodes all files on all workers and leaves the result at path, whole or not at all.
func (d *decoder) write(path, key string) (err error) {
	if d.out, err = safetensors.Create(path); err != nil {
		return err
	}
	defer d.out.Discard()
	d.out.Begin("pixels", "U8", -1)
	parallel(len(d.files), d.workers, d.one)
	tensors, err := d.index.tensors()
	if err != nil {
		return err
	}
	f := &safetensors.File{Tensors: tensors}
	for _, t := range tensors {
		if err := d.out.Add(t); err != nil {
			return err
		}
	}
	return d.out.Commit(map[string]string{keyKey: key, safetensors.ChecksumKey: f.Checksum(key)})
}

// decode decodes file i, whose contents must be what they were: its pixels are kept under their sum.
func (d *decoder) decode(i int) (picture, error) {
	data, err := readFile(d.path(i))
	if err != nil {
		return picture{}, err
	}
	if sha256.Sum256(data) != d.files[i].sum {
		return picture{}, errors.New("it has changed since its folder was listed; open the folder again")
	}
	return decode(data)
}

// one decodes file i and appends its pixels.
func (d *decoder) one(i int) {
	p, err := d.decode(i)
	if err == nil {
		p = d.shape.scale(p)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.done++
	d.report(d.done)
	if err != nil {
		d.index.reasons[i] = err.Error()
		return
	}
	d.index.starts[i], d.index.sizes[2*i], d.index.sizes[2*i+1] = d.start, int32(p.h), int32(p.w)
	d.start += int64(len(p.pix))
	_, _ = d.out.Write(p.pix) // an error stays with the writer
}

// parallel calls f for 0 to n-1 on the given number of goroutines and waits for them.
func parallel(n, workers int, f func(i int)) {
	next := make(chan int)
	var wait sync.WaitGroup
	for range min(workers, n) {
		wait.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wait.Wait()
}
