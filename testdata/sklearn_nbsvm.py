"""Bags of words and NB-SVM as scikit-learn has them, for fastnb's tests to compare with, on invented documents of numbered words.

python sklearn_nbsvm.py --out sklearn_nbsvm.json      (scikit-learn==1.9.1 numpy==2.4.6)

Words of class c come more often in its documents; a document is shorter or longer by chance, some are empty. Terms are
CountVectorizer's, up to three words, 1 for each that is there, or counted. The log-count ratio is Wang's and Manning's
(2012), written down here from the paper; models are LogisticRegression (liblinear, dual) and LinearSVC on it.
"""
import argparse, json, pathlib
import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC


def documents(rng, n, classes, words=40):
    labels = rng.integers(0, classes, n)
    odds = np.ones((classes, words)) + 2 * (np.arange(words) % classes == np.arange(classes)[:, None]) * (np.arange(words) < 12)
    odds /= odds.sum(1, keepdims=True)
    docs = [rng.choice(words, int(rng.integers(0, 16)), p=odds[c]).tolist() for c in labels]
    return docs, labels.tolist()


def vectorizer(counts, **kwargs):
    same = lambda doc: doc
    return CountVectorizer(tokenizer=same, preprocessor=same, token_pattern=None, lowercase=False, ngram_range=(1, 3),
                           binary=not counts, **kwargs)


def ratio(x, positive):
    p, q = 1 + np.asarray(x[positive].sum(0)).ravel(), 1 + np.asarray(x[~positive].sum(0)).ravel()
    return np.log(p / p.sum()) - np.log(q / q.sum()), np.log(positive.sum() / (~positive).sum())


def models(x, tx, positive, C):
    "Scores of the test documents."
    r, b = ratio(x, positive)
    scale = sp.diags(r)
    fits = {"NB logistic regression": LogisticRegression(C=C, solver="liblinear", dual=True, tol=1e-10, max_iter=100000),
            "NB-SVM": LinearSVC(C=C, dual=True, tol=1e-10, max_iter=100000)}
    scores = {name: m.fit(x @ scale, positive).decision_function(tx @ scale).tolist() for name, m in fits.items()}
    plain = {"logistic regression": LogisticRegression(C=C, solver="liblinear", dual=True, tol=1e-10, max_iter=100000),
             "SVM": LinearSVC(C=C, dual=True, tol=1e-10, max_iter=100000)}
    return scores | {name: m.fit(x, positive).decision_function(tx).tolist() for name, m in plain.items()} | {
        "naive Bayes": (tx @ r + b).tolist()}


def case(seed, n, classes, counts, C, min_docs):
    rng = np.random.default_rng(seed)
    train, labels = documents(rng, n, classes)
    test, test_labels = documents(rng, n, classes)
    text = lambda docs: [[str(w) for w in d] for d in docs]
    v = vectorizer(counts, min_df=min_docs)
    x, tx = v.fit_transform(text(train)).astype(float), v.transform(text(test)).astype(float)
    y = np.array(labels)
    names = v.get_feature_names_out()
    positive = [y == c for c in range(classes)]
    scores = [models(x, tx, p, C) for p in positive]
    return {"classes": classes, "counts": counts, "c": C, "min_docs": min_docs, "train": train, "labels": labels, "test": test, "test_labels": test_labels,
            "sum": {k: int(s) for k, s in zip(names, np.asarray(x.sum(0)).ravel())},
            "ratio": {k: round(r, 12) for k, r in zip(names, ratio(x, positive[1])[0])},
            "scores": {m: [[round(s, 9) for s in of[m]] for of in scores] for m in scores[0]}}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--out", type=pathlib.Path, required=True)
    args = p.parse_args()
    cases = [case(0, 150, 2, False, .1, 1), case(1, 90, 2, True, 1, 2), case(2, 120, 3, False, .3, 2)]
    args.out.write_text("".join(["[", ",\n".join(json.dumps(c) for c in cases), "]\n"]))


if __name__ == "__main__":
    main()
