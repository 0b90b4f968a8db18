"""Writes torch_losses.json beside this script: PyTorch's losses with smoothing, focus and weights, and their gradients.

    python torch_losses.py   (torch 2.15.0, torchvision 0.29.2)

Logits are 3 cos(1.1 i + i i/7), as the tests of package nn fill tensors; labels and targets are in the file. Each loss is
the mean that training minimises; gradients are by the logits. Focal is fastai's formula, (1-p)^gamma times the cross entropy,
BinaryFocal torchvision's sigmoid_focal_loss without alpha. All is in float64.
"""
import json, os
import torch
import torch.nn.functional as F
from torchvision.ops import sigmoid_focal_loss

ROWS, CLASSES = 6, 4
LABELS = [0, 1, 2, 3, 1, 1]
TARGETS = [[1, 0, 0, 1], [0, 0, 0, 0], [1, 1, 1, 1], [0, 1, 0, 0], [0, 0, 1, 0], [1, 0, 0, 0]]
WEIGHTS = [.5, 1, 3, .25]


def logits():
    i = torch.arange(ROWS * CLASSES, dtype=torch.float64)
    return (3 * torch.cos(1.1 * i + i * i / 7)).reshape(ROWS, CLASSES).requires_grad_()


def focal(x, y, gamma, weight=None):
    ce = F.cross_entropy(x, y, reduction="none")
    loss = (1 - torch.exp(-ce)) ** gamma * ce
    return loss.mean() if weight is None else (weight[y] * loss).sum() / weight[y].sum()


def binary_focal(x, t, gamma):
    return sigmoid_focal_loss(x, t, alpha=-1, gamma=gamma, reduction="mean")


y, t, w = torch.tensor(LABELS), torch.tensor(TARGETS, dtype=torch.float64), torch.tensor(WEIGHTS, dtype=torch.float64)
LOSSES = {
    "LabelSmoothing(.1)": lambda x: F.cross_entropy(x, y, label_smoothing=.1),
    "Focal(2)": lambda x: focal(x, y, 2),
    "Focal(.5)": lambda x: focal(x, y, .5),
    "BinaryFocal(2)": lambda x: binary_focal(x, t, 2),
    "BinaryFocal(.5)": lambda x: binary_focal(x, t, .5),
    "Weighted(CrossEntropy)": lambda x: F.cross_entropy(x, y, weight=w),
    "Weighted(Focal(2))": lambda x: focal(x, y, 2, w),
    "Weighted(BinaryCrossEntropy)": lambda x: F.binary_cross_entropy_with_logits(x, t, pos_weight=w),
}


def case(loss):
    x = logits()
    value = loss(x)
    value.backward()
    return {"loss": round(value.item(), 12), "grad": [round(v, 12) for v in x.grad.flatten().tolist()]}


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "torch_losses.json"), "w") as f:
        json.dump({"torch": torch.__version__, "classes": CLASSES, "labels": LABELS, "targets": TARGETS, "weights": WEIGHTS,
                   "losses": {name: case(loss) for name, loss in LOSSES.items()}}, f)
        f.write("\n")
