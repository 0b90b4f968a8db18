package duck

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/fastnb/fastnb/internal/atomicfile"
	"github.com/fastnb/fastnb/internal/verb"
)

// formats are what Write writes, by a file's extension.
var formats = map[string]string{".parquet": "FORMAT parquet", ".csv": "FORMAT csv, HEADER",
	".json": "FORMAT json", ".jsonl": "FORMAT json", ".ndjson": "FORMAT json"}

// Write writes the rows of a query to a file: Parquet, CSV with a header or JSON, a line for each row, as the path's
// extension says (.parquet, .csv, .json, .jsonl, .ndjson). The file is whole or not there; one that is there is
// replaced.
func (db *DB) Write(sql, path string) (err error) {
	defer verb.Name(&err, "duck: Write")
	sql = strings.TrimRight(sql, "; \n\t")
	format, ok := formats[strings.ToLower(filepath.Ext(path))]
	if !ok {
		return fmt.Errorf("%s: want a name that ends in .parquet, .csv, .json, .jsonl or .ndjson", path)
	}
	out, err := atomicfile.Create(path, 0o644)
	if err != nil {
		return err
	}
	defer out.Discard()
	if err := db.run("COPY (%s\n) TO %s (%s, USE_TMP_FILE false)", sql, text(out.Name()), format); err != nil {
		return err
	}
	return out.Commit()
}
