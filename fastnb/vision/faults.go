package vision

import (
	"errors"
	"fmt"
	"strings"

	"github.com/fastnb/fastnb/internal/few"
)

// faults collects all that is wrong with a list, to be told at once.
type faults struct {
	kinds  []string            // in the order in which they were met
	places map[string][]string // of each kind
	others []error             // that are of no place
}

// shownFaults is how many places of a kind are listed.
const shownFaults = 5

// add adds a fault: what is wrong, said of rows, and at which place.
func (f *faults) add(kind, place string) {
	if f.places == nil {
		f.places = map[string][]string{}
	}
	if f.places[kind] == nil {
		f.kinds = append(f.kinds, kind)
	}
	f.places[kind] = append(f.places[kind], place)
}

// other adds what is wrong with the list as a whole.
func (f *faults) other(err error) { f.others = append(f.others, err) }

func (f *faults) none() bool { return len(f.kinds)+len(f.others) == 0 }

// err returns all faults as one error, nil if there are none. what is what the list has: rows, say.
func (f *faults) err(what string) error {
	if f.none() {
		return nil
	}
	if len(f.kinds) == 0 && len(f.others) == 1 {
		return f.others[0]
	}
	var lines []string
	for _, kind := range f.kinds {
		places := f.places[kind]
		plural := "s"
		if len(places) == 1 {
			plural = ""
		}
		lines = append(lines, fmt.Sprintf("%d %s%s %s: %s", len(places), what, plural, kind,
			few.Strings(places, shownFaults, "; ")))
	}
	for _, err := range f.others {
		lines = append(lines, err.Error())
	}
	if len(lines) == 1 {
		return errors.New(lines[0])
	}
	return fmt.Errorf("%d things are wrong:\n\t%s", len(lines), strings.Join(lines, "\n\t"))
}
