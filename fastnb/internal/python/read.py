# Prints what a safetensors file holds, as JSON: python read.py FILE (needs numpy and safetensors)
import hashlib, json, sys
from safetensors import safe_open
from safetensors.numpy import load_file

path = sys.argv[1]
with safe_open(path, framework="np") as f:
    metadata = f.metadata()
tensors = {
    name: {"type": a.dtype.name, "shape": list(a.shape), "sum": hashlib.sha256(a.tobytes()).hexdigest()}
    for name, a in load_file(path).items()
}
print(json.dumps({"metadata": metadata, "tensors": tensors}))
