package subword

// Option is an option of [Open].
type Option interface{ open(*WordPiece) }

type option func(*WordPiece)

func (o option) open(w *WordPiece) { o(w) }

// MaxTokens cuts every document off after so many tokens, [CLS] and [SEP] included; they stay the first and the last.
// Default 0: documents are whole. A BERT has 512 positions, and takes time with the square of the length.
func MaxTokens(n int) Option { return option(func(w *WordPiece) { w.max = n }) }

// Encoding is how the letters of a vocab.txt are written as bytes: "utf-8", the default, "latin-1", "windows-1252" or
// "utf-16". A byte order mark goes before it.
func Encoding(name string) Option { return option(func(w *WordPiece) { w.encoding = name }) }

// Cased keeps capitals and accents, of a vocab.txt that was made so. A tokenizer.json says by itself.
func Cased() Option { return option(func(w *WordPiece) { w.lower, w.strip = false, false }) }
