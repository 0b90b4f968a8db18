"""fastai's AWD-LSTM language model on a stream of tokens, a small net and a fixed budget, for fastnb/text's tests to compare with.

python fastai_imdb_lm.py --data FOLDER --vocab 8000 --encoders FOLDER --out fastai_imdb_lm.json   (packages and options: peer.py)

FOLDER has lm_train.i32 and lm_valid.i32: codes of tokens, raw little-endian int32, document after document, as fastnb's tokenizer and vocabulary give them
for IMDB's unlabelled reviews; and lm_train.off: where each document starts, int64, and last the end. With it fastai shuffles the documents in each epoch,
as it does for any user; without it the stream is one document. Nothing of the reviews is in the JSON, only the files' sizes and hashes.
The JSON's "config" is all that a peer has to set. --encoders: where each seed's encoder goes, seed0.pth and so on, for fastai_imdb_classifier.py.

Validation goes through the stream in batch_size columns of equal length (the end that is left over is not read), the state carried from batch to batch.
"valid_loss" and "accuracy" are fastai's own, the means over batches, though the last one is shorter; "exact" weights each token alike.
"""
import argparse, hashlib, math, os, pathlib, sys
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before torch: else its threads spin at barriers, and others' work makes a step up to 10 times as long
import numpy as np, torch
from fastai.basics import DataLoaders, accuracy
from fastai.losses import CrossEntropyLossFlat
from fastai.metrics import Perplexity
from fastai.text.data import LMDataLoader, LMTensorText
from fastai.text.learner import LMLearner
from fastai.text.models.awdlstm import AWD_LSTM, awd_lstm_lm_config, awd_lstm_lm_split
from fastai.text.models.core import get_language_model
import fastai.callback.schedule  # fit_one_cycle
import peer

CONFIG = dict(embedding=128, hidden=256, layers=2, drop_mult=.2, batch_size=32, bptt=72, epochs=3, lr=5e-3, wd=.1, moms=(.8, .7, .8), div=25., div_final=1e5,
              pct_start=.25, sqr_mom=.99, eps=1e-5, alpha=2., beta=1., drops={k: v for k, v in awd_lstm_lm_config.items() if k.endswith("_p")})


def read(folder, name):
    "The documents of a split; one, if there is no .off."
    codes = torch.from_numpy(np.fromfile(folder / f"{name}.i32", "<i4").astype(np.int64))
    off = folder / f"{name}.off"
    starts = np.fromfile(off, "<i8").tolist() if off.exists() else [0, len(codes)]
    return [LMTensorText(codes[a:b]) for a, b in zip(starts[:-1], starts[1:])]


def facts(folder, *names):
    "Of each file: its documents, tokens, and SHA-256."
    return {n: {"documents": len(read(folder, n)), "tokens": sum(map(len, read(folder, n))),
                "sha256": hashlib.sha256((folder / f"{n}.i32").read_bytes()).hexdigest()} for n in names}


def data(train, valid):
    dl = lambda docs, shuffle: LMDataLoader(docs, lens=[len(d) for d in docs], bs=CONFIG["batch_size"], seq_len=CONFIG["bptt"], shuffle=shuffle)
    return DataLoaders(dl(train, len(train) > 1), dl(valid, False))


def learner(dls, vocab):
    c = CONFIG
    sizes = dict(emb_sz=c["embedding"], n_hid=c["hidden"], n_layers=c["layers"])
    model = get_language_model(AWD_LSTM, vocab, {**awd_lstm_lm_config, **sizes}, drop_mult=c["drop_mult"])
    return LMLearner(dls, model, loss_func=CrossEntropyLossFlat(), splitter=awd_lstm_lm_split, alpha=c["alpha"], beta=c["beta"], moms=c["moms"],
                     metrics=[accuracy, Perplexity()])


def exact(learn):
    "Loss and accuracy over all tokens of the validation stream, each as heavy as the other."
    model, loss, right, n = learn.model.eval(), 0., 0, 0
    model.reset()
    with torch.no_grad():
        for x, y in learn.dls.valid:
            logits = model(x.as_subclass(torch.Tensor))[0].flatten(0, 1)
            y = y.as_subclass(torch.Tensor).flatten()
            loss += torch.nn.functional.cross_entropy(logits, y, reduction="sum").item()
            right, n = right + (logits.argmax(1) == y).sum().item(), n + len(y)
    return {"tokens": n, "loss": round(loss / n, 6), "perplexity": round(math.exp(loss / n), 4), "accuracy": round(right / n, 6)}


def run(seed, dls, vocab, encoders):
    made = []
    def make():
        made.append(learner(dls(), vocab))
        return made[0]
    c = CONFIG
    out = peer.run(seed, make, c["epochs"], c["lr"], wd=c["wd"], div=c["div"], div_final=c["div_final"], pct_start=c["pct_start"])
    out["steps"], out["exact"] = len(made[0].dls.train) * c["epochs"], exact(made[0])
    print(out["exact"], flush=True)
    if encoders: torch.save(made[0].model[0].state_dict(), encoders / f"seed{seed}.pth")
    return out


def unigram(train, valid, vocab):
    "The bar to be under: the perplexity of the training words' frequencies, one added to each."
    counts = torch.bincount(torch.cat(train).as_subclass(torch.Tensor), minlength=vocab) + 1.
    return round(math.exp(-(counts / counts.sum()).log()[torch.cat(valid).as_subclass(torch.Tensor)].mean()), 2)


def option(name, kind, **kwargs):
    "An option beside peer's own, taken from the command line before peer reads it."
    p = argparse.ArgumentParser(add_help=False)
    p.add_argument(name, type=kind, **kwargs)
    found, sys.argv[1:] = p.parse_known_args(sys.argv[1:])
    return next(iter(vars(found).values()))


def main():
    vocab, encoders = option("--vocab", int, required=True), option("--encoders", pathlib.Path)
    args = peer.arguments("the folder of the streams")
    if encoders: encoders.mkdir(parents=True, exist_ok=True)
    train, valid = (read(args.data, n) for n in ("lm_train", "lm_valid"))
    runs = [run(s, lambda: data(train, valid), vocab, encoders) for s in args.seeds]
    peer.write(args.out, {"files": facts(args.data, "lm_train", "lm_valid"), "vocab": vocab, "config": CONFIG, "unigram_perplexity": unigram(train, valid, vocab),
                          "runs": runs, "summary": {k: peer.spread([r["exact"][k] for r in runs]) for k in ("loss", "perplexity", "accuracy")},
                          "seconds": peer.spread([r["seconds"] for r in runs])})


if __name__ == "__main__":
    main()
