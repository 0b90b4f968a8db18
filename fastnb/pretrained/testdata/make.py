# Writes the fixtures of this folder with PyTorch and safetensors: python make.py
# (pip install torch safetensors numpy; written with torch 2.15.0)
import collections, json, pathlib
import torch
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent
truth = {}

def values(t):
    t = t.detach().float()
    return {"shape": list(t.shape), "values": [str(v) for v in t.flatten().tolist()]}

def save(name, state, obj=None, **kw):
    torch.save(state if obj is None else obj, here / name, **kw)
    truth[name] = {k: values(v) for k, v in state.items()}

torch.manual_seed(1)

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 4, 3)
        self.bn = torch.nn.BatchNorm2d(4)
        self.fc = torch.nn.Linear(4, 2)

net = Net()
net.bn.running_mean.normal_()
state = net.state_dict()
legacy = dict(_use_new_zipfile_serialization=False)

save("net.pth", state)
save("net-legacy.pth", state, **legacy)
for p in (1, 3, 4, 5):
    save(f"net-pickle{p}.pth", state, pickle_protocol=p)
save("net-legacy-pickle4.pth", state, pickle_protocol=4, **legacy)
save("half.pth", {k: v.half() for k, v in state.items()})
save("bf16.pth", {k: v.bfloat16() for k, v in state.items()})
save("bf16-legacy.pth", {k: v.bfloat16() for k, v in state.items()}, **legacy)
save("types.pth", {
    "f64": torch.randn(3, dtype=torch.float64), "i64": torch.tensor([[1, -2], [3, 2**40]]), "i32": torch.tensor([-5], dtype=torch.int32),
    "i16": torch.tensor([-5], dtype=torch.int16), "i8": torch.tensor([-5], dtype=torch.int8), "u8": torch.tensor([200], dtype=torch.uint8),
    "bool": torch.tensor([True, False]), "u16": torch.tensor([60000], dtype=torch.uint16), "scalar": torch.tensor(2.5), "empty": torch.zeros(0, 3),
})
base = torch.arange(24.0)
views = {
    "base": base, "shared": base.view(2, 3, 4), "transposed": base.view(4, 6).t(), "permuted": base.view(2, 3, 4).permute(2, 0, 1),
    "slice": base.view(4, 6)[1:3, 2:5], "step": base[1::5], "expanded": torch.ones(1, 3).expand(4, 3), "one": base[7:8],
    "channels_last": torch.randn(2, 3, 2, 2).to(memory_format=torch.channels_last),
}
save("views.pth", views)
save("views-legacy.pth", views, **legacy)
small = {"w": torch.randn(2, 2), "b": torch.nn.Parameter(torch.randn(2))}
save("checkpoint.pth", small, {"epoch": 3, "lr": 1e-3, "state_dict": small, "optimizer": {"state": {}, "groups": [{"lr": 0.1, "betas": (0.9, 0.99)}]}, "done": None})
save("fastai.pth", small, {"model": small, "opt": {"hypers": [{"lr": 1e-3}], "state": [{"avg": torch.zeros(2)}]}})
save("parallel.pth", small, collections.OrderedDict(("module." + k, v) for k, v in small.items()))
save("mixed.pth", small, {**small, "num_classes": 10, "name": "x", "size": torch.Size([1, 2]), "type": torch.float16, "big": 2**80})
save_file({k: v.contiguous() for k, v in state.items()}, here / "net.safetensors")
truth["net.safetensors"] = truth["net.pth"]
(here / "truth.json").write_text(json.dumps(truth, separators=(",", ":")) + "\n")

# what must be refused
class Evil:
    def __reduce__(self):
        import os
        return os.system, ("touch /tmp/fastnb-evil",)

torch.save(torch.nn.Linear(2, 2), here / "bad-module.pth")
torch.save(torch.nn.Linear(2, 2), here / "bad-module-legacy.pth", **legacy)
torch.save({"w": torch.zeros(1), "x": Evil()}, here / "bad-code.pth")
torch.save(torch.zeros(2), here / "bad-tensor.pth")
torch.save([torch.zeros(2)], here / "bad-list.pth")
torch.save({"epoch": 1}, here / "bad-empty.pth")
torch.save({"w": torch.zeros(2, dtype=torch.complex64)}, here / "bad-complex.pth")
torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), here / "bad-script.pth")
