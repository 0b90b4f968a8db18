"""ConvNeXt of torchvision, whose names differ from timm's, by which package arch calls its variables."""
import torchvision

NAMES = ["convnext_tiny"]

def build(name):
    return torchvision.models.convnext_tiny(stochastic_depth_prob=0)
