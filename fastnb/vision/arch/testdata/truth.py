"""Writes truth-FAMILY.json: what PyTorch's nets of a family answer, and the gradients of all their parameters, for
weights and images that follow a formula (below), so that the weights need not be kept.

All is computed in float64: in float32 a single ReLU that flips changes a deep net's gradients by 1%.

    python truth.py FAMILY > truth-FAMILY.json      (torch 2.15.0, torchvision 0.29.2, and what families/FAMILY.py names)
    python truth.py --save DIR FAMILY [NAME...]     saves each net: DIR/NAME.pth (torch.save) and DIR/NAME.safetensors

families/FAMILY.py has NAMES, which are those of package arch, and build(name), which makes the peer's net without
dropout and whose parameters have the names of package arch. What else it may have:

    SIZE      height and width of the images, 64 unless given
    CLASSES   how many logits there are, 1000 unless given
    last(names)        the module, by the last part of its name, whose weights are a fifth of others', that sums do not
                       grow: the last norm of a block. None unless given
    init(name, shape)  a pair (at, spread): the tensor's values are at + spread * u for the formula's u; or None for
                       the rule of exact()
"""
import importlib, json, os, sys
import numpy as np, torch

IMAGES, LOGITS = 4, 20

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

def value(family, name, shape, last):
    """The formula, rounded to float32."""
    return exact(family, name, shape, last).astype(np.float32).astype(np.float64)

def exact(family, name, shape, last):
    """He-uniform kernels; norms near the identity, the last one of a block small, so that sums do not grow."""
    u = uniform(name, int(np.prod(shape))).reshape(shape)
    own = init(family, name, shape)
    if own:
        return own[0] + own[1] * u
    if len(shape) > 1:
        return u * np.sqrt(6 / np.prod(shape[1:]))
    if name.endswith("running_var"):
        return 1 + u / 4
    if name.endswith("weight"):
        return (1 + u / 4) * (0.2 if last and name.split(".")[-2] == last else 1)
    return u / 4

def init(family, name, shape):
    return family.init(name, shape) if hasattr(family, "init") else None

def fill(family, net):
    state = net.state_dict()
    last = family.last(list(state)) if hasattr(family, "last") else ""
    net.load_state_dict({n: torch.tensor(value(family, n, tuple(t.shape), last), dtype=t.dtype)
                         if t.is_floating_point() else t for n, t in state.items()})
    return last

def digest(name, g):
    """Norm and two projections onto formula vectors."""
    g = g.detach().numpy().ravel()
    return [float(np.linalg.norm(g))] + [float(g @ uniform(p + name, g.size)) for p in ("a:", "b:")]

def truth(family, name):
    net = family.build(name).double()
    size, classes = getattr(family, "SIZE", 64), getattr(family, "CLASSES", 1000)
    last = fill(family, net)
    x = torch.tensor(uniform("images", IMAGES * 3 * size * size).reshape(IMAGES, 3, size, size))
    net.eval()
    with torch.no_grad():
        logits = net(x).numpy()
    assert logits.shape == (IMAGES, classes)
    net.train()
    labels = torch.arange(IMAGES) * 37 % classes
    loss = torch.nn.functional.cross_entropy(net(x), labels)
    loss.backward()
    grads = {n: digest(n, p.grad) for n, p in net.named_parameters()}
    stats = {n: digest(n, t) for n, t in net.state_dict().items() if "running" in n}
    return {"name": name, "size": size, "classes": classes, "params": sum(p.numel() for p in net.parameters()),
            "last": last, "logits": logits[:, :LOGITS].tolist(), "logits_norm": float(np.linalg.norm(logits)),
            "loss": loss.item(),
            "tensors": [tensor(family, n, t, grads.get(n, stats.get(n))) for n, t in net.state_dict().items()
                        if t.is_floating_point()]}

def tensor(family, name, t, digest):
    shape = list(t.shape)
    own = init(family, name, shape)
    return {"name": name, "shape": shape, "digest": digest} | ({"init": list(own)} if own else {})

def rounded(v):
    if isinstance(v, float):
        return float(f"{v:.8g}")
    if isinstance(v, list):
        return [rounded(e) for e in v]
    return {k: rounded(e) for k, e in v.items()} if isinstance(v, dict) else v

def save(folder, family, names):
    from safetensors.torch import save_file
    for name in names or family.NAMES:
        net = family.build(name)
        fill(family, net)
        torch.save(net.state_dict(), os.path.join(folder, name + ".pth"))
        save_file(net.state_dict(), os.path.join(folder, name + ".safetensors"))

if __name__ == "__main__":
    if sys.argv[1] == "--save":
        save(sys.argv[2], importlib.import_module("families." + sys.argv[3]), sys.argv[4:])
    else:
        family = importlib.import_module("families." + sys.argv[1])
        nets = [json.dumps(rounded(truth(family, n)), separators=(",", ":")) for n in family.NAMES]
        print("[" + ",\n".join(nets) + "]")
