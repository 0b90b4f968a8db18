package duck

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2/mapping"
	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/internal/verb"
)

// Exec runs a statement, or several with semicolons between if there are no arguments. Each ? in it stands for an
// argument: nil, bool, an integer, a float, string or time.Time.
func (db *DB) Exec(sql string, args ...any) (err error) {
	defer verb.Name(&err, "duck: Exec")
	return db.do(sql, args, func(*mapping.Result) error { return nil })
}

// Query runs a query and returns its rows as typed columns; arguments are as for Exec.
//
// Integers, floats and decimals become numbers (decimals are rounded to float64), VARCHAR, ENUM and UUID text, BOOLEAN
// bools, DATE and TIMESTAMP times in UTC, and NULL and NaN missing values. An integer that float64 cannot hold exactly
// (beyond 2^53) is an error, and so is a column of another type, such as a list or an interval: cast it in the query.
// Two columns of one name are an error: rename one with AS.
func (db *DB) Query(sql string, args ...any) (table *tabular.Table, err error) {
	defer verb.Name(&err, "duck: Query")
	err = db.do(sql, args, func(r *mapping.Result) (err error) {
		table, err = fetch(r)
		return err
	})
	return table, err
}

// run executes SQL without arguments.
func (db *DB) run(format string, args ...any) error {
	return db.do(fmt.Sprintf(format, args...), nil, func(*mapping.Result) error { return nil })
}

// do runs SQL and hands the result to use.
func (db *DB) do(sql string, args []any, use func(*mapping.Result) error) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if !db.open {
		return errClosed
	}
	var result mapping.Result
	defer mapping.DestroyResult(&result)
	if err := db.execute(sql, args, &result); err != nil {
		return err
	}
	return use(&result)
}

func (db *DB) execute(sql string, args []any, result *mapping.Result) error {
	if len(args) == 0 {
		return resultError(mapping.Query(db.conn, sql, result), result)
	}
	var statement mapping.PreparedStatement
	defer mapping.DestroyPrepare(&statement)
	if mapping.Prepare(db.conn, sql, &statement) == mapping.StateError {
		return plain(mapping.PrepareError(statement))
	}
	if err := bindAll(statement, args); err != nil {
		return err
	}
	return resultError(mapping.ExecutePrepared(statement, result), result)
}

func resultError(state mapping.State, result *mapping.Result) error {
	if state == mapping.StateError {
		return plain(mapping.ResultError(result))
	}
	return nil
}

// plain is DuckDB's message without blank lines and without its advice on CSV files, which names options that are not
// ours.
func plain(message string) error {
	message, _, _ = strings.Cut(message, "\nPossible ")
	message, _, _ = strings.Cut(message, "\n  file = ")
	var kept []string
	for line := range strings.Lines(message) {
		if line = strings.TrimRight(line, " \n"); line != "" && !strings.HasPrefix(line, "This type was auto-detected") {
			kept = append(kept, line)
		}
	}
	return errors.New(strings.Join(kept, "\n"))
}

func bindAll(statement mapping.PreparedStatement, args []any) error {
	if n := int(mapping.NParams(statement)); n != len(args) {
		return fmt.Errorf("%d arguments for %d question marks", len(args), n)
	}
	for i, arg := range args {
		state, known := bind(statement, mapping.IdxT(i+1), arg)
		if !known {
			return fmt.Errorf("argument %d is a %T (want nil, bool, an integer, a float, string or time.Time)", i+1, arg)
		}
		if state == mapping.StateError {
			return fmt.Errorf("argument %d, %q, can't be passed on; is it text that is not UTF-8?", i+1, fmt.Sprint(arg))
		}
	}
	return nil
}

func bind(s mapping.PreparedStatement, i mapping.IdxT, arg any) (state mapping.State, known bool) {
	switch v := arg.(type) {
	case nil:
		return mapping.BindNull(s, i), true
	case bool:
		return mapping.BindBoolean(s, i, v), true
	case int:
		return mapping.BindInt64(s, i, int64(v)), true
	case int32:
		return mapping.BindInt32(s, i, v), true
	case int64:
		return mapping.BindInt64(s, i, v), true
	case uint64:
		return mapping.BindUInt64(s, i, v), true
	case float32:
		return mapping.BindFloat(s, i, v), true
	case float64:
		return mapping.BindDouble(s, i, v), true
	case string:
		return mapping.BindVarcharLength(s, i, v, mapping.IdxT(len(v))), true
	case time.Time:
		return mapping.BindTimestamp(s, i, mapping.NewTimestamp(v.UnixMicro())), true
	}
	return mapping.StateError, false
}
