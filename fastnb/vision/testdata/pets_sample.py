"""Makes pets_sample.json: mean and standard deviation of red, green and blue of each validation photo of
pets_sample, as Pillow scales it to 224 with BILINEAR and cuts out the centre.

    python pets_sample.py PETS_SAMPLE
"""
import json, sys
from pathlib import Path
import numpy as np
import PIL
from PIL import Image

valid = Path(sys.argv[1]) / "valid"
photos = {}
for path in sorted(valid.glob("*/*.jpg")):
    im = Image.open(path).convert("RGB")
    s = min(im.size)
    w, h = (max(v * 224 // s, 224) for v in im.size)
    left, top = (w - 224) // 2, (h - 224) // 2
    px = np.asarray(im.resize((w, h), Image.BILINEAR).crop((left, top, left + 224, top + 224)), np.float64).reshape(-1, 3)
    photos[f"valid/{path.parent.name}/{path.name}"] = [round(v, 3) for v in (*px.mean(0), *px.std(0))]
text = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in photos.items())
(Path(__file__).parent / "pets_sample.json").write_text(f'{{"pillow": "{PIL.__version__}", "photos": {{\n{text}\n}}}}\n')
