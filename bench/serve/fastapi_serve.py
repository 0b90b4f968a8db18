"""fastapi_serve.py MODEL PORT: serves a ResNet that fastnb has trained, by FastAPI and PyTorch, as one would.

bench/serve starts it beside fastnb serve. It reads the checkpoint itself, so that both serve the same weights: a body
of torchvision's names with channels last, and fast.ai's head. Images are prepared by Pillow as fastnb does.

    pip install fastapi==0.165.0 uvicorn==0.54.0 torch==2.15.0 torchvision==0.29.2 pillow==13.0.0
"""
import io, json, struct, sys

import numpy as np
import torch
import torchvision
import uvicorn
from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from PIL import Image, ImageOps

torch.set_grad_enabled(False)


def read(path):
    """A checkpoint's tensors by name, and what its data fitted."""
    with open(path, "rb") as f:
        header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        data = f.read()
    fitted = json.loads(header.pop("__metadata__")["fitted"])
    tensors = {}
    for name, t in header.items():
        if t["dtype"] == "F32" and not name.startswith("/optim/"):
            a = np.frombuffer(data[slice(*t["data_offsets"])], np.float32).reshape(t["shape"])
            tensors[name] = torch.from_numpy(a.copy())
    return tensors, fitted


def torch_layout(x):
    """Convolutions and dense layers as PyTorch has them."""
    if x.ndim == 4:
        return x.permute(3, 2, 0, 1).contiguous()
    return x.T.contiguous() if x.ndim == 2 else x


class Net(torch.nn.Module):
    def __init__(self, tensors, fitted):
        super().__init__()
        body = getattr(torchvision.models, fitted["net"]["arch"])()
        body.avgpool, body.fc = torch.nn.Identity(), torch.nn.Identity()  # children() tells equal ones once
        self.body = torch.nn.Sequential(*list(body.children())[:-2])
        own = {name[1:].replace("/", "."): torch_layout(x) for name, x in tensors.items() if name[:6] != "/head/"}
        missing, unexpected = body.load_state_dict(own, strict=False)
        assert not unexpected and all(m.endswith("num_batches_tracked") for m in missing), (missing, unexpected)
        layers = []
        for i in range(len(fitted["net"]["layers"]) + 1):
            part = {k: torch_layout(tensors[f"/head/{i}/{k}"]) for k in
                    ("bn/weight", "bn/bias", "bn/running_mean", "bn/running_var", "fc/weight", "fc/bias")}
            norm = torch.nn.BatchNorm1d(len(part["bn/weight"]))
            dense = torch.nn.Linear(part["fc/weight"].shape[1], part["fc/weight"].shape[0])
            norm.load_state_dict({k[3:]: part[k] for k in part if k.startswith("bn")}, strict=False)
            dense.load_state_dict({k[3:]: part[k] for k in part if k.startswith("fc")})
            layers += [torch.nn.ReLU()] if i else []
            layers += [norm, dense]
        self.head = torch.nn.Sequential(*layers)

    def forward(self, x):
        x = self.body(x)
        return self.head(torch.cat([x.amax((2, 3)), x.mean((2, 3))], 1)).softmax(1)


tensors, fitted = read(sys.argv[1])
net = Net(tensors, fitted).eval()
size, classes = fitted["net"]["size"], fitted["classes"]
mean, std = (torch.tensor(fitted[k]).view(3, 1, 1) for k in ("mean", "std"))
app = FastAPI()


def square(contents):
    """The middle square of an image that is scaled to its shorter side."""
    img = ImageOps.exif_transpose(Image.open(io.BytesIO(contents))).convert("RGB")
    img = img.resize([n * size // min(img.size) for n in img.size], Image.Resampling.BILINEAR)
    left, top = (img.width - size) // 2, (img.height - size) // 2
    return img.crop((left, top, left + size, top + size))


def predict(contents):
    try:
        x = torch.from_numpy(np.array(square(contents))).permute(2, 0, 1).float()
    except OSError as e:
        raise HTTPException(422, str(e))
    probs = net(((x - mean) / std)[None])[0].tolist()
    top = sorted(({"class": c, "prob": p} for c, p in zip(classes, probs)), key=lambda t: -t["prob"])
    return {"predictions": [{"class": top[0]["class"], "top": top}]}


@app.post("/predict")
async def answer(request: Request):
    return await run_in_threadpool(predict, await request.body())


@app.get("/healthz")
def health():
    return {"status": "ok"}


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
