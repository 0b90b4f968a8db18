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

// Error lists the documents, one a line.
func (e *UnreadableError) Error() string {
	var b strings.Builder
	plural := "s"
	if len(e.Docs) == 1 {
		plural = ""
	}
	fmt.Fprintf(&b, "%d unreadable document%s; mend or remove them:", len(e.Docs), plural)
	for _, u := range e.Docs {
		fmt.Fprintf(&b, "\n\t%s: %s", u.Name, u.Reason)
	}
	return b.String()
}

// Unwrap returns [ErrUnreadable].
func (e *UnreadableError) Unwrap() error { return ErrUnreadable }
