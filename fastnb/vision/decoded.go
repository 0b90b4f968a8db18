package vision

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/fastnb/fastnb/internal/atomicfile"
)

// decoded is a file of decoded and scaled images: the pixels one after the other, then the index as JSON, then a
// trailer of fixed size. A second process opens it in milliseconds; pixels are read as they are needed.
type decoded struct {
	file  *os.File // closed when it is no longer referred to
	index index
}

// index says where the pixels of each image are.
type index struct {
	Key     string
	Offsets []int64
	Heights []int
	Widths  []int
	Reasons map[int]string // of the images that could not be decoded
}

// trailer ends the file: a magic word, the length of the index and its SHA-256.
type trailer struct {
	Magic  [8]byte
	Length uint64
	Sum    [sha256.Size]byte
}

var magic = [8]byte{'f', 'a', 's', 't', 'n', 'b', '\n', 1}

// shape is what images are scaled to: the shorter side to size and the longer to at most longest, or, squashed, both
// to size.
type shape struct {
	size, longest int
	squash        bool
}

// scale makes p what the cache holds. What is beyond the longest side is cut off evenly.
func (s shape) scale(p picture) picture {
	if s.squash {
		return p.resizeTo(s.size, s.size, 0, 0, s.size, s.size)
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
	for _, f := range files {
		h.Write(f.sum[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// openDecoded opens the decoded images at path, an error where they are damaged or not those of key.
func openDecoded(path, key string) (*decoded, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	d := &decoded{file: f}
	if err := d.readIndex(key); err != nil {
		f.Close()
		return nil, err
	}
	return d, nil
}

func (d *decoded) readIndex(key string) error {
	var t trailer
	length := int64(binary.Size(t))
	end, err := d.file.Seek(-length, io.SeekEnd)
	if err != nil {
		return err
	}
	if err := binary.Read(d.file, binary.LittleEndian, &t); err != nil {
		return err
	}
	if t.Magic != magic || t.Length > uint64(end) {
		return fmt.Errorf("%s is not a file of decoded images", d.file.Name())
	}
	text := make([]byte, t.Length)
	if _, err := d.file.ReadAt(text, end-int64(t.Length)); err != nil {
		return err
	}
	if sha256.Sum256(text) != t.Sum {
		return fmt.Errorf("the index of %s is damaged", d.file.Name())
	}
	if err := json.Unmarshal(text, &d.index); err != nil {
		return err
	}
	if d.index.Key != key || d.index.bytes() != end-int64(t.Length) {
		return fmt.Errorf("%s is of other files", d.file.Name())
	}
	return nil
}

// bytes returns how many bytes the pixels of all images take.
func (x index) bytes() (n int64) {
	for i, h := range x.Heights {
		n += 3 * int64(h) * int64(x.Widths[i])
	}
	return n
}

// read returns the pixels of image i, in buffer where they fit.
func (d *decoded) read(i int, buffer []byte) (picture, error) {
	p := picture{h: d.index.Heights[i], w: d.index.Widths[i]}
	n := 3 * p.h * p.w
	if cap(buffer) < n {
		buffer = make([]byte, n)
	}
	p.pix = buffer[:n]
	if _, err := d.file.ReadAt(p.pix, d.index.Offsets[i]); err != nil {
		return p, fmt.Errorf("decoded images: %w; delete %s to have them decoded again", err, d.file.Name())
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

	mu     sync.Mutex
	out    *os.File
	offset int64
	index  index
	done   int
	err    error // of writing
}

// openOrDecode opens the decoded images in the folder tmp, and decodes them where they are missing, damaged or out of
// date. Older versions of the same files are then removed.
func (d *decoder) openOrDecode(tmp, name string) (*decoded, error) {
	key := d.shape.key(d.files)
	path := filepath.Join(tmp, name+"-"+key[:12]+".bin")
	if found, err := openDecoded(path, key); err == nil && !d.mended(found) {
		d.report(len(d.files))
		return found, nil
	}
	n := len(d.files)
	d.index = index{Key: key, Offsets: make([]int64, n), Heights: make([]int, n), Widths: make([]int, n), Reasons: map[int]string{}}
	if err := d.write(path); err != nil {
		return nil, err
	}
	old, _ := filepath.Glob(filepath.Join(tmp, name+"-*.bin"))
	for _, p := range old {
		if p != path {
			os.Remove(p)
		}
	}
	return openDecoded(path, key)
}

// mended tells whether an image that could not be read can be read now, by a change of permissions say.
func (d *decoder) mended(found *decoded) bool {
	for i := range found.index.Reasons {
		if _, err := decodeFile(d.path(i)); err == nil {
			return true
		}
	}
	return false
}

func (d *decoder) path(i int) string {
	return filepath.Join(d.root, filepath.FromSlash(d.files[i].name))
}

// write decodes all files on all workers and leaves the result at path, whole or not at all.
func (d *decoder) write(path string) error {
	out, err := atomicfile.Create(path, 0o644)
	if err != nil {
		return err
	}
	defer out.Discard()
	d.out = out.File
	parallel(len(d.files), d.workers, d.one)
	if d.err != nil {
		return d.err
	}
	if err := d.finish(); err != nil {
		return err
	}
	return out.Commit()
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
		d.index.Reasons[i] = err.Error()
		return
	}
	d.index.Offsets[i], d.index.Heights[i], d.index.Widths[i] = d.offset, p.h, p.w
	d.offset += int64(len(p.pix))
	if d.err == nil {
		_, d.err = d.out.Write(p.pix)
	}
}

// finish writes index and trailer.
func (d *decoder) finish() error {
	text, err := json.Marshal(d.index)
	if err != nil {
		return err
	}
	b := bytes.NewBuffer(text)
	t := trailer{magic, uint64(len(text)), sha256.Sum256(text)}
	if err := binary.Write(b, binary.LittleEndian, t); err != nil {
		return err
	}
	_, err = d.out.Write(b.Bytes())
	return err
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
