// Package verb puts the name of a package and its verb before the errors of that verb, once.
package verb

// named is an error of a verb.
type named struct {
	verb string // as "vision: Pretrained"
	err  error
}

func (e named) Error() string { return e.verb + ": " + e.err.Error() }

func (e named) Unwrap() error { return e.err }

// Name puts a verb, as "vision: Pretrained", before the error that it returns, if there is one. It is deferred:
//
//	func Pretrained(...) (l *Learner, err error) {
//		defer verb.Name(&err, "vision: Pretrained")
//
// A verb that another one calls is not named: the reader called the outer one.
func Name(err *error, verb string) {
	switch e := (*err).(type) {
	case nil:
	case named:
		*err = named{verb, e.err}
	default:
		*err = named{verb, e}
	}
}
