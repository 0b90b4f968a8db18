"""Makes pca.json: principal components by numpy's SVD, of vectors more than numbers, fewer, and of a low rank.

    pip install numpy==2.4.6
    python pca.py
"""
import json
from pathlib import Path
import numpy as np

rng = np.random.default_rng(4)


def case(name, vectors, k):
    vectors = np.round(vectors, 6)
    centred = vectors - vectors.mean(0)
    _, s, axes = np.linalg.svd(centred, full_matrices=False)
    largest = np.abs(axes).argmax(1)
    axes *= np.sign(axes[np.arange(len(axes)), largest])[:, None]
    share = s**2 / (s**2).sum()
    return dict(name=name, vectors=vectors.tolist(), scores=(centred @ axes[:k].T).tolist(), share=share[:k].tolist())


cases = [
    case("30 vectors of 5 numbers", rng.normal(size=(30, 5)) * [5, 3, 2, 1, .5] + 100, 3),
    case("4 vectors of 12 numbers", rng.normal(size=(4, 12)), 3),
    case("on a line", np.outer(np.arange(6.), [1, -2, .5]) + 7, 1),
]
out = dict(numpy=np.__version__, cases=cases)
(Path(__file__).parent / "pca.json").write_text(json.dumps(out, indent=None, separators=(",", ":")) + "\n")
