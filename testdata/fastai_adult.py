"""Reference numbers from fastai's tabular_learner on Adult, for fastnb/tabular's tests to compare with.

python fastai_adult.py --data adult_sample --out fastai_adult.json   (packages and options: peer.py)

Two settings: "tutorial", the columns of fastai's tutorial, and "all", all 14. Rows 26048..32560 validate. Layers 200 and 100,
batches of 64, Adam, fit_one_cycle(3, 1e-2). "preprocessing" is what the tutorial's setting fitted on the training rows,
with some rows as the net sees them.
"""
import pandas as pd
from fastai.tabular.all import (Categorify, CategoryBlock, FillMissing, Normalize, TabularPandas, accuracy,
                                get_emb_sz, tabular_learner)
import peer

TARGET, TRAIN, BATCH, LAYERS = ">=50k", 26048, 64, [200, 100]
SETTINGS = {"tutorial": (["workclass", "education", "marital-status", "occupation", "relationship", "race"],
                         ["age", "fnlwgt", "education-num"])}
SETTINGS["all"] = (SETTINGS["tutorial"][0] + ["sex", "native-country"],
                   SETTINGS["tutorial"][1] + ["capital-gain", "capital-loss", "hours-per-week"])


def read(folder):
    return pd.read_csv(folder / "adult.csv", skipinitialspace=True)  # its values begin with spaces


def table(df, cats, conts):
    "Rows below TRAIN train. reduce_memory=False keeps float64, for exact means; [*cats], as fastai appends to the list."
    splits = [list(range(TRAIN)), list(range(TRAIN, len(df)))]
    return TabularPandas(df, [Categorify, FillMissing, Normalize], [*cats], conts, TARGET, CategoryBlock(), splits,
                         reduce_memory=False)


def learner(to, sampling="with_replacement", bs=BATCH):
    dls = to.dataloaders(bs=bs, dl_type=peer.SAMPLING[sampling])
    return tabular_learner(dls, layers=LAYERS, metrics=accuracy)


# What was fitted.

def preprocessing(df, to):
    return {"columns": {"categorical": list(to.cat_names), "continuous": list(to.cont_names)},
            "vocabularies": {n: list(map(str, to.classes[n])) for n in to.cat_names},
            "target": list(map(int, to.vocab)), "medians": {k: float(v) for k, v in to.fill_missing.na_dict.items()},
            "means": floats(to.normalize.means), "stds": floats(to.normalize.stds),
            "embeddings": {n: list(map(int, s)) for n, s in zip(to.cat_names, get_emb_sz(to))},
            "parameters": sum(p.numel() for p in learner(to).model.parameters()),
            "rows": [encoded(to, r) for r in shown(df)]}


def shown(df):
    "The first rows, the first with a missing number, the first with a missing category, the first to validate."
    missing = [df.index[df[c].isna()][0] for c in ("education-num", "occupation")]
    return sorted({0, 1, 2, *map(int, missing), TRAIN, TRAIN + 1})


def encoded(to, row):
    r = to.items.loc[row]
    return {"row": row, "categorical": [int(r[c]) for c in to.cat_names],
            "continuous": [float(r[c]) for c in to.cont_names], "target": int(r[TARGET])}


def floats(d):
    return {k: float(v) for k, v in d.items()}


def scores(df, seeds):
    "Both settings, with fastai's own sampling of rows and with every row once an epoch."
    out = {}
    for name, (cats, conts) in SETTINGS.items():
        to = table(df, cats, conts)
        out[name] = {s: peer.over_seeds(seeds, lambda: learner(to, s), 3, 1e-2) for s in peer.SAMPLING}
    return out


def main():
    args = peer.arguments("adult_sample, unpacked")
    df = read(args.data)
    to = table(df, *SETTINGS["tutorial"])
    peer.write(args.out, {
        "data": "adult_sample", "train": TRAIN, "valid": len(df) - TRAIN, "majority": round(1 - df[TARGET][TRAIN:].mean(), 6),
        "batch_size": BATCH, "layers": LAYERS, "columns": {k: {"categorical": c, "continuous": n} for k, (c, n) in SETTINGS.items()},
        "preprocessing": preprocessing(df, to), "settings": scores(df, args.seeds)})


if __name__ == "__main__":
    main()
