"""How fast fastai tokenises IMDB: documents a second of tokenize_texts, texts in memory.

python fastai_tokenize.py --data aclImdb_unsup      (packages: ../../testdata/fastai_tokens.py)
Options: --docs 4000 (the first by name of train/unsup), --workers 2, --repeats 1. Prints JSON: the rate of each repeat, and the number of
tokens. What is timed is fastai's own: its workers are started anew each time and send the tokens back.
"""
import argparse, json, pathlib, time
from fastai.text.core import tokenize_texts


def rate(texts, workers):
    start = time.perf_counter()
    docs = tokenize_texts(texts, n_workers=workers)
    return len(texts) / (time.perf_counter() - start), sum(map(len, docs))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", type=pathlib.Path, required=True)
    p.add_argument("--docs", type=int, default=4000)
    p.add_argument("--workers", type=int, default=2)
    p.add_argument("--repeats", type=int, default=1)
    args = p.parse_args()
    files = sorted((args.data / "train" / "unsup").glob("*.txt"), key=lambda f: f.name)[:args.docs]
    texts = [f.read_text(encoding="utf8") for f in files]
    rates, tokens = zip(*(rate(texts, args.workers) for _ in range(args.repeats)))
    print(json.dumps({"docs_per_second": rates, "tokens": tokens[0]}))


if __name__ == "__main__":
    main()
