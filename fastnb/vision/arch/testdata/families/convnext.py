"""The ConvNeXts of timm 1.0.20."""
import timm

NAMES = ["convnext_tiny", "convnext_small", "convnext_base"]

def build(name):
    return timm.create_model(name)
