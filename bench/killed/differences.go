package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/fastnb/safetensors"
)

// differences tells in what the files of two trainings differ: the checkpoints that there are, their tensors, what they
// hold besides but for times, and the lines of the table but for seconds.
func differences(want, got string) (differ []string, err error) {
	names, err := checkpoints(want)
	if err != nil {
		return nil, err
	}
	others, err := checkpoints(got)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(names, others) {
		return []string{fmt.Sprintf("there are %v, not %v", others, names)}, nil
	}
	for _, name := range names {
		a, err := safetensors.Read(filepath.Join(want, "models", name))
		if err != nil {
			return nil, err
		}
		b, err := safetensors.Read(filepath.Join(got, "models", name))
		if err != nil {
			return nil, err
		}
		for _, d := range differing(a, b) {
			differ = append(differ, name+": "+d)
		}
	}
	a, err := lines(want)
	if err != nil {
		return nil, err
	}
	b, err := lines(got)
	if !slices.Equal(a, b) {
		differ = append(differ, "log.csv")
	}
	return differ, err
}

// checkpoints lists those of a training, without the ones of before.
func checkpoints(dir string) (names []string, err error) {
	entries, err := os.ReadDir(filepath.Join(dir, "models"))
	for _, e := range entries {
		if !strings.Contains(e.Name(), ".prev") {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// differing tells which tensors of two files differ, and whether what they hold besides does.
func differing(a, b *safetensors.File) (differ []string) {
	if len(a.Tensors) != len(b.Tensors) {
		return []string{fmt.Sprintf("%d tensors, not %d", len(b.Tensors), len(a.Tensors))}
	}
	for i, x := range a.Tensors {
		if y := b.Tensors[i]; x.Name != y.Name || !slices.Equal(x.Shape, y.Shape) || !bytes.Equal(x.Data, y.Data) {
			differ = append(differ, x.Name)
		}
	}
	if x, y := timeless(a), timeless(b); x != y {
		differ = append(differ, "history and state")
	}
	return differ
}

// timeless is the state in a checkpoint without the time at which it was saved and what epochs took.
func timeless(f *safetensors.File) string {
	var state map[string]any
	if err := json.Unmarshal([]byte(f.Metadata["fastnb"]), &state); err != nil {
		return err.Error()
	}
	delete(state, "saved")
	if recorder, ok := state["recorder"].(map[string]any); ok {
		epochs, _ := recorder["epochs"].([]any)
		for _, e := range epochs {
			if e, ok := e.(map[string]any); ok {
				delete(e, "seconds")
			}
		}
	}
	text, err := json.Marshal(state)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// lines returns the table's lines without their last column, the seconds.
func lines(dir string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "log.csv"))
	var all []string
	for line := range strings.Lines(string(text)) {
		all = append(all, line[:max(strings.LastIndex(line, ","), 0)])
	}
	return all, err
}
