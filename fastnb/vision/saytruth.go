package vision

import (
	"strconv"
	"strings"
)

// saidLabels names labels, "none" where there are none.
func (d *Data) saidLabels(set []int) string {
	if len(set) == 0 {
		return "none"
	}
	names := make([]string, len(set))
	for i, label := range set {
		names[i] = d.classes[label]
	}
	return strings.Join(names, ", ")
}

// saidNumbers writes numbers with four digits.
func saidNumbers(row []float32) string {
	texts := make([]string, len(row))
	for i, x := range row {
		texts[i] = strconv.FormatFloat(float64(x), 'g', 4, 32)
	}
	return strings.Join(texts, ", ")
}
