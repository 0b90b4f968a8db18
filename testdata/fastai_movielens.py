"""Reference numbers from fastai's collab_learner on MovieLens 100k, for fastnb/collab's tests to compare with.

python fastai_movielens.py --data ml-100k --out fastai_movielens.json   (packages and options: peer.py)

u1.base trains, u1.test validates. "dot_bias": 50 factors; "net": use_nn=True, layers 100 and 50, embeddings by v2's rule. Both: y_range 0 to 5.5,
batches of 64, Adam, fit_one_cycle(5, 5e-3, wd=.1). The loss is the mean squared error. A user or film that u1.base has not is
fastai's category 0, "#na#": its row of the embedding is drawn and decays, but no rating moves it.
"""
import pandas as pd, torch
from fastai.collab import TabularCollab, collab_learner
from fastai.tabular.all import Categorify, TransformBlock, set_seed
import peer

NAMES = ["user", "item", "rating", "timestamp"]
FACTORS, LAYERS, Y_RANGE, BATCH, EPOCHS, LR, WD = 50, [100, 50], (0, 5.5), 64, 5, 5e-3, .1


def read(folder):
    return [pd.read_csv(folder / f, sep="\t", names=NAMES) for f in ("u1.base", "u1.test")]


def table(base, test):
    df, n = pd.concat([base, test], ignore_index=True), len(base)
    splits = [list(range(n)), list(range(n, len(df)))]
    return TabularCollab(df, [Categorify], NAMES[:2], y_names=["rating"], y_block=TransformBlock(), splits=splits)


def learner(to, use_nn, sampling="with_replacement"):
    dls = to.dataloaders(bs=BATCH, dl_type=peer.SAMPLING[sampling])
    return collab_learner(dls, n_factors=FACTORS, use_nn=use_nn, layers=LAYERS, y_range=Y_RANGE)


def facts(base, test):
    "What the split is like, and the error of always saying the mean."
    new_item, new_user = ~test["item"].isin(base["item"]), ~test["user"].isin(base["user"])
    return {"train": len(base), "valid": len(test), "users": base["user"].nunique(), "items": base["item"].nunique(),
            "unseen_users": test["user"][new_user].nunique(), "unseen_items": test["item"][new_item].nunique(),
            "rows_with_unseen": int((new_item | new_user).sum()),
            "mse_of_mean": round(float(((test["rating"] - base["rating"].mean()) ** 2).mean()), 6)}


def initial(learn):
    "Each parameter before training: shape, mean, standard deviation, least and most."
    return {n: {"shape": list(p.shape), **dict(zip(("mean", "std", "min", "max"), peer.rounded(moments(p))))}
            for n, p in learn.model.named_parameters() if p.numel()}  # the net has a batch norm of no columns


def moments(p):
    p = p.detach().as_subclass(torch.Tensor)
    return p.mean(), p.std(correction=0), p.min(), p.max()


def unseen(to, seed):
    "Dot-bias trained once: what it says of one user and an unseen film, and row 0 of the films before and after."
    set_seed(seed, reproducible=True)
    learn = learner(to, use_nn=False)
    before = row0(learn)
    with learn.no_bar(), learn.no_logging(): learn.fit_one_cycle(1, LR, wd=WD)
    said = learn.model.eval()(torch.tensor([[1, 0]])).item()
    only_user = torch.sigmoid(learn.model.u_bias.weight[1]).item() * Y_RANGE[1]
    return {"norm_of_row_0_before": before, "norm_of_row_0_after_an_epoch": row0(learn),
            "rating_of_user_1": round(said, 6), "rating_from_user_bias_alone": round(only_user, 6)}


def row0(learn):
    return round(learn.model.i_weight.weight[0].norm().item(), 9)


def scores(to, seeds, use_nn):
    "With fastai's own sampling of rows and with every row once an epoch."
    return {s: peer.over_seeds(seeds, lambda: learner(to, use_nn, s), EPOCHS, LR, wd=WD) for s in peer.SAMPLING}


def model(to, seeds, use_nn):
    set_seed(seeds[0], reproducible=True)
    return {"initial": initial(learner(to, use_nn)), **scores(to, seeds, use_nn)}


def main():
    args = peer.arguments("ml-100k, unpacked")
    base, test = read(args.data)
    to = table(base, test)
    peer.write(args.out, {
        "data": "ml-100k, u1.base and u1.test", **facts(base, test), "factors": FACTORS, "layers": LAYERS, "y_range": Y_RANGE,
        "batch_size": BATCH, "unseen": unseen(to, args.seeds[0]),
        "dot_bias": model(to, args.seeds, use_nn=False), "net": model(to, args.seeds, use_nn=True)})


if __name__ == "__main__":
    main()
