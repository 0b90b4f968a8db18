"""Writes torch_recurrent.json beside this script: outputs, last states and gradients of PyTorch's recurrent layers.

    python torch_recurrent.py   (torch 2.15.0)

x, the states before and the weights are cos(f i + i i/7), as the tests of package nn fill tensors; f is 1.1, then .3 and 1.3, then .7, 1.7, 2.7, 3.7 for
the weights as named_parameters has them, which are .8 of that. The gradients are of the sum of out times cos(1.7 i + i i/7). All is in float64.
"""
import json, os
import torch

TIME, BATCH, IN, HIDDEN = 5, 3, 4, 6


def wave(f, *dims, scale=1.0):
    i = torch.arange(torch.Size(dims).numel(), dtype=torch.float64)
    return (scale * torch.cos(f * i + i * i / 7)).reshape(dims)


def layer(kind):
    net = getattr(torch.nn, kind)(IN, HIDDEN).double()
    x = wave(1.1, TIME, BATCH, IN).requires_grad_()
    states = [wave(.3 + k, 1, BATCH, HIDDEN).requires_grad_() for k in range(2 if kind == "LSTM" else 1)]
    for k, (name, p) in enumerate(net.named_parameters()):
        p.data = wave(.7 + k, *p.shape, scale=.8)
    out, last = net(x, tuple(states) if kind == "LSTM" else states[0])
    (out * wave(1.7, *out.shape)).sum().backward()
    last = last if isinstance(last, tuple) else (last,)
    tidy = lambda t: [round(v, 12) for v in t.detach().flatten().tolist()]
    return {"out": tidy(out), "last": [tidy(t) for t in last], "x": tidy(x.grad), "start": [tidy(s.grad) for s in states],
            **{name.removesuffix("_l0"): tidy(p.grad) for name, p in net.named_parameters()}}


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "torch_recurrent.json"), "w") as f:
        json.dump({"torch": torch.__version__, **{kind: layer(kind) for kind in ["LSTM", "GRU", "RNN"]}}, f)
        f.write("\n")
