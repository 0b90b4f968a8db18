"""Reference numbers from fastai for bench/labels: several labels and numbers, from the same pictures, epochs and net.

Packages as in fastai_pets.py, whose net, head and normalisation these are.
    go run ./bench/labels -prepare DIR            makes the mosaics and their list, DIR/mosaics.csv
    python fastai_mosaics.py --data DIR --out fastai_mosaics.json [--seeds 0 1 2] [--epochs 6] [--side 128]
Labels: binary cross-entropy; F2 at a threshold of .2, the mean over the pictures (scikit-learn's average="samples").
Numbers: each breed's share of the area, the squared error, outputs within -.1 to 1.1; the mean absolute error.
Two epochs of the head at 4e-3, then EPOCHS of everything at 2e-4 to 2e-3, one cycle each, Adam; flips are the only
augmentation, as others would move the quarters' areas. --epochs, --side and the number of mosaics are those of bench/labels.
"""
import argparse, json, pathlib, time
import numpy as np, pandas as pd, torch
import fastai_pets as pets
from fastai.vision.all import (ImageDataLoaders, MSELossFlat, MultiCategoryBlock, Normalize,
                               RegressionBlock, Resize, SigmoidRange, aug_transforms, create_head, set_seed, vision_learner)
from sklearn.metrics import fbeta_score
from torch import nn

HEAD, BATCH = 2, 32


def loaders(task, seed):
    table = pd.read_csv(args.data / "mosaics.csv", keep_default_na=False)
    breeds = list(table.columns[2:-1])
    block = MultiCategoryBlock if task == "labels" else RegressionBlock(n_out=len(breeds))
    columns = dict(label_col="labels", label_delim=" ") if task == "labels" else dict(label_col=breeds)
    return ImageDataLoaders.from_df(
        table, args.data, fn_col="file", valid_col="valid", y_block=block, bs=BATCH, num_workers=0, seed=seed,
        item_tfms=Resize(args.side), batch_tfms=[*aug_transforms(do_flip=True, max_rotate=0, max_zoom=1, max_lighting=0, max_warp=0),
                                                 Normalize.from_stats(pets.MEAN, pets.STD, cuda=False)], **columns)


def learner(task, seed):
    set_seed(seed, reproducible=True)
    dls = loaders(task, seed)
    outputs = 3
    head = create_head(pets.FEATURES, outputs, lin_ftrs=[512], ps=.5)
    loss = None
    if task == "numbers":
        head, loss = nn.Sequential(*head, SigmoidRange(-.1, 1.1)), MSELossFlat()
    learn = vision_learner(dls, pets.lite0, custom_head=head, n_out=outputs, loss_func=loss)
    learn.model.to(memory_format=torch.channels_last)
    return learn


def one(task, seed):
    start, learn = time.perf_counter(), learner(task, seed)
    with learn.no_bar():
        learn.fit_one_cycle(HEAD, 4e-3)
        learn.unfreeze()
        learn.fit_one_cycle(args.epochs, slice(2e-4, 2e-3))
        seconds = time.perf_counter() - start
        outputs, truth = (t.numpy() for t in learn.get_preds())
    run = {"task": task, "seed": seed, "train": len(learn.dls.train_ds), "side": args.side, "epochs": args.epochs}
    if task == "labels":
        run["f2"] = fbeta_score(truth, outputs > .2, beta=2, average="samples", zero_division=0)
    else:
        run["mae"] = float(np.abs(outputs - truth).mean())
    return {**run, "seconds": round(seconds, 1)}


def main():
    torch.set_num_threads(args.threads)
    out = {"environment": pets.environment(), "runs": []}
    for seed in args.seeds:
        for task in ("labels", "numbers"):
            out["runs"].append(one(task, seed))
            print(out["runs"][-1], flush=True)
            args.out.write_text(json.dumps(out, indent=1) + "\n")


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("--data", type=pathlib.Path, required=True)
    p.add_argument("--out", type=pathlib.Path, required=True)
    p.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    p.add_argument("--epochs", type=int, default=6)
    p.add_argument("--side", type=int, default=128)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--bn-momentum", type=float, default=.1)
    return p.parse_args()


if __name__ == "__main__":
    args = pets.args = arguments()
    main()
