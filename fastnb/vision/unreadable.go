package vision

import (
	"errors"
	"fmt"
	"strings"
)

// ErrUnreadable says that images could not be decoded; the error is an [*UnreadableError], which lists them.
var ErrUnreadable = errors.New("unreadable images")

// Unreadable is an image file that could not be decoded, and why.
type Unreadable struct {
	Path   string
	Reason string
}

// UnreadableError lists every image of the data, or of those given to PredictImages, that could not be decoded.
type UnreadableError struct {
	Images []Unreadable

	given bool // to PredictImages
}

// Error lists the images, one a line.
func (e *UnreadableError) Error() string {
	var b strings.Builder
	plural := "s"
	if len(e.Images) == 1 {
		plural = ""
	}
	fix := "mend or remove them, or leave them out with vision.SkipUnreadable(true)"
	if e.given {
		fix = "mend them or leave them out"
	}
	fmt.Fprintf(&b, "%d unreadable image%s; %s:", len(e.Images), plural, fix)
	for _, u := range e.Images {
		fmt.Fprintf(&b, "\n\t%s: %s", u.Path, u.Reason)
	}
	return b.String()
}

// Unwrap returns [ErrUnreadable].
func (e *UnreadableError) Unwrap() error { return ErrUnreadable }
