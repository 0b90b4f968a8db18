package text

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text/arch"
	"github.com/fastnb/fastnb/internal/verb"
)

var (
	_ fastnb.FittedChecker = (*LMData)(nil)
	_ fastnb.FittedChecker = (*ClassData)(nil)
)

// belongings are what of the data belongs to a model and travels with it: every checkpoint has them. Words, tokenizer
// and MaxLen of other data must be the same; the rest is for those who open a model without its data. Those of earlier
// versions were the words alone, or all down to MaxLen.
type belongings struct {
	Words     []string `json:"words"`
	Encoder   bool     `json:"encoder,omitempty"` // see EncoderVocab
	Tokenizer string   `json:"tokenizer,omitempty"`
	MaxLen    int      `json:"max_len,omitempty"` // of a classifier

	Classes   []string  `json:"classes,omitempty"`
	BatchSize int       `json:"batch_size,omitempty"`
	BPTT      int       `json:"bptt,omitempty"`
	Lengths   []int     `json:"lengths,omitempty"` // to which documents are padded
	Net       *savedNet `json:"net,omitempty"`     // of the learner that has the data
}

// savedNet is a net as numbers: one of the three kinds.
type savedNet struct {
	AWD    *arch.AWDLSTM `json:"awd_lstm,omitempty"`
	BERT   *arch.BERT    `json:"bert,omitempty"`
	Own    string        `json:"own,omitempty"`    // the name of a net of one's own, of which there is no more
	Layers []int         `json:"layers,omitempty"` // of a classifier's head
	Ps     []float64     `json:"ps,omitempty"`
	AR     float64       `json:"ar,omitempty"`
	TAR    float64       `json:"tar,omitempty"`
}

// Fitted returns what belongs to the model, as JSON: vocabulary and tokenizer, and of a learner's data the net's sizes.
// Every checkpoint keeps it.
func (d *LMData) Fitted() (string, error) { return d.belongings().fitted() }

// CheckFitted tells how what belongs to a checkpoint or to other data differs: codes would stand for other words.
func (d *LMData) CheckFitted(fitted string) error { return d.belongings().check(fitted) }

func (d *LMData) belongings() belongings { return d.conf.belongings() }

// withNet returns the same data as those of a learner of that net.
func (d *LMData) withNet(net *savedNet) *LMData {
	other := *d
	other.conf.net = net
	return &other
}

// Fitted returns what belongs to the model, as JSON: vocabulary, tokenizer, MaxLen and classes, and of a learner's data
// the net's sizes. Every checkpoint keeps it.
func (d *ClassData) Fitted() (string, error) { return d.belongings().fitted() }

// CheckFitted tells how what belongs to a checkpoint or to other data differs: codes would stand for other words.
func (d *ClassData) CheckFitted(fitted string) error { return d.belongings().check(fitted) }

func (d *ClassData) belongings() belongings {
	b := d.conf.belongings()
	b.MaxLen, b.Classes, b.Lengths = d.conf.maxLen, d.Classes(), d.lengths
	return b
}

// withNet returns the same data as those of a learner of that net.
func (d *ClassData) withNet(net *savedNet) *ClassData {
	other := *d
	other.conf.net = net
	return &other
}

func (c dataConfig) belongings() belongings {
	return belongings{
		Words: c.vocab.words, Encoder: c.vocab.encoder, Tokenizer: c.tok.Name(),
		BatchSize: c.batchSize, BPTT: c.bptt, Net: c.net,
	}
}

func (b belongings) fitted() (string, error) {
	text, err := json.Marshal(b)
	return string(text), err
}

// readBelongings reads a text of Fitted.
func readBelongings(fitted string) (b belongings, err error) {
	into := any(&b)
	if strings.HasPrefix(fitted, "[") {
		into = &b.Words
	}
	if err := json.Unmarshal([]byte(fitted), into); err != nil || b.Words == nil {
		return b, errors.New("what it fitted is no vocabulary")
	}
	return b, nil
}

// check compares with a text of Fitted.
func (b belongings) check(fitted string) error {
	if own, err := b.fitted(); err != nil || own == fitted {
		return err
	}
	other, err := readBelongings(fitted)
	if err != nil {
		return err
	}
	if other.Tokenizer == "" {
		other.Encoder = b.Encoder // which the words alone do not tell
	}
	return b.differs(other)
}

// differs says how the belongings of something else are others.
func (b belongings) differs(other belongings) error {
	switch {
	case other.Encoder != b.Encoder:
		return errors.New("one vocabulary is that of a pretrained encoder, the other is none; make the data WithVocab, " +
			"of what the model has learned")
	case other.Tokenizer != "" && b.Tokenizer != "" && other.Tokenizer != b.Tokenizer:
		return fmt.Errorf("tokenizer %q, that of the learner's data is %q; make the data WithTokenizer, of what the model "+
			"has learned", other.Tokenizer, b.Tokenizer)
	case other.MaxLen != 0 && b.MaxLen != 0 && other.MaxLen != b.MaxLen:
		return fmt.Errorf("MaxLen(%d), the learner's data have MaxLen(%d); give the data the one that the model has "+
			"learned with", other.MaxLen, b.MaxLen)
	}
	return otherWords(b.Words, other.Words)
}

// otherWords says where words are not those of the learner's vocabulary.
func otherWords(own, words []string) error {
	const fix = "make the data WithVocab, of what the model has learned"
	if len(words) != len(own) {
		return fmt.Errorf("a vocabulary of %d words, that of the learner's data has %d: another vocabulary; %s",
			len(words), len(own), fix)
	}
	for code, w := range words {
		if w != own[code] {
			return fmt.Errorf("another vocabulary, in which word %d is %q, in that of the learner's data %q; %s",
				code, w, own[code], fix)
		}
	}
	return nil
}

// checkSame tells how what belongs to other data is not the model's.
func checkSame(own fastnb.FittedChecker, data fastnb.Data) error {
	d, ok := data.(fastnb.Fitted)
	if !ok {
		return nil
	}
	fitted, err := d.Fitted()
	if err != nil {
		return err
	}
	return own.CheckFitted(fitted)
}

// PredictOn is that of [fastnb.Learner], for text of the same vocabulary and tokenizer.
func (l *LanguageModel) PredictOn(data fastnb.Data, s fastnb.Split) (preds *fastnb.Preds, err error) {
	defer verb.Name(&err, "text: PredictOn")
	if err := checkSame(l.data, data); err != nil {
		return nil, err
	}
	return l.Learner.PredictOn(data, s)
}

// PredictOn is that of [fastnb.Learner], for documents of the same vocabulary, tokenizer, MaxLen and classes.
func (l *Classifier) PredictOn(data fastnb.Data, s fastnb.Split) (preds *fastnb.Preds, err error) {
	defer verb.Name(&err, "text: PredictOn")
	if err := checkSame(l.data, data); err != nil {
		return nil, err
	}
	return l.Learner.PredictOn(data, s)
}
