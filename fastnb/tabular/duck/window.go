package duck

import "fmt"

// Since returns the SQL of the days since the last row on which event, a condition, was true: 0 on such a row, NULL
// before the first. Rows belong together by group and are ordered by date, both columns:
//
//	duck.Since("Promo = 1", "Store", "Date") + " AS AfterPromo"
//
// It is get_elapsed of fast.ai's lesson on structured data, run forwards. Until, Backward and Forward of the same group
// and date share its sorting, if they stand in the same SELECT.
func Since(event, group, date string) string {
	return between("last_value", event, group, date, "UNBOUNDED PRECEDING AND CURRENT ROW")
}

// Until returns the SQL of the days until the next row on which event is true, as a number of 0 or less: -3 is three
// days before. After the last such row it is NULL. It is get_elapsed run backwards, with the sign that it has there.
func Until(event, group, date string) string {
	return between("first_value", event, group, date, "CURRENT ROW AND UNBOUNDED FOLLOWING")
}

// between counts the days from the date of an event that a part of the group's rows has to the row's own.
func between(pick, event, group, date, part string) string {
	return fmt.Sprintf("date_diff('day', %s(CASE WHEN %s THEN %s END IGNORE NULLS) OVER "+
		"(PARTITION BY %s ORDER BY %[3]s RANGE BETWEEN %[5]s), %[3]s)",
		pick, event, Ident(date), Ident(group), part)
}

// Backward returns the SQL of the sum of a value, an expression, over a row and the k-1 rows of its group before it, by
// date; fewer where the group begins. With a row for each day these are the last k days. It is what pandas calls
// rolling(k, min_periods=1).sum().
func Backward(value string, k int, group, date string) string {
	return rolling(value, group, date, fmt.Sprintf("%d PRECEDING AND CURRENT ROW", k-1))
}

// Forward is Backward for the k-1 rows after a row: the next k days.
func Forward(value string, k int, group, date string) string {
	return rolling(value, group, date, fmt.Sprintf("CURRENT ROW AND %d FOLLOWING", k-1))
}

func rolling(value, group, date, part string) string {
	return fmt.Sprintf("sum(%s) OVER (PARTITION BY %s ORDER BY %s ROWS BETWEEN %s)",
		value, Ident(group), Ident(date), part)
}
