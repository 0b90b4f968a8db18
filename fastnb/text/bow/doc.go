// Package bow classifies documents by which words they have, whatever their order: bags of words and of short runs of
// words, naive Bayes, linear models, and NB-SVM, the two in one (Wang, Manning 2012,
// https://aclanthology.org/P12-2018). It is the baseline for what a language model learns: sparse, on the CPU, in
// seconds.
//
//	m, err := bow.Train(train, labels, bow.NGrams(3), bow.MaxTerms(800_000))
//	accuracy, err := m.Accuracy(test, testLabels)
//	top, err := m.Top(1, 10)
//	for _, t := range top {
//		fmt.Println(vocab.Decode(t.Codes), t.Weight)
//	}
//
// Documents are lists of codes: a text.Corpus is such [Docs], and [Words] gives codes to the tokens of any tokenizer.
// Train is made of steps that may be called one by one: [FindTerms], [Terms.Matrix], [LogCountRatio], [Linear].
//
// The solver is written here, after liblinear's papers, because the Go bindings of liblinear need its C library, and a
// sparse matrix of ten million entries is the one thing that gonum's dense ones can't hold.
package bow
