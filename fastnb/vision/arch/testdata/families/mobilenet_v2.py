"""MobileNetV2 of torchvision."""
import torchvision

NAMES = ["mobilenet_v2"]

def build(name):
    return torchvision.models.mobilenet_v2(dropout=0)
