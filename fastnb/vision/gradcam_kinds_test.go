package vision

import (
	"testing"

	"github.com/fastnb/fastnb/fastnb"
)

// Heat maps are of classes, of labels and of numbers, by their names.
func TestGradCAMOfKinds(t *testing.T) {
	for k, d := range kinds(t) {
		l := tiny(t, d)
		names := map[kind]string{oneClass: "dog", manyLabels: "sea", numbers: "y"}
		likeliest, err := GradCAM(l, fastnb.Valid, []int{0, 3})
		ok(t, err)
		maps, err := GradCAM(l, fastnb.Valid, []int{3}, ForClass(names[k]))
		ok(t, err)
		preds, err := l.Predict(fastnb.Valid)
		ok(t, err)
		same(t, "name", maps[0].Class, names[k])
		same(t, "likeliest", likeliest[1].Class, d.outputNames()[preds.Predicted()[3]])
		if got, want := likeliest[1].Prob, float64(preds.Probs[3][preds.Predicted()[3]]); got-want > 1e-5 || want-got > 1e-5 {
			t.Errorf("%s: %g (want %g)", k, got, want)
		}
		_, err = GradCAM(l, fastnb.Valid, []int{0}, ForClass("nothing"))
		saysAll(t, err, "vision: GradCAM", names[k])
	}
}
