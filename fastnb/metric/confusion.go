package metric

// Confusion counts predictions by class: Confusion(...)[a][p] items of class a were predicted as p. A pair with a
// class outside 0 ... classes-1 is not counted, nor is what one slice has beyond the other.
func Confusion(pred, labels []int, classes int) [][]int {
	counts := make([][]int, max(classes, 0))
	for i := range counts {
		counts[i] = make([]int, classes)
	}
	for i := range min(len(pred), len(labels)) {
		if a, p := labels[i], pred[i]; isClass(a, classes) && isClass(p, classes) {
			counts[a][p]++
		}
	}
	return counts
}

func isClass(i, classes int) bool { return i >= 0 && i < classes }
