package imagerecord

import (
	"reflect"
	"testing"
)

// Names come back as they were, bytes that are no UTF-8 too, of classes and of numbers alike; and so does all else.
func TestText(t *testing.T) {
	names := []string{"cat", "Käfer", "a\xffb", `"quoted"`, "", " ", "\x00"}
	net := &Net{"resnet18", []int{8}, []float64{.1, .2}, []float64{0, 5}, 32, "pad", 4, 64, "zeros"}
	for _, want := range []Record{
		{Classes: names, Mean: [3]float32{1, 2, 3}, Std: [3]float32{4, 5, 6}},
		{Kind: Labels, Classes: names, Std: [3]float32{1, 1, 1}, Net: net},
		{Kind: Numbers, Columns: names, Std: [3]float32{1, 1, 1}, Net: net},
	} {
		text, err := want.Text()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Parse(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s comes back as %+v, %v (want %+v)", text, got, err, want)
		}
	}
	for _, text := range []string{"", "[]", "{}", `{"classes":["a"]}`} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%q is a record", text)
		}
	}
}
