package text

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/fastnb/fastnb/fastnb/text/arch"
	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/gomlx/core/tensors"
)

// Under these keys an encoder's file has its vocabulary, the name of the tokenizer, and a checksum of those and of the
// tensors.
const (
	wordsKey     = "words"
	tokenizerKey = "tokenizer"
	sumKey       = "sha256"
)

// SaveEncoder writes the encoder, the net without its decoder, together with the vocabulary and the tokenizer's name,
// for a classifier to begin with: the file models/NAME.encoder below the data's Dir, whole or not at all.
func (l *LanguageModel) SaveEncoder(name string) (err error) {
	defer verb.Name(&err, "text: SaveEncoder")
	path, err := encoderPath(l.data.Dir(), name)
	if err != nil {
		return err
	}
	if l.awd.Layers == 0 {
		return errOwnNet
	}
	if err := l.Open(); err != nil {
		return err
	}
	words, err := json.Marshal(l.data.Vocab().Words())
	if err != nil {
		return err
	}
	f := &safetensors.File{Metadata: map[string]string{
		wordsKey: string(words), tokenizerKey: l.data.Tokenizer().Name(),
	}}
	for v := range l.Store().IterVariables() {
		if !strings.HasPrefix(v.Path(), arch.EncoderScope+"/") {
			continue
		}
		t, err := v.Value()
		if err != nil {
			return err
		}
		data, err := tensors.CopyFlatData[float32](t)
		if err != nil {
			return err
		}
		f.Tensors = append(f.Tensors, safetensors.FromFloat32(v.Path(), t.Shape().Dimensions, data))
	}
	f.Metadata[sumKey] = f.Checksum(f.Metadata[wordsKey] + f.Metadata[tokenizerKey])
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return safetensors.WriteFile(path, f)
}

// errOwnNet is of nets that are no AWD-LSTM.
var errOwnNet = errors.New("a net of one's own or a transformer has no encoder that is known; Save keeps it whole")

func encoderPath(dir, name string) (string, error) {
	if name == "" || name != filepath.Base(name) || strings.HasPrefix(name, ".") {
		return "", fmt.Errorf("%q is no name for an encoder; use letters and digits, no path", name)
	}
	return filepath.Join(dir, "models", name+".encoder"), nil
}

// encoderWeights are the weights of an encoder and the words that they are of.
type encoderWeights struct {
	words     []string
	tokenizer string // "" where it is not known
	weights   map[string]pretrained.Tensor
}

// readEncoder reads what SaveEncoder wrote.
func readEncoder(path string) (encoderWeights, error) {
	f, err := safetensors.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return encoderWeights{}, fmt.Errorf("%s: %w (a language model's SaveEncoder writes it)", path, fastnb.ErrNoCheckpoint)
	}
	if err != nil {
		return encoderWeights{}, fmt.Errorf("%s: %w: %w", path, fastnb.ErrBadCheckpoint, err)
	}
	e := encoderWeights{tokenizer: f.Metadata[tokenizerKey], weights: map[string]pretrained.Tensor{}}
	if err := json.Unmarshal([]byte(f.Metadata[wordsKey]), &e.words); err != nil || len(e.words) == 0 {
		return e, fmt.Errorf("%s: %w: it has no vocabulary, so it is no file of SaveEncoder", path, fastnb.ErrBadCheckpoint)
	}
	if sum := f.Metadata[sumKey]; sum != "" && sum != f.Checksum(f.Metadata[wordsKey]+f.Metadata[tokenizerKey]) {
		return e, fmt.Errorf("%s: %w: it is damaged; save the encoder anew", path, fastnb.ErrBadCheckpoint)
	}
	for _, t := range f.Tensors {
		data, err := t.Float32()
		if err != nil {
			return e, fmt.Errorf("%s: %w: %w", path, fastnb.ErrBadCheckpoint, err)
		}
		e.weights[t.Name] = pretrained.Tensor{Shape: t.Shape, Data: data}
	}
	return e, nil
}

// readPretrained reads weights and vocabulary that fastai saved.
func readPretrained(weights, vocab pretrained.Source) (encoderWeights, error) {
	_, named, err := arch.ReadAWDLSTM(weights)
	if err != nil {
		return encoderWeights{}, err
	}
	path, err := vocab.Fetch(context.Background())
	if err != nil {
		return encoderWeights{}, err
	}
	words, err := pretrained.ReadStrings(path)
	return encoderWeights{words: words, weights: named}, err
}

// into sets the variables of a learner, the rows of words after its vocabulary. All of the encoder must be there, in
// the net's sizes; nothing is changed before that is known. It returns how many of the words were found.
func (e encoderWeights) into(l *fastnb.Learner, net arch.AWDLSTM, data dataConfig) (found int, err error) {
	if net.Layers == 0 {
		return 0, errOwnNet
	}
	if err := e.fits(net); err != nil {
		return 0, err
	}
	if err := e.knows(data); err != nil {
		return 0, err
	}
	weights, found, err := arch.MatchWords(e.weights, e.words, data.vocab.Words())
	if err != nil {
		return 0, err
	}
	if err := l.Open(); err != nil {
		return 0, err
	}
	for path, t := range weights {
		v := l.Store().GetVariable(path)
		if v == nil {
			continue // a classifier has no decoder
		}
		if err := v.SetValue(tensors.FromFlatDataAndDimensions(t.Data, t.Shape...)); err != nil {
			return 0, err
		}
	}
	return found, nil
}

// knows tells that the data are cut into other tokens than those that the encoder has learned.
func (e encoderWeights) knows(data dataConfig) error {
	if own := data.tok.Name(); e.tokenizer != "" && e.tokenizer != own {
		return fmt.Errorf("%w: it has learned tokens of %q, the data's tokenizer is %q; make the data WithTokenizer, "+
			"of what it has learned", fastnb.ErrBadCheckpoint, e.tokenizer, own)
	}
	known := map[string]bool{}
	for _, w := range e.words {
		known[w] = true
	}
	first, n := "", 0
	for _, w := range data.vocab.Words() {
		if w == Fake || slices.Contains(Specials(), w) {
			continue
		}
		if n++; known[w] {
			return nil
		}
		first = cmp.Or(first, w)
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%w: it knows none of the data's %d words, such as %q: are they of another language, or cut by "+
		"another tokenizer?", fastnb.ErrBadCheckpoint, n, first)
}

// fits tells which weights are missing, of another size or of no layer of the net.
func (e encoderWeights) fits(net arch.AWDLSTM) error {
	if rows := e.weights[arch.EmbeddingPath].Shape; len(rows) == 2 && rows[0] != len(e.words) {
		return fmt.Errorf("%w: the embeddings are of %d words, the vocabulary has %d; take the vocabulary that belongs to "+
			"the weights", fastnb.ErrBadCheckpoint, rows[0], len(e.words))
	}
	net.Vocab = len(e.words)
	var wrong []string
	shapes := net.Shapes(false)
	for path, t := range e.weights {
		if _, ok := shapes[path]; !ok && strings.HasPrefix(path, arch.EncoderScope+"/") {
			wrong = append(wrong, fmt.Sprintf("%s is %v (want none)", path, t.Shape))
		}
	}
	for path, want := range shapes {
		if t, ok := e.weights[path]; !ok {
			wrong = append(wrong, path+" is missing")
		} else if fmt.Sprint(t.Shape) != fmt.Sprint(want) {
			wrong = append(wrong, fmt.Sprintf("%s is %v (want %v)", path, t.Shape, want))
		}
	}
	if wrong != nil {
		return fmt.Errorf("%w: %s; give the learner the LSTM that the encoder has", fastnb.ErrBadCheckpoint,
			strings.Join(slices.Sorted(slices.Values(wrong)), ", "))
	}
	return nil
}

// LoadEncoder sets the encoder to what SaveEncoder wrote under the data's Dir. Words are found by themselves, so the
// vocabularies may differ; a word that the encoder doesn't know gets the mean of all. The tokenizer must be the same.
// The error wraps fastnb.ErrNoCheckpoint or fastnb.ErrBadCheckpoint, and then nothing has changed.
func (l *LanguageModel) LoadEncoder(name string) error {
	return loadEncoder(l.Learner, l.awd, l.data.conf, name)
}

// LoadEncoderFile is LoadEncoder of a file that lies elsewhere.
func (l *LanguageModel) LoadEncoderFile(path string) error {
	return loadEncoderFile(l.Learner, l.awd, l.data.conf, path)
}

func loadEncoder(l *fastnb.Learner, net arch.AWDLSTM, data dataConfig, name string) (err error) {
	defer verb.Name(&err, "text: LoadEncoder")
	path, err := encoderPath(l.Data().Dir(), name)
	if err != nil {
		return err
	}
	return loadEncoderFile(l, net, data, path)
}

func loadEncoderFile(l *fastnb.Learner, net arch.AWDLSTM, data dataConfig, path string) (err error) {
	defer verb.Name(&err, "text: LoadEncoderFile")
	e, err := readEncoder(path)
	if err == nil {
		_, err = e.into(l, net, data)
	}
	return err
}

// WT103 is fastai's AWD-LSTM that has read Wikipedia (wikitext-103, 103 million words): lstm_fwd.pth and itos_wt103.pkl
// of its archive wt103-fwd.tgz, which is at s3.amazonaws.com/fast-ai-modelzoo. Unpack it into a folder.
func WT103(dir string) (weights, vocab pretrained.Source) {
	return pretrained.File(filepath.Join(dir, "lstm_fwd.pth")), pretrained.File(filepath.Join(dir, "itos_wt103.pkl"))
}

// LoadPretrained sets the net to a language model that fastai trained, of version 2, 1 or 0.7: weights as torch.save
// wrote them and the vocabulary, a pickled list of words. A word that it doesn't know gets the mean of all. It returns
// how many of the words were found. The net must have the file's sizes, see LSTM.
func (l *LanguageModel) LoadPretrained(weights, vocab pretrained.Source) (found int, err error) {
	defer verb.Name(&err, "text: LoadPretrained")
	e, err := readPretrained(weights, vocab)
	if err != nil {
		return 0, err
	}
	return e.into(l.Learner, l.awd, l.data.conf)
}
