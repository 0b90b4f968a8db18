// Package plants has what benchmarks on Plant Seedlings, the competition, have in common.
package plants

import "github.com/fastnb/fastnb/fastnb"

// Answer writes the most likely species of each test photo to a file, in the order of the competition's sample, against
// which it is checked.
func Answer(test *fastnb.Preds, sample, file string) error {
	s := test.Submission(fastnb.File("file"), fastnb.ClassName("species"))
	if err := s.Sort(sample); err != nil {
		return err
	}
	if err := s.Check(sample); err != nil {
		return err
	}
	return s.Write(file)
}
