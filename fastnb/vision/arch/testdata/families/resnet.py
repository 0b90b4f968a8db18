"""The ResNets of torchvision."""
import torchvision

NAMES = ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152"]

def last(names):
    return "bn3" if any(".bn3." in n for n in names) else "bn2"

def build(name):
    return getattr(torchvision.models, name)()
