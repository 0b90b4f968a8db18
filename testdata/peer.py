"""What the scripts here that run fastai on tables share: their options, the environment, per-epoch numbers, the JSON.

Python 3.11; pip install fastai==2.8.12 torch==2.15.0 pandas==3.1.1 numpy==2.4.6 scikit-learn==1.9.1
Every script: --data FOLDER (the unpacked archive), --out FILE.json, --seeds 0 1 2, --threads 2.
The same command on the same machine with the same number of threads gives the same numbers, but for the seconds.
"""
import argparse, datetime, importlib.metadata, json, pathlib, platform, re, statistics, time
import torch
from fastai.tabular.all import TabDataLoader, TabWeightedDL, set_seed

STARTED = time.perf_counter()
PACKAGES = "fastai fastcore torch pandas numpy scikit-learn".split()
SAMPLING = {"with_replacement": TabWeightedDL,  # what fastai 2.8 does if not told otherwise: rows drawn, some twice, some never
            "each_row_once": TabDataLoader}


def arguments(data):
    p = argparse.ArgumentParser()
    if data: p.add_argument("--data", type=pathlib.Path, required=True, help=data)
    p.add_argument("--out", type=pathlib.Path, required=True)
    p.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    p.add_argument("--threads", type=int, default=2)
    args = p.parse_args()
    torch.set_num_threads(args.threads)
    return args


def environment():
    cpu = next(l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name"))
    return {"date": datetime.date.today().isoformat(), "seconds": round(time.perf_counter() - STARTED, 1), "device": "cpu",
            "cpu": cpu, "threads": torch.get_num_threads(), "python": platform.python_version(),
            "versions": {p: importlib.metadata.version(p) for p in PACKAGES}}


def over_seeds(seeds, learner, *fit, **kwargs):
    "The runs of learner() fitted by fit_one_cycle(*fit, **kwargs), one for each seed, and their summary."
    runs = [run(seed, learner, *fit, **kwargs) for seed in seeds]
    return {"fit_one_cycle": [*fit, kwargs], "runs": runs, "summary": summary([r["epochs"] for r in runs])}


def run(seed, learner, *fit, **kwargs):
    set_seed(seed, reproducible=True)
    learn, start = learner(), time.perf_counter()
    with learn.no_bar(), learn.no_logging(): learn.fit_one_cycle(*fit, **kwargs)
    seconds = time.perf_counter() - start
    out = {"seed": seed, "seconds": round(seconds, 2), "epochs": epochs(learn)}
    print(out, flush=True)
    return out


def epochs(learn):
    "Each epoch's numbers: train_loss is smoothed over batches, the others are of the whole validation set."
    names = [n.lstrip("_") for n in learn.recorder.metric_names[1:-1]]  # between the epoch and the time
    return [dict(zip(names, rounded(v))) for v in learn.recorder.values]


def summary(runs):
    "For each number, one entry an epoch: mean, standard deviation (n-1), least and most over the seeds."
    return {k: [spread([r[i][k] for r in runs]) for i in range(len(runs[0]))] for k in runs[0][0]}


def spread(v):
    std = statistics.stdev(v) if len(v) > 1 else 0
    return {"mean": round(statistics.mean(v), 6), "std": round(std, 6), "min": min(v), "max": max(v)}


def rounded(numbers, digits=6):
    return [round(float(n), digits) for n in numbers]


def write(path, out):
    "As JSON, indented, but each list or object that holds no other on one line."
    text = json.dumps({"environment": environment(), **out}, indent=1)
    path.write_text(re.sub(r"[\[{][^\[\]{}]*[\]}]", lambda m: re.sub(r"\n *", " ", m[0]), text) + "\n")
