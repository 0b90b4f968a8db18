package duck

import (
	"fmt"
	"strings"

	"github.com/fastnb/fastnb/fastnb/tabular/internal/look"
)

// numberOf is the SQL of a text, an expression, as a number of a style. What is none fails with a message of ours.
func numberOf(name, x, sqlType string, s look.Style) string {
	part := func(group int) string {
		return fmt.Sprintf("regexp_extract(%s, %s, %d)", x, text("^(?:"+s.Pattern()+")$"), group)
	}
	digits := part(3)
	if s.Thousands != "" {
		digits = fmt.Sprintf("regexp_replace(%s, %s, '', 'g')", digits, text(s.Group()))
	}
	if s.Decimal != "" {
		digits = fmt.Sprintf("replace(%s, %s, '.')", digits, text(s.Decimal))
	}
	return fmt.Sprintf("CAST(CASE WHEN %[1]s IS NULL THEN NULL WHEN regexp_full_match(%[1]s, %[2]s) "+
		"THEN %[3]s || %[4]s || %[5]s "+
		"WHEN trim(lower(%[1]s)) IN ('inf', '-inf', 'infinity', '-infinity', 'nan') "+
		"THEN trim(%[1]s) ELSE error(%[6]s || %[1]s || %[7]s) END AS %[8]s)",
		x, text(s.Pattern()), part(1), part(2), digits, text(fmt.Sprintf("column %q has ", name)),
		text(", which is no number as Thousands, Decimal and Units say"), sqlType)
}

// momentOf is the SQL of a text, an expression, as a moment in UTC; NULL where it is not written year-month-day. A
// text without an offset is taken for UTC. DuckDB's own cast to TIMESTAMP drops the offset, that to TIMESTAMPTZ lets
// the zone of one row count for the next ones.
func momentOf(x string) string {
	x = "trim(" + x + ")"
	part := func(group int) string {
		return fmt.Sprintf("regexp_extract(%s, %s, %d)", x, text("^(?:"+look.Offset+")$"), group)
	}
	offset := fmt.Sprintf("to_minutes(CAST(CASE WHEN %[1]s = '' THEN 0 ELSE TRY_CAST(%[1]s AS INTEGER) * 60 + "+
		"TRY_CAST(left(%[1]s, 1) || coalesce(nullif(%[2]s, ''), '0') AS INTEGER) END AS BIGINT))", part(2), part(3))
	return fmt.Sprintf("CASE WHEN substr(%[1]s, 5, 1) NOT IN ('-', '/') THEN NULL WHEN contains(%[1]s, ':') "+
		"AND regexp_full_match(%[1]s, %[2]s) THEN TRY_CAST(%[3]s AS TIMESTAMP) - %[4]s "+
		"WHEN regexp_full_match(%[1]s, %[5]s) THEN TRY_CAST(%[1]s AS TIMESTAMP) END",
		x, text(look.Offset), part(1), offset, text(look.Plain))
}

// zonedOf is the SQL of a text of a column called name as a moment of a type; what is none fails with a message of
// ours.
func zonedOf(name, x, sqlType string) string {
	moment := momentOf(x)
	if isZoned(sqlType) {
		moment = "timezone('UTC', " + moment + ")"
	}
	return fmt.Sprintf("CASE WHEN %[1]s IS NULL THEN NULL ELSE coalesce(%[2]s, error(%[3]s || %[1]s || %[4]s)) END",
		x, moment, text(fmt.Sprintf("column %q has ",
			name)), text(", which is no moment written year-month-day; read it with DateFormat"))
}

func isZoned(sqlType string) bool {
	t := strings.ToUpper(sqlType)
	return t == "TIMESTAMPTZ" || t == "TIMESTAMP WITH TIME ZONE"
}

func isMoment(sqlType string) bool {
	t := strings.ToUpper(sqlType)
	return t == "TIMESTAMP" || t == "DATETIME" || isZoned(t)
}

// isNumber tells whether a type of DuckDB's is one of numbers.
func isNumber(sqlType string) bool {
	t, _, _ := strings.Cut(strings.ToUpper(sqlType), "(")
	for _, n := range append([]string{"INT", "INT4", "INT8", "LONG", "REAL", "FLOAT", "FLOAT4", "FLOAT8", "DOUBLE",
		"DECIMAL", "NUMERIC"}, integers...) {
		if strings.TrimSpace(t) == n {
			return true
		}
	}
	return false
}

// nulled is the SQL of a text that is NULL where it is one of the NullStrings.
func (r *reading) nulled(x string) string {
	if len(r.nulls) == 0 {
		return x
	}
	return fmt.Sprintf("CASE WHEN list_contains(%s, %s) THEN NULL ELSE %[2]s END", texts(r.nulls), x)
}

// typedText is the SQL of a column of text with the type that the options, or its values, ask for.
func (r *reading) typedText(name, x, sqlType string) string {
	switch {
	case r.dates[name] != "":
		return dated(name, x, r.dates[name])
	case isMoment(sqlType):
		return zonedOf(name, x, sqlType)
	case isNumber(sqlType) && !r.style.Plain():
		return numberOf(name, x, sqlType, r.style)
	}
	return "CAST(" + x + " AS " + sqlType + ")"
}
