// Package modelfile tells of what kind a saved model is, reads its record, and opens it to predict.
package modelfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/fastnb/fastnb/internal/few"
)

// Kind is what a model predicts of.
type Kind string

const (
	Images  Kind = "images"
	Texts   Kind = "texts"
	Table   Kind = "table"
	Ratings Kind = "ratings"
	Words   Kind = "words" // a language model's
	Other   Kind = "other" // a learner of fastnb.New
)

// Card is the record of a saved model: what its file tells.
type Card struct {
	File       string    `json:"file"`
	Bytes      int64     `json:"bytes"`
	Checksum   string    `json:"checksum"` // "right", or what is wrong
	Kind       Kind      `json:"kind"`
	Net        string    `json:"net"`
	Parameters int       `json:"parameters"` // numbers that are trained, and the statistics of batch norms
	Optimizer  int       `json:"optimizer"`  // numbers that the optimizer keeps
	Classes    []string  `json:"classes"`    // nil for numbers
	Saved      time.Time `json:"saved"`
	Data       string    `json:"data"` // fingerprint of the training items

	Image  *ImageRecord  `json:"image,omitempty"`
	Text   *TextRecord   `json:"text,omitempty"`
	Table  *TableRecord  `json:"table,omitempty"`
	Rating *RatingRecord `json:"rating,omitempty"`

	Fit     fastnb.FitInfo `json:"fit,omitzero"` // what the last fit was asked for
	Metrics []string       `json:"metrics"`      // of Epochs
	Epochs  []fastnb.Epoch `json:"epochs"`       // of the last fit
}

// Read reads the record of a model, whose file is path, without an engine. A damaged file whose beginning is whole has
// a card too, whose Checksum tells.
func Read(path string) (*Card, error) {
	if err := checkPath(path); err != nil {
		return nil, err
	}
	f, err := safetensors.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s is no checkpoint of fastnb: %w (want the file that Save wrote, models/NAME%s)", path,
			unnamed(err), safetensors.Ext)
	}
	defer f.Close()
	if _, is := f.Metadata["fastnb"]; !is {
		return nil, fmt.Errorf("%s holds tensors, but no model: it is no checkpoint (want the file that Save wrote, "+
			"models/NAME%s)", path, safetensors.Ext)
	}
	run, err := fastnb.ReadRun(path)
	if err != nil {
		return nil, err
	}
	c := &Card{File: path, Net: run.Model, Classes: run.Classes, Saved: run.Saved, Data: run.Fingerprint}
	c.Fit, c.Metrics, c.Epochs = run.Recorder.Fit, run.Recorder.Metrics, run.Recorder.Epochs
	if err := c.count(f); err != nil {
		return nil, err
	}
	c.Bytes, c.Checksum = sizeOf(path), checksum(path)
	return c, c.recognise(f.Metadata)
}

// checkPath tells what is wrong with the name of a model's file.
func checkPath(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Stat(path + safetensors.Ext); err == nil {
			return fmt.Errorf("no file %s; do you mean %s%s?", path, path, safetensors.Ext)
		}
		return fmt.Errorf("no file %s%s", path, there(filepath.Dir(path)))
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("%s is a folder%s", path, there(path))
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is no regular file (want a checkpoint, models/NAME%s)", path, safetensors.Ext)
	}
	return nil
}

// there lists the checkpoints in and below a folder.
func there(dir string) string {
	files, _ := filepath.Glob(filepath.Join(dir, "*"+safetensors.Ext))
	more, _ := filepath.Glob(filepath.Join(dir, "models", "*"+safetensors.Ext))
	if files = append(files, more...); len(files) == 0 {
		return fmt.Sprintf(" (want the file of a checkpoint, models/NAME%s, that Save wrote)", safetensors.Ext)
	}
	return " (there are " + few.Strings(files, 8, ", ") + ")"
}

// unnamed drops the path that an error of package safetensors begins with.
func unnamed(err error) error {
	_, text, ok := strings.Cut(err.Error(), safetensors.Ext+": ")
	if !ok {
		return err
	}
	return errors.New(text)
}

// count adds up the numbers in a file, by its header alone.
func (c *Card) count(r *safetensors.Reader) error {
	f, err := r.Map()
	if err != nil {
		return err
	}
	for _, t := range f.Tensors {
		n := 1
		for _, d := range t.Shape {
			n *= d
		}
		switch {
		case strings.HasPrefix(t.Name, "/optim/"):
			c.Optimizer += n
		case t.Name != "/fastnb/recorder" && !nn.IsState(t.Name):
			c.Parameters += n
		}
	}
	return nil
}

func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// right is the checksum of a file that is whole.
const right = "right"

// checksum reads the whole file and tells whether it is what was written.
func checksum(path string) string {
	_, err := fastnb.ReadMetadata(path)
	if err == nil {
		return right
	}
	_, text, _ := strings.Cut(err.Error(), fastnb.ErrBadCheckpoint.Error()+": ")
	return "wrong: " + text
}

// Whole is an error where the file is not what was written.
func (c *Card) Whole() error {
	if c.Checksum == right {
		return nil
	}
	const prev = ".prev" + safetensors.Ext
	before := strings.TrimSuffix(c.File, safetensors.Ext) + prev
	if _, err := os.Stat(before); err == nil && !strings.HasSuffix(c.File, prev) {
		return fmt.Errorf("%s is damaged; the one that was saved before it is %s", c.File, before)
	}
	return fmt.Errorf("%s is damaged; copy it again, or save the model again", c.File)
}
