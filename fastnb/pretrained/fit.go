package pretrained

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Map turns a file's tensors into the wanted variables, given as path -> shape. Where they do not fit by their names
// as they are, the names under a prefix are tried, as of a net that is a part of the saved one: if those under exactly
// one prefix fit, the others are left out. What does not fit is a *MapError.
func (t Table) Map(tensors map[string]Tensor, want map[string][]int) (map[string]Tensor, error) {
	rules, err := t.compile()
	if err != nil {
		return nil, err
	}
	out, misfit := rules.fit(tensors, want)
	if misfit == nil {
		return out, nil
	}
	fits := map[string]map[string]Tensor{}
	for _, p := range prefixesOf(tensors, len(want)) {
		under, _ := cutPrefix(tensors, p)
		if out, misfit := rules.fit(under, want); misfit == nil {
			fits[p] = out
		}
	}
	added := func(name string) string { return attribute + name } // by Read it was taken off
	if out, misfit := rules.fit(renamed(tensors, added), want); misfit == nil {
		fits[""] = out
	}
	if len(fits) > 1 {
		return nil, &MapError{Several: slices.Sorted(maps.Keys(fits))}
	}
	for _, out := range fits {
		return out, nil
	}
	return nil, misfit
}

// prefixesOf returns the prefixes, up to a dot, that at least n names have.
func prefixesOf(tensors map[string]Tensor, n int) []string {
	counts := map[string]int{}
	for name := range tensors {
		for i, c := range name {
			if c == '.' && i < len(name)-1 {
				counts[name[:i+1]]++
			}
		}
	}
	maps.DeleteFunc(counts, func(_ string, have int) bool { return have < max(n, 1) })
	return slices.Sorted(maps.Keys(counts))
}

// fit maps tensors by their names as they are.
func (c compiled) fit(tensors map[string]Tensor, want map[string][]int) (map[string]Tensor, *MapError) {
	out, bad := make(map[string]Tensor, len(want)), &MapError{}
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		to, rule := c.find(name)
		shape, wanted := want[to]
		_, twice := out[to]
		switch {
		case rule == nil && strings.HasSuffix(name, "num_batches_tracked"): // of every batch norm; of no use
		case rule == nil || (to != "" && !wanted && !rule.Top):
			bad.Extra = append(bad.Extra, name)
		case !wanted:
		case twice:
			bad.Extra = append(bad.Extra, fmt.Sprintf("%s (a second one for %s)", name, to))
		default:
			out[to] = rule.Layout.apply(tensors[name])
			if !slices.Equal(out[to].Shape, shape) {
				bad.Misshapen = append(bad.Misshapen, fmt.Sprintf("%s %v is %v for %s (want %v)", name, tensors[name].Shape,
					out[to].Shape, to, shape))
			}
		}
	}
	bad.Missing = missing(want, out)
	if bad.empty() {
		return out, nil
	}
	bad.Names, bad.Common = len(tensors), common(tensors)
	return nil, bad
}
