// Package text turns texts into numbers, teaches a language model to tell the next word, and with what that has learned
// of the language a classifier to tell the class of a document (ULMFiT: Howard, Ruder 2018,
// https://arxiv.org/abs/1801.06146).
//
//	reviews, err := text.FromFolders(path, text.In("train/unsup"), text.ValidShare(.1))
//	data, err := text.ForLanguageModel(reviews)
//	learn, err := text.NewLanguageModel(data)
//	err = learn.FitOneCycle(fastnb.LR(5e-3), 10, fastnb.Moms(.8, .7, .8), fastnb.WD(.1))
//	err = learn.SaveEncoder("english")
//
//	labelled, err := text.FromFolders(path, text.TrainIn("train"), text.ValidIn("test"), text.ClassFolders("neg", "pos"))
//	documents, err := text.ForClassifier(labelled, text.WithVocab(data.Vocab()))
//	judge, err := text.NewClassifier(documents)
//	err = judge.LoadEncoder("english")
//	judge.FreezeTo(-1)
//	err = judge.FitOneCycle(fastnb.LR(2e-2), 1)
//
// [NewNet] makes a language model of a net of one's own, [NewTransformer] a classifier of a pretrained Transformer.
// What was saved is opened elsewhere from its file alone, by [OpenClassifier] and [OpenLanguageModel]:
//
//	err = judge.Save("judge")
//	opened, err := text.OpenClassifier(filepath.Join(documents.Dir(), "models", "judge.safetensors"))
//	preds, err := opened.PredictTexts("What a film!")
//
// A [Docs] is a collection of documents in splits, from folders ([FromFolders]), a CSV file ([FromCSV]) or memory
// ([FromTexts]); texts are read when they are asked for. A [Tokenizer] cuts a document into tokens: [English] by the
// rules of fastai v2 around a word tokenizer like spaCy's, [Characters] into single characters. A [Vocab] gives every
// token a number. A [Corpus] is a split in numbers, in a memory-mapped file that is made once:
//
//	docs, err := text.FromFolders(path, text.In("train"), text.ValidShare(.1))
//	vocab, err := docs.Vocab(text.English)
//	corpus, err := docs.Corpus(fastnb.Train, text.English, vocab)
//	corpus.Doc(0) // []int32
package text
