package pretrained

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

var resnet = Table{
	{From: "*.num_batches_tracked"},
	{From: "layer*.*.*.num_batches_tracked"},
	{From: "conv1.weight", To: "/conv1/weight", Layout: ConvOIHW},
	{From: "layer*.*.conv*.weight", To: "/layer*/*/conv*/weight", Layout: ConvOIHW},
	{From: "layer*.*.bn*.*", To: "/layer*/*/bn*/*"},
	{From: "fc.weight", To: "/fc/weight", Layout: DenseOI, Top: true},
	{From: "fc.bias", To: "/fc/bias", Top: true},
}

// count returns a tensor of the numbers 0, 1, 2, ...
func count(shape ...int) Tensor {
	t := Tensor{Shape: shape}
	n := 1
	for _, d := range shape {
		n *= d
	}
	for i := range n {
		t.Data = append(t.Data, float32(i))
	}
	return t
}

func file() map[string]Tensor {
	return map[string]Tensor{
		"conv1.weight": count(4, 3, 2, 2), "layer1.0.conv2.weight": count(2, 1, 3, 3), "layer1.0.bn2.running_mean": count(2),
		"layer1.0.bn2.num_batches_tracked": count(), "bn1.num_batches_tracked": count(),
		"fc.weight": count(3, 2), "fc.bias": count(3),
	}
}

func body() map[string][]int {
	return map[string][]int{"/conv1/weight": {2, 2, 3, 4}, "/layer1/0/conv2/weight": {3, 3, 1, 2}, "/layer1/0/bn2/running_mean": {2}}
}

// A dense layer that is kept as a convolution over all pixels has the numbers of one that is kept as a matrix.
func TestDenseOfConvolution(t *testing.T) {
	got := DenseOI.apply(count(2, 3, 2, 2))
	if !slices.Equal(got.Shape, []int{12, 2}) {
		t.Fatalf("shape %v (want 12, 2)", got.Shape)
	}
	for i := range 12 {
		for o := range 2 {
			if got, want := got.Data[i*2+o], float32(o*12+i); got != want {
				t.Errorf("weight[%d,%d] = %v (want %v)", i, o, got, want)
			}
		}
	}
}

func TestMap(t *testing.T) {
	got, err := resnet.Map(file(), body())
	if err != nil || len(got) != 3 {
		t.Fatalf("%v, %v", got, err)
	}
	conv := got["/conv1/weight"]
	for h := range 2 { // HWIO element [h,w,i,o] is OIHW element [o,i,h,w]
		for w := range 2 {
			for i := range 3 {
				for o := range 4 {
					if got, want := conv.Data[((h*2+w)*3+i)*4+o], float32(((o*3+i)*2+h)*2+w); got != want {
						t.Errorf("weight[%d,%d,%d,%d] = %v (want %v)", h, w, i, o, got, want)
					}
				}
			}
		}
	}
}

func TestMapTop(t *testing.T) {
	want := body()
	want["/fc/weight"], want["/fc/bias"] = []int{2, 3}, []int{3}
	got, err := resnet.Map(file(), want)
	if err != nil || !slices.Equal(got["/fc/weight"].Data, []float32{0, 2, 4, 1, 3, 5}) {
		t.Errorf("%v, %v", got["/fc/weight"], err)
	}
	headless := file()
	delete(headless, "fc.weight")
	delete(headless, "fc.bias")
	if _, err := resnet.Map(headless, body()); err != nil {
		t.Errorf("weights without a classifier for a body: %v", err)
	}
	_, err = resnet.Map(headless, want)
	wantMapError(t, err, []string{"/fc/bias", "/fc/weight"}, nil, nil)
}

// TestMapErrors: all that is wrong is listed, by name.
func TestMapErrors(t *testing.T) {
	tensors := file()
	delete(tensors, "conv1.weight")
	delete(tensors, "layer1.0.bn2.running_mean")
	tensors["layer1.0.conv2.weight"] = count(2, 1, 5, 5)
	tensors["layer9.0.conv1.weight"] = count(1, 1, 1, 1)
	tensors["extra"] = count(1)
	tensors["fc.weight"] = count(1000, 3)
	_, err := resnet.Map(tensors, body())
	wantMapError(t, err, []string{"/conv1/weight", "/layer1/0/bn2/running_mean"}, []string{"extra", "layer9.0.conv1.weight"},
		[]string{"layer1.0.conv2.weight [2 1 5 5] is [5 5 1 2] for /layer1/0/conv2/weight (want [3 3 1 2])"})
}

func wantMapError(t *testing.T, err error, missing, extra, misshapen []string) {
	t.Helper()
	var e *MapError
	if !errors.As(err, &e) || !slices.Equal(e.Missing, missing) || !slices.Equal(e.Extra, extra) || !slices.Equal(e.Misshapen, misshapen) {
		t.Fatalf("error %v (want %v, %v, %v)", err, missing, extra, misshapen)
	}
	for _, name := range slices.Concat(missing, extra, misshapen) {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%v does not name %s", err, name)
		}
	}
}

func TestMapTwice(t *testing.T) {
	table := Table{{From: "a", To: "/x"}, {From: "b", To: "/x"}}
	_, err := table.Map(map[string]Tensor{"a": count(1), "b": count(1)}, map[string][]int{"/x": {1}})
	wantMapError(t, err, nil, []string{"b (a second one for /x)"}, nil)
}

// TestMapAxes: a tensor of other axes than the layout has is misshapen, and no reason to break.
func TestMapAxes(t *testing.T) {
	_, err := resnet.Map(map[string]Tensor{"conv1.weight": count(4)}, map[string][]int{"/conv1/weight": {2, 2, 3, 4}})
	wantMapError(t, err, nil, nil, []string{"conv1.weight [4] is [4] for /conv1/weight (want [2 2 3 4])"})
}

func TestRule(t *testing.T) {
	for _, c := range []struct{ from, to, name, want string }{
		{"a.b", "/a", "a.b", "/a"},
		{"a.b", "/a", "axb", ""},   // a dot is a dot
		{"a.*", "/*", "a.b.c", ""}, // a star stays between dots
		{"a*.*.c*", "/*/*/*", "a12.x.c3", "/12/x/3"},
		{"a*", "/*", "a", ""}, // and is something
		{"blocks.*.conv", "/blocks/*/conv", "xblocks.1.conv", ""},
		{"a.*", "/*", "a.[*]", "/[*]"},
	} {
		rules, err := Table{{From: c.from, To: c.to}}.compile()
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := rules.find(c.name); got != c.want {
			t.Errorf("%s -> %s: %s becomes %q (want %q)", c.from, c.to, c.name, got, c.want)
		}
	}
	if _, err := (Table{{From: "a.*", To: "/a"}}).Map(nil, nil); err == nil || !strings.Contains(err.Error(), `"a.*" -> "/a"`) {
		t.Errorf("error %v", err)
	}
}

func ExampleTable_Map() {
	table := Table{
		{From: "layer*.*.conv*.weight", To: "/layer*/*/conv*/weight", Layout: ConvOIHW},
		{From: "fc.*", To: "/fc/*", Top: true},
	}
	tensors := map[string]Tensor{
		"layer1.0.conv2.weight": {Shape: []int{8, 4, 3, 3}, Data: make([]float32, 8*4*3*3)},
		"fc.bias":               {Shape: []int{10}, Data: make([]float32, 10)},
	}
	body := map[string][]int{"/layer1/0/conv2/weight": {3, 3, 4, 8}}
	weights, err := table.Map(tensors, body)
	fmt.Println(len(weights), weights["/layer1/0/conv2/weight"].Shape, err)
	_, err = table.Map(tensors, map[string][]int{"/layer1/0/conv1/weight": {3, 3, 4, 8}})
	fmt.Println(err)
	// Output:
	// 1 [3 3 4 8] <nil>
	// pretrained: the weights do not fit the net: 1 missing: /layer1/0/conv1/weight; 1 not of this net: layer1.0.conv2.weight
}
