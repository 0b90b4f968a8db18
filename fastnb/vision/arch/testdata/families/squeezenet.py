"""The SqueezeNets of torchvision."""
import torchvision

NAMES = ["squeezenet1_1", "squeezenet1_0"]

def build(name):
    return getattr(torchvision.models, name)(dropout=0)
