// Package imagerecord is what a checkpoint of a net of images keeps of its data and its net, as JSON: what package
// vision writes and opens a net by, and what the command shows of a file without an engine.
package imagerecord

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Record is what belongs to a net of images: what it was trained with, whatever images it is given later.
type Record struct {
	Kind    string     `json:"kind,omitempty"`    // "" for one class each, Labels or Numbers
	Classes []string   `json:"classes"`           // in label order; nil for numbers
	Columns []string   `json:"columns,omitempty"` // the names of numbers
	Mean    [3]float32 `json:"mean"`              // of red, green and blue, 0 to 255
	Std     [3]float32 `json:"std"`
	Net     *Net       `json:"net,omitempty"` // nil for one that is not Pretrained's
}

// The kinds of what images have besides one class each.
const (
	Labels  = "labels"
	Numbers = "numbers"
)

// Net is what it takes to build a net of Pretrained's anew, and to predict with it as with the data it was trained on.
type Net struct {
	Arch   string    `json:"arch"`
	Layers []int     `json:"layers"` // of the head, hidden
	Ps     []float64 `json:"ps"`
	YRange []float64 `json:"y_range,omitempty"` // of a regression: nil, or low and high

	Size      int    `json:"size"` // side of the square in pixels; of the data, as are the following
	Crop      string `json:"crop"`
	BatchSize int    `json:"batch_size"` // on which the last bits of what is predicted depend

	Presize int    `json:"presize,omitempty"` // where it is above Size
	PadMode string `json:"pad_mode,omitempty"`
}

// Same tells whether two describe the same variables.
func (n *Net) Same(m *Net) bool {
	return n.Arch == m.Arch && slices.Equal(n.Layers, m.Layers) && slices.Equal(n.YRange, m.YRange)
}

// Text writes a record, with names as JSON can hold them.
func (r Record) Text() (string, error) {
	r.Classes = renamed(r.Classes, quoted)
	if r.Classes == nil {
		r.Classes = []string{}
	}
	r.Columns = renamed(r.Columns, quoted)
	text, err := json.Marshal(r)
	return string(text), err
}

// Parse reads what Text wrote.
func Parse(text string) (r Record, err error) {
	if err := json.Unmarshal([]byte(text), &r); err != nil || r.Std == [3]float32{} {
		return r, errors.New("the model was not trained on images of this package")
	}
	r.Classes, r.Columns = renamed(r.Classes, unquoted), renamed(r.Columns, unquoted)
	if r.Kind == Numbers {
		r.Classes = nil
	}
	return r, nil
}

func renamed(names []string, by func(string) string) (all []string) {
	for _, name := range names {
		all = append(all, by(name))
	}
	return all
}

// quoted writes a name so that JSON can hold it: one that is not UTF-8, or looks as if quoted, in quotes.
func quoted(name string) string {
	if utf8.ValidString(name) && !strings.HasPrefix(name, `"`) {
		return name
	}
	return strconv.Quote(name)
}

// unquoted is the inverse of quoted.
func unquoted(name string) string {
	if plain, err := strconv.Unquote(name); err == nil && strings.HasPrefix(name, `"`) {
		return plain
	}
	return name
}
