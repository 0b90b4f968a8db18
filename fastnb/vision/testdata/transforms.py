"""Makes transforms/: what fastai, Pillow and numpy make of two small pictures by drawn numbers that are given.

    python transforms.py            # fastai 2.8.12, torch 2.15.0, pillow 13.0.0, numpy

transforms.json has the defaults of aug_transforms, and a case for each picture: its source (in pillow/), its size in pixels, and what was drawn, in the words
of the Go test (draw in transforms.go). What moves pixels and changes colours is computed by fastai's own functions in
float32 and rounded to bytes, where -1 and 1 are the outer edges of the pixels (align_corners=False).
"""
import inspect, json
from functools import partial
from pathlib import Path
import numpy as np
import torch
import fastai
from fastai.vision.all import TensorImage, affine_mat, aug_transforms, compose_tfms, flip_mat, rotate_mat, zoom_mat
from fastai.vision.augment import _BrightnessLogit, _ContrastLogit, _SaturationLogit, _WarpCoord
import PIL
from PIL import Image

here = Path(__file__).parent
out = here / "transforms"
out.mkdir(exist_ok=True)
cases = {}


def tensor(im):
    return TensorImage(torch.from_numpy(np.asarray(im).copy()).permute(2, 0, 1)[None].float() / 255)


def save(name, x, source, size, **drawn):
    if not isinstance(x, Image.Image):
        x = Image.fromarray((x[0].clamp(0, 1) * 255).round().permute(1, 2, 0).byte().numpy())
    x.save(out / f"{name}.png", optimize=True)
    cases[name] = dict(source=source, size=size, **drawn)


square = Image.open(here / "pillow" / "square.png").convert("RGB")   # 64 x 64
cat = Image.open(here / "pillow" / "rgb.png.png").convert("RGB")     # 97 x 71
n = square.size[0]


def moved(x, flip=False, degrees=0., zoom=1., at=(.5, .5), warp=None, stretch=None, mode="reflection", sz=None):
    """fastai's transforms of the coordinates, composed as aug_transforms does, by numbers that are given."""
    mats = [flip_mat(x, p=1., draw=float(flip)), rotate_mat(x, p=1., draw=degrees),
            zoom_mat(x, p=1., draw=zoom, draw_x=at[1], draw_y=at[0])]
    if stretch:
        one = torch.ones(1)
        mats.append(affine_mat(one / stretch[1], 0 * one, 0 * one, 0 * one, one / stretch[0], 0 * one))
    m = torch.eye(3)[None]
    for other in mats:
        m = m @ other
    tilt = None
    if warp:
        tilt = _WarpCoord(p=1., draw_x=warp[0], draw_y=warp[1])
        tilt.before_call(x)
    return x.affine_coord(mat=m[:, :2].as_subclass(torch.Tensor), coord_tfm=tilt, sz=sz, pad_mode=mode, align_corners=False)


x = tensor(square)
# zoomed by 1.25 to 80 x 80 pixels, of which the square begins at row and column 3 and 12 of 16; our degrees are
# counter-clockwise, fastai's clockwise, and it mirrors after it has turned
for mode in ("reflection", "border", "zeros"):
    save(f"rotate-{mode}", moved(x, degrees=30., mode=mode), "square.png", n, degrees=-30, mode=mode)
    save(f"warp-{mode}", moved(x, warp=(.15, -.25), mode=mode), "square.png", n, warp=(.15, -.25), mode=mode)
save("affine", moved(x, flip=True, degrees=8., zoom=1.25, at=(3 / 16, 12 / 16)), "square.png", n,
     flip=True, degrees=8, scale=(1.25, 1.25), crop=(3.5 / 17, 12.5 / 17), mode="reflection")
save("affine-warp", moved(x, flip=True, degrees=8., zoom=1.25, at=(3 / 16, 12 / 16), warp=(-.2, .1)), "square.png", n,
     flip=True, degrees=8, scale=(1.25, 1.25), crop=(3.5 / 17, 12.5 / 17), warp=(-.2, .1), mode="reflection")
save("warp-x", moved(x, warp=(.3, 0.)), "square.png", n, warp=(.3, 0), mode="reflection")
save("warp-y", moved(x, warp=(0., .3)), "square.png", n, warp=(0, .3), mode="reflection")
save("stretch-rows", moved(x, stretch=(1.25, 1.)), "square.png", n, scale=(1.25, 1), mode="reflection")
save("stretch-columns", moved(x, stretch=(1., 1.25)), "square.png", n, scale=(1, 1.25), mode="reflection")

# presized: the centre square of the larger picture, at 40 pixels, in one interpolation
middle = tensor(cat.crop((13, 0, 84, 71)))
save("presize", moved(middle, degrees=12., sz=40), "rgb.png.png", 40, presize=71, middle=True, degrees=-12, mode="reflection")
save("presize-warp", moved(middle, degrees=-5., sz=40, warp=(.1, .2)), "rgb.png.png", 40, presize=71, middle=True, degrees=5,
     warp=(.1, .2), mode="reflection")
small = cat.resize((97 * 40 // 71, 40), Image.BILINEAR)
left = (small.size[0] - 40) // 2
save("presize-clean", small.crop((left, 0, left + 40, 40)), "rgb.png.png", 40, presize=71, clean=True)


def lit(brightness=.5, contrast=1., saturation=1.):
    fs = [_BrightnessLogit(p=1., draw=brightness), _ContrastLogit(p=1., draw=contrast),
          _SaturationLogit(p=1., draw=saturation)]
    for f in fs:
        f.before_call(x)
    return x.clone().lighting(partial(compose_tfms, tfms=fs))


def light(name, **draws):
    save(name, lit(**draws), "square.png", n, **draws)


light("brighter", brightness=.6)
light("darker", brightness=.4)
light("contrast", contrast=1.25)
light("less-contrast", contrast=.8)
light("saturation", saturation=1.25)
light("grey", saturation=.3)
light("lighting", brightness=.58, contrast=.85, saturation=1.2)
for change in (1.1, .9, 1.4):
    save(f"hue{change}", x.clone().hue(p=1., draw=change), "square.png", n, hue=change - 1)

# padded by 4, then cut: first row and column 1 and 7 of 0 to 8
names = {"reflection": "symmetric", "border": "edge", "zeros": "constant"}
for mode, theirs in names.items():
    big = np.pad(np.asarray(square), ((4, 4), (4, 4), (0, 0)), mode=theirs)
    save(f"pad-{mode}", Image.fromarray(big[1:1 + n, 7:7 + n]), "square.png", n, pad=4, crop=(1.5 / 9, 7.5 / 9), mode=mode)

# the whole picture in proportion, in a square of 40 pixels
for upright in (False, True):
    whole = cat.transpose(Image.ROTATE_90) if upright else cat
    w, h = (40 * side // 97 for side in whole.size)
    scaled = np.asarray(whole.resize((w, h), Image.BILINEAR))
    top, left = (40 - h) // 2, (40 - w) // 2
    for mode, theirs in names.items():
        boxed = np.pad(scaled, ((top, 40 - h - top), (left, 40 - w - left), (0, 0)), mode=theirs)
        save(f"letterbox-{mode}" + "-upright" * upright, Image.fromarray(boxed), "rgb.png.png", 40, whole=True,
             upright=upright, mode=mode, clean=True)

# covered with ImageNet's mean colour
mean = np.array([.485, .456, .406]) * 255
covered = np.asarray(square).copy()
covered[10:26, 50:64] = mean.round()
save("cutout", Image.fromarray(covered), "square.png", n, cutout=(10, 26, 50, 64))

defaults = {name: p.default for name, p in inspect.signature(aug_transforms).parameters.items()
            if isinstance(p.default, (bool, int, float))}
(here / "transforms.json").write_text(json.dumps(
    {"fastai": fastai.__version__, "torch": torch.__version__, "pillow": PIL.__version__, "aug_transforms": defaults,
     "cases": cases}, indent=1) + "\n")
print(len(cases), "cases")
