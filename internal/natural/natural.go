// Package natural puts names in the order in which people count: 2.jpg comes before 10.jpg.
package natural

import (
	"cmp"
	"strings"
	"unicode"
)

// Compare compares names, for slices.SortFunc and its like. Names that differ in nothing but zeros before a number are
// in the order of their bytes.
func Compare(a, b string) int {
	whole := cmp.Compare(a, b)
	for a != "" && b != "" {
		na, nb := leadingNumber(a), leadingNumber(b)
		if na == "" || nb == "" {
			if a[0] != b[0] {
				return cmp.Compare(a[0], b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		if c := compareNumbers(na, nb); c != 0 {
			return c
		}
		a, b = a[len(na):], b[len(nb):]
	}
	if len(a) != len(b) {
		return cmp.Compare(len(a), len(b))
	}
	return whole
}

// leadingNumber returns the digits that s starts with.
func leadingNumber(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsDigit(r) })
	if end < 0 {
		return s
	}
	return s[:end]
}

// compareNumbers compares decimal numbers of any length.
func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if c := cmp.Compare(len(a), len(b)); c != 0 {
		return c
	}
	return cmp.Compare(a, b)
}
