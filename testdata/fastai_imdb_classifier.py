"""fastai's text classifier on reviews, from the encoder of a language model and from scratch, for fastnb/text's tests to compare with.

python fastai_imdb_classifier.py --data FOLDER --encoders FOLDER --lm fastai_imdb_lm.json --out fastai_imdb_classifier.json   (packages and options: peer.py)

The documents are cut: of each the last max_len tokens are there. FOLDER has clas_train and clas_valid, each as .i32 (codes of tokens, raw little-endian int32, by the language model's vocabulary), .off (int64: where each
document starts, and last the end) and .lab (int32: 0 neg, 1 pos). --encoders and --lm are what fastai_imdb_lm.py wrote: the same seed's encoder is read.
"fine_tuned": the layer groups (embedding, LSTMs, head) are unfrozen from the head down, a stage of fit_one_cycle for each; a pair of rates are those of the
first and the last group, the others geometrically between. "scratch": the same net without the encoder, as many epochs, all of it from the start,
at the language model's rate; left out without --scratch 1. Training batches are fastai's SortedDL: documents of about the same length, the part of a batch that is left over is not seen.
Validation is once, at the end: "accuracy" and "loss" are per document.
"""
import json, os, pathlib, statistics, time
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before torch: else its threads spin at barriers, and others' work makes a step up to 10 times as long
import numpy as np, torch
from fastai.basics import Callback, CancelValidException, DataLoaders, TensorCategory, accuracy
from fastai.losses import CrossEntropyLossFlat
from fastai.text.data import Pad_Chunk, SortedDL, TensorText
from fastai.text.learner import TextLearner
from fastai.text.models.awdlstm import AWD_LSTM, awd_lstm_clas_config, awd_lstm_clas_split
from fastai.text.models.core import get_text_classifier
from fastai.torch_core import set_seed
import fastai.callback.schedule  # fit_one_cycle
import peer
from fastai_imdb_lm import facts, option

STAGES = [dict(freeze_to=-1, epochs=1, lr=2e-2), dict(freeze_to=-2, epochs=1, lr=[1e-2 / 2.6**3, 1e-2]),
          dict(freeze_to=0, epochs=3, lr=[5e-3 / 2.6**3, 5e-3])]
SCRATCH = [dict(freeze_to=0, epochs=5, lr=5e-3)]
CONFIG = dict(drop_mult=.5, batch_size=32, bptt=72, max_len=240, wd=.1, moms=(.8, .7, .8), div=25., div_final=1e5, pct_start=.25, sqr_mom=.99, eps=1e-5,
              alpha=2., beta=1., lin_ftrs=[50], head_p=[.1], drops={k: v for k, v in awd_lstm_clas_config.items() if k.endswith("_p")})


class NoValidation(Callback):
    "Leaves out the validation after each epoch."
    def before_validate(self): raise CancelValidException()


def read(folder, name):
    codes, starts = np.fromfile(folder / f"{name}.i32", "<i4").astype(np.int64), np.fromfile(folder / f"{name}.off", "<i8")
    labels = np.fromfile(folder / f"{name}.lab", "<i4").tolist()
    return [(TensorText(torch.from_numpy(codes[a:b])), TensorCategory(l)) for a, b, l in zip(starts[:-1], starts[1:], labels)]


def data(train, valid):
    kwargs = dict(bs=CONFIG["batch_size"], before_batch=Pad_Chunk(seq_len=CONFIG["bptt"]), num_workers=0)
    dl = lambda docs, shuffle: SortedDL(docs, res=[len(d) for d, _ in docs], shuffle=shuffle, drop_last=shuffle, **kwargs)
    return DataLoaders(dl(train, True), dl(valid, False))


def learner(dls, sizes, vocab):
    c = CONFIG
    model = get_text_classifier(AWD_LSTM, vocab, 2, seq_len=c["bptt"], config=sizes, drop_mult=c["drop_mult"], lin_ftrs=c["lin_ftrs"], ps=list(c["head_p"]),
                                max_len=c["max_len"])
    return TextLearner(dls, model, loss_func=CrossEntropyLossFlat(), splitter=awd_lstm_clas_split, metrics=[accuracy], alpha=c["alpha"], beta=c["beta"],
                       moms=c["moms"])


def fit(learn, stages):
    c = CONFIG
    for s in stages:
        learn.freeze_to(s["freeze_to"])
        lr = slice(*s["lr"]) if isinstance(s["lr"], list) else s["lr"]
        learn.fit_one_cycle(s["epochs"], lr, wd=c["wd"], div=c["div"], div_final=c["div_final"], pct_start=c["pct_start"], cbs=NoValidation())


def run(seed, dls, sizes, vocab, stages, encoder=None):
    set_seed(seed, reproducible=True)
    learn, start = learner(dls(), sizes, vocab), time.perf_counter()
    if encoder: learn.model[0].module.load_state_dict(torch.load(encoder))
    with learn.no_bar(), learn.no_logging():
        fit(learn, stages)
        seconds, train_loss = time.perf_counter() - start, float(learn.recorder.losses[-1])
        loss, right = learn.validate()
    out = {"seed": seed, "seconds": round(seconds, 1), "loss": round(loss, 6), "accuracy": round(right, 6), "train_loss": round(train_loss, 4)}
    print("fine-tuned" if encoder else "scratch", out, flush=True)
    return out


def over_seeds(seeds, stages, one):
    runs = [one(s) for s in seeds]
    return {"stages": stages, "runs": runs, **{k: peer.spread([r[k] for r in runs]) for k in ("accuracy", "loss", "seconds")}}


def main():
    scratch = option("--scratch", int, default=0)
    encoders, lm = option("--encoders", pathlib.Path, required=True), json.loads(option("--lm", pathlib.Path, required=True).read_text())
    args = peer.arguments("the folder of the documents")
    train, valid = (read(args.data, n) for n in ("clas_train", "clas_valid"))
    sizes, vocab = dict(emb_sz=lm["config"]["embedding"], n_hid=lm["config"]["hidden"], n_layers=lm["config"]["layers"]), lm["vocab"]
    dls = lambda: data(train, valid)
    peer.write(args.out, {
        "files": facts(args.data, "clas_train", "clas_valid"), "vocab": vocab, **sizes, "config": CONFIG,
        "share_of_class_1": {"train": statistics.mean(int(y) for _, y in train), "valid": statistics.mean(int(y) for _, y in valid)},
        "fine_tuned": over_seeds(args.seeds, STAGES, lambda s: run(s, dls, sizes, vocab, STAGES, encoders / f"seed{s}.pth")),
        **({"scratch": over_seeds(args.seeds, SCRATCH, lambda s: run(s, dls, sizes, vocab, SCRATCH))} if scratch else {})})


if __name__ == "__main__":
    main()
