package main

import (
	"encoding/binary"
	"errors"
	"path/filepath"

	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/fastnb/fastnb/internal/atomicfile"
)

// reviews are the documents of one run: for the language model, whether they have labels or not, and with labels for
// the classifier, whose valid documents are IMDB's test set.
type reviews struct {
	unlabelled, labelled *text.Docs
	tests                *text.Docs // what is graded in the end, if that is not the valid documents of labelled
	vocab                *text.Vocab
}

// counts is how many documents a run takes; of documents 0 is all.
type counts struct {
	lmTrain, lmValid, train, valid, words, maxLen int
	allTests                                      bool    // grade all of IMDB's tests in the end, and valid of them along the way
	allTexts                                      bool    // the language model reads the labelled reviews and the tests, too
	lmShare                                       float64 // of the language model's documents, to validate it
}

// small is what testdata/fastai_imdb_lm.py and fastai_imdb_classifier.py were run on.
var small = counts{lmShare: .2, lmTrain: 1000, lmValid: 200, train: 600, valid: 1000, words: 6000, maxLen: 240}

// read opens the documents; work is where caches and models go.
func read(work string, n counts) (r reviews, err error) {
	unsup, err := datasets.Fetch("aclImdb_unsup")
	if err != nil {
		return r, err
	}
	imdb, err := datasets.Fetch("aclImdb")
	if err != nil {
		return r, err
	}
	lmDir, classDir := text.WorkDir(filepath.Join(work, "lm")), text.WorkDir(filepath.Join(work, "class"))
	root, folders := n.toRead(unsup, imdb)
	r.unlabelled, err = text.FromFolders(root, folders, text.ValidShare(n.lmShare), text.Sample(n.lmTrain),
		text.SampleValid(n.lmValid), lmDir)
	if err != nil {
		return r, err
	}
	labelled := []text.DocsOption{text.TrainIn("train"), text.ValidIn("test"), text.ClassFolders("neg", "pos"),
		text.Sample(n.train), classDir}
	if r.labelled, err = text.FromFolders(imdb, append(labelled, text.SampleValid(n.valid))...); err != nil {
		return r, err
	}
	if n.allTests {
		if r.tests, err = text.FromFolders(imdb, labelled...); err != nil {
			return r, err
		}
	}
	r.vocab, err = r.unlabelled.Vocab(text.English, text.MaxVocab(n.words))
	return r, err
}

// toRead returns where the language model's texts are, from the folders of both datasets, which lie beside each other.
func (n counts) toRead(unsup, imdb string) (root string, folders text.DocsOption) {
	if !n.allTexts {
		return unsup, text.In("train/unsup")
	}
	u, l := filepath.Base(unsup), filepath.Base(imdb) // in l there may be a train/unsup, too
	return filepath.Dir(imdb), text.In(u+"/train/unsup", l+"/train/neg", l+"/train/pos", l+"/test/neg", l+"/test/pos")
}

// write leaves both splits of both kinds of documents as codes, for the scripts of fastai: NAME.i32, and where each
// document begins, NAME.off, and its class, NAME.lab. Documents with labels are cut to their last maxLen tokens, as a
// classifier's MaxLen does.
func (r reviews) write(dir string) error {
	return errors.Join(
		r.writeSplit(r.unlabelled, fastnb.Train, filepath.Join(dir, "lm_train")),
		r.writeSplit(r.unlabelled, fastnb.Valid, filepath.Join(dir, "lm_valid")),
		r.writeSplit(r.labelled, fastnb.Train, filepath.Join(dir, "clas_train")),
		r.writeSplit(r.labelled, fastnb.Valid, filepath.Join(dir, "clas_valid")))
}

func (r reviews) writeSplit(d *text.Docs, s fastnb.Split, path string) error {
	c, err := d.Corpus(s, text.English, r.vocab)
	if err != nil {
		return err
	}
	starts, codes, labels := []int64{0}, []int32{}, []int32{}
	for i := range c.Len() {
		doc := c.Doc(i)
		if len(d.Classes()) > 1 {
			doc = doc[max(0, len(doc)-small.maxLen):]
		}
		codes = append(codes, doc...)
		starts = append(starts, int64(len(codes)))
	}
	for _, class := range d.Labels(s) {
		labels = append(labels, int32(class))
	}
	return errors.Join(writeNumbers(path+".i32", codes), writeNumbers(path+".off", starts),
		writeNumbers(path+".lab", labels))
}

func writeNumbers(path string, numbers any) error {
	f, err := atomicfile.Create(path, 0o644)
	if err != nil {
		return err
	}
	defer f.Discard()
	if err := binary.Write(f, binary.LittleEndian, numbers); err != nil {
		return err
	}
	return f.Commit()
}
