package tabular

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
)

// Report says how many rows of a table came into each split, and what was missing or unknown in them. No row is left
// out.
type Report struct {
	Rows    [3]int            // of each fastnb.Split
	Missing [3]map[string]int // by column: values that are missing
	Unknown [3]map[string]int // by column: categories that no training row has

	// Notes name the columns that the model does not see, and why, and those that are text, and so categories, by a few
	// odd values.
	Notes []string
}

func (r *Report) add(s fastnb.Split, rows int, counts []count) {
	r.Rows[s], r.Missing[s], r.Unknown[s] = rows, map[string]int{}, map[string]int{}
	for _, c := range counts {
		if c.missing > 0 {
			r.Missing[s][c.column] = c.missing
		}
		if c.unknown > 0 {
			r.Unknown[s][c.column] = c.unknown
		}
	}
}

// String writes the report as a few lines of text.
func (r Report) String() string {
	var b strings.Builder
	for s := fastnb.Train; s <= fastnb.Test; s++ {
		if r.Rows[s] > 0 {
			fmt.Fprintf(&b, "%s: %d rows%s%s\n", s, r.Rows[s],
				listed("missing", r.Missing[s]), listed("unknown", r.Unknown[s]))
		}
	}
	for _, note := range r.Notes {
		fmt.Fprintln(&b, note)
	}
	return b.String()
}

func listed(what string, counts map[string]int) string {
	if len(counts) == 0 {
		return ""
	}
	words := make([]string, 0, len(counts))
	for _, column := range sortedKeys(counts) {
		words = append(words, fmt.Sprintf("%d %s", counts[column], column))
	}
	return "; " + what + ": " + strings.Join(words, ", ")
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
