package arch

import (
	"fmt"
	"strings"
)

// archs are the nets of this package, by which ByName finds them and which the tests hold against PyTorch's.
var archs = []Arch{
	ResNet18, ResNet34, ResNet50, ResNet101, ResNet152,
	EfficientNetLite0, EfficientNetLite1, EfficientNetLite2,
}

// ByName returns the net of this package whose Name that is, such as "resnet34". Of another name the error lists those
// that there are.
func ByName(name string) (Arch, error) {
	names := make([]string, len(archs))
	for i, a := range archs {
		if names[i] = a.Name; a.Name == name {
			return a, nil
		}
	}
	return Arch{}, fmt.Errorf("arch: ByName: no net is called %q (there are %s)", name, strings.Join(names, ", "))
}
