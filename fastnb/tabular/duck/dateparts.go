package duck

import (
	"fmt"
	"regexp"
	"strings"
)

// DatePartsOption is an option of DateParts.
type DatePartsOption interface{ dateParts(*dateParts) }

type datePartsOption func(*dateParts)

func (o datePartsOption) dateParts(d *dateParts) { o(d) }

// Clock adds Hour, Minute and Second to DateParts. Default: false.
func Clock(on bool) DatePartsOption { return datePartsOption(func(d *dateParts) { d.clock = on }) }

// Prefix is what the names of DateParts begin with. Default: the column's name without a Date or date at its end.
func Prefix(name string) DatePartsOption {
	return datePartsOption(func(d *dateParts) { d.prefix = name })
}

type dateParts struct {
	prefix string
	clock  bool
}

var dateEnd = regexp.MustCompile(`[Dd]ate$`)

// DateParts returns the SQL of columns that take a date apart, for use in a SELECT:
//
//	db.Query("SELECT *, " + duck.DateParts("Date") + " FROM train")
//
// They are Year, Month, Week (ISO 8601), Day, Dayofweek (Monday is 0), Dayofyear, the bools Is_month_end,
// Is_month_start, Is_quarter_end, Is_quarter_start, Is_year_end and Is_year_start, and Elapsed, the seconds since 1970,
// as in fast.ai's add_datepart. With Clock(true), Hour, Minute and Second come before Elapsed. Where the date is NULL
// they are NULL, too.
//
// Moments with an offset (2024-03-31 00:30+02:00) are taken to UTC, as pandas does where it is asked to (utc=True): so
// one moment has the same parts, and the same Elapsed, however it is written. In SQL, timezone('Europe/Berlin', t) AS
// t makes local ones first.
//
// A column of text works if its texts are dates written year-month-day; an offset may follow, as Z, UTC, GMT, +02,
// +02:00 or +0200; without one they are UTC. Another text, or a column that is no date, makes the query fail with an
// error that shows a value: read the file with DateFormat.
func DateParts(column string, opts ...DatePartsOption) string {
	d := dateParts{prefix: dateEnd.ReplaceAllString(column, "")}
	for _, o := range opts {
		o.dateParts(&d)
	}
	parts := dayParts
	if d.clock {
		parts += clockParts
	}
	moment := checkedDate(column)
	var list []string
	for line := range strings.Lines(parts + elapsedPart) {
		name, sql, _ := strings.Cut(strings.TrimSpace(line), " ")
		sql = strings.ReplaceAll(strings.ReplaceAll(sql, "DAY", "CAST(MOMENT AS DATE)"), "MOMENT", moment)
		list = append(list, sql+" AS "+Ident(d.prefix+name))
	}
	return strings.Join(list, ",\n")
}

// The parts as DuckDB has them, for a DAY or MOMENT.
const (
	dayParts = `Year year(MOMENT)
		Month month(MOMENT)
		Week week(MOMENT)
		Day day(MOMENT)
		Dayofweek isodow(MOMENT) - 1
		Dayofyear dayofyear(MOMENT)
		Is_month_end DAY = last_day(MOMENT)
		Is_month_start day(MOMENT) = 1
		Is_quarter_end DAY = last_day(MOMENT) AND month(MOMENT) % 3 = 0
		Is_quarter_start day(MOMENT) = 1 AND month(MOMENT) % 3 = 1
		Is_year_end dayofyear(MOMENT) = dayofyear(make_date(year(MOMENT), 12, 31))
		Is_year_start dayofyear(MOMENT) = 1
		`
	clockParts = `Hour hour(MOMENT)
		Minute minute(MOMENT)
		Second second(MOMENT)
		`
	elapsedPart = `Elapsed CAST(floor(epoch(MOMENT)) AS BIGINT)`
)

// checkedDate is the SQL of a column as a moment; what is none fails with a message of ours.
func checkedDate(column string) string {
	c := Ident(column)
	message := "DateParts: column " + c + " has "
	return fmt.Sprintf("CASE WHEN %s IS NULL THEN NULL ELSE coalesce(CASE WHEN typeof(%[1]s) LIKE 'TIMESTAMP%%' "+
		"OR typeof(%[1]s) = 'DATE' THEN TRY_CAST(%[1]s AS TIMESTAMP) ELSE %[2]s END, "+
		"error(%[3]s || CAST(%[1]s AS VARCHAR) || %[4]s)) END", c, momentOf("CAST("+c+" AS VARCHAR)"), text(message),
		text(", which is no date written year-month-day; read it with duck.DateFormat"))
}
