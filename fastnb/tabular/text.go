package tabular

import (
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
	return strconv.FormatFloat(c.Numbers[row], 'g', -1, 64)
}

// timeText writes a moment at midnight as a date.
func timeText(t time.Time) string {
	if t.Equal(t.Truncate(24 * time.Hour)) {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.DateTime)
}
