"""Writes truth.json: what torchvision's ResNets and efficientnet-lite-pytorch's nets answer, and the gradients of all
their parameters, for weights and images that follow a formula (below), so that the weights need not be kept.

All is computed in float64: in float32 a single ReLU that flips changes a deep net's gradients by 1%.

    python truth.py > truth.json            (torch 2.15.0, torchvision 0.29.2, efficientnet-lite-pytorch 0.1.0)
    python truth.py --save DIR [NAME...]    also saves each net: DIR/NAME.pth (torch.save) and DIR/NAME.safetensors
"""
import json, os, sys
import numpy as np, torch, torchvision
from efficientnet_lite_pytorch import EfficientNet

SIZE, IMAGES, LOGITS = 64, 4, 20

def uniform(name, n):
    """n numbers in [-1, 1): the top 24 bits of splitmix64 started at the FNV-1a hash of the name."""
    h = 0xcbf29ce484222325
    for c in name.encode():
        h = (h ^ c) * 0x100000001b3 % 2**64
    with np.errstate(over="ignore"):
        z = np.uint64(h) + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9e3779b97f4a7c15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xbf58476d1ce4e5b9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94d049bb133111eb)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) / 2**23 - 1

def value(name, shape, last):
    """The formula, rounded to float32."""
    return exact(name, shape, last).astype(np.float32).astype(np.float64)

def exact(name, shape, last):
    """He-uniform kernels; norms near the identity, the last one of a block small, so that sums do not grow."""
    u = uniform(name, int(np.prod(shape))).reshape(shape)
    if len(shape) > 1:
        return u * np.sqrt(6 / np.prod(shape[1:]))
    if name.endswith("running_var"):
        return 1 + u / 4
    if name.endswith("weight"):
        return (1 + u / 4) * (0.2 if name.split(".")[-2] == last else 1)
    return u / 4

def fill(net):
    names = list(net.state_dict())
    for last in ("_bn2", "bn3", "bn2"):
        if any(n.split(".")[-2] == last for n in names):
            break
    state = {n: torch.tensor(value(n, tuple(t.shape), last), dtype=t.dtype) if t.is_floating_point() else t
             for n, t in net.state_dict().items()}
    net.load_state_dict(state)
    return last

def build(name):
    if name.startswith("resnet"):
        return getattr(torchvision.models, name)()
    return EfficientNet.from_name(name.replace("efficientnet_", "efficientnet-"), image_size=SIZE,
                                  drop_connect_rate=0.0, dropout_rate=0.0,
                                  batch_norm_momentum=0.9)  # statistics move by .1 a batch, not by the package's .01

def digest(name, g):
    """Norm and two projections onto formula vectors."""
    g = g.detach().numpy().ravel()
    return [float(np.linalg.norm(g))] + [float(g @ uniform(p + name, g.size)) for p in ("a:", "b:")]

def truth(name, net):
    net.double()
    last = fill(net)
    x = torch.tensor(uniform("images", IMAGES * 3 * SIZE * SIZE).reshape(IMAGES, 3, SIZE, SIZE))
    net.eval()
    with torch.no_grad():
        logits = net(x).numpy()
    net.train()
    labels = torch.arange(IMAGES) * 37
    loss = torch.nn.functional.cross_entropy(net(x), labels)
    loss.backward()
    grads = {n: digest(n, p.grad) for n, p in net.named_parameters()}
    stats = {n: digest(n, t) for n, t in net.state_dict().items() if "running" in n}
    return {"name": name, "last": last, "logits": logits[:, :LOGITS].tolist(),
            "logits_norm": float(np.linalg.norm(logits)), "loss": float(loss),
            "tensors": [{"name": n, "shape": list(t.shape), "digest": grads.get(n, stats.get(n))}
                        for n, t in net.state_dict().items() if t.is_floating_point()]}

def rounded(v):
    if isinstance(v, float):
        return float(f"{v:.8g}")
    if isinstance(v, list):
        return [rounded(e) for e in v]
    return {k: rounded(e) for k, e in v.items()} if isinstance(v, dict) else v

NAMES = ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152",
         "efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2"]

if __name__ == "__main__":
    if sys.argv[1:2] == ["--save"]:
        from safetensors.torch import save_file
        for name in sys.argv[3:] or NAMES:
            net = build(name)
            fill(net)
            torch.save(net.state_dict(), os.path.join(sys.argv[2], name + ".pth"))
            save_file(net.state_dict(), os.path.join(sys.argv[2], name + ".safetensors"))
    else:
        nets = [json.dumps(rounded(truth(n, build(n))), separators=(",", ":")) for n in NAMES]
        print("[" + ",\n".join(nets) + "]")
