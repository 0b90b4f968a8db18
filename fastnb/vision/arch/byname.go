package arch

import (
	"fmt"
	"slices"
	"strings"
)

// families are the nets of this package, a slice for each family, the nets with fewer parameters before those with
// more.
var families = [][]Arch{
	resNets, resNeXts, wideResNets, vggs, vggBNs, denseNets,
	cifarResNets, wrns, resNet9s,
	efficientNetLites,
	inceptions,
	squeezeNets,
	mobileNetV2s,
	mobileNetV3s,
	convNeXts,
	viTs,
}

// List returns all nets of this package, family by family, and within a family the smaller before the larger.
func List() []Arch { return slices.Concat(families...) }

// ByName returns the net of this package that is called so here, in torchvision or in timm, such as "resnet34". Of
// another name the error lists those that there are.
func ByName(name string) (Arch, error) {
	all := List()
	names := make([]string, len(all))
	for i, a := range all {
		if a.isCalled(name) {
			return a, nil
		}
		names[i] = a.Name
	}
	net, tag, _ := strings.Cut(name, ".")
	if slices.ContainsFunc(all, func(a Arch) bool { return a.isCalled(net) }) {
		return Arch{}, fmt.Errorf("arch: ByName: %q names weights, too; take the net %q, and its weights by "+
			`vision.Weights(pretrained.Hub("timm/%s.%s", "model.safetensors", ""))`, name, net, net, tag)
	}
	return Arch{}, fmt.Errorf("arch: ByName: no net is called %q (there are %s)", name, strings.Join(names, ", "))
}

func (a Arch) isCalled(name string) bool { return a.Name == name || slices.Contains(a.Aliases, name) }
