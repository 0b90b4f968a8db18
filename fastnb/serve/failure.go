package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// failure is an error with its HTTP status.
type failure struct {
	status int
	text   string
}

func (f *failure) Error() string { return f.text }

// mostText is how long an error may be, which may quote what was sent.
const mostText = 2000

func failf(status int, format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	if len(text) > mostText {
		text = strings.ToValidUTF8(text[:mostText], "") + "..."
	}
	return &failure{status, text}
}

// failureOf returns an error as what it is told as; that of no failure is the server's own.
func failureOf(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	return &failure{http.StatusInternalServerError, "the model failed; the server's log says how"}
}

// busy says that too much is on its way.
func busy(what string) error {
	return failf(http.StatusServiceUnavailable, "%s; ask again in a second", what)
}

// writeJSON writes an answer.
func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // who asked may be gone
}

// errorBody is what every error is told as.
type errorBody struct {
	Error string `json:"error"`
}
