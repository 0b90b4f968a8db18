// Package text turns texts into numbers that a model learns from.
//
// A [Docs] is a collection of documents in splits, from folders ([FromFolders]), a CSV file ([FromCSV]) or memory
// ([FromTexts]); texts are read when they are asked for. A [Tokenizer] cuts a document into tokens: [English] by the rules
// of fastai v2 around a word tokenizer like spaCy's, [Characters] into single characters. A [Vocab] gives every token a
// number. A [Corpus] is a split in numbers, in a memory-mapped file that is made once:
//
//	docs, err := text.FromFolders(path, text.In("train"), text.ValidShare(.1))
//	vocab, err := docs.Vocab(text.English)
//	corpus, err := docs.Corpus(fastnb.Train, text.English, vocab)
//	corpus.Doc(0) // []int32
package text
