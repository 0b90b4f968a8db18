package pretrained

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/fastnb/fastnb/internal/few"
)

// MapError lists by name all that keeps a file's tensors from being a net's weights. Its text counts them and names
// the first.
type MapError struct {
	Missing   []string // wanted variables that no tensor of the file is for
	Extra     []string // tensors that no rule is for, or whose variable the net doesn't have
	Misshapen []string // tensors of another shape, with both shapes
	Several   []string // prefixes of names that would all do, such as "student." and "teacher."; nothing else is wrong then

	Names  int    // of the file's tensors
	Common string // what all of them begin with, up to a dot, such as "backbone."
}

func (e *MapError) Error() string {
	if e.Several != nil {
		return fmt.Sprintf("pretrained: the weights under each of %s fit the net: keep one of them in the file",
			fewOf(e.Several))
	}
	var parts []string
	for _, p := range []struct {
		what  string
		names []string
	}{{"missing", e.Missing}, {"not of this net", e.Extra}, {"of another shape", e.Misshapen}} {
		if len(p.names) > 0 {
			parts = append(parts, fmt.Sprintf("%d %s: %s", len(p.names), p.what, fewOf(p.names)))
		}
	}
	if e.Common != "" && e.Names > 1 {
		parts = append(parts, fmt.Sprintf("all %d names begin with %s", e.Names, shown(e.Common)))
	}
	return "pretrained: the weights do not fit the net: " + strings.Join(parts, "; ")
}

func (e *MapError) empty() bool { return len(e.Missing)+len(e.Extra)+len(e.Misshapen) == 0 }

// fewOf lists the first names of many.
func fewOf(names []string) string { return few.Of(names, 5, ", ", shown) }

// shown returns a name as it is, or quoted and cut where it is long or would not show.
func shown(name string) string {
	const longest = 160
	odd := func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }
	if name != "" && len(name) <= longest && !strings.ContainsFunc(name, odd) {
		return name
	}
	if len(name) > longest {
		return strconv.Quote(name[:longest]) + "..."
	}
	return strconv.Quote(name)
}

// common returns what all names begin with, up to a dot.
func common(tensors map[string]Tensor) string {
	shared, first := "", true
	for name := range tensors {
		if first {
			shared, first = name, false
		}
		n := 0
		for n < min(len(shared), len(name)) && shared[n] == name[n] {
			n++
		}
		shared = shared[:n]
	}
	return shared[:strings.LastIndex(shared, ".")+1]
}
