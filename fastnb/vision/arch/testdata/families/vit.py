"""The Vision Transformers of timm 1.0.20, which resize the grid of position embeddings for these images."""
import timm

NAMES = ["vit_small_patch16_224", "vit_base_patch16_224", "vit_b_16"]

def init(name, shape):
    return (0, 0.5) if name == "pos_embed" else None

def build(name):
    # torchvision's vit_b_16 is the same net under other names; see vit_torchvision.py
    return timm.create_model(name.replace("vit_b_16", "vit_base_patch16_224"), dynamic_img_size=True)
