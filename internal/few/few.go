// Package few lists the first few of many, for messages: "a, b, c, and 7 more".
package few

import (
	"fmt"
	"strings"
)

// Strings joins all by sep, or the first most of them and how many more there are. One more is listed, as it takes
// no more room than to say so.
func Strings(all []string, most int, sep string) string {
	return Of(all, most, sep, func(s string) string { return s })
}

// Of is Strings of what text makes of each. It is not asked for those that are not listed.
func Of[T any](all []T, most int, sep string, text func(T) string) string {
	if len(all) <= most+1 {
		most = len(all)
	}
	listed := make([]string, most, most+1)
	for i, x := range all[:most] {
		listed[i] = text(x)
	}
	if more := len(all) - most; more > 0 {
		listed = append(listed, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(listed, sep)
}
