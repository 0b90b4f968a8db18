package text

import (
	"errors"
	"fmt"
	"strings"
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
	var b strings.Builder
	plural := "s"
	if len(e.Docs) == 1 {
		plural = ""
	}
	fmt.Fprintf(&b, "%d unreadable document%s; mend or remove them:", len(e.Docs), plural)
	for i, u := range e.Docs {
		if i == maxListed && len(e.Docs) > maxListed+1 {
			fmt.Fprintf(&b, "\n\tand %d more", len(e.Docs)-i)
			break
		}
		fmt.Fprintf(&b, "\n\t%s: %s", u.Name, u.Reason)
	}
	return b.String()
}

// Unwrap returns [ErrUnreadable].
func (e *UnreadableError) Unwrap() error { return ErrUnreadable }
