package pretrained

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Rule maps names of a file to variables. A star in From stands for some characters other than the dot, and the first
// star in To takes what the first one in From stood for, and so on:
//
//	{"layer*.*.conv*.weight", "/layer*/*/conv*/weight", ConvOIHW}
type Rule struct {
	From   string // name in the file
	To     string // variable's path; empty: the tensor is of no use here
	Layout Layout // how the file's axes become ours
	Top    bool   // of the net's own classifier, which is left out where it isn't wanted
}

// Table is the mapping of a family of nets. The first rule that fits a name counts.
type Table []Rule

// MapError lists by name all that keeps a file's tensors from being a net's weights.
type MapError struct {
	Missing   []string // wanted variables that no tensor of the file is for
	Extra     []string // tensors that no rule is for, or whose variable the net doesn't have
	Misshapen []string // tensors of another shape, with both shapes
}

func (e *MapError) Error() string {
	var parts []string
	for _, p := range []struct {
		what  string
		names []string
	}{{"missing", e.Missing}, {"not of this net", e.Extra}, {"of another shape", e.Misshapen}} {
		if len(p.names) > 0 {
			parts = append(parts, fmt.Sprintf("%d %s: %s", len(p.names), p.what, strings.Join(p.names, ", ")))
		}
	}
	return "pretrained: the weights do not fit the net: " + strings.Join(parts, "; ")
}

func (e *MapError) empty() bool { return len(e.Missing)+len(e.Extra)+len(e.Misshapen) == 0 }

// Map turns a file's tensors into the wanted variables, given as path -> shape. What does not fit is a *MapError.
func (t Table) Map(tensors map[string]Tensor, want map[string][]int) (map[string]Tensor, error) {
	rules, err := t.compile()
	if err != nil {
		return nil, err
	}
	out, bad := make(map[string]Tensor, len(want)), &MapError{}
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		to, rule := rules.find(name)
		shape, wanted := want[to]
		_, twice := out[to]
		switch {
		case rule == nil || (to != "" && !wanted && !rule.Top):
			bad.Extra = append(bad.Extra, name)
		case !wanted:
		case twice:
			bad.Extra = append(bad.Extra, fmt.Sprintf("%s (a second one for %s)", name, to))
		default:
			out[to] = rule.Layout.apply(tensors[name])
			if !slices.Equal(out[to].Shape, shape) {
				bad.Misshapen = append(bad.Misshapen, fmt.Sprintf("%s %v is %v for %s (want %v)", name, tensors[name].Shape, out[to].Shape, to, shape))
			}
		}
	}
	bad.Missing = missing(want, out)
	if !bad.empty() {
		return nil, bad
	}
	return out, nil
}

// missing returns the wanted variables that are not there, sorted.
func missing(want map[string][]int, got map[string]Tensor) (names []string) {
	for _, path := range slices.Sorted(maps.Keys(want)) {
		if _, ok := got[path]; !ok {
			names = append(names, path)
		}
	}
	return names
}

// compiled is a Table with its patterns.
type compiled []struct {
	Rule
	from *regexp.Regexp
}

func (t Table) compile() (compiled, error) {
	c := make(compiled, len(t))
	for i, r := range t {
		if r.To != "" && strings.Count(r.From, "*") != strings.Count(r.To, "*") {
			return nil, fmt.Errorf("pretrained: rule %q -> %q: the stars differ in number", r.From, r.To)
		}
		pattern := strings.ReplaceAll(regexp.QuoteMeta(r.From), `\*`, `([^.]+)`)
		c[i].Rule, c[i].from = r, regexp.MustCompile("^"+pattern+"$")
	}
	return c, nil
}

// find returns the variable for a name, and the rule; nil if there is none.
func (c compiled) find(name string) (to string, rule *Rule) {
	for i := range c {
		stars := c[i].from.FindStringSubmatch(name)
		if stars == nil {
			continue
		}
		to = c[i].To
		for _, s := range stars[1:] {
			to = strings.Replace(to, "*", s, 1)
		}
		return to, &c[i].Rule
	}
	return "", nil
}
