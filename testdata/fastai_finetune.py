"""Reference numbers from fastai's vision_learner on EfficientNet-Lite0 for bench/finetune: the same photos, epochs, rates.

Packages as in fastai_pets.py, whose net, data and head these are.
    go run ./bench/finetune -prepare DIR          lays out the photos, train and valid, a folder for each set and seed
    python fastai_finetune.py --data DIR --out fastai_finetune.json [--sets plant-seedlings ...] [--seeds 0 1 2] [--bs 16 64]
Stages: head, one cycle of HEAD epochs at 3e-3 with the body frozen (its batch norms train: train_bn); all, one cycle of ALL
epochs at 2e-4 to 2e-3; TTA, a quarter of the plain prediction and three quarters of the mean of 4 augmented ones. Beside them
probe: logistic regression on the standardised average-pooled activations of the frozen body. Statistics of batch norms move
by .1 a batch (timm's), not by the package's .01, which loses.
--add goes on with the runs that FILE.json has.
"""
import argparse, functools, json, pathlib, time
import torch
import fastai_pets as pets
from fastai.vision.all import Normalize, RandomResizedCrop, Resize, ImageDataLoaders, aug_transforms, set_seed
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

SIZES = {"plant-seedlings": 128, "pets_sample": 112, "dogscats": 112, "cifar10": 96}
TOP_DOWN = {"plant-seedlings"}
PARTS = {"plant-seedlings"}  # seen in random parts
HEAD, RATE = 2, 2e-3
ALL = {"plant-seedlings": 12, "pets_sample": 4, "dogscats": 4, "cifar10": 3}


def loaders(name, seed, bs, augment=True):
    pets.args.data, pets.BATCH, pets.SIZE = args.data / f"{name}-{seed}", bs, SIZES[name]
    augmented = aug_transforms(do_flip=True, flip_vert=name in TOP_DOWN, max_rotate=10, max_zoom=1.1, max_lighting=.05, max_warp=0)
    crop = RandomResizedCrop(SIZES[name], min_scale=.08) if name in PARTS else Resize(SIZES[name])
    return ImageDataLoaders.from_folder(
        pets.args.data, train="train", valid="valid", bs=bs, num_workers=0,
        item_tfms=crop if augment else pets.CentreSquare(SIZES[name]),
        batch_tfms=(augmented if augment else []) + [Normalize.from_stats(pets.MEAN, pets.STD, cuda=False)])


def one(name, seed, bs):
    pets.loaders = lambda augment=True: loaders(name, seed, bs, augment)
    start, learn = time.perf_counter(), pets.learner(seed)
    out = {"set": name, "seed": seed, "bs": bs, "train": len(learn.dls.train_ds), "valid": len(learn.dls.valid_ds),
           "probe": probes(name, seed), "head": pets.fit(learn, HEAD, 3e-3)}
    learn.unfreeze()
    out["all"] = pets.fit(learn, ALL[name], slice(RATE / 10, RATE))
    out["TTA"] = pets.tta(learn)
    out["seconds"] = round(time.perf_counter() - start, 1)
    return out


@functools.cache
def probes(name, seed):
    pets.activations.cache_clear()
    (x, y), (vx, vy) = pets.activations()
    x, vx = x[:, pets.FEATURES:].numpy(), vx[:, pets.FEATURES:].numpy()
    model = make_pipeline(StandardScaler(), LogisticRegression(C=.01, max_iter=2000)).fit(x, y.numpy())
    return pets.score(torch.tensor(model.predict_proba(vx)), vy)


def main():
    torch.set_num_threads(args.threads)
    runs = json.loads(args.out.read_text())["runs"] if args.add and args.out.exists() else []
    for name in args.sets:
        for bs in args.bs:
            for seed in args.seeds:
                if any((r["set"], r["bs"], r["seed"]) == (name, bs, seed) for r in runs): continue
                runs.append(one(name, seed, bs))
                print(runs[-1], flush=True)
                out = {"head_epochs": HEAD, "all_epochs": ALL, "rate": RATE, "sizes": SIZES, "environment": pets.environment()}
                args.out.write_text(json.dumps(out, indent=1)[:-2] + ',\n "runs": [\n  ' + ",\n  ".join(map(json.dumps, runs)) + "\n ]\n}\n")


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--data", type=pathlib.Path, required=True)
    p.add_argument("--out", type=pathlib.Path, required=True)
    p.add_argument("--sets", nargs="+", default=list(SIZES))
    p.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    p.add_argument("--bs", type=int, nargs="+", default=[16, 64])
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--add", action="store_true")
    args = p.parse_args()
    args.bn_momentum = .1
    pets.args = argparse.Namespace(**vars(args))  # of its own: loaders changes its data
    main()
