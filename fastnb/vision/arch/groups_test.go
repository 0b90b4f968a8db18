package arch

import (
	"slices"
	"strings"
	"testing"
)

// The course's split of a body (REFERENCE: "(conv1..layer2), (layer3, layer4)"): each variable is in one of two groups.
func TestGroups(t *testing.T) {
	for name, want := range map[string][2][]string{
		"resnet34":            {{"bn1", "conv1", "layer1", "layer2"}, {"layer3", "layer4"}},
		"resnet152":           {{"bn1", "conv1", "layer1", "layer2"}, {"layer3", "layer4"}},
		"resnext50_32x4d":     {{"bn1", "conv1", "layer1", "layer2"}, {"layer3", "layer4"}},
		"vgg16_bn":            {{"features 0", "features 21"}, {"features 24", "features 41"}},
		"vgg19_bn":            {{"features 0", "features 21"}, {"features 23", "features 50"}},
		"densenet121":         {{"features conv0", "features denseblock2"}, {"features transition2", "features norm5"}},
		"resnet20":            {{"bn1", "conv1", "layer1", "layer2"}, {"layer3"}},
		"wrn_22":              {{"features 0", "features 6"}, {"features 7", "features 10"}},
		"resnet9":             {{"prep", "layer1"}, {"layer2", "layer3"}},
		"efficientnet_lite0":  {{"_blocks 0", "_blocks 7", "_bn0", "_conv_stem"}, {"_blocks 8", "_blocks 15", "_bn1", "_conv_head"}},
		"efficientnet_lite2":  {{"_blocks 0", "_blocks 10", "_bn0", "_conv_stem"}, {"_blocks 11", "_blocks 20", "_bn1", "_conv_head"}},
		"inception_v3":        {{"Conv2d_1a_3x3", "Mixed_5d"}, {"Mixed_6a", "Mixed_7c"}},
		"inception_v4":        {{"features 0", "features 8"}, {"features 9", "features 21"}},
		"inception_resnet_v2": {{"conv2d_1a", "repeat"}, {"mixed_6a", "conv2d_7b"}},
		"squeezenet1_0":       {{"features 0", "features 4"}, {"features 5", "features 12"}},
		"mobilenet_v2":        {{"features 0", "features 10"}, {"features 11", "features 18"}},
		"mobilenet_v3_small":  {{"features 0", "features 6"}, {"features 7", "features 12"}},
		"convnext_base":       {{"stem", "stages 1"}, {"stages 2", "stages 3"}},
		"vit_b_16":            {{"patch_embed", "blocks 0", "blocks 5"}, {"blocks 6", "blocks 11", "norm"}},
	} {
		a, err := ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		in := a.modules(t)
		for k := range want {
			for _, module := range want[k] {
				if got := in[module]; !slices.Equal(got, []int{k}) {
					t.Errorf("%s: %s is in groups %d, want %d", name, module, got, k)
				}
			}
		}
	}
}

// modules returns the groups that hold variables of each module, by its name or number.
func (a Arch) modules(t *testing.T) map[string][]int {
	t.Helper()
	store, err := a.of(a.Body).Variables(backend(t))
	if err != nil {
		t.Fatal(err)
	}
	in := map[string][]int{}
	for v := range store.IterVariables() {
		parts := strings.Split(v.Path(), "/")
		module := parts[1]
		if slices.Contains([]string{"_blocks", "features", "stages", "blocks"}, module) {
			module += " " + parts[2]
		}
		for k, group := range a.Groups {
			if slices.ContainsFunc(group, func(scope string) bool { return strings.HasPrefix(v.Path(), scope+"/") }) && !slices.Contains(in[module], k) {
				in[module] = append(in[module], k)
			}
		}
		if in[module] == nil {
			t.Errorf("%s: %s is in no group", a.Name, v.Path())
		}
	}
	return in
}
