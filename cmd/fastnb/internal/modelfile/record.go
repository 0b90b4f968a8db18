package modelfile

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/fastnb/fastnb/internal/imagerecord"
)

// ImageRecord is how a net of images wants them.
type ImageRecord struct {
	*imagerecord.Net            // nil where the file does not tell it
	Mean             [3]float32 `json:"mean"` // of red, green and blue, 0 to 255
	Std              [3]float32 `json:"std"`
	Task             string     `json:"task"`              // "class", "labels" or "numbers"
	Targets          []string   `json:"targets,omitempty"` // names of the numbers
}

// TextRecord is how a net of texts wants them.
type TextRecord struct {
	Vocabulary int    `json:"vocabulary"` // words
	Tokenizer  string `json:"tokenizer"`
	MaxLen     int    `json:"max_len,omitempty"` // tokens of a text that are read; of a classifier
	BatchSize  int    `json:"batch_size,omitempty"`
}

// TableRecord is what a net of a table sees and predicts.
type TableRecord struct {
	Target     []string   `json:"target"`
	Task       string     `json:"task"`          // "class", "labels" or "regression"
	Log        bool       `json:"log,omitempty"` // the net learns the logarithm
	Categories []Category `json:"categories"`
	Numbers    []Number   `json:"numbers"`
	Layers     []int      `json:"layers"`
	YRange     []float64  `json:"y_range,omitempty"`
}

// Category is a column of categories.
type Category struct {
	Column string   `json:"column"`
	Kind   string   `json:"kind"` // "text", "number" or "bool"
	Values []string `json:"values"`
}

// Number is a column of numbers.
type Number struct {
	Column string  `json:"column"`
	Median float64 `json:"median"` // taken where the value is missing
	Mean   float64 `json:"mean"`
	Std    float64 `json:"std"`
}

// RatingRecord is what a net of ratings knows.
type RatingRecord struct {
	User    string    `json:"user"` // columns
	Item    string    `json:"item"`
	Rating  string    `json:"rating"`
	Users   int       `json:"users"`
	Items   int       `json:"items"`
	Factors int       `json:"factors"`
	YRange  []float64 `json:"y_range,omitempty"`
}

// fitted is what a checkpoint keeps of the data of one of the four domains.
type fitted struct {
	Image     *ImageRecord  `json:"-"`
	Words     []string      `json:"words"`
	Tokenizer string        `json:"tokenizer"`
	MaxLen    int           `json:"max_len"`
	BatchSize int           `json:"batch_size"`
	Prep      *prepRecord   `json:"prep"`
	TableNet  *tableNet     `json:"-"`
	Collab    *collabRecord `json:"-"`
}

type prepRecord struct {
	Cats []struct {
		Column  string    `json:"column"`
		NA      bool      `json:"na"`
		Kind    int       `json:"kind"`
		Texts   []string  `json:"texts"`
		Numbers []float64 `json:"numbers"`
	} `json:"cats"`
	Conts  []Number `json:"conts"`
	Target struct {
		Task    string   `json:"task"`
		Columns []string `json:"columns"`
		Log     bool     `json:"log"`
	} `json:"target"`
}

type tableNet struct {
	Layers []int     `json:"layers"`
	YRange []float64 `json:"y_range"`
}

type collabRecord struct {
	User    string    `json:"user"`
	Item    string    `json:"item"`
	Factors int       `json:"factors"`
	YRange  []float64 `json:"y_range"`
}

// recognise tells the kind of a model by what its data fitted.
func (c *Card) recognise(metadata map[string]string) error {
	f, err := parse(metadata)
	if err != nil {
		return fmt.Errorf("%s is damaged, or of a later version of fastnb: %w", c.File, err)
	}
	switch {
	case f.Collab != nil && f.Prep != nil:
		c.Kind, c.Rating = Ratings, f.rating()
	case f.Prep != nil:
		c.Kind, c.Table = Table, f.table()
	case f.Words != nil:
		c.Kind, c.Text = Texts, &TextRecord{len(f.Words), f.Tokenizer, f.MaxLen, f.BatchSize}
		if c.Classes == nil {
			c.Kind = Words
		}
	case f.Image != nil:
		c.Kind, c.Image = Images, f.Image
	default:
		c.Kind = Other
	}
	return nil
}

// images returns what a text of Fitted says if it is of images, else nil.
func images(text string) *ImageRecord {
	r, err := imagerecord.Parse(text)
	if err != nil {
		return nil
	}
	return &ImageRecord{r.Net, r.Mean, r.Std, cmp.Or(r.Kind, "class"), r.Columns}
}

// parse reads what a checkpoint's data fitted, and what of the net it keeps beside.
func parse(metadata map[string]string) (f fitted, err error) {
	text := metadata["fitted"]
	switch {
	case strings.HasPrefix(text, "["):
		err = json.Unmarshal([]byte(text), &f.Words)
	case strings.HasPrefix(text, "{"):
		if json.Unmarshal([]byte(text), &f) != nil { // a user's own
			f = fitted{}
		}
		f.Image = images(text)
	}
	for key, to := range map[string]any{"model.tabular": &f.TableNet, "model.collab": &f.Collab} {
		if text := metadata[key]; err == nil && text != "" {
			err = json.Unmarshal([]byte(text), to)
		}
	}
	return f, err
}

var kinds = []string{"number", "text", "bool", "time"}

func (f fitted) table() *TableRecord {
	t := f.Prep.Target
	r := &TableRecord{Target: t.Columns, Task: t.Task, Log: t.Log, Numbers: f.Prep.Conts}
	for _, c := range f.Prep.Cats {
		if c.NA || c.Kind < 0 || c.Kind >= len(kinds) {
			continue
		}
		cat := Category{c.Column, kinds[c.Kind], c.Texts}
		for _, x := range c.Numbers {
			text := fmt.Sprint(x)
			if cat.Kind == "bool" {
				text = fmt.Sprint(x != 0)
			}
			cat.Values = append(cat.Values, text)
		}
		r.Categories = append(r.Categories, cat)
	}
	if n := f.TableNet; n != nil {
		r.Layers, r.YRange = n.Layers, n.YRange
	}
	return r
}

func (f fitted) rating() *RatingRecord {
	r := &RatingRecord{User: f.Collab.User, Item: f.Collab.Item, Factors: f.Collab.Factors, YRange: f.Collab.YRange}
	if len(f.Prep.Target.Columns) > 0 {
		r.Rating = f.Prep.Target.Columns[0]
	}
	for _, c := range f.Prep.Cats {
		switch n := len(c.Texts) + len(c.Numbers); c.Column {
		case r.User:
			r.Users = n
		case r.Item:
			r.Items = n
		}
	}
	return r
}
