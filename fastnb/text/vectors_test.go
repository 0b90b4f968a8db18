package text

import (
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
)

// Vectors are set as they come, one for each word; another number of them, or of their numbers, is an error that says so.
func TestSetVectors(t *testing.T) {
	docs, err := FromTexts([]string{"the cat sat on the mat and the cat sat on the hat"}, nil, WorkDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	data, err := ForLanguageModel(docs, BatchSize(2), BPTT(3), MinFreq(1), Jitter(false))
	if err != nil {
		t.Fatal(err)
	}
	learn, err := NewLanguageModel(data, LSTM(1, 4, 3), With(fastnb.WithProgress(nil)))
	if err != nil {
		t.Fatal(err)
	}
	want := make([][]float32, data.Vocab().Len())
	for i := range want {
		want[i] = []float32{float32(i), 1, -float32(i)}
	}
	if err := learn.SetVectors(want); err != nil {
		t.Fatal(err)
	}
	got, err := learn.Vectors()
	if err != nil || len(got) != len(want) || got[5][0] != 5 || got[5][2] != -5 {
		t.Errorf("vector 5 is %v, %v", got[5], err)
	}
	if err := learn.SetVectors(want[1:]); err == nil || !strings.Contains(err.Error(), "vectors for") {
		t.Errorf("one vector too few: %v", err)
	}
	want[4] = []float32{1}
	if err := learn.SetVectors(want); err == nil || !strings.Contains(err.Error(), "LSTM(3, ..., 1)") {
		t.Errorf("a short vector: %v", err)
	}
}
