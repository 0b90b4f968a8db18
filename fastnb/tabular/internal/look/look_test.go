package look

import "testing"

// The note of a column is a sentence that counts, shows and names the fix.
func TestNote(t *testing.T) {
	many := func(more Values, texts ...string) Values {
		for _, s := range texts {
			more = append(more, Value{s, 10})
		}
		return more
	}
	numbers := []string{"50", "51", "52", "53.5", "54", "55"}
	commas := []string{"1,000", "1,001", "1,012,345", "950"}
	for _, c := range []struct {
		name   string
		values Values
		from   Source
		want   string
	}{
		{"NA", many(Values{{"NA", 5}}, numbers...), Source{},
			`x is text in 5 of 400 rows only: NA; NullStrings("NA") reads them as missing`},
		{"two spellings", many(Values{{"n/a", 5}, {"-", 7}}, numbers...), Source{"duck.", false},
			`x is text in 12 of 400 rows only: -, n/a; duck.NullStrings("-", "n/a") reads them as missing`},
		{"mostly NA", many(Values{{"NA", 390}}, "7"), Source{},
			`x is text in 390 of 400 rows only: NA; NullStrings("NA") reads them as missing`},
		{"of a file with types", many(Values{{"NA", 5}}, numbers...), Source{"", true},
			`x is text in 5 of 400 rows only: NA; NullStrings("NA") with Type("x", "DOUBLE") reads them as missing`},
		{"a word", many(Values{{"to be told", 3}}, numbers...), Source{},
			`x is text in 3 of 400 rows only: to be told; NullStrings("to be told") reads them as missing`},
		{"a slip", many(Values{{"5O.3", 1}}, numbers...), Source{},
			`x is text in 1 of 400 rows only: 5O.3; correct them in the file`},
		{"thousands", many(nil, commas...), Source{},
			`x is text, though its 40 values are numbers, such as 1,000; Thousands(",") reads them`},
		{"thousands, typed", many(nil, commas...), Source{"", true},
			`x is text, though its 40 values are numbers, such as 1,000; Thousands(",") with Type("x", "BIGINT") reads them`},
		{"thousands or decimals", many(nil, "1,000", "2,500"), Source{},
			`x is text, though its 20 values are numbers, such as 1,000; Thousands(",") reads them (Decimal(",") if the comma is a decimal one)`},
		{"thousands and NA", many(Values{{"NA", 5}}, commas...), Source{},
			`x is text, though 40 of 400 rows are numbers, such as 1,000; Thousands(",") reads them; the other 5 are NA; NullStrings("NA") reads them as missing`},
		{"a decimal comma", many(nil, "3,5", "12,25", "4"), Source{},
			`x is text, though its 30 values are numbers, such as 12,25; Decimal(",") reads them`},
		{"points and a comma", many(nil, "1.234,56", "12,5"), Source{},
			`x is text, though its 20 values are numbers, such as 1.234,56; Thousands(".") with Decimal(",") reads them`},
		{"spaces", many(nil, "1 234", "12\u00a0345", "5"), Source{},
			`x is text, though its 30 values are numbers, such as 1 234; Thousands(" ") reads them`},
		{"apostrophes", many(nil, "1'234.50", "12"), Source{},
			`x is text, though its 20 values are numbers, such as 1'234.50; Thousands("'") reads them`},
		{"dollars", many(nil, "$1,234.50", "-$12.00"), Source{},
			`x is text, though its 20 values are numbers, such as $1,234.50; Thousands(",") with Units("$") reads them`},
		{"per cent", many(nil, "5%", "7.5 %", "3"), Source{},
			`x is text, though its 30 values are numbers, such as 5%; Units("%") reads them`},
		{"euros after an unbreakable space", many(nil, "3,50\u00a0€", "1\u202f234,00\u00a0€"), Source{},
			`x is text, though its 20 values are numbers, such as ` + "1\u202f234,00\u00a0€" +
				`; Thousands(" ") with Decimal(",") with Units("€") reads them`},
		{"unbreakable spaces around", many(nil, "3\u00a0", "4.5\u00a0"), Source{},
			`x is text, though its 20 values are numbers, such as ` + "\"3\\u00a0\"" + `; Units("\u00a0") reads them`},
		{"dates as in mails", many(nil, "Sun, 31 Mar 2024 00:30:00 +0200", "Mon, 1 Apr 2024 00:30:00 +0200"), Source{},
			`x is text, though its 20 values are dates, such as "Mon, 1 Apr 2024 00:30:00 +0200"; DateFormat("x", "%a, %d %b %Y %H:%M:%S %z") reads them`},
		{"offsets with and without a colon", many(nil, "31/03/2024 00:30:00 +0200", "31/03/2024 00:30:00 +02:00"), Source{},
			`x is text, though its 20 values are dates, such as 31/03/2024 00:30:00 +0200; DateFormat("x", "%d/%m/%Y %H:%M:%S %z") reads them`},
		{"one thousand", many(Values{{"1,234", 2}}, numbers...), Source{},
			`x is text, though its 62 values are numbers, such as 1,234; Thousands(",") reads them`},
		{"days first", many(nil, "13/01/2014", "02/03/2014"), Source{},
			`x is text, though its 20 values are dates, such as 02/03/2014; DateFormat("x", "%d/%m/%Y") reads them`},
		{"days or months first", many(nil, "03/01/2014", "02/03/2014"), Source{},
			`x is text, though its 20 values are dates, such as 02/03/2014; DateFormat("x", "%m/%d/%Y") reads them (or "%d/%m/%Y", if days and months stand the other way round)`},
		{"months as words", many(nil, "Jan 3, 2014 11:30 PM", "Mar 5, 2014 1:02 AM"), Source{},
			`x is text, though its 20 values are dates, such as "Jan 3, 2014 11:30 PM"; DateFormat("x", "%b %d, %Y %I:%M %p") reads them`},
		{"a date that is none", many(Values{{"0000-00-00", 4}}, "2014-01-03", "2014-01-04"), Source{},
			`x is text in 4 of 400 rows only: 0000-00-00; correct them in the file`},
		{"dates and NA", many(Values{{"NULL", 4}}, "2014-01-03", "2014-01-04"), Source{},
			`x is text in 4 of 400 rows only: NULL; NullStrings("NULL") reads them as missing`},
		{"some offsets", many(nil, "2014-01-03 12:00:00+02:00", "2014-01-03 12:00:00"), Source{},
			`x is text: its times have an offset from UTC in 10 of 400 rows, and none in others; DateParts takes those for UTC`},
		{"truth values and NA", many(Values{{"NA", 4}}, "true", "false"), Source{},
			`x is text in 4 of 400 rows only: NA; NullStrings("NA") reads them as missing`},
		{"truth values in several ways", many(nil, "true", "false", "yes", "0"), Source{},
			`x is text, though its 40 values are truth values in 4 spellings, such as 0, false, true, yes; in SQL, lower("x") IN ('true', 'yes', 'on', '1') makes bools of them`},
		{"truth values with spaces", many(nil, "Yes", "No ", "yes", "no"), Source{},
			`x is text, though its 40 values are truth values in 4 spellings, such as "No ", Yes, no, yes; in SQL, lower(trim("x")) IN ('true', 'yes', 'on', '1') makes bools of them`},
		{"numbers as text", many(nil, numbers...), Source{"", true},
			`x is text, though its 60 values are numbers, such as 50; Type("x", "DOUBLE") reads them`},
		{"nothing", Values{{"NA", 400}}, Source{},
			`x has no value in any of 400 rows: NA; NullStrings("NA") reads them as missing`},
		{"texts", many(nil, "a", "b"), Source{}, ""},
		{"texts and NA", many(Values{{"NA", 5}}, "a", "b"), Source{}, ""},
		{"yes and no", many(nil, "yes", "no"), Source{}, ""},
		{"numbers of houses", many(nil, "01", "02"), Source{"", true}, ""},
		{"codes", Values{{"0", 1000}, {"a", 20}, {"b", 7}, {"c", 4}}, Source{}, ""},
		{"tickets", many(nil, "PC 17599", "113803", "A/5 21171", "113804"), Source{}, ""},
		{"long numbers", many(nil, "12345678901234567890", "12345678901234567891"), Source{}, ""},
		{"nobody", nil, Source{}, ""},
	} {
		if got := Find(c.values.sorted()).Note("x", 400, c.from); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.name, got, c.want)
		}
	}
}

// sorted brings values into the order of Count.
func (v Values) sorted() Values {
	rows := map[string]int{}
	var texts []string
	for _, x := range v {
		rows[x.Text] = x.Rows
	}
	for text, n := range rows {
		for range n {
			texts = append(texts, text)
		}
	}
	return Count(texts, func(int) bool { return true })
}

// A style reads what is written in it, and nothing else.
func TestStyle(t *testing.T) {
	comma, german, dollars := Style{Thousands: ","}, Style{Thousands: ".", Decimal: ","}, Style{Thousands: ",",
		Units: []string{"$", "US$", "%"}}
	for _, c := range []struct {
		style Style
		field string
		want  Kinds
	}{
		{comma, "1,234", StyledInt}, {comma, "-1,234,567.5", StyledFloat}, {comma, "12,34,567", StyledInt}, {comma, "3,5",
			Text}, {comma, "1,23", Text},
		{comma, "12", Int}, {comma, "1.5", Float}, {comma, ",123", Text}, {comma, "1,2345", Text}, {comma, "x", Text}, {comma,
			"", Text}, {comma, "1,234e3", StyledFloat},
		{german, "1.234", StyledInt}, {german, "1.234,5", StyledFloat}, {german, "0,5", StyledFloat}, {german, "1.5",
			Text}, {german, "inf", Float}, {german, ",5", StyledFloat},
		{german, "2014-08-01", Date}, {german, "007", Int | Zeros}, {german, "true", Bool},
		{dollars, "$1,234.50", StyledFloat}, {dollars, "-$5", StyledInt}, {dollars, "$-5", StyledInt}, {dollars, "-$-5",
			Text}, {dollars, "US$ 5", StyledInt},
		{dollars, "7 %", StyledInt}, {dollars, "$", Text}, {dollars, "5 km", Text}, {dollars, "123,456,789,012,345,678,901",
			Text},
		{Style{Thousands: " "}, "1\u202f234", StyledInt}, {Style{}, "1.5", Float}, {Style{}, "$5", Text},
	} {
		if got := NewReader(c.style).Of([]byte(c.field)); got != c.want {
			t.Errorf("%q in %+v is %b (want %b)", c.field, c.style, got, c.want)
		}
	}
	for _, wrong := range []Style{{Thousands: "."}, {Thousands: ",", Decimal: ","}, {Decimal: "1"}, {Decimal: ",,"}, {Units: []string{""}}, {Units: []string{"m2"}}} {
		if wrong.Check() == nil {
			t.Errorf("%+v is no error", wrong)
		}
	}
}
