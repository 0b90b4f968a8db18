// Package duck reads tables with DuckDB: CSV, Parquet and JSON files in, SQL for joins and features, typed columns out.
//
//	db, err := duck.Open()
//	report, err := db.Read("train", "train.csv")
//	table, err := db.Query(`SELECT *, ` + duck.DateParts("Date") + ` FROM train`)
//
// The database lives in memory and is gone with the program. What is read is checked: a report says how many rows went
// in and came out, and a file that cannot be read as it stands is an error that names the option to use.
//
// What looks at CSV files before DuckDB reads them, and what turns its vectors into columns, is written by hand.
// DuckDB's own sniffing (read_csv with sample_size=-1 and store_rejects=true) was tried in its place: 14 of the files
// that the tests want refused, such as one with an open quote or with two columns of one name, were read without a
// word, and 01/08/2014 was taken for a day. Its driver's Arrow interface needs a build tag (duckdb_arrow), which no
// notebook's cell sets.
//
// DuckDB is a C++ library of some tens of megabytes: only this package links it, so a program that opens a saved
// table ([tabular.OpenTable]) starts without.
package duck
