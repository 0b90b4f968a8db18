// Package arch has the nets of the course as graph functions, with the tables that lead the names of their public
// weights to our variables.
//
// A scope path is the net's PyTorch module path: layer1.0.conv1.weight is /layer1/0/conv1/weight. Stochastic depth
// ("drop connect") and the dropout before the classifier are left out: a Learner's head has its own dropout.
package arch

import (
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Arch is a net for classification of images, cut into a body, which a Learner keeps, and the top it replaces.
type Arch struct {
	Name     string     // "resnet34"
	Family   string     // "resnet", of all nets that are built in the same way
	Aliases  []string   // what else ByName takes for it: names in torchvision, timm and fast.ai 0.7
	Params   int        // numbers that body and Top learn
	Size     int        // height and width in pixels that the public weights were trained for
	MinSize  int        // the smallest height and width that the net takes; 0: not known
	Multiple int        // of what height and width are to be multiples; 0: of nothing
	Features int        // channels of the body's output
	Mean     [3]float32 // of red, green and blue, on pixels of 0..255 ...
	Std      [3]float32 // ... the net's input is (pixel-Mean)/Std

	// Body maps normalised images [n, h, w, 3] to features [n, h', w', Features].
	Body func(s *model.Scope, x *graph.Node) *graph.Node

	// Top is the public net's own classifier: it maps Body's output to logits [n, 1000] of the ImageNet classes, or
	// [n, 10] of CIFAR-10's where Size is 32.
	Top func(s *model.Scope, x *graph.Node) *graph.Node

	// Groups are the two layer groups of the body, input to output, as prefixes of variable paths.
	Groups [2][]string

	Names   pretrained.Table  // from the names of the public weights to our variables
	Weights pretrained.Source // the default public weights; nil: there are none
}

// classes is the number of ImageNet's.
const classes = 1000

// Mean and deviation of ImageNet's pixels, as torchvision and timm normalise them.
var (
	imageNetMean = [3]float32{.485 * 255, .456 * 255, .406 * 255}
	imageNetStd  = [3]float32{.229 * 255, .224 * 255, .225 * 255}
)

// Mean and deviation of CIFAR-10's pixels; the deviation is the mean of the images', as the files of weights have it.
var (
	cifarMean = [3]float32{.4914 * 255, .4822 * 255, .4465 * 255}
	cifarStd  = [3]float32{.2023 * 255, .1994 * 255, .2010 * 255}
)

// timm is the file of weights that timm has published of a net.
func timm(name, tag string) pretrained.Source {
	return pretrained.Hub("timm/"+name+"."+tag, "model.safetensors", "")
}

// called adds names that ByName takes.
func (a Arch) called(names ...string) Arch {
	a.Aliases = append(a.Aliases, names...)
	return a
}
