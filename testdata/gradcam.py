"""Heat maps by pytorch-grad-cam, for vision.GradCAM to be compared with: EfficientNet-Lite0 with its public weights and
fast.ai's head, whose weights follow the formula of fastnb/vision/arch/testdata/truth.py.

Python 3.11; the packages of fastai_pets.py, and pip install grad-cam==1.5.7
    python gradcam.py DIR > gradcam.json       DIR is pets_sample, unpacked
For the first photos of each class of valid, the centre square of SIZE pixels: what the net gives each class, and the
heat map of the likeliest and of the unlikeliest class at every STEP-th pixel.
"""
import argparse, json, pathlib, sys
import numpy as np, torch
from PIL import Image
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from torch import nn
HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "fastnb/vision/arch/testdata"))
import fastai_pets as pets
from truth import uniform

SIZE, STEP, PHOTOS, HIDDEN = 192, 8, 3, 512


def formula(name, shape):
    u = uniform(name, int(np.prod(shape))).reshape(shape)
    if len(shape) > 1: return u * np.sqrt(6 / shape[1])
    if name.endswith("running_var") or name.endswith("weight"): return 1 + u / 4
    return u / 4


class Net(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.body, self.pool = pets.cut(pets.lite0()), nn.Sequential(pets.AdaptiveConcatPool2d(), nn.Flatten())
        sizes = [2 * pets.FEATURES, HIDDEN, classes]
        layer = lambda i: nn.ModuleDict({"bn": nn.BatchNorm1d(sizes[i]), "fc": nn.Linear(sizes[i], sizes[i + 1])})
        self.head = nn.ModuleList(layer(i) for i in range(2))
        state = {n: torch.tensor(formula("head." + n, tuple(t.shape)), dtype=t.dtype)
                 for n, t in self.head.state_dict().items() if t.is_floating_point()}
        self.head.load_state_dict(state, strict=False)

    def forward(self, x):
        x = self.pool(self.body(x))
        x = torch.relu(self.head[0]["fc"](self.head[0]["bn"](x)))
        return self.head[1]["fc"](self.head[1]["bn"](x))


def square(path):
    img = Image.open(path).convert("RGB")
    short = min(img.size)
    img = img.resize([max(n * SIZE // short, SIZE) for n in img.size], Image.BILINEAR)
    left, top = ((n - SIZE) // 2 for n in img.size)
    return np.asarray(img.crop((left, top, left + SIZE, top + SIZE)))


def main():
    pets.args = argparse.Namespace(bn_momentum=.1)
    root = pathlib.Path(sys.argv[1]) / "valid"
    classes = sorted(d.name for d in root.iterdir())
    files = [f for c in classes for f in sorted((root / c).glob("*.jpg"))[:PHOTOS]]
    net, photos = Net(len(classes)).eval(), []
    for f in files:
        x = ((torch.tensor(square(f)).float() - 127) / 128).permute(2, 0, 1)[None]
        probs = net(x).softmax(1)[0].tolist()
        one = {"file": str(f.relative_to(root)), "probs": probs, "heat": {}}
        for k in (int(np.argmax(probs)), int(np.argmin(probs))):
            with GradCAM(model=net, target_layers=[net.body]) as cam:
                heat = cam(input_tensor=x, targets=[ClassifierOutputTarget(k)])[0]
            one["heat"][classes[k]] = [round(float(v), 5) for v in heat[STEP // 2::STEP, STEP // 2::STEP].ravel()]
        photos.append(one)
    print(json.dumps({"size": SIZE, "step": STEP, "classes": classes, "photos": photos}))


if __name__ == "__main__":
    main()
