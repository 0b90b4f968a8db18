package modelfile

import (
	"fmt"
	"image"

	"github.com/fastnb/fastnb/fastnb/collab"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/serve"
	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/fastnb/fastnb/fastnb/text/subword"
	"github.com/fastnb/fastnb/fastnb/vision"
)

// Options of Open.
type Options struct {
	BatchSize int    // of images and texts; 0 is that of the file
	Tokenizer string // file of a WordPiece vocabulary, for a model of texts that wants it; else empty
}

// Model is a saved model that predicts. One of the learners is there, by its Kind.
type Model struct {
	*Card
	Images  *vision.Learner
	Texts   *text.Classifier
	Table   *tabular.Learner
	Ratings *collab.Learner
}

// Open opens the model of a file with an engine.
func Open(path string, opts Options) (*Model, error) {
	card, err := Read(path)
	if err != nil {
		return nil, err
	}
	if err := card.Whole(); err != nil {
		return nil, err
	}
	if opts.Tokenizer != "" && card.Kind != Texts {
		return nil, fmt.Errorf("-tokenizer is for models of texts, %s is of %s; leave it out", path, card.Kind)
	}
	m := &Model{Card: card}
	switch card.Kind {
	case Images:
		if card.Image.Net == nil {
			return nil, fmt.Errorf("%s can't be opened: %s", path, noNet)
		}
		m.Images, err = vision.Open(path, opts.images()...)
	case Texts:
		err = m.openTexts(opts)
	case Table:
		m.Table, err = tabular.Open(path)
	case Ratings:
		m.Ratings, err = collab.Open(path)
	case Words:
		return nil, fmt.Errorf("%s is a language model, which predicts words and no classes; "+
			"open it in a program, by text.OpenLanguageModel", path)
	default:
		return nil, fmt.Errorf("%s is of a learner made by fastnb.New, whose net no file holds; "+
			"make the learner in a program and load it there, by LoadFile; package serve serves it", path)
	}
	return m, err
}

func (o Options) images() (opts []vision.OpenOption) {
	if o.BatchSize != 0 {
		opts = append(opts, vision.BatchSize(o.BatchSize))
	}
	return opts
}

func (m *Model) openTexts(o Options) error {
	var opts []text.OpenOption
	if o.BatchSize != 0 {
		opts = append(opts, text.BatchSize(o.BatchSize))
	}
	if o.Tokenizer != "" {
		tok, err := subword.Open(pretrained.File(o.Tokenizer))
		if err != nil {
			return err
		}
		opts = append(opts, text.WithTokenizer(tok))
	}
	var err error
	m.Texts, err = text.OpenClassifier(m.File, opts...)
	return err
}

// Server returns what package serve asks for predictions.
func (m *Model) Server() serve.Model {
	var of serve.Model
	switch m.Kind {
	case Images:
		of = serve.Images(m.Images, vision.ImageSize, m.Image.Targets...)
	case Texts:
		of = serve.Texts(m.Texts)
	case Table:
		of = serve.Rows(m.Table, m.Card.Table.columns(), m.Card.Table.Target...)
	default:
		of = serve.Users(m.Ratings)
	}
	if m.SeveralLabels() {
		return serve.Labels(of)
	}
	return of
}

// SeveralLabels tells whether the model predicts labels, of which any number may hold.
func (c *Card) SeveralLabels() bool {
	return c.Kind == Images && c.Image.Task == "labels" || c.Kind == Table && c.Table.Task == "labels"
}

// columns are those of a row.
func (r *TableRecord) columns() (all []serve.Column) {
	for _, c := range r.Categories {
		column := serve.Column{Name: c.Column, Kind: c.Kind, Values: c.Values}
		if len(c.Values) > 0 {
			column.Usual = "such as " + c.Values[0]
		}
		all = append(all, column)
	}
	for _, n := range r.Numbers {
		all = append(all, serve.Column{Name: n.Column, Kind: "number", Usual: fmt.Sprintf("about %.4g", n.Mean)})
	}
	return all
}

// Warm predicts something in batches of 1, 2, 4, ... images, so that none is compiled when requests wait. Other models
// compile when the first request comes.
func (m *Model) Warm(batchSize int) error {
	if m.Kind != Images {
		return nil
	}
	size := m.Images.Data().Size()
	blank := image.NewNRGBA(image.Rect(0, 0, size, size))
	for n := 1; ; n = min(2*n, batchSize) {
		squares := make([]*image.NRGBA, n)
		for i := range squares {
			squares[i] = blank
		}
		if _, err := m.Images.PredictSquares(squares...); err != nil {
			return err
		}
		if n == batchSize {
			return nil
		}
	}
}
