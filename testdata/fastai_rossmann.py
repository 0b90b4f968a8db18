"""Reference numbers from fastai's tabular_learner on a tenth of Rossmann's stores, for fastnb/tabular's tests to compare with.

python fastai_rossmann.py --data FOLDER --out fastai_rossmann.json   (packages and options: peer.py; FOLDER has the seven CSV files)

The features are those of ../bench/rossmann/features.py, which is imported: 22 categories and 16 numbers. Stores whose number ends in 1,
days with sales; 2014-08-01..2014-09-17 validates, all other days train. The target is the logarithm of sales. Missing numbers: median
and flag; embeddings min(50, (c+1)//2) of c values, missing included; layers 1000 and 500, dropout .001 and .01, .04 of the
embeddings; y_range 0 to 1.2 times the training rows' greatest target; batches of 128, Adam. exp_rmspe is over the whole
validation set at once.

fit_one_cycle(5, 3e-3, wd=.2) was chosen by seed 0 and the validation rows, on an earlier state of the features (missing numbers 0), among
(lr, wd) = (1e-3, .01), (1e-3, .2), (3e-3, .01), (3e-3, .2), (5e-3, .2): exp_rmspe .128, .130, .120, .121, .121 after 5 epochs.
"""
import pathlib, sys
import numpy as np
from fastai.tabular.all import (Categorify, FillMissing, Normalize, RegressionBlock, TabularPandas, exp_rmspe,
                                tabular_config, tabular_learner)
import peer

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "bench" / "rossmann"))
import features

FIRST, LAST = "2014-08-01", "2014-09-17"  # of the days that validate
BATCH, LAYERS, PS, EMB_DROP = 128, [1000, 500], [.001, .01], .04
EPOCHS, LR, WD = 5, 3e-3, .2


def read(folder):
    "The features of the sample's days with sales, with Date and y. No feature of a store depends on another store's days."
    tables = features.read(folder)
    days = tables["train"]
    df = features.features(days[days["Store"] % 10 == 1].reset_index(drop=True), features.prepare(tables))
    df = df.astype({c: "float64" for c in features.CONTS}).reset_index(drop=True)
    return df[["Date", *features.CATS, *features.CONTS]].assign(y=np.log(df["Sales"]).astype("float32"))


def table(df):
    valid = df["Date"].between(FIRST, LAST)
    splits = [np.flatnonzero(~valid).tolist(), np.flatnonzero(valid).tolist()]
    return TabularPandas(df, [Categorify, FillMissing, Normalize], [*features.CATS], features.CONTS, "y", RegressionBlock(),
                         splits, reduce_memory=False)


def sizes(to):
    return {n: min(50, (len(to.classes[n]) + 1) // 2) for n in to.cat_names}


def y_range(to):
    return 0, float(to.train.items["y"].max()) * 1.2


def learner(to, sampling="with_replacement"):
    dls = to.dataloaders(bs=BATCH, dl_type=peer.SAMPLING[sampling])
    return tabular_learner(dls, layers=LAYERS, emb_szs=sizes(to), y_range=y_range(to), metrics=exp_rmspe,
                           config=tabular_config(ps=PS, embed_p=EMB_DROP))


def facts(to):
    "What the data is like, so that other features are seen at once."
    train, valid = to.train.items["y"].to_numpy(float), to.valid.items["y"].to_numpy(float)
    return {"train": len(train), "valid": len(valid), "y_range": y_range(to),
            "mean_target": peer.rounded([train.mean(), valid.mean()]),
            "exp_rmspe_of_mean": round(float(np.sqrt(np.mean((1 - np.exp(train.mean() - valid)) ** 2))), 6),
            "cardinality_and_size": {n: [len(to.classes[n]), s] for n, s in sizes(to).items()},
            "medians": floats(to.fill_missing.na_dict),
            "means": floats(to.normalize.means), "stds": floats(to.normalize.stds)}


def floats(d):
    return {k: float(v) for k, v in d.items()}


def main():
    args = peer.arguments("the folder of the seven CSV files")
    to = table(read(args.data))
    peer.write(args.out, {
        "data": "rossmann, stores whose number ends in 1", **facts(to), "batch_size": BATCH, "layers": LAYERS, "ps": PS,
        "emb_drop": EMB_DROP, "parameters": sum(p.numel() for p in learner(to).model.parameters()),
        **{s: peer.over_seeds(args.seeds, lambda: learner(to, s), EPOCHS, LR, wd=WD) for s in peer.SAMPLING}})


if __name__ == "__main__":
    main()
