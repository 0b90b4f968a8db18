"""Metrics as scikit-learn has them, for fastnb's tests to compare with, on invented predictions.

python sklearn_metrics.py --out sklearn_metrics.json      (scikit-learn==1.9.1 scipy numpy==2.4.6)

Cases have ties, absent classes, one class only and constant predictions. Where scikit-learn refuses a case or gives a
number by convention, fastnb's rule is written out here in calls of scikit-learn: a class that has no score is left out of a
mean, and a score of nothing is null. The most probable class is the first of equals. MAP@k, the expected calibration error and
kappa of rounded numbers are written down from their definitions; thresholds are found by trying each.
"""
import argparse, itertools, json, math, pathlib, warnings
import numpy as np
import scipy.optimize, scipy.stats
import sklearn.metrics as skm
from sklearn.calibration import calibration_curve

AVERAGES = ["macro", "micro", "weighted"]


def number(x):
    return None if x is None or math.isnan(x) else round(float(x), 12)


def mean(scores):
    scores = [s for s in scores if s is not None and not math.isnan(s)]
    return sum(scores) / len(scores) if scores else None


def auc(t, p): return skm.roc_auc_score(t, p) if 0 < t.sum() < len(t) else None
def ap(t, p): return skm.average_precision_score(t, p) if t.sum() else None


def counted(t, p, averages, **kwargs):
    out = {}
    for a in averages:
        k = dict(average=a, zero_division=0, **kwargs)
        out |= {f"precision_{a}": skm.precision_score(t, p, **k), f"recall_{a}": skm.recall_score(t, p, **k),
                f"f1_{a}": skm.f1_score(t, p, **k), f"f2_{a}": skm.fbeta_score(t, p, beta=2, **k),
                f"jaccard_{a}": skm.jaccard_score(t, p, **k)}
    return out


def ece(p, right, bins):
    edges = np.linspace(0, 1, bins + 1)
    at = np.searchsorted(edges[1:-1], p)
    return sum((at == b).mean() * abs(p[at == b].mean() - right[at == b].mean()) for b in np.unique(at))


def map_at(probs, truth, k):
    def one(p, t):
        order = np.argsort(-p, kind="stable")[:k]
        hits = t[order]
        return sum(hits[:i + 1].mean() for i in range(len(hits)) if hits[i]) / min(t.sum(), k) if t.sum() else 0
    return np.mean([one(p, t) for p, t in zip(probs, truth)])


def curves(t, p):
    "The curves of one label, in full, and its calibration."
    if not 0 < t.sum() < len(t): return None
    fpr, tpr, at = skm.roc_curve(t, p, drop_intermediate=False)
    precision, recall, thresholds = skm.precision_recall_curve(t, p)
    actual, predicted = calibration_curve(t, p, n_bins=8)
    return {k: [round(float(x), 12) for x in v] for k, v in
            dict(fpr=fpr, tpr=tpr, roc_at=at[1:], precision=precision, recall=recall, pr_at=thresholds, predicted=predicted, actual=actual).items()}


def of_classes(probs, y, classes):
    everything, pred, hot = range(classes), probs.argmax(1), np.eye(classes)[y].astype(int)
    out = counted(y, pred, AVERAGES, labels=list(everything))
    single = [1] if classes == 2 else list(everything)
    out |= {"accuracy": skm.accuracy_score(y, pred), "log_loss": skm.log_loss(y, probs.astype(np.float32), labels=list(everything)),
            "auc": mean([auc(hot[:, c], probs[:, c]) for c in single]), "average_precision": mean([ap(hot[:, c], probs[:, c]) for c in single]),
            "kappa": skm.cohen_kappa_score(y, pred, labels=list(everything)),
            "quadratic_kappa": skm.cohen_kappa_score(y, pred, labels=list(everything), weights="quadratic"),
            "matthews": skm.matthews_corrcoef(y, pred), "balanced_accuracy": skm.balanced_accuracy_score(y, pred),
            "map@2": map_at(probs, hot, 2), "ece_15": ece(probs.max(1), pred == y, 15), "ece_4": ece(probs.max(1), pred == y, 4),
            "brier": skm.brier_score_loss(hot[:, 1], probs[:, 1]) if classes == 2 else skm.brier_score_loss(y, probs, labels=list(everything))}
    for k in range(1, classes):  # its ties are ours from the other end
        out[f"top_{k}"] = skm.top_k_accuracy_score(classes - 1 - y, probs[:, ::-1], k=k, labels=list(everything)) if classes > 2 else out["accuracy"]
    if classes == 2:
        out |= {k.removesuffix("_binary"): v for k, v in counted(y, pred, ["binary"]).items()}
        out |= counted(y, pred, ["binary"])
        if len(set(y)) == 2: assert math.isclose(out["auc"], skm.roc_auc_score(y, probs[:, 1]))
    elif len(set(y)) == classes and np.allclose(probs.sum(1), 1):
        assert math.isclose(out["auc"], skm.roc_auc_score(y, probs, multi_class="ovr", average="macro"))
    report = skm.classification_report(y, pred, labels=list(everything), target_names=[f"class{c}" for c in everything], output_dict=True, zero_division=0)
    return out, {"report": report, "curves": curves(hot[:, 1], probs[:, 1])}


def f2_of(t, p, thresholds, average):
    return skm.fbeta_score(t, p > thresholds, beta=2, average=average, zero_division=0)


def cuts(p):
    "A threshold for each way to divide the probabilities."
    at = np.unique(p)
    return np.concatenate([[-1.], (at[1:] + at[:-1]) / 2, [at[-1]]])


def searched(probs, t):
    "The best one for all labels, tried one by one; of macro also the best for each label, which are apart from each other."
    best = {f"f2_{a}": max(f2_of(t, probs, c, a) for c in cuts(probs)) for a in ["samples", *AVERAGES]}
    each = np.array([max(cuts(probs[:, k]), key=lambda c: skm.fbeta_score(t[:, k], probs[:, k] > c, beta=2, zero_division=0)) for k in range(t.shape[1])])
    return {"one": {k: number(v) for k, v in best.items()}, "each": {"f2_macro": number(f2_of(t, probs, each, "macro"))}}


def of_labels(probs, t, search):
    pred, cols = (probs > .5).astype(int), t.shape[1]
    out = counted(t, pred, [*AVERAGES, "samples"])
    out |= {"auc": mean([auc(t[:, c], probs[:, c]) for c in range(cols)]), "average_precision": mean([ap(t[:, c], probs[:, c]) for c in range(cols)]),
            "accuracy_thresh": (pred == t).mean(), "hamming_loss": skm.hamming_loss(t, pred), "subset_accuracy": skm.accuracy_score(t, pred),
            "jaccard": out["jaccard_samples"], "map@3": map_at(probs, t, 3), "brier": skm.mean_squared_error(t, probs), "ece_15": ece(probs.ravel(), t.ravel(), 15),
            "log_loss": np.mean([skm.log_loss(t[:, c], probs[:, c].astype(np.float32), labels=[0, 1]) for c in range(cols)])}
    if (t.sum(1) > 0).all() and all(len(set(row)) == cols for row in probs):
        assert math.isclose(map_at(probs, t, cols), skm.label_ranking_average_precision_score(t, probs))
    report = skm.classification_report(t, pred, target_names=[f"class{c}" for c in range(cols)], output_dict=True, zero_division=0)
    return out, {"report": report, "curves": curves(t[:, 0], probs[:, 0]), "thresholds": searched(probs, t) if search else None}


def of_numbers(p, t):
    cols = range(t.shape[1])
    varied = lambda *xs: all(len(set(x)) > 1 for x in xs)
    each = lambda f: mean([f(t[:, c], p[:, c]) for c in cols if varied(t[:, c])])
    both = lambda f: mean([f(t[:, c], p[:, c])[0] for c in cols if varied(t[:, c], p[:, c])])
    logs = (p > -1).all() and (t > -1).all()
    out = {"mse": skm.mean_squared_error(t, p), "rmse": skm.root_mean_squared_error(t.ravel(), p.ravel()), "mae": skm.mean_absolute_error(t, p),
           "r2": each(skm.r2_score), "explained_variance": each(skm.explained_variance_score),
           "msle": skm.mean_squared_log_error(t, p) if logs else None, "rmsle": skm.root_mean_squared_log_error(t.ravel(), p.ravel()) if logs else None,
           "pearson": both(scipy.stats.pearsonr), "spearman": both(scipy.stats.spearmanr)}
    if t.shape[1] == 1:
        grades, low, high = np.rint(t[:, 0]), np.rint(t.min()), np.rint(t.max())
        rounded = np.clip(np.rint(p[:, 0]), low, high)
        out["quadratic_kappa"] = skm.cohen_kappa_score(grades.astype(int), rounded.astype(int), labels=list(range(int(low), int(high) + 1)), weights="quadratic")
    return out, {}


def temperature(logits, loss):
    "What logits are divided by for the least log loss, where some temperature is best."
    found = scipy.optimize.minimize_scalar(lambda ln: loss(logits / math.exp(ln)), bounds=(-4, 4), method="bounded", options=dict(xatol=1e-9))
    return {"temperature": round(math.exp(found.x), 9), "loss": round(float(found.fun), 12)} if abs(found.x) < 3.9 and found.fun > 1e-9 else None  # all right: the lower the better


def softmax(x):
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def classes_case(name, seed, n, classes, shown=None, there=None):
    rng = np.random.default_rng(seed)
    y = rng.choice(there or classes, n)
    x = rng.normal(size=(n, classes)) + 1.3 * np.eye(classes)[y]
    probs = softmax(x)
    if shown == "ties": probs = np.round(probs * 8) / 8
    if shown == "constant": probs[:] = softmax(np.arange(classes)[None] / 2.)
    if shown == "even": probs[:] = 1 / classes
    probs = probs.astype(np.float32).astype(float)
    values, more = of_classes(probs, y, classes)
    if (probs > 0).all(): more["temperature"] = temperature(np.log(probs), lambda z: -np.log(softmax(z)[np.arange(n), y]).mean())
    return {"name": name, "kind": "classes", "cols": classes, "probs": probs.ravel().tolist(), "labels": y.tolist(), "want": {k: number(v) for k, v in values.items()}, **more}


def labels_case(name, seed, n, cols, shown=None, rates=None, search=True):
    rng = np.random.default_rng(seed)
    t = (rng.random((n, cols)) < np.array(rates or [.3] * cols)).astype(int)
    probs = 1 / (1 + np.exp(-(rng.normal(size=t.shape) + 2 * t - 1.5)))
    if shown == "ties": probs = np.round(probs * 8) / 8
    if shown == "constant": probs[:] = .625
    probs = probs.astype(np.float32).astype(float)
    values, more = of_labels(probs, t, search)
    if ((probs > 0) & (probs < 1)).all(): more["temperature"] = temperature(np.log(probs) - np.log1p(-probs), lambda z: np.log1p(np.exp(np.where(t, -z, z))).mean())
    return {"name": name, "kind": "labels", "cols": cols, "probs": probs.ravel().tolist(), "targets": t.ravel().tolist(), "want": {k: number(v) for k, v in values.items()}, **more}


def numbers_case(name, seed, n, cols, shown=None):
    rng = np.random.default_rng(seed)
    t = np.abs(rng.normal(3, 2, (n, cols)))
    p = np.abs(t + rng.normal(0, 1, (n, cols)))
    if shown == "ties": t, p = np.round(t), np.round(p)
    if shown == "constant targets": t[:, 0] = 2
    if shown == "constant outputs": p[:, 0] = 2
    if shown == "negative": p[0, 0] = -1.5
    t, p = t.astype(np.float32).astype(float), p.astype(np.float32).astype(float)
    values, more = of_numbers(p, t)
    return {"name": name, "kind": "numbers", "cols": cols, "probs": p.ravel().tolist(), "targets": t.ravel().tolist(), "want": {k: number(v) for k, v in values.items()}, **more}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--out", type=pathlib.Path, required=True)
    args = p.parse_args()
    warnings.simplefilter("ignore")
    cases = [classes_case("two", 0, 60, 2), classes_case("two, ties", 1, 80, 2, "ties"), classes_case("two, one there", 2, 20, 2, there=[1]),
             classes_case("two, constant", 3, 20, 2, "constant"), classes_case("two, even", 4, 20, 2, "even"), classes_case("two, one there and predicted", 5, 9, 2, "constant", [1]),
             classes_case("three", 6, 60, 3), classes_case("five, ties", 7, 90, 5, "ties"), classes_case("five, one absent", 8, 50, 5, there=[0, 1, 3, 4]),
             classes_case("three, one there", 9, 12, 3, there=[2]), classes_case("four, constant", 10, 30, 4, "constant"), classes_case("one item", 11, 1, 3),
             labels_case("labels", 12, 40, 4), labels_case("labels, ties", 13, 60, 5, "ties"), labels_case("labels, one absent", 14, 40, 3, rates=[.4, 0, .2]),
             labels_case("labels, one everywhere", 15, 30, 3, rates=[1, .5, .1]), labels_case("labels, constant", 16, 30, 3, "constant"),
             labels_case("labels, none at all", 17, 10, 2, rates=[0, 0]), labels_case("labels, many", 18, 50, 17, rates=[.9, .6] + [.05] * 15, search=True),
             numbers_case("numbers", 19, 50, 1), numbers_case("numbers, ties", 20, 60, 1, "ties"), numbers_case("numbers, three columns", 21, 30, 3),
             numbers_case("numbers, constant targets", 22, 20, 2, "constant targets"), numbers_case("one column, constant targets", 23, 20, 1, "constant targets"),
             numbers_case("numbers, constant outputs", 24, 20, 2, "constant outputs"), numbers_case("one column, constant outputs", 25, 20, 1, "constant outputs"),
             numbers_case("numbers, negative", 26, 20, 1, "negative"), numbers_case("one number", 27, 1, 1)]
    args.out.write_text("".join(["[", ",\n".join(json.dumps(c) for c in cases), "]\n"]))


if __name__ == "__main__":
    main()
