# Writes the fixtures of this folder with the reference implementations: python make.py
# (pip install torch safetensors numpy)
import json, pathlib
import torch
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent
g = torch.Generator().manual_seed(1)
x = torch.randn(2, 3, generator=g)
edge = torch.tensor([0.0, -0.0, 1.0, -2.5, 65504.0, 6.1e-5, 6e-8, float("inf"), -float("inf")])
tensors = {
    "f32": x, "f64": x.double(), "f16": edge.half(), "bf16": edge.bfloat16(),
    "i64": torch.tensor([[1, -2], [3, 2**40]]), "i32": torch.tensor([1, -2], dtype=torch.int32),
    "i16": torch.tensor([1, -2], dtype=torch.int16), "i8": torch.tensor([1, -2], dtype=torch.int8),
    "u8": torch.tensor([0, 255], dtype=torch.uint8), "bool": torch.tensor([True, False]),
    "scalar": torch.tensor(3.5), "empty": torch.zeros(0, 4), "layer1.0.wäit": torch.ones(1),
}
save_file(tensors, here / "all.safetensors", metadata={"format": "pt", "note": "fixture"})
truth = {k: {"shape": list(t.shape), "values": [str(v) for v in t.float().flatten().tolist()]} for k, t in tensors.items()}
(here / "all.json").write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n")
