package fastnb

import "github.com/fastnb/fastnb/internal/verb"

// ReadSubmission reads a submission, or a competition's sample of one, from a CSV file. A byte order mark, UTF-16,
// quotes, the ends of lines and blank lines make no difference; every row has as many cells as the header.
func ReadSubmission(path string) (s Submission, err error) {
	defer verb.Name(&err, "fastnb: ReadSubmission")
	t, err := readCSV(path)
	return Submission{Header: t.Header, Rows: t.Rows}, err
}
