package fastnb

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/safetensors"
)

// Whatever stands where kept predictions should: an error, or predictions whose methods all answer.
func FuzzPreds(f *testing.F) {
	for _, p := range []Preds{
		{Probs: [][]float32{{.25, .75}, {.5, .5}}, Labels: []int{1, 0}, Classes: []string{"a", "b"}, Names: []string{"x", "y"}},
		{Probs: [][]float32{{1}, {2}}, Targets: [][]float32{{1}, {3}}, Names: []string{"x", "y"}},
		{Kept: [][]float32{{1, 2}}, Names: []string{"x"}},
	} {
		text, err := json.Marshal(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"Probs":[[1,0],[1]],"Labels":[5,-1],"Classes":["a"]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var p Preds
		if json.Unmarshal(text, &p) != nil {
			return
		}
		if p.Accuracy(); p.Probs == nil {
			return // of a model that keeps something else
		}
		p.Confusion()
		p.Right()
		p.Wrong()
		p.Uncertain()
		p.Score(metric.LogLoss)
		p.Score(metric.RMSE)
		for _, item := range p.Submission(append(p.EveryProb(), ID("id"))...).Rows {
			_ = item
		}
		if again, err := json.Marshal(p); err != nil || json.Unmarshal(again, &Preds{}) != nil {
			t.Errorf("%s: can't be written again: %v", text, err)
		}
	})
}

// Whatever stands in a checkpoint's metadata, well signed: an error, or a state that can be told of.
func FuzzState(f *testing.F) {
	f.Add([]byte(`{"Model":"m","Recorder":{"Losses":[1,2],"LR":[0.1,0.1]},"Classes":["a"],"Variables":["/w"]}`), "w")
	f.Add([]byte(`{"Recorder":null}`), "history")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, state []byte, tensor string) {
		path := filepath.Join(dir, "models", "a"+checkpointExt)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		file := &safetensors.File{Metadata: map[string]string{stateKey: string(state)}, Tensors: []safetensors.Tensor{
			{Name: tensor, DType: "F32", Shape: []int{2}, Data: make([]byte, 8)}}}
		file.Metadata[safetensors.ChecksumKey] = file.Checksum(signed(file.Metadata))
		out, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer out.Close()
		if safetensors.Write(out, file) != nil {
			return
		}
		if c, err := readCheckpoint(path); err == nil {
			c.fitted()
		}
		if s, err := readState(path); err == nil && s == nil {
			t.Error("neither a state nor an error")
		}
	})
}
