"""The VGGs of torchvision with batch norms."""
from .vgg import build

NAMES = ["vgg16_bn", "vgg19_bn"]
