package verb_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/fastnb/fastnb/internal/verb"
)

var errTorn = errors.New("torn")

func inner() (err error) {
	defer verb.Name(&err, "pages: Read")
	return fmt.Errorf("page 3: %w", errTorn)
}

func outer() (err error) {
	defer verb.Name(&err, "book: Open")
	return inner()
}

func fine() (err error) {
	defer verb.Name(&err, "book: Open")
	return nil
}

func TestName(t *testing.T) {
	if err := inner(); err.Error() != "pages: Read: page 3: torn" || !errors.Is(err, errTorn) {
		t.Errorf("a verb's error is %q", err)
	}
	if err := outer(); err.Error() != "book: Open: page 3: torn" || !errors.Is(err, errTorn) {
		t.Errorf("the error of a verb that called another is %q", err)
	}
	if err := fine(); err != nil {
		t.Errorf("%v without an error", err)
	}
}
