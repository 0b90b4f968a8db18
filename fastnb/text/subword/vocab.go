package subword

import "github.com/fastnb/fastnb/fastnb/text"

// A WordPiece is the tokenizer of documents for a text.NewTransformer.
var _ text.Tokenizer = (*WordPiece)(nil)

// Vocab returns the vocabulary as text.WithVocab takes it, the codes being the encoder's.
func (w *WordPiece) Vocab() (*text.Vocab, error) { return text.EncoderVocab(w.Words()) }
