package text

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/text/arch"
	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/gomlx/core/tensors"
)

// SetVectors sets the embeddings to vectors learned elsewhere, such as GloVe's, one for each word of the vocabulary
// in its order: package glove finds them. They must be as long as the net's embeddings, see LSTM.
func (l *LanguageModel) SetVectors(vectors [][]float32) (err error) {
	defer verb.Name(&err, "text: SetVectors")
	return setVectors(l.Learner, l.data.Vocab(), vectors)
}

// SetVectors is that of [LanguageModel].
func (l *Classifier) SetVectors(vectors [][]float32) (err error) {
	defer verb.Name(&err, "text: SetVectors")
	return setVectors(l.Learner, l.data.Vocab(), vectors)
}

func setVectors(l *fastnb.Learner, vocab *Vocab, vectors [][]float32) error {
	if err := l.Open(); err != nil {
		return err
	}
	v := l.Store().GetVariable(arch.EmbeddingPath)
	if v == nil {
		return errOwnNet
	}
	width := v.Shape().Dim(1)
	if len(vectors) != vocab.Len() {
		return fmt.Errorf("%d vectors for %d words (want one for each word of the vocabulary, in its order)",
			len(vectors), vocab.Len())
	}
	flat := make([]float32, 0, len(vectors)*width)
	for i, row := range vectors {
		if len(row) != width {
			return fmt.Errorf("the vector of %q has %d numbers, the net's embeddings %d; give the learner LSTM(3, ..., %d)",
				vocab.Word(int32(i)), len(row), width, len(row))
		}
		flat = append(flat, row...)
	}
	return v.SetValue(tensors.FromFlatDataAndDimensions(flat, len(vectors), width))
}

// Vectors returns what the net has learned of each word, [words][embedding], in the order of the vocabulary.
func (l *LanguageModel) Vectors() ([][]float64, error) { return wordVectors(l.Learner) }

// Vectors is that of [LanguageModel].
func (l *Classifier) Vectors() ([][]float64, error) { return wordVectors(l.Learner) }

func wordVectors(l *fastnb.Learner) (rows [][]float64, err error) {
	defer verb.Name(&err, "text: Vectors")
	if err := l.Open(); err != nil {
		return nil, err
	}
	if l.Store().GetVariable(arch.EmbeddingPath) == nil {
		return nil, errOwnNet
	}
	return nn.Vectors(l.Store(), arch.EncoderScope+"/embedding")
}
