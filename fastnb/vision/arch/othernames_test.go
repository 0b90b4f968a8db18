package arch

import (
	"os"
	"testing"

	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/ml/model"
)

// Nets whose variables have timm's names read torchvision's files, too.
func TestOtherNames(t *testing.T) {
	for family, a := range map[string]Arch{"convnext_torchvision": ConvNeXtTiny, "vit_torchvision": ViTB16} {
		t.Run(family, func(t *testing.T) {
			peer := a
			peer.Family = family
			tr := truthOf(t, peer)
			store := tr.store(t, a)
			if testing.Short() || family == "vit_torchvision" && os.Getenv("FASTNB_ALL_NETS") == "" {
				t.Skip("the names fit; set FASTNB_ALL_NETS to compile the net, too")
			}
			tr.checkLogits(t, a, store)
		})
	}
}

// The auxiliary classifier of Inception v3's published files is not read.
func TestAuxiliaryClassifier(t *testing.T) {
	named := map[string]pretrained.Tensor{}
	tr := truthOf(t, InceptionV3)
	for _, p := range append(tr.Tensors,
		truthTensor{Name: "AuxLogits.conv0.conv.weight", Shape: []int{128, 768, 1, 1}},
		truthTensor{Name: "AuxLogits.conv0.bn.running_var", Shape: []int{128}},
		truthTensor{Name: "AuxLogits.conv1.bn.num_batches_tracked", Shape: []int{1}},
		truthTensor{Name: "AuxLogits.fc.weight", Shape: []int{1000, 768}},
		truthTensor{Name: "AuxLogits.fc.bias", Shape: []int{1000}},
	) {
		named[p.Name] = pretrained.Tensor{Shape: p.Shape, Data: make([]float32, size(p.Shape))}
	}
	store := model.NewStore()
	if err := InceptionV3.of(InceptionV3.logits).Set(backend(t), store, named); err != nil {
		t.Fatal(err)
	}
	if got := len(pretrained.Shapes(store)); got != len(tr.Tensors) {
		t.Errorf("%d variables, want %d", got, len(tr.Tensors))
	}
}
