"""What bench/bow measures beside fastnb: the same steps with scikit-learn, on documents of numbered words.

python sklearn_bow.py FILE.json NGRAMS TERMS      (scikit-learn==1.9.1 numpy==2.4.6)
"""
import json, sys, time
import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression


def main(path, ngrams, terms):
    d = json.load(open(path))
    train, test = ([[str(w) for w in doc] for doc in d[s]] for s in ("Train", "Test"))
    y, ty = np.array(d["TrainLabels"]) == 1, np.array(d["TestLabels"]) == 1
    del d
    start = time.perf_counter()
    same = lambda doc: doc
    v = CountVectorizer(tokenizer=same, preprocessor=same, token_pattern=None, lowercase=False, binary=True, ngram_range=(1, ngrams), max_features=terms)
    x = v.fit_transform(train).astype(np.float64)
    counted = time.perf_counter()
    p, q = 1 + np.asarray(x[y].sum(0)).ravel(), 1 + np.asarray(x[~y].sum(0)).ravel()
    scale = sp.diags(np.log(p / p.sum()) - np.log(q / q.sum()))
    m = LogisticRegression(C=.1, solver="liblinear", dual=True, max_iter=1000).fit((x @ scale).tocsr(), y)
    fitted = time.perf_counter()
    accuracy = (m.predict((v.transform(test) @ scale).tocsr()) == ty).mean()
    print(json.dumps({"Terms": x.shape[1], "Count": counted - start, "Train": fitted - start, "Predict": time.perf_counter() - fitted, "Accuracy": accuracy}))


if __name__ == "__main__": main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
