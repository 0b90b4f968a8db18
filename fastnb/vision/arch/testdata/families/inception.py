"""Inception v3 of torchvision, without its auxiliary classifier, Inception v4 and Inception-ResNet v2 of timm 1.0.20."""
import timm, torchvision

NAMES = ["inception_v3", "inception_v4", "inception_resnet_v2"]
SIZE = 75  # torchvision's least

def build(name):
    if name == "inception_v3":
        return torchvision.models.inception_v3(aux_logits=False, transform_input=False, init_weights=False, dropout=0)
    return timm.create_model(name)
