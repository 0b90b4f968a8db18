// Package figures says what the benches measured.
package figures

import (
	"fmt"
	"slices"
)

// Median returns the upper one of an even number of values.
func Median(values []float64) float64 { return slices.Sorted(slices.Values(values))[len(values)/2] }

// Spread returns median, least and most, with so many decimals.
func Spread(values []float64, decimals int) string {
	if len(values) == 0 {
		return "not measured"
	}
	return fmt.Sprintf("%.*f (%.*f to %.*f)", decimals, Median(values), decimals, slices.Min(values), decimals,
		slices.Max(values))
}

// Ratio returns that of the medians, "-" where either was not measured.
func Ratio(a, b []float64) string {
	if len(a) == 0 || len(b) == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", Median(a)/Median(b))
}
