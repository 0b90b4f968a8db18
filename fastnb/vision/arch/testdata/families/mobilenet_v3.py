"""The MobileNetV3s of torchvision."""
import torch, torchvision

NAMES = ["mobilenet_v3_small", "mobilenet_v3_large"]

def build(name):
    net = getattr(torchvision.models, name)(dropout=0)
    for m in net.modules():
        if isinstance(m, torch.nn.BatchNorm2d):
            m.momentum = .1  # statistics move by .1 a batch, not by torchvision's .01
    return net
