"""The DenseNets of torchvision, which have no dropout unless asked for."""
import torchvision

NAMES = ["densenet121", "densenet169", "densenet201", "densenet161"]

def build(name):
    return getattr(torchvision.models, name)()
