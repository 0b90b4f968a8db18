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
