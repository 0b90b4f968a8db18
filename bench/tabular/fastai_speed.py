"""How fast fastai's tabular_learner trains on Adult: rows a second of an epoch's training loop, without validation.

python fastai_speed.py --data adult_sample      (packages: ../../testdata/peer.py; the net: ../../testdata/fastai_adult.py, "tutorial")
Options: --batch 64 1024, --repeats 5, --threads 2, --setting tutorial.
Prints JSON: for each batch size the rate of each repeat (one epoch each, one learner, after one epoch not counted), and their
median. The loop is all of fastai's: taking rows from the table, the step, the recorder. Set OMP_WAIT_POLICY=PASSIVE where
other work shares the cores.
"""
import argparse, json, pathlib, statistics, sys, time
import torch
from fastai.callback.core import Callback, CancelValidException

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "testdata"))
import fastai_adult, peer


class Stopwatch(Callback):
    "Times the training loop of an epoch and skips its validation."
    order = 100  # after fastai's own
    def before_train(self): self.start = time.perf_counter()
    def after_train(self): self.seconds = time.perf_counter() - self.start
    def before_validate(self): raise CancelValidException


def rates(to, bs, repeats):
    "Rows a second of each repeat: fastai drops the ragged last batch."
    peer.set_seed(0)
    learn, watch = fastai_adult.learner(to, bs=bs), Stopwatch()
    rows = len(learn.dls.train) * bs
    return [rows / epoch(learn, watch) for _ in range(1 + repeats)][1:]


def epoch(learn, watch):
    with learn.no_bar(), learn.no_logging(): learn.fit(1, 1e-2, cbs=watch)
    return watch.seconds


def report(to, bs, repeats):
    r = list(map(round, rates(to, bs, repeats)))
    return {"rows_per_second": r, "median": round(statistics.median(r))}


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("--data", type=pathlib.Path, required=True)
    p.add_argument("--batch", type=int, nargs="+", default=[64, 1024])
    p.add_argument("--repeats", type=int, default=5)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--setting", choices=list(fastai_adult.SETTINGS), default="tutorial")
    return p.parse_args()


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    df = fastai_adult.read(args.data)
    to = fastai_adult.table(df, *fastai_adult.SETTINGS[args.setting])
    batch = {bs: report(to, bs, args.repeats) for bs in args.batch}
    print(json.dumps({"setting": args.setting, "batch": batch, "environment": peer.environment()}))


if __name__ == "__main__":
    main()
