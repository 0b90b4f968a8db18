package duck

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strings"
	"time"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2/mapping"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// adder appends the values of a vector to a column.
type adder func(*tabular.Column, vector) error

// simple are the types that need no look at their details.
var simple = map[mapping.Type]struct {
	name string
	kind tabular.Kind
	add  func() adder
}{
	mapping.TypeBoolean:     {"BOOLEAN", tabular.Bool, fixed(numbers[uint8])},
	mapping.TypeTinyInt:     {"TINYINT", tabular.Number, fixed(numbers[int8])},
	mapping.TypeSmallInt:    {"SMALLINT", tabular.Number, fixed(numbers[int16])},
	mapping.TypeInteger:     {"INTEGER", tabular.Number, fixed(numbers[int32])},
	mapping.TypeBigInt:      {"BIGINT", tabular.Number, fixed(wide[int64])},
	mapping.TypeUTinyInt:    {"UTINYINT", tabular.Number, fixed(numbers[uint8])},
	mapping.TypeUSmallInt:   {"USMALLINT", tabular.Number, fixed(numbers[uint16])},
	mapping.TypeUInteger:    {"UINTEGER", tabular.Number, fixed(numbers[uint32])},
	mapping.TypeUBigInt:     {"UBIGINT", tabular.Number, fixed(wide[uint64])},
	mapping.TypeHugeInt:     {"HUGEINT", tabular.Number, fixed(huge)},
	mapping.TypeFloat:       {"FLOAT", tabular.Number, fixed(numbers[float32])},
	mapping.TypeDouble:      {"DOUBLE", tabular.Number, fixed(numbers[float64])},
	mapping.TypeVarchar:     {"VARCHAR", tabular.Text, newStrings},
	mapping.TypeUUID:        {"UUID", tabular.Text, fixed(uuids)},
	mapping.TypeDate:        {"DATE", tabular.Time, fixed(dates)},
	mapping.TypeTimestamp:   {"TIMESTAMP", tabular.Time, fixed(moments(time.UnixMicro))},
	mapping.TypeTimestampTZ: {"TIMESTAMPTZ", tabular.Time, fixed(moments(time.UnixMicro))},
	mapping.TypeTimestampMS: {"TIMESTAMP_MS", tabular.Time, fixed(moments(time.UnixMilli))},
	mapping.TypeTimestampS:  {"TIMESTAMP_S", tabular.Time, fixed(moments(seconds))},
	mapping.TypeTimestampNS: {"TIMESTAMP_NS", tabular.Time, fixed(moments(nanoseconds))},
}

func seconds(s int64) time.Time { return time.Unix(s, 0) }

func nanoseconds(ns int64) time.Time { return time.Unix(0, ns) }

func fixed(add adder) func() adder { return func() adder { return add } }

// conversion says how a type becomes a column; ok is false if it can't.
func conversion(t mapping.LogicalType) (kind tabular.Kind, add adder, ok bool) {
	id := mapping.GetTypeId(t)
	switch id {
	case mapping.TypeDecimal:
		add, ok = decimals(mapping.DecimalInternalType(t), mapping.DecimalScale(t))
		return tabular.Number, add, ok
	case mapping.TypeEnum:
		add, ok = enums(mapping.EnumInternalType(t), dictionary(t))
		return tabular.Text, add, ok
	}
	s, ok := simple[id]
	if !ok {
		return 0, nil, false
	}
	return s.kind, s.add(), true
}

// others are the names of the types that no column can hold.
var others = map[mapping.Type]string{
	mapping.TypeList: "a list", mapping.TypeArray: "an array", mapping.TypeStruct: "a struct", mapping.TypeMap: "a map",
	mapping.TypeUnion: "a union", mapping.TypeInterval: "an INTERVAL", mapping.TypeTime: "a TIME",
	mapping.TypeTimeTZ: "a TIME", mapping.TypeBlob: "a BLOB", mapping.TypeBit: "a BIT",
	mapping.TypeUHugeInt: "a UHUGEINT", mapping.TypeBigNum: "a BIGNUM",
}

func typeName(t mapping.LogicalType) string {
	id := mapping.GetTypeId(t)
	switch id {
	case mapping.TypeDecimal:
		return fmt.Sprintf("DECIMAL(%d,%d)", mapping.DecimalWidth(t), mapping.DecimalScale(t))
	case mapping.TypeEnum:
		return "ENUM"
	}
	if s, ok := simple[id]; ok {
		return s.name
	}
	if name, ok := others[id]; ok {
		return name
	}
	return fmt.Sprintf("of DuckDB's type %d", id)
}

// castHint is an expression that turns a column into one that can be held.
func castHint(name, sqlType string) string {
	switch sqlType {
	case "an INTERVAL":
		return "epoch(" + Ident(name) + ")"
	case "a UHUGEINT", "a BIGNUM":
		return "CAST(" + Ident(name) + " AS DOUBLE)"
	}
	return "CAST(" + Ident(name) + " AS VARCHAR)"
}

type small interface {
	int8 | int16 | int32 | uint8 | uint16 | uint32 | float32 | float64
}

func numbers[T small](c *tabular.Column, v vector) error {
	for _, x := range values[T](v) {
		c.Numbers = append(c.Numbers, float64(x))
	}
	return nil
}

// exact is the largest integer up to which float64 holds all of them.
const exact = 1 << 53

func tooWide(value string) error {
	return fmt.Errorf("%s is beyond 2^53, where a number would be rounded; cast the column in the query: "+
		"AS VARCHAR if it is a name, AS DOUBLE if rounding does no harm", value)
}

func wide[T int64 | uint64](c *tabular.Column, v vector) error {
	for i, x := range values[T](v) {
		if outside := x > exact || x < 0 && int64(x) < -exact; outside && !v.null(i) {
			return tooWide(fmt.Sprint(x))
		}
		c.Numbers = append(c.Numbers, float64(x))
	}
	return nil
}

type int128 struct {
	low  uint64
	high int64
}

func (x int128) float() float64 {
	if x.high >= 0 {
		return float64(x.high)*0x1p64 + float64(x.low)
	}
	low, borrow := bits.Sub64(0, x.low, 0)
	high, _ := bits.Sub64(0, uint64(x.high), borrow)
	return -(float64(high)*0x1p64 + float64(low))
}

func huge(c *tabular.Column, v vector) error {
	for i, x := range values[int128](v) {
		small := x.high == 0 && x.low <= exact || x.high == -1 && x.low != 0 && -x.low <= exact // -2^64 is -1, 0
		if !small && !v.null(i) {
			return tooWide(fmt.Sprintf("%.0f", x.float()))
		}
		c.Numbers = append(c.Numbers, float64(int64(x.low)))
	}
	return nil
}

// decimals divides the integers that decimals are.
func decimals(held mapping.Type, scale uint8) (adder, bool) {
	by := math.Pow10(int(scale))
	switch held {
	case mapping.TypeSmallInt:
		return scaled[int16](by), true
	case mapping.TypeInteger:
		return scaled[int32](by), true
	case mapping.TypeBigInt:
		return scaled[int64](by), true
	case mapping.TypeHugeInt:
		return func(c *tabular.Column, v vector) error {
			for _, x := range values[int128](v) {
				c.Numbers = append(c.Numbers, x.float()/by)
			}
			return nil
		}, true
	}
	return nil, false
}

func scaled[T int16 | int32 | int64](by float64) adder {
	return func(c *tabular.Column, v vector) error {
		for _, x := range values[T](v) {
			c.Numbers = append(c.Numbers, float64(x)/by)
		}
		return nil
	}
}

func dictionary(t mapping.LogicalType) []string {
	words := make([]string, mapping.EnumDictionarySize(t))
	for i := range words {
		words[i] = mapping.EnumDictionaryValue(t, mapping.IdxT(i))
	}
	return words
}

func enums(held mapping.Type, words []string) (adder, bool) {
	switch held {
	case mapping.TypeUTinyInt:
		return looked[uint8](words), true
	case mapping.TypeUSmallInt:
		return looked[uint16](words), true
	case mapping.TypeUInteger:
		return looked[uint32](words), true
	}
	return nil, false
}

func looked[T uint8 | uint16 | uint32](words []string) adder {
	return func(c *tabular.Column, v vector) error {
		for i, x := range values[T](v) {
			word := ""
			if !v.null(i) {
				word = words[x]
			}
			c.Texts = append(c.Texts, word)
		}
		return nil
	}
}

// word is DuckDB's string: its length, then 12 bytes, which are the text or end in a pointer to it.
type word struct {
	length uint32
	inline [4]byte
	at     [8]byte
}

func (w *word) bytes() []byte {
	if w.length <= 12 {
		return unsafe.Slice(&w.inline[0], w.length)
	}
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&w.at)), w.length)
}

// common is how many different texts of a column are kept once only; most columns of categories have fewer.
const common = 1 << 12

// newStrings copies texts. Those that a column repeats share their bytes.
func newStrings() adder {
	seen := map[string]string{}
	return func(c *tabular.Column, v vector) error {
		words := values[word](v)
		for i := range words {
			c.Texts = append(c.Texts, copied(seen, &words[i], v.null(i)))
		}
		return nil
	}
}

func copied(seen map[string]string, w *word, null bool) string {
	if null {
		return ""
	}
	b := w.bytes()
	if s, ok := seen[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(seen) < common {
		seen[s] = s
	}
	return s
}

// uuids writes UUIDs as text. DuckDB holds them with the highest bit turned.
func uuids(c *tabular.Column, v vector) error {
	for _, x := range values[int128](v) {
		high := uint64(x.high) ^ 1<<63
		s := fmt.Sprintf("%016x%016x", high, x.low)
		c.Texts = append(c.Texts, strings.Join([]string{s[:8], s[8:12], s[12:16], s[16:20], s[20:]}, "-"))
	}
	return nil
}

var errInfinite = errors.New("a date is infinite; leave such rows out in the query (WHERE isfinite(...))")

func dates(c *tabular.Column, v vector) error {
	for i, days := range values[int32](v) {
		if (days == math.MaxInt32 || days == -math.MaxInt32) && !v.null(i) {
			return errInfinite
		}
		c.Times = append(c.Times, time.Unix(int64(days)*86400, 0).UTC())
	}
	return nil
}

func moments(moment func(int64) time.Time) adder {
	return func(c *tabular.Column, v vector) error {
		for i, x := range values[int64](v) {
			if (x == math.MaxInt64 || x == -math.MaxInt64) && !v.null(i) {
				return errInfinite
			}
			c.Times = append(c.Times, moment(x).UTC())
		}
		return nil
	}
}

// setMissing writes what stands for a missing value.
func setMissing(c *tabular.Column, row int) {
	switch c.Kind {
	case tabular.Text:
		c.Texts[row] = ""
	case tabular.Time:
		c.Times[row] = time.Time{}
	default:
		c.Numbers[row] = math.NaN()
	}
}
