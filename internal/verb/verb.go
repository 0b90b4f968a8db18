// Package verb puts the name of a package and its verb before the errors of that verb, once.
package verb

import "strings"

// named is an error of a verb.
type named struct {
	verb string // as "vision: Pretrained"
	err  error
}

func (e named) Error() string { return e.verb + ": " + bare(e.err) }

func (e named) Unwrap() error { return e.err }

// Name puts a verb, as "vision: Pretrained", before the error that it returns, if there is one. It is deferred:
//
//	func Pretrained(...) (l *Learner, err error) {
//		defer verb.Name(&err, "vision: Pretrained")
//
// A verb that another one calls is not named, whatever its error is wrapped in: the reader called the outer one.
func Name(err *error, verb string) {
	switch e := (*err).(type) {
	case nil:
	case named:
		*err = named{verb, e.err}
	default:
		*err = named{verb, e}
	}
}

// bare returns the text of an error without the verbs in what it wraps.
func bare(err error) string {
	if e, ok := err.(named); ok {
		return bare(e.err)
	}
	text := err.Error()
	for _, e := range wrapped(err) {
		text = strings.Replace(text, e.Error(), bare(e), 1)
	}
	return text
}

// wrapped returns what an error wraps.
func wrapped(err error) []error {
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			return []error{inner}
		}
	case interface{ Unwrap() []error }:
		return e.Unwrap()
	}
	return nil
}
