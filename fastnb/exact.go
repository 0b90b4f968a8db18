package fastnb

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

// JSON has no NaN and no infinities, and encoding/json puts U+FFFD where a string is not UTF-8. What a user's metrics
// measure, and what his classes and files are called, may be any of it and must come back as it was: these types keep
// it. Whatever JSON can hold they write as encoding/json does, so checkpoints of before they were are read alike.

// float is the type of a number that is kept.
type float interface{ float32 | float64 }

// number is a number that JSON keeps: one that it lacks is the string "NaN", "+Inf" or "-Inf".
type number[T float] struct{ v T }

// MarshalJSON implements json.Marshaler.
func (n number[T]) MarshalJSON() ([]byte, error) { return appendNumber(nil, n.v), nil }

// UnmarshalJSON implements json.Unmarshaler.
func (n *number[T]) UnmarshalJSON(text []byte) error {
	if len(text) == 0 || text[0] != '"' {
		return json.Unmarshal(text, &n.v)
	}
	v, err := strconv.ParseFloat(string(bytes.Trim(text, `"`)), 64)
	n.v = T(v)
	return err
}

func appendNumber[T float](b []byte, v T) []byte {
	bits := 64
	if _, short := any(v).(float32); short {
		bits = 32
	}
	if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
		return strconv.AppendQuote(b, strconv.FormatFloat(f, 'g', -1, bits))
	}
	return strconv.AppendFloat(b, float64(v), 'g', -1, bits)
}

// numbers are many of them.
type numbers[T float] []T

// MarshalJSON implements json.Marshaler.
func (ns numbers[T]) MarshalJSON() ([]byte, error) {
	if ns == nil {
		return []byte("null"), nil
	}
	b := []byte{'['}
	for i, v := range ns {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendNumber(b, v)
	}
	return append(b, ']'), nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (ns *numbers[T]) UnmarshalJSON(text []byte) error {
	if !slices.Contains(text, '"') {
		return json.Unmarshal(text, (*[]T)(ns))
	}
	var each []number[T]
	err := json.Unmarshal(text, &each)
	*ns = make([]T, len(each))
	for i, n := range each {
		(*ns)[i] = n.v
	}
	return err
}

// rows are a table of numbers, as JSON keeps them.
func rows(table [][]float32) []numbers[float32] { return converted[numbers[float32]](table) }

// ofRows is the table that rows made those of.
func ofRows(rows []numbers[float32]) [][]float32 { return converted[[]float32](rows) }

// converted returns the slices with another type.
func converted[T, S ~[]float32](from []S) []T {
	if from == nil {
		return nil
	}
	to := make([]T, len(from))
	for i, s := range from {
		to[i] = T(s)
	}
	return to
}

// words is a string that JSON keeps: one that is not UTF-8 is an object that holds its bytes.
type words string

type bytesOf struct {
	Bytes []byte `json:"bytes"`
}

// MarshalJSON implements json.Marshaler.
func (w words) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(w)) {
		return json.Marshal(string(w))
	}
	return json.Marshal(bytesOf{[]byte(w)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (w *words) UnmarshalJSON(text []byte) error {
	if len(text) == 0 || text[0] != '{' {
		return json.Unmarshal(text, (*string)(w))
	}
	var b bytesOf
	err := json.Unmarshal(text, &b)
	*w = words(b.Bytes)
	return err
}

// names are strings, each kept as words are.
type names []string

// MarshalJSON implements json.Marshaler.
func (ns names) MarshalJSON() ([]byte, error) {
	if ns == nil {
		return []byte("null"), nil
	}
	each := make([]words, len(ns))
	for i, n := range ns {
		each[i] = words(n)
	}
	return json.Marshal(each)
}

// UnmarshalJSON implements json.Unmarshaler.
func (ns *names) UnmarshalJSON(text []byte) error {
	var each []words
	if err := json.Unmarshal(text, &each); err != nil || each == nil {
		*ns = nil
		return err
	}
	*ns = make([]string, len(each))
	for i, w := range each {
		(*ns)[i] = string(w)
	}
	return nil
}

// shown is a name as tables and logs have it, on one line: what is not UTF-8 or can't be printed is escaped as in Go.
func shown(name string) string {
	if utf8.ValidString(name) && !slices.ContainsFunc([]rune(name), func(r rune) bool { return !strconv.IsPrint(r) }) {
		return name
	}
	quoted := strconv.Quote(name)
	return quoted[1 : len(quoted)-1]
}
