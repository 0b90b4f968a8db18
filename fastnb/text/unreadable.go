package text

import (
	"errors"
	"fmt"

	"github.com/fastnb/fastnb/internal/few"
)

// ErrUnreadable says that documents could not be read; the error is an [*UnreadableError], which lists them.
var ErrUnreadable = errors.New("unreadable documents")

// Unreadable is a document that could not be read, and why.
type Unreadable struct {
	Name   string
	Reason string
}

// UnreadableError lists every document of a split that could not be read.
type UnreadableError struct{ Docs []Unreadable }

// maxListed is how many documents an error shows.
const maxListed = 20

// Error counts the documents and shows the first ones, one a line; Docs has all.
func (e *UnreadableError) Error() string {
	plural := "s"
	if len(e.Docs) == 1 {
		plural = ""
	}
	said := func(u Unreadable) string { return u.Name + ": " + u.Reason }
	return fmt.Sprintf("%d unreadable document%s; mend or remove them:\n\t%s", len(e.Docs), plural,
		few.Of(e.Docs, maxListed, "\n\t", said))
}

// Unwrap returns [ErrUnreadable].
func (e *UnreadableError) Unwrap() error { return ErrUnreadable }
