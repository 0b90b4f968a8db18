"""How fast fastai trains its AWD-LSTM language model here: seconds a step, tokens a second, the process's peak memory.

python fastai_awd_speed.py --vocab 60000 --steps 3 [--threads 2] [--bs 64 --bptt 72] [--profile]   prints one line of JSON (packages: peer.py)

A step is a Learner's: forward with all five dropouts (drop_mult 1, the default config: embedding 400, hidden 1152, 3 layers), CrossEntropyLossFlat, RNNRegularizer
(alpha 2, beta 1), backward, fastai's own Adam (wd .01; moms .8-.7-.8 by fit_one_cycle), no clipping. Tokens are random: speed does not depend on them, but for
the sparse part of the embedding. Steps before the first that counts: --warmup. A step's time is from the end of the one before it.
cpu_seconds_per_step is what the process used of the cores: on a free machine nearly threads times the seconds; less says that others were at work.
--profile: where one more step's time goes, by torch.profiler.
"""
import argparse, json, os, resource, time
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before torch: else its threads spin at barriers, and others' work makes a step up to 10 times as long
import torch
from fastai.basics import Callback, DataLoaders, DataLoader
from fastai.text.learner import LMLearner
from fastai.losses import CrossEntropyLossFlat
from fastai.text.models.awdlstm import AWD_LSTM, awd_lstm_lm_config, awd_lstm_lm_split
from fastai.text.models.core import get_language_model
import fastai.callback.schedule  # fit_one_cycle


class Steps(Callback):
    "Notes the time, and the process's time on all cores, at the start and after each step."
    def before_fit(self): self.ends, self.cpu = [time.perf_counter()], [time.process_time()]
    def after_batch(self):
        self.ends.append(time.perf_counter())
        self.cpu.append(time.process_time())


class Phases(Callback):
    "Seconds of a step's four phases: forward, loss (with AR and TAR), backward, optimizer."
    order, run_valid = 100, False
    def before_fit(self): self.seconds = {}
    def lap(self, name):
        now = time.perf_counter()
        self.seconds[name], self.last = round(now - self.last, 3), now
    def before_batch(self): self.last = time.perf_counter()
    def after_pred(self): self.lap("forward")
    def before_backward(self): self.lap("loss")
    def before_step(self): self.lap("backward")
    def after_step(self): self.lap("optimizer")


class Batches(DataLoader):
    "So many batches of random tokens [bs, bptt] and, as targets, of the tokens that follow."
    def __init__(self, vocab, bs, bptt, n):
        self.tokens, self.bptt, self.n_batches = torch.randint(2, vocab, (bs, n * bptt + 1)), bptt, n
        super().__init__(list(range(n)), bs=1, num_workers=0)
    def __len__(self): return self.n_batches
    def __iter__(self):
        for s in range(0, self.n_batches * self.bptt, self.bptt):
            yield self.tokens[:, s:s + self.bptt], self.tokens[:, s + 1:s + self.bptt + 1]


def learner(args, n):
    model = get_language_model(AWD_LSTM, args.vocab, {**awd_lstm_lm_config, **dict(emb_sz=args.emb, n_hid=args.hid, n_layers=args.layers)})
    dls = DataLoaders(Batches(args.vocab, args.bs, args.bptt, n), Batches(args.vocab, args.bs, args.bptt, 0))
    return LMLearner(dls, model, loss_func=CrossEntropyLossFlat(), splitter=awd_lstm_lm_split, cbs=Steps())


def timed(args):
    learn = learner(args, args.warmup + args.steps)
    fit(learn)
    return learn, *([b - a for a, b in zip(t[args.warmup:], t[args.warmup + 1:])] for t in (learn.steps.ends, learn.steps.cpu))


def fit(learn):
    with learn.no_bar(), learn.no_logging(): learn.fit_one_cycle(1, 2e-3)


def profiled(args, learn):
    "A step's operators by the time they spend themselves, with the shapes they work on."
    learn.dls = DataLoaders(Batches(args.vocab, args.bs, args.bptt, 1), Batches(args.vocab, args.bs, args.bptt, 0))
    phases = Phases()
    with torch.profiler.profile(record_shapes=True) as prof, learn.added_cbs(phases): fit(learn)
    rows = prof.key_averages(group_by_input_shape=True)
    total = sum(r.self_cpu_time_total for r in rows)
    top = sorted(rows, key=lambda r: -r.self_cpu_time_total)[:25]
    return {"seconds": round(total / 1e6, 3), "phases": phases.seconds, "parts": parts(rows, args.vocab, total), "top": [[r.key, str(r.input_shapes)[:90], r.count, round(r.self_cpu_time_total / total, 4)] for r in top]}


def parts(rows, vocab, total):
    "Shares by kind: the LSTMs, what touches a matrix as wide as the vocabulary (its products; the softmax and the loss), the rest."
    out = dict.fromkeys(("lstm", "decoder_products", "softmax_and_loss", "random_masks", "rest"), 0)
    for r in rows:
        wide = str(vocab) in str(r.input_shapes)
        kind = ("lstm" if "rnn" in r.key.lower() else "decoder_products" if wide and r.key in ("aten::mm", "aten::addmm") else
                "softmax_and_loss" if "softmax" in r.key.lower() or "nll" in r.key.lower() or (wide and r.key == "aten::fill_") else "random_masks" if "bernoulli" in r.key else "rest")
        out[kind] += r.self_cpu_time_total / total
    return {k: round(v, 4) for k, v in out.items()}


def main():
    p = argparse.ArgumentParser()
    for name, default in dict(vocab=60000, steps=3, warmup=1, threads=2, bs=64, bptt=72, emb=400, hid=1152, layers=3).items():
        p.add_argument(f"--{name}", type=int, default=default)
    p.add_argument("--profile", action="store_true")
    args = p.parse_args()
    torch.set_num_threads(args.threads)
    learn, seconds, cpu = timed(args)
    out = {**vars(args), "tokens_per_second": round(args.bs * args.bptt * len(seconds) / sum(seconds), 1),
           "seconds_per_step": [round(s, 3) for s in seconds],
           "cpu_seconds_per_step": [round(s, 3) for s in cpu], "peak_rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
           "parameters": sum(p.numel() for p in learn.model.parameters()), "torch": torch.__version__}
    if args.profile: out["profile"] = profiled(args, learn)
    print(json.dumps(out))


if __name__ == "__main__":
    main()
