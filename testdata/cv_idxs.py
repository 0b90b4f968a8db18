"""Validation rows and embedding sizes as fast.ai's rules give them, for fastnb's tests to compare with.

python cv_idxs.py --out cv_idxs.json     (numpy==2.4.6; its legacy generator has not changed since 2008)

Rows: np.random.seed(42), a permutation of n, the cv_idx-th fifth of it (the rule of fast.ai 0.7's get_cv_idxs).
Embedding sizes of a category with c values, unknown included: 0.7's lesson and fastai v2's emb_sz_rule (called, not copied).
"""
import numpy as np
from fastai.tabular.model import emb_sz_rule
import peer

ROWS = [(10, 0), (10, 1), (100, 0), (1000, 0), (10222, 0)]  # n, cv_idx
SHOWN = {1000: 20, 10222: 5}                                # the others are whole
CARDINALITIES = [3, 4, 8, 13, 26, 32, 53, 85, 1116, 5219, 10000, 100000]


def cv_idxs(n, fold):
    np.random.seed(42)
    size = int(.2 * n)
    return np.random.permutation(n)[fold * size:(fold + 1) * size]


def rows(n, fold):
    v = cv_idxs(n, fold).tolist()
    return {"n": n, "cv_idx": fold, "length": len(v), "first": v[:SHOWN.get(n)]}


def sizes(c):
    return {"c": c, "fastai_0.7": min(50, (c + 1) // 2), "fastai_v2": int(emb_sz_rule(c))}


def main():
    args = peer.arguments(data=None)
    peer.write(args.out, {"seed": 42, "valid": .2, "cv_idxs": [rows(*r) for r in ROWS],
                          "embedding_sizes": [sizes(c) for c in CARDINALITIES]})


if __name__ == "__main__":
    main()
