package fastnb_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/metric"
)

// A file whose parts do not fit together is an error that says what does not, and none of a method later.
func TestPredsWhosePartsDoNotFit(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{"Probs": [[1], [2]], "Targets": [[1]]}`,
			"there are 2 predictions, and 1 items have labels"},
		{`{"Probs": [[1], [2]], "Targets": []}`,
			"there are 2 predictions, and 0 items have labels"},
		{`{"Probs": [[1], [2]], "Targets": [[1], [2, 3]]}`,
			"item 1 has 1 predictions and 2 targets"},
		{`{"Probs": [[1], [2]], "Targets": [[1], []]}`,
			"item 1 has 1 predictions and 0 targets"},
		{`{"Probs": [[1, 0]], "Classes": ["a", "b"], "Targets": [[1]]}`,
			"item 0 has 2 predictions and 1 targets"},
		{`{"Probs": [[1, 0]], "Classes": ["a", "b"], "Labels": []}`,
			"there are 1 predictions, and 0 items have labels"},
		{`{"Probs": [[1, 0]], "Classes": ["a", "b"], "Labels": [2]}`,
			"item 0 has the class 2 of 2"},
		{`{"Probs": [[1, 0]], "Classes": ["a", "b"], "Labels": [0, 1]}`,
			"there are 1 predictions, and 2 items have labels"},
		{`{"Probs": [[1, 0]], "Classes": ["a", "b"], "Labels": [0], "Targets": [[1]]}`,
			"item 0 has 2 predictions and 1 targets"},
		{`{"Probs": [[1, 0]], "Classes": ["a", "b"], "Labels": [], "Targets": [[1, 0]]}`,
			"there are 1 predictions, and 0 items have labels"},
		{`{"Probs": [[1]], "Kept": []}`,
			"0 items were kept, and 1 are predicted"},
		{`{"Kept": [[1, 2], [3]]}`,
			"item 1 has 1 numbers (want 2)"},
		{`{"Kept": [[]]}`,
			"item 0 has 0 numbers (want 1)"},
		{`{"Kept": [[1], [2]], "Targets": [[1]]}`,
			"predictions of 2 items have 1 targets"},
		{`{"Kept": [[1], [2]], "Labels": [0], "Classes": ["a"]}`,
			"predictions of 2 items have 1 labels"},
	} {
		var p fastnb.Preds
		if err := json.Unmarshal([]byte(c.text), &p); fmt.Sprint(err) != c.want {
			t.Errorf("%s: %v (want %q)", c.text, err, c.want)
		}
	}
	var none fastnb.Preds
	check(t, json.Unmarshal([]byte(`{"Kept": []}`), &none))
	m := metric.Metric{Name: "kept", Kept: func([]float32, int) float64 { return 1 }}
	if got := none.Score(m); got == got {
		t.Errorf("of no items the score is %g (want NaN)", got)
	}
}
