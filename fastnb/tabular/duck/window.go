package duck

import "fmt"

// Since returns the SQL of the days since the last row on which event, a condition, was true: 0 on such a row, NULL before
// the first. Rows belong together by group and are ordered by date, both columns:
//
//	duck.Since("Promo = 1", "Store", "Date") + " AS AfterPromo"
//
// It is get_elapsed of fast.ai's lesson on structured data, run forwards.
func Since(event, group, date string) string {
	return fmt.Sprintf("date_diff('day', max(CASE WHEN %s THEN %s END) OVER (PARTITION BY %s ORDER BY %[2]s), %[2]s)",
		event, Ident(date), Ident(group))
}

// Until returns the SQL of the days until the next row on which event is true, as a number of 0 or less: -3 is three days
// before. After the last such row it is NULL. It is get_elapsed run backwards, with the sign that it has there.
func Until(event, group, date string) string {
	return fmt.Sprintf("date_diff('day', min(CASE WHEN %s THEN %s END) OVER (PARTITION BY %s ORDER BY %[2]s DESC), %[2]s)",
		event, Ident(date), Ident(group))
}

// Backward returns the SQL of the sum of a value, an expression, over a row and the k-1 rows of its group before it, by
// date; fewer where the group begins. With a row for each day these are the last k days. It is what pandas calls
// rolling(k, min_periods=1).sum().
func Backward(value string, k int, group, date string) string {
	return rolling(value, k, group, date, "")
}

// Forward is Backward for the k-1 rows after a row: the next k days.
func Forward(value string, k int, group, date string) string {
	return rolling(value, k, group, date, " DESC")
}

func rolling(value string, k int, group, date, order string) string {
	return fmt.Sprintf("sum(%s) OVER (PARTITION BY %s ORDER BY %s%s ROWS BETWEEN %d PRECEDING AND CURRENT ROW)",
		value, Ident(group), Ident(date), order, k-1)
}
