package duck

import "github.com/fastnb/fastnb/fastnb/tabular/internal/look"

// ReadOption is an option of Read. Delimiter, NoHeader, Quote and SkipBad are for CSV files only, Encoding for these
// and JSON.
type ReadOption interface{ read(*reading) }

type readOption func(*reading)

func (o readOption) read(r *reading) { o(r) }

// Columns renames the columns, all of them, in their order.
func Columns(names ...string) ReadOption { return readOption(func(r *reading) { r.rename = names }) }

// NoHeader says that a file has no line of names, and names the columns.
func NoHeader(names ...string) ReadOption {
	return readOption(func(r *reading) { r.header, r.rename = false, names })
}

// Delimiter is what stands between two fields. Default: the comma, tab, semicolon or bar that the first line has most
// of.
func Delimiter(sign string) ReadOption { return readOption(func(r *reading) { r.delimiter = sign }) }

// Quote is the character around a field that has a delimiter or a line's end in it. Default `"`; "" for none.
func Quote(sign string) ReadOption { return readOption(func(r *reading) { r.quote = sign }) }

// Encoding is how letters are written as bytes: "utf-8", the default, "latin-1", "windows-1252" or "utf-16". A byte
// order mark goes before it: a file that begins with one is what it says, UTF-8 or UTF-16. So does, before "latin-1"
// and "windows-1252", that a file is UTF-8 with letters beyond ASCII. A file that is not UTF-8 is copied into the
// temporary folder while it is read, one in UTF-16 by way of memory.
func Encoding(name string) ReadOption { return readOption(func(r *reading) { r.encoding = name }) }

// NullStrings are texts that stand for a missing value, such as "NA" or "?", beside the empty field. Of Parquet and
// JSON files they are looked for in columns of text.
func NullStrings(texts ...string) ReadOption {
	return readOption(func(r *reading) { r.nulls = append(r.nulls, texts...) })
}

// Thousands is the sign between groups of digits: Thousands(",") reads 1,234 as 1234. " " is also the narrow space and
// the unbreakable one. Default none, and a column with such numbers stays text. Parquet and JSON files have types of
// their own: in columns of text Thousands, Decimal and Units count where Type asks for a number.
func Thousands(sign string) ReadOption {
	return readOption(func(r *reading) { r.style.Thousands = sign })
}

// Decimal is the sign before a fraction: Decimal(",") reads 3,5 as 3.5. Default the point.
func Decimal(sign string) ReadOption { return readOption(func(r *reading) { r.style.Decimal = sign }) }

// Units are signs and words around a number that are left off: Units("$", "%") reads $12.50 as 12.5 and 5 % as 5, not
// .05. Default none, and a column with such numbers stays text.
func Units(units ...string) ReadOption {
	return readOption(func(r *reading) { r.style.Units = append(r.style.Units, units...) })
}

// SkipBad leaves out lines that cannot be read, such as those with too few or too many fields; the report counts and
// lists them. Default: they are an error.
func SkipBad(on bool) ReadOption { return readOption(func(r *reading) { r.skipBad = on }) }

// Type gives a column a type of DuckDB's: VARCHAR for numbers that are names, such as "007". A column without one has
// the narrowest of BIGINT, DOUBLE, BOOLEAN, DATE, TIMESTAMP, TIMESTAMPTZ and VARCHAR that all its values fit.
func Type(column, sqlType string) ReadOption {
	return readOption(func(r *reading) { r.types[column] = sqlType })
}

// DateFormat says how the dates of a column are written, as strptime does: %d.%m.%Y. Without, only dates written
// year-month-day are read as dates; other columns stay text.
func DateFormat(column, format string) ReadOption {
	return readOption(func(r *reading) { r.dates[column] = format })
}

// reading is a Read in progress.
type reading struct {
	*DB
	table, pattern string
	paths          []string

	header                     bool
	rename, nulls              []string
	delimiter, quote, encoding string
	style                      look.Style // of numbers
	skipBad                    bool
	types, dates               map[string]string

	copies string            // folder of the copies, "" if there are none
	copied map[string]string // where the copies in UTF-8 are of files in other encodings
	report Report
}
