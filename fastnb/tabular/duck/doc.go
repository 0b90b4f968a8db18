// Package duck reads tables with DuckDB: CSV, Parquet and JSON files in, SQL for joins and features, typed columns out.
//
//	db, err := duck.Open()
//	report, err := db.Read("train", "train.csv")
//	table, err := db.Query(`SELECT *, ` + duck.DateParts("Date") + ` FROM train`)
//
// The database lives in memory and is gone with the program. What is read is checked: a report says how many rows went
// in and came out, and a file that cannot be read as it stands is an error that names the option to use.
//
// DuckDB is a C++ library of some tens of megabytes: only this package links it, so a program that opens a saved
// table ([tabular.OpenTable]) starts without.
package duck
