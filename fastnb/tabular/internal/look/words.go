package look

import (
	"slices"
	"strings"
	"time"
)

// missing are the spellings of a missing value, in small letters, that programs write.
var missing = []string{
	"na", "n/a", "#n/a", "#n/a n/a", "#na", "<na>", "nan", "-nan", "1.#qnan", "-1.#ind", "null", "none", "nil",
	"nat", "missing", "unknown", "?", "-", "--", "---", ".", "..", "*", "", "\\n", "n.a.", "n.a", "k.a.", "(null)",
	"undefined", "#value!", "#div/0!", "#ref!", "#num!", "#name?",
}

// isMissing tells whether a text is a spelling of a missing value.
func isMissing(text string) bool { return slices.Contains(missing, strings.ToLower(text)) }

// truths are the spellings of truth values, in small letters.
var truths = []string{"true", "false", "yes", "no", "on", "off", "1", "0"}

func isTruth(text string) bool { return slices.Contains(truths, strings.ToLower(text)) }

// units are the signs and words that numbers are often written with.
var units = []string{
	"US$", "$", "€", "£", "¥", "₹", "%", "‰", "°", "USD", "EUR", "GBP", "CHF", "Rs.", "Rs", "km/h", "mph", "km",
	"cm", "mm", "kg", "mi", "lbs", "lb", "ft", "sqft", "hours", "hrs", "mins", "min", "days", "years", "yrs",
	"\u00a0",
}

// styles are the ways to write numbers, the likelier first.
var styles = []Style{
	{}, {Thousands: ","}, {Decimal: ","}, {Thousands: ".", Decimal: ","}, {Thousands: " "},
	{Thousands: " ", Decimal: ","}, {Thousands: "'"}, {Thousands: "’"}, {Thousands: "_"},
}

// dateFormats are the ways to write a date that are not year-month-day, as Go and as strptime write them, the likelier
// first.
var dateFormats = []struct{ layout, format string }{
	{"2.1.2006", "%d.%m.%Y"}, {"1/2/2006", "%m/%d/%Y"}, {"2/1/2006", "%d/%m/%Y"}, {"2-1-2006", "%d-%m-%Y"},
	{"1-2-2006", "%m-%d-%Y"}, {"2.1.06", "%d.%m.%y"}, {"1/2/06", "%m/%d/%y"}, {"2/1/06", "%d/%m/%y"},
	{"2-Jan-2006", "%d-%b-%Y"}, {"2-Jan-06", "%d-%b-%y"}, {"2 Jan 2006", "%d %b %Y"},
	{"Mon, 2 Jan 2006", "%a, %d %b %Y"}, {"Jan 2, 2006", "%b %d, %Y"}, {"Jan 2 2006", "%b %d %Y"},
	{"2 January 2006", "%d %B %Y"}, {"January 2, 2006", "%B %d, %Y"}, {"2006.1.2", "%Y.%m.%d"},
}

// clockFormats are what may follow a date.
var clockFormats = []struct{ layout, format string }{
	{"", ""}, {" 15:04", " %H:%M"}, {" 15:04:05", " %H:%M:%S"}, {" 3:04 PM", " %I:%M %p"},
	{" 3:04:05 PM", " %I:%M:%S %p"}, {" 15:04 -0700", " %H:%M %z"}, {" 15:04:05 -0700", " %H:%M:%S %z"},
	{" 15:04:05 -07:00", " %H:%M:%S %z"},
}

// layoutsOf returns Go's layouts of a strptime format of ours.
func layoutsOf(format string) (layouts []string) {
	for _, d := range dateFormats {
		for _, c := range clockFormats {
			if d.format+c.format == format {
				layouts = append(layouts, d.layout+c.layout)
			}
		}
	}
	return layouts
}

// fits tells whether a text is a date in one of the layouts.
func fits(text string, layouts []string) bool {
	return slices.ContainsFunc(layouts, func(layout string) bool {
		_, err := time.Parse(layout, text)
		return err == nil
	})
}

// formatsOf returns the strptime formats that a text fits.
func formatsOf(text string) (formats []string) {
	if len(text) < 6 || len(text) > 40 || !strings.ContainsAny(text, "0123456789") || !strings.ContainsAny(text, ".-/ ") {
		return nil
	}
	for _, d := range dateFormats {
		for _, c := range clockFormats {
			if _, err := time.Parse(d.layout+c.layout, text); err == nil {
				formats = append(formats, d.format+c.format)
			}
		}
	}
	return formats
}
