"""The ResNeXts of torchvision, and of its blocks the one of 101 layers that it does not name."""
import torchvision
from torchvision.models.resnet import Bottleneck, ResNet

NAMES = ["resnext50_32x4d", "resnext101_32x4d", "resnext101_64x4d"]

def last(names):
    return "bn3"

def build(name):
    if name == "resnext101_32x4d":
        return ResNet(Bottleneck, [3, 4, 23, 3], groups=32, width_per_group=4)
    return getattr(torchvision.models, name)()
