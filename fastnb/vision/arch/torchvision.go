package arch

import "github.com/fastnb/fastnb/fastnb/pretrained"

// The mean and spread of ImageNet's pixels, by which torchvision normalises.
var (
	imageNetMean = [3]float32{.485 * 255, .456 * 255, .406 * 255}
	imageNetStd  = [3]float32{.229 * 255, .224 * 255, .225 * 255}
)

// torchvision has the weights that torchvision fetches under this name, the end of which is the beginning of the file's
// SHA-256.
func torchvision(name string) pretrained.Source {
	return pretrained.URL("https://download.pytorch.org/models/"+name+".pth", "")
}
