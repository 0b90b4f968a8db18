package fastnb_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/fastnb"
)

// A file that another program wrote is held against the sample, too.
func ExampleReadSubmission() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	mine, sample := filepath.Join(dir, "mine.csv"), filepath.Join(dir, "sample_submission.csv")
	ok(os.WriteFile(mine, []byte("id,label\n8,cat\n9,dog\n"), 0o666))
	ok(os.WriteFile(sample, []byte("id,label\n8,cat\n9,cat\n10,cat\n"), 0o666))

	s := must(fastnb.ReadSubmission(mine))
	fmt.Println(s.Header, s.Rows)
	fmt.Println(s.Check(sample))
	// Output:
	// [id label] [[8 cat] [9 dog]]
	// fastnb: Submission.Check: id "10" of sample_submission.csv is missing (2 rows, sample_submission.csv has 3)
}
