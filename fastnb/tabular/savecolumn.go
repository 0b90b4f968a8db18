package tabular

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/fastnb/fastnb/fastnb/safetensors"
)

// A column is one to four tensors, whose names begin with its own:
//
//	.values   numbers and bools in the narrowest type that holds them exactly; times as seconds since 1970
//	.nanos    what times have beyond whole seconds, where one has
//	.codes    for text: for each row, which word
//	.words    for text: the words, one after the other
//	.ends     for text: where each word ends
//	.missing  1 where a value is missing, where one is
var le = binary.LittleEndian

func (c *Column) encode(prefix string) []safetensors.Tensor {
	var tensors []safetensors.Tensor
	switch c.Kind {
	case Text:
		tensors = encodeTexts(prefix, c.Texts)
	case Time:
		tensors = encodeTimes(prefix, c.Times)
	default:
		tensors = []safetensors.Tensor{c.encodeNumbers(prefix + ".values")}
	}
	if c.Missing != nil {
		tensors = append(tensors, tensor(prefix+".missing", "BOOL", c.Len(), func(b []byte, i int) {
			if c.Missing[i] {
				b[i] = 1
			}
		}))
	}
	return tensors
}

var widths = map[string]int{"BOOL": 1, "U8": 1, "I8": 1, "I16": 2, "I32": 4, "I64": 8, "F64": 8}

// tensor makes a tensor of n numbers; put writes number i.
func tensor(name, dtype string, n int, put func(b []byte, i int)) safetensors.Tensor {
	data := make([]byte, n*widths[dtype])
	for i := range n {
		put(data, i)
	}
	return safetensors.Tensor{Name: name, DType: dtype, Shape: []int{n}, Data: data}
}

// encodeNumbers writes whole numbers as such, which is most of what tables hold. Missing values become 0.
func (c *Column) encodeNumbers(name string) safetensors.Tensor {
	whole := make([]int64, len(c.Numbers))
	for i, x := range c.Numbers {
		if c.IsMissing(i) && math.IsNaN(x) {
			continue
		}
		whole[i] = int64(x)
		if math.Float64bits(float64(whole[i])) != math.Float64bits(x) {
			return tensor(name, "F64", len(c.Numbers), func(b []byte, i int) { le.PutUint64(b[8*i:], math.Float64bits(c.Numbers[i])) })
		}
	}
	return encodeInts(name, whole)
}

func encodeInts(name string, whole []int64) safetensors.Tensor {
	low, high := int64(0), int64(0)
	for _, x := range whole {
		low, high = min(low, x), max(high, x)
	}
	n := len(whole)
	switch {
	case low >= math.MinInt8 && high <= math.MaxInt8:
		return tensor(name, "I8", n, func(b []byte, i int) { b[i] = byte(whole[i]) })
	case low >= math.MinInt16 && high <= math.MaxInt16:
		return tensor(name, "I16", n, func(b []byte, i int) { le.PutUint16(b[2*i:], uint16(whole[i])) })
	case low >= math.MinInt32 && high <= math.MaxInt32:
		return tensor(name, "I32", n, func(b []byte, i int) { le.PutUint32(b[4*i:], uint32(whole[i])) })
	}
	return tensor(name, "I64", n, func(b []byte, i int) { le.PutUint64(b[8*i:], uint64(whole[i])) })
}

func encodeTexts(prefix string, texts []string) []safetensors.Tensor {
	number := map[string]int64{}
	var words strings.Builder
	var ends []int64
	codes := make([]int64, len(texts))
	for i, s := range texts {
		code, ok := number[s]
		if !ok {
			code = int64(len(ends))
			number[s] = code
			words.WriteString(s)
			ends = append(ends, int64(words.Len()))
		}
		codes[i] = code
	}
	return []safetensors.Tensor{
		encodeInts(prefix+".codes", codes), encodeInts(prefix+".ends", ends),
		{Name: prefix + ".words", DType: "U8", Shape: []int{words.Len()}, Data: []byte(words.String())},
	}
}

func encodeTimes(prefix string, times []time.Time) []safetensors.Tensor {
	seconds, nanos := make([]int64, len(times)), make([]int64, len(times))
	for i, t := range times {
		seconds[i], nanos[i] = t.Unix(), int64(t.Nanosecond())
	}
	tensors := []safetensors.Tensor{encodeInts(prefix+".values", seconds)}
	if slices.ContainsFunc(nanos, func(n int64) bool { return n != 0 }) {
		tensors = append(tensors, encodeInts(prefix+".nanos", nanos))
	}
	return tensors
}

// stored are a file's tensors by name.
type stored map[string]safetensors.Tensor

func (c *Column) decode(prefix string, from stored) (err error) {
	if missing, ok := from[prefix+".missing"]; ok {
		c.Missing = make([]bool, len(missing.Data))
		for i, b := range missing.Data {
			c.Missing[i] = b != 0
		}
	}
	switch c.Kind {
	case Text:
		c.Texts, err = from.texts(prefix)
	case Time:
		c.Times, err = from.times(prefix)
	case Number, Bool:
		c.Numbers, err = from.numbers(prefix + ".values")
		if err == nil && c.Missing != nil && len(c.Missing) == len(c.Numbers) {
			c.clearMissing()
		}
	default:
		err = fmt.Errorf("unknown kind %d", c.Kind)
	}
	return err
}

// clearMissing makes missing numbers NaN.
func (c *Column) clearMissing() {
	for i, m := range c.Missing {
		if m {
			c.Numbers[i] = math.NaN()
		}
	}
}

func (s stored) numbers(name string) ([]float64, error) {
	t, ok := s[name]
	if ok && t.DType == "F64" {
		return decoded(t, func(b []byte) float64 { return math.Float64frombits(le.Uint64(b)) }), nil
	}
	return ints[float64](t, name, ok)
}

func ints[T int64 | float64](t safetensors.Tensor, name string, ok bool) ([]T, error) {
	switch {
	case !ok:
		return nil, fmt.Errorf("there is no tensor %q", name)
	case t.DType == "I8":
		return decoded(t, func(b []byte) T { return T(int8(b[0])) }), nil
	case t.DType == "I16":
		return decoded(t, func(b []byte) T { return T(int16(le.Uint16(b))) }), nil
	case t.DType == "I32":
		return decoded(t, func(b []byte) T { return T(int32(le.Uint32(b))) }), nil
	case t.DType == "I64":
		return decoded(t, func(b []byte) T { return T(int64(le.Uint64(b))) }), nil
	}
	return nil, fmt.Errorf("tensor %q is of type %s", name, t.DType)
}

func decoded[T any](t safetensors.Tensor, number func([]byte) T) []T {
	out, width := make([]T, t.Len()), widths[t.DType]
	for i := range out {
		out[i] = number(t.Data[i*width:])
	}
	return out
}

func (s stored) texts(prefix string) ([]string, error) {
	words, err := s.words(prefix)
	if err != nil {
		return nil, err
	}
	codes, err := s.ints(prefix + ".codes")
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(codes))
	for i, code := range codes {
		if code < 0 || code >= int64(len(words)) {
			return nil, fmt.Errorf("row %d has word %d of %d", i, code, len(words))
		}
		texts[i] = words[code]
	}
	return texts, nil
}

func (s stored) ints(name string) ([]int64, error) {
	t, ok := s[name]
	return ints[int64](t, name, ok)
}

// words cuts the words apart.
func (s stored) words(prefix string) ([]string, error) {
	ends, err := s.ints(prefix + ".ends")
	if err != nil {
		return nil, err
	}
	all, start := string(s[prefix+".words"].Data), int64(0)
	words := make([]string, len(ends))
	for i, end := range ends {
		if end < start || end > int64(len(all)) {
			return nil, fmt.Errorf("word %d ends at %d of %d", i, end, len(all))
		}
		words[i], start = all[start:end], end
	}
	return words, nil
}

func (s stored) times(prefix string) ([]time.Time, error) {
	seconds, err := s.ints(prefix + ".values")
	if err != nil {
		return nil, err
	}
	nanos := make([]int64, len(seconds))
	if _, ok := s[prefix+".nanos"]; ok {
		if nanos, err = s.ints(prefix + ".nanos"); err != nil {
			return nil, err
		}
		if len(nanos) != len(seconds) {
			return nil, fmt.Errorf("it has %d nanoseconds for %d seconds", len(nanos), len(seconds))
		}
	}
	times := make([]time.Time, len(seconds))
	for i, s := range seconds {
		times[i] = time.Unix(s, nanos[i]).UTC()
	}
	return times, nil
}
