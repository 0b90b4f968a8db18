package arch

import "github.com/fastnb/fastnb/fastnb/pretrained"

// torchvision has the weights that torchvision fetches under this name, the end of which is the beginning of the file's
// SHA-256.
func torchvision(name string) pretrained.Source {
	return pretrained.URL("https://download.pytorch.org/models/"+name+".pth", "")
}
