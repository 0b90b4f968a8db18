"""A tiny fastai AWD-LSTM, its weights in the layouts that fastai's archives have had, and what it computes of given tokens.

python fastai_awdlstm.py --out awdlstm/awdlstm.json   (packages and options: peer.py; writes the .pth and .pkl files beside the JSON)

Nothing is trained and no dropout is on: random weights, scaled up so that the answers are far from uniform. Gradients are taken in evaluation mode.

The files of weights, all of the same language model but for clas.pth:

  lm.pth       what fastai 2 saves: a dict in the order of the model's state. One storage for the tied embedding, thrice named.
                 0.encoder.weight [60 12], 0.encoder_dp.emb.weight (the same), then for each layer l
                 0.rnns.l.weight_hh_l0_raw [4n, n], 0.rnns.l.module.weight_ih_l0 [4n, in], .module.bias_ih_l0, .module.bias_hh_l0 [4n],
                 then 1.decoder.weight (the embedding again), 1.decoder.bias [60]. The gates are in PyTorch's order: in, forget, cell, out.
  lm_opt.pth   what learn.save writes: {"model": the above, "opt": the optimizer's state}
  lm_v1.pth    what fastai 1 (2019) saved and the archive wt103-fwd holds (lstm_fwd.pth beside itos_wt103.pkl): PyTorch's format before 1.6, and beside
               each ..._raw a stale copy, 0.rnns.l.module.weight_hh_l0, as it was after the last dropout. fastai 2 drops what has a _raw
               (clean_raw_keys), then takes tensors by their order, not their names (load_ignore_keys). Here the copy has half its entries at zero,
               as a training step would leave it, so whoever reads it in place of _raw is found out.
  lm_v0.pth    what fastai 0.7 saved (fwd_wt103.h5, which is no HDF5): 0.encoder_with_dropout.embed.weight, the raw weights inside the module
               (0.rnns.l.module.weight_hh_l0_raw, after the biases), no copy, and no 1.decoder.bias. fastai 2 cannot read it as it is; whoever renames can.
  encoder.pth  what save_encoder writes: what is under "0." in lm.pth, without the prefix; the classifier has it under "0.module."
  vocab.pkl, vocab_v1.pkl  the words, a pickled list: protocol 4 as Python 3.8 writes it, protocol 3 as itos_wt103.pkl was
  clas.pth     a classifier with weights of its own; its head has 1.layers.0.{0: batch norm, 2: linear}, 1.layers.1.{0, 2}; no biases in linear layers
"""
import pickle, types
import numpy as np, torch
from fastai.basics import L
from fastai.callback.rnn import RNNRegularizer
from fastai.losses import CrossEntropyLossFlat
from fastai.text.data import TensorText, pad_input_chunk
from fastai.text.learner import match_embeds
from fastai.text.models.awdlstm import AWD_LSTM, awd_lstm_clas_config, awd_lstm_clas_split, awd_lstm_lm_config, awd_lstm_lm_split
from fastai.text.models.core import get_language_model, get_text_classifier, masked_concat_pool
from fastai.optimizer import Adam
from fastai.torch_core import norm_bias_params
import peer

SIZES, VOCAB, SEED = dict(emb_sz=12, n_hid=20, n_layers=3), 60, 0
LM_BATCH, LM_BPTT = 3, 11
CLAS = dict(seq_len=7, max_len=21, lin_ftrs=[10])
LENGTHS = [21, 12, 5]  # the longest first, as the encoder wants. It is whole pieces: of others fastai takes the last state of short documents too early (21 -> 20: of the third its 4th)
LOSS = CrossEntropyLossFlat()


def scaled(model, generator):
    "The model with its weights as drawn, but larger, and its biases and batch norms not at their rests."
    for name, p in model.named_parameters():
        by = 12 if "encoder" in name else 3
        if "rnns" in name or "encoder" in name: p.data.mul_(by)
        elif p.dim() == 1: p.data.add_(torch.empty_like(p).uniform_(-.5, .5, generator=generator))
        else: p.data.mul_(5)
    for name, b in model.named_buffers():
        if "running_mean" in name: b.uniform_(-.3, .3, generator=generator)
        if "running_var" in name: b.uniform_(.2, 2, generator=generator)
    model.reset()  # the LSTM's copies follow the raw weights
    return model.eval()


def language_model():
    torch.manual_seed(SEED)
    return scaled(get_language_model(AWD_LSTM, VOCAB, {**awd_lstm_lm_config, **SIZES}), torch.Generator().manual_seed(SEED))


def classifier():
    torch.manual_seed(SEED + 1)
    return scaled(get_text_classifier(AWD_LSTM, VOCAB, 2, config=dict(SIZES), **CLAS), torch.Generator().manual_seed(SEED + 1))


def words():
    return "xxunk xxpad xxbos xxeos xxfld xxrep xxwrep xxup xxmaj".split() + [f"w{i}" for i in range(VOCAB - 9)]


def nested(t, digits=7):
    "A tensor as nested lists, to so many significant digits."
    if t.dim() == 0: return float(f"{t.item():.{digits}g}")
    return [nested(x, digits) for x in t] if t.dim() > 1 else [float(f"{x:.{digits}g}") for x in t.tolist()]


def backward(model, loss):
    "The gradients of all parameters, by the names in the state (a tied weight under its first)."
    model.zero_grad()
    loss.backward()
    return {n: nested(p.grad, 6) for n, p in model.named_parameters()}


def lm_oracle(model):
    "Two batches in succession: the hidden state goes from the first to the second, gradients do not."
    g = torch.Generator().manual_seed(7)
    tokens = torch.randint(0, VOCAB, (LM_BATCH, 2 * LM_BPTT + 1), generator=g)
    tokens[0, 3] = tokens[1, 9] = tokens[2, 15] = 1  # padding: its row of the embedding is learned through the decoder only
    model.reset()
    return {"batch": LM_BATCH, "bptt": LM_BPTT, "batches": [lm_batch(model, tokens[:, s:s + LM_BPTT + 1]) for s in (0, LM_BPTT)]}


def lm_batch(model, tokens):
    x, y = tokens[:, :-1], tokens[:, 1:]
    logits, raw, out = model(x)
    loss = LOSS(logits, y)
    return {"x": x.tolist(), "y": y.tolist(), "loss": nested(loss), "logits": nested(logits),
            "hidden": [{"h": nested(h[0]), "c": nested(c[0])} for h, c in model[0].hidden], "gradients": backward(model, loss)}


def clas_oracle(model):
    "Three documents, padded by fastai; each chunk of seq_len tokens starts from a detached state."
    g = torch.Generator().manual_seed(8)
    docs, labels = [torch.randint(2, VOCAB, (n,), generator=g) for n in LENGTHS], torch.tensor([1, 0, 1])
    samples = pad_input_chunk([(TensorText(d), y) for d, y in zip(docs, labels)], pad_idx=1, pad_first=True, seq_len=CLAS["seq_len"])
    padded = torch.stack([s[0].as_subclass(torch.Tensor) for s in samples])
    with torch.no_grad(): encoded, mask = model[0](padded)
    logits, *_ = model(padded)
    loss = LOSS(logits, labels)
    return {**CLAS, "documents": [d.tolist() for d in docs], "labels": labels.tolist(), "padded": padded.tolist(), "mask": mask.int().tolist(),
            "pooled": nested(masked_concat_pool(encoded, mask, CLAS["seq_len"])), "logits": nested(logits), "loss": nested(loss),
            "gradients": backward(model, loss)}


def embeds_oracle(model):
    "The rows a new vocabulary gets: its words' own, the mean row for words that are new."
    new = ["xxunk", "xxpad", "xxbos", "w50", "new1", "w0", "xxmaj", "new2", "w7"]
    out = match_embeds(dict(model.state_dict()), words(), new)
    return {"words": new, "rows": nested(out["0.encoder.weight"]), "bias": nested(out["1.decoder.bias"])}


def regularizer_oracle(batch):
    "What fastai's RNNRegularizer adds to the loss. It leaves out beta's part if the batch, not the time, has one row only."
    g = torch.Generator().manual_seed(9)
    raw, out = (torch.randn(batch, 5, 4, generator=g).requires_grad_() for _ in range(2))
    cb = RNNRegularizer(alpha=2, beta=1)
    cb.learn = types.SimpleNamespace(training=True, loss_grad=torch.zeros(()), rnn=types.SimpleNamespace(raw_out=raw, out=out))
    cb.after_loss()
    cb.learn.loss_grad.backward()
    zero = torch.zeros_like(raw)
    return {"alpha": 2, "beta": 1, "raw": nested(raw), "dropped": nested(out), "added": nested(cb.learn.loss_grad),
            "of_alpha": nested(2 * out.pow(2).mean()), "of_beta_by_formula": nested((raw[:, 1:] - raw[:, :-1]).pow(2).mean()),
            "gradient_of_raw": nested(zero if raw.grad is None else raw.grad), "gradient_of_dropped": nested(out.grad)}


def groups(model, split):
    "fastai's layer groups, as names, and the parameters that weight decay spares: LSTM biases are not among them."
    names = {id(p): n for n, p in model.named_parameters()}
    spared = [p for p in norm_bias_params(model) if isinstance(p, torch.nn.Parameter)]
    return {"groups": [[names[id(p)] for p in g] for g in split(model)], "no_decay": [names[id(p)] for p in spared]}


def v1(state):
    "As fastai 1 saved: beside each raw matrix the copy that the LSTM used last."
    out, g = {}, torch.Generator().manual_seed(10)
    for k, v in state.items():
        out[k] = v
        if k.endswith("module.weight_ih_l0"):
            raw = state[k.replace("module.weight_ih_l0", "weight_hh_l0_raw")]
            out[k.replace("_ih_", "_hh_")] = raw * torch.empty_like(raw).bernoulli_(.5, generator=g) * 2
    return out


def v0(state):
    "As fastai 0.7 saved: older names, the raw matrix after the biases, no bias in the decoder."
    out = {"0.encoder.weight": state["0.encoder.weight"], "0.encoder_with_dropout.embed.weight": state["0.encoder.weight"]}
    for l in range(SIZES["n_layers"]):
        for name in ("weight_ih_l0", "bias_ih_l0", "bias_hh_l0"): out[f"0.rnns.{l}.module.{name}"] = state[f"0.rnns.{l}.module.{name}"]
        out[f"0.rnns.{l}.module.weight_hh_l0_raw"] = state[f"0.rnns.{l}.weight_hh_l0_raw"]
    return {**out, "1.decoder.weight": state["1.decoder.weight"]}


def save(folder, lm, clas):
    state = lm.state_dict()
    opt = Adam([L(g) for g in awd_lstm_lm_split(lm)], lr=1e-3)
    torch.save(state, folder / "lm.pth")
    torch.save({"model": state, "opt": opt.state_dict()}, folder / "lm_opt.pth")
    torch.save(v1(state), folder / "lm_v1.pth", _use_new_zipfile_serialization=False)
    torch.save(v0(state), folder / "lm_v0.pth", _use_new_zipfile_serialization=False)
    torch.save(lm[0].state_dict(), folder / "encoder.pth")
    torch.save(clas.state_dict(), folder / "clas.pth")
    for name, protocol in (("vocab.pkl", 4), ("vocab_v1.pkl", 3)): (folder / name).write_bytes(pickle.dumps(words(), protocol))


def keys(state):
    return {k: list(v.shape) for k, v in state.items()}


def main():
    args = peer.arguments(None)
    args.out.parent.mkdir(exist_ok=True)
    lm, clas = language_model(), classifier()
    save(args.out.parent, lm, clas)
    peer.write(args.out, {
        **SIZES, "vocab": VOCAB, "words": words(), "lm_keys": keys(lm.state_dict()), "clas_keys": keys(clas.state_dict()),
        "lm_groups": groups(lm, awd_lstm_lm_split), "clas_groups": groups(clas, awd_lstm_clas_split),
        "lm_config": awd_lstm_lm_config, "clas_config": awd_lstm_clas_config,
        "match_embeds": embeds_oracle(lm), "regularizer": regularizer_oracle(3), "regularizer_of_one_row": regularizer_oracle(1),
        "lm": lm_oracle(lm), "clas": clas_oracle(clas)})


if __name__ == "__main__":
    main()
