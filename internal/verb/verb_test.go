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

func each() (err error) {
	defer verb.Name(&err, "shelf: Read")
	return errors.Join(errors.New("dusty"), fmt.Errorf("book 2: %w", outer()), inner())
}

// Only the outermost verb is named, however the errors of others are wrapped.
func TestNameOnce(t *testing.T) {
	err := fmt.Errorf("library: %w", each())
	if got, want := err.Error(), "library: shelf: Read: dusty\nbook 2: page 3: torn\npage 3: torn"; got != want {
		t.Errorf("the error is %q, want %q", got, want)
	}
	if !errors.Is(err, errTorn) {
		t.Error("the error has lost what it wraps")
	}
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
