package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/vision"
)

// measure makes data of a CSV file of n rows with as many small files, a quarter and a half of them, too, and says how
// long each step takes and how much memory stays in use.
func measure(n int) error {
	dir, err := os.MkdirTemp("", "fastnb-rows-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Println("| rows | first time | again | next fold | 8 labels of a quarter each, again | memory in use |")
	fmt.Println("|---|---|---|---|---|---|")
	for _, part := range []int{n / 4, n / 2, n} {
		if err := rowsOf(dir, part); err != nil {
			return err
		}
	}
	return nil
}

// rowsOf measures one number of rows.
func rowsOf(dir string, n int) error {
	list, err := smallFiles(filepath.Join(dir, fmt.Sprint(n)), n)
	if err != nil {
		return err
	}
	before := inUse()
	var times []time.Duration
	var last *vision.Data
	for _, opts := range [][]vision.DataOption{
		{vision.Fold(0, 5), vision.Stratify(true)}, {vision.Fold(0, 5), vision.Stratify(true)},
		{vision.Fold(1, 5), vision.Stratify(true)},
		{vision.LabelColumn("labels"), vision.LabelDelim(" ")}} {
		begun := time.Now()
		opts = append(opts, vision.Size(8), vision.OnDecode(func(int, int) {}))
		if last, err = vision.FromCSV(list, opts...); err != nil {
			return err
		}
		last.Fingerprint(fastnb.Train)
		times = append(times, time.Since(begun))
	}
	fmt.Printf("| %d | %.1f s | %.1f s | %.1f s | %.1f s | %d MB |\n", n, times[0].Seconds(), times[1].Seconds(),
		times[2].Seconds(), times[3].Seconds(), (inUse()-before)>>20)
	runtime.KeepAlive(last)
	return nil
}

func inUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse)
}

// smallFiles writes n pictures of 8 x 8 pixels, of a thousand classes, and a CSV file of them.
func smallFiles(dir string, n int) (string, error) {
	var list bytes.Buffer
	list.WriteString("file,label,labels\n")
	for i := range n {
		name := fmt.Sprintf("%03d/%d.png", i%100, i)
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			return "", err
		}
		img := image.NewGray(image.Rect(0, 0, 8, 8))
		img.SetGray(i%8, i/8%8, color.Gray{uint8(i)})
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), b.Bytes(), 0o644); err != nil {
			return "", err
		}
		fmt.Fprintf(&list, "%s,class %d,", name, i%1000)
		for k := range 8 {
			if i*(k+3)%4 == 0 {
				fmt.Fprintf(&list, " l%d", k)
			}
		}
		list.WriteByte('\n')
	}
	path := filepath.Join(dir, "list.csv")
	return path, os.WriteFile(path, list.Bytes(), 0o644)
}
