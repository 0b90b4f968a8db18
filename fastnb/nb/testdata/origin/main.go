// Command origin fails as a cell does whose model has a mistake.
package main

import (
	"fmt"

	"github.com/pkg/errors"

	"github.com/fastnb/fastnb/fastnb/nb"
)

func model() error { return errors.New("2 numbers and 3") }

func fit(build func() error) error { return fmt.Errorf("fit: %w", errors.WithMessage(build(), "step")) }

func main() {
	err := fit(model)
	nb.Check(err)
}
