package text

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/fastnb/fastnb/fastnb"
)

var (
	_ fastnb.FittedChecker = (*LMData)(nil)
	_ fastnb.FittedChecker = (*ClassData)(nil)
)

// Fitted returns the vocabulary, a JSON array of words; every checkpoint keeps it.
func (d *LMData) Fitted() (string, error) { return d.conf.vocab.fitted() }

// CheckFitted tells how a checkpoint's vocabulary is another one: its codes would stand for other words.
func (d *LMData) CheckFitted(fitted string) error { return d.conf.vocab.checkFitted(fitted) }

// Fitted returns the vocabulary, a JSON array of words; every checkpoint keeps it.
func (d *ClassData) Fitted() (string, error) { return d.conf.vocab.fitted() }

// CheckFitted tells how a checkpoint's vocabulary is another one: its codes would stand for other words.
func (d *ClassData) CheckFitted(fitted string) error { return d.conf.vocab.checkFitted(fitted) }

func (v *Vocab) fitted() (string, error) {
	text, err := json.Marshal(v.words)
	return string(text), err
}

func (v *Vocab) checkFitted(fitted string) error {
	if own, err := v.fitted(); err != nil || own == fitted {
		return err
	}
	var words []string
	if err := json.Unmarshal([]byte(fitted), &words); err != nil {
		return errors.New("what it fitted is no vocabulary")
	}
	return v.other(words)
}

// other says where words are not those of the vocabulary.
func (v *Vocab) other(words []string) error {
	const fix = "make the data WithVocab, of what the model has learned"
	if len(words) != len(v.words) {
		return fmt.Errorf("a vocabulary of %d words, that of the learner's data has %d; %s", len(words), len(v.words), fix)
	}
	for code, w := range words {
		if w != v.words[code] {
			return fmt.Errorf("another vocabulary, in which word %d is %q, in that of the learner's data %q; %s", code, w, v.words[code], fix)
		}
	}
	return nil
}

// checkSame tells that the vocabulary of data which is to take the place of a learner's is another one.
func (v *Vocab) checkSame(other *Vocab) error {
	if !bytes.Equal(v.sum(), other.sum()) {
		return errors.New("the data has another vocabulary; make it with WithVocab(learner's Text().Vocab())")
	}
	return nil
}

// sameWords tells how the vocabulary of data that is to be predicted is not the model's.
func sameWords(own *Vocab, data fastnb.Data) error {
	d, ok := data.(fastnb.Fitted)
	if !ok {
		return nil
	}
	fitted, err := d.Fitted()
	if err == nil {
		err = own.checkFitted(fitted)
	}
	if err != nil {
		return fmt.Errorf("text: PredictOn: %w", err)
	}
	return nil
}

// PredictOn is that of [fastnb.Learner], for text of the same vocabulary.
func (l *LanguageModel) PredictOn(data fastnb.Data, s fastnb.Split) (*fastnb.Preds, error) {
	if err := sameWords(l.data.Vocab(), data); err != nil {
		return nil, err
	}
	return l.Learner.PredictOn(data, s)
}

// PredictOn is that of [fastnb.Learner], for documents of the same vocabulary.
func (l *Classifier) PredictOn(data fastnb.Data, s fastnb.Split) (*fastnb.Preds, error) {
	if err := sameWords(l.data.Vocab(), data); err != nil {
		return nil, err
	}
	return l.Learner.PredictOn(data, s)
}
