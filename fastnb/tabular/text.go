package tabular

import (
	"math"
	"strconv"
	"time"
)

// text returns the value of a row as text, "" where it is missing.
func (c *Column) text(row int) string {
	if c.IsMissing(row) {
		return ""
	}
	switch c.Kind {
	case Text:
		return c.Texts[row]
	case Time:
		return timeText(c.Times[row])
	case Bool:
		return strconv.FormatBool(c.Numbers[row] != 0)
	}
	return numberText(c.Numbers[row])
}

// numberText writes a number exactly, and a whole one with all its digits: an ID is 1234567, not 1.234567e+06.
func numberText(x float64) string {
	if isWhole(x) {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// isWhole tells whether a number is whole, and of so few digits that a person reads it without an exponent.
func isWhole(x float64) bool { return x == math.Trunc(x) && math.Abs(x) < 1e15 }

// timeText writes a moment at midnight as a date.
func timeText(t time.Time) string {
	t = t.UTC()
	if t.Equal(t.Truncate(24 * time.Hour)) {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.DateTime)
}
