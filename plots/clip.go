package plots

import (
	"sort"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// clip shortens words that are wider than width, with an ellipsis.
func clip(words string, style text.Style, width vg.Length) string {
	if style.Width(words) <= width {
		return words
	}
	runes := []rune(words)
	tooMany := sort.Search(len(runes), func(n int) bool { return style.Width(string(runes[:n])+"…") > width })
	return string(runes[:max(tooMany-1, 0)]) + "…"
}
