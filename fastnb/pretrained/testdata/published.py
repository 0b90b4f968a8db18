# Writes the files of the folder published with PyTorch and safetensors, each as one kind of writer leaves weights: python published.py
# (pip install torch safetensors numpy; written with torch 2.15.0, safetensors 0.8.0)
import argparse, collections, datetime, json, pathlib
import numpy as np
import torch
from safetensors.torch import save_file, save_model

here = pathlib.Path(__file__).parent / "published"
here.mkdir(exist_ok=True)
truth = {}
torch.manual_seed(2)

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(1, 2, 1)
        self.bn = torch.nn.BatchNorm2d(2)

    def forward(self, x):
        return self.bn(self.conv(x))

def values(t):
    t = t.detach().float()
    return {"shape": list(t.shape), "values": [str(v) for v in t.flatten().tolist()]}

def save(name, obj, want, write=torch.save, **kw):
    write(obj, here / name, **kw)
    truth[name] = {k: values(v) for k, v in want.items()}

def under(prefix, state):
    return collections.OrderedDict((prefix + k, v) for k, v in state.items())

net, other = Net(), Net()
sgd = torch.optim.SGD(net.parameters(), lr=.1, momentum=.9)
steps = torch.optim.lr_scheduler.MultiStepLR(sgd, milestones=[3, 6])
net(torch.randn(4, 1, 2, 2)).pow(2).sum().backward()
sgd.step()
a, b = net.state_dict(), other.state_dict()
tensors = lambda d: {k: v.clone().contiguous() for k, v in d.items()}

# what lies beside the weights, and under which key they are
save("imagenet.pth", {"epoch": 3, "arch": "net", "state_dict": under("module.", a), "best_acc1": torch.tensor(71.5),
    "optimizer": sgd.state_dict(), "scheduler": steps.state_dict()}, a)
save("imagenet-legacy.pth", {"state_dict": a, "best_acc1": torch.tensor(71.5), "optimizer": sgd.state_dict()}, a, _use_new_zipfile_serialization=False)
save("timm.pth", {"epoch": 3, "state_dict": b, "state_dict_ema": a, "args": argparse.Namespace(lr=.1, data=pathlib.PurePosixPath("/d")), "metric": np.float64(.7)}, a)
save("deit.pth", {"model": b, "model_ema": a, "optimizer": sgd.state_dict(), "scaler": {"scale": torch.tensor(2.)}}, a)
save("gan.pth", {"generator": a, "g_optim": sgd.state_dict()}, a)
save("esrgan.pth", {"params": b, "params_ema": a}, a)
save("config.pth", {"model": {"name": "net", "layers": [1, 2]}, "net": a}, a)
save("unknown-key.pth", {"my_net": a, "rng_state": torch.get_rng_state()[:8], "best_loss": torch.tensor(.5), "o": sgd.state_dict()}, a)
save("dotted-metrics.pth", {"val.best_loss": torch.tensor(.5), "my_net": a}, a)
save("nested.pth", {"checkpoint": {"epoch": torch.tensor(3), "model": {"state_dict": a}}}, a)
save("tuple.pth", (10, a, sgd.state_dict()), a)
save("lightning.ckpt", {"epoch": 1, "pytorch-lightning_version": "2.5", "state_dict": under("model.", a), "loops": {}, "lr_schedulers": [],
    "callbacks": {"ModelCheckpoint": {"best_model_score": torch.tensor(.9)}}, "optimizer_states": [sgd.state_dict()],
    "hyper_parameters": argparse.Namespace(lr=.1)}, a)
extras = {"numpy": np.float64(.7), "array": np.arange(3), "dtype": np.dtype("float32"), "set": {1, 2}, "frozen": frozenset([1]),
    "counter": collections.Counter([1, 1]), "default": collections.defaultdict(list, x=[1]), "deque": collections.deque([1], 3),
    "when": datetime.datetime(2024, 1, 2), "path": pathlib.PurePosixPath("/d"), "complex": 1j, "bytes": b"\xff", "range": range(3),
    "scheduler": steps, "version": torch.torch_version.TorchVersion("2.1")}
for p in (2, 4):
    save(f"objects-{p}.pth", {"state_dict": a, **extras}, a, pickle_protocol=p)
save("beside.safetensors", {**tensors(under("state_dict.", a)), "best_acc1": torch.tensor(71.5), "optimizer.state.0.momentum_buffer": torch.zeros(2)}, a, save_file)

# what the names were wrapped in
wrapped = {
    "compiled": torch.compile(net).state_dict(),
    "averaged": torch.optim.swa_utils.AveragedModel(net).state_dict(),
    "parallel-compiled": under("module._orig_mod.", a),
    "compiled-parallel": under("_orig_mod.module.", a),
    "lightning-compiled": under("model._orig_mod.", a),
    "fsdp": {"_fsdp_wrapped_module." + k.replace(".", "._fsdp_wrapped_module._checkpoint_wrapped_module.", 1): v for k, v in a.items()},
    "partly-compiled": {k.replace("conv.", "conv._orig_mod."): v for k, v in a.items()},
    "plain": a,
}
for name, state in wrapped.items():
    save(name + ".pth", state, a)
    save(name + ".safetensors", tensors(state), a, save_file)
two = {"module.conv.weight": a["conv.weight"], "fc.weight": a["conv.bias"]} # not of every name: it belongs to the net
save("own-module.pth", two, two)
save("own-module.safetensors", tensors(two), two, save_file)

# tied weights
tied = Net()
tied.load_state_dict(a)
tied.twin = tied.conv
save("tied.pth", tied.state_dict(), tied.state_dict())
save_model(tied, str(here / "tied.safetensors"))
truth["tied.safetensors"] = truth["tied.pth"]
base = torch.randn(2000).half()
many = {f"t{i}.weight": base for i in range(600)} # more elements than four times the file's bytes
torch.save(many, here / "many-tied.pth")

# odd names
odd = {"": torch.ones(1), "a b": torch.ones(2), "ä.weight\n": torch.ones(3), "x" * 300: torch.ones(4)}
save("odd.pth", odd, odd)
save("odd.safetensors", odd, odd, save_file)
save("numbers.pth", {0: torch.ones(1), 10: torch.ones(2)}, {"0": torch.ones(1), "10": torch.ones(2)})

# weights in several files
keys = list(a)
for stem, ext, write in (("model", "safetensors", save_file), ("pytorch_model", "bin", torch.save)):
    weight_map = {}
    for i, part in enumerate((keys[:3], keys[3:])):
        file = f"{stem}-{i + 1:05}-of-00002.{ext}"
        write({"module." + k: a[k].clone() for k in part}, here / file)
        weight_map.update({"module." + k: file for k in part})
    index = f"{stem}.{ext}.index.json"
    (here / index).write_text(json.dumps({"metadata": {"total_size": 1}, "weight_map": weight_map}))
    truth[index] = {k: values(v) for k, v in a.items()}

(here / "truth.json").write_text(json.dumps(truth, separators=(",", ":")) + "\n")

# what must be refused
torch.save({"student": a, "teacher": b}, here / "bad-two.pth")
torch.save({"optimizer": sgd.state_dict()}, here / "bad-optimizer.pth")
torch.save(sgd.state_dict(), here / "bad-sgd.pth")
torch.save({"w": torch.quantize_per_tensor(torch.ones(2), .1, 0, torch.qint8)}, here / "bad-quantised.pth")
torch.save({"w": torch.ones(2).to(torch.float8_e4m3fn)}, here / "bad-float8.pth")
save_file({"w": torch.ones(2).to(torch.float8_e4m3fn)}, here / "bad-float8.safetensors")
torch.save(argparse.Namespace(lr=.1), here / "bad-namespace.pth")
