"""The Vision Transformer of torchvision, whose names differ from timm's, by which package arch calls its variables."""
import torchvision

NAMES = ["vit_b_16"]
SIZE = 224  # torchvision takes no other

def build(name):
    return torchvision.models.vit_b_16()
