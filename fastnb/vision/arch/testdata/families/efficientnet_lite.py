"""The nets of efficientnet-lite-pytorch 0.1.0."""
from efficientnet_lite_pytorch import EfficientNet

NAMES = ["efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2"]

def last(names):
    return "_bn2"

def build(name):
    return EfficientNet.from_name(name.replace("efficientnet_", "efficientnet-"), image_size=64,
                                  drop_connect_rate=0.0, dropout_rate=0.0,
                                  batch_norm_momentum=0.9)  # statistics move by .1 a batch, not by the package's .01
