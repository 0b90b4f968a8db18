// Package glove reads word vectors that were learned elsewhere, such as GloVe's (Pennington, Socher, Manning 2014,
// https://aclanthology.org/D14-1162), so that the embeddings of a net need not begin at random.
//
//	words, err := glove.Open(glove.Wiki100)
//	rows, found, err := words.Vectors(vocab.Words())
//	err = learn.SetVectors(rows)
package glove
