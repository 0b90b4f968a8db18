"""Makes pets/, images/ and pillow/: small images in every mode and format, and what Pillow makes of them.

    python pillow.py PETS_SAMPLE

PETS_SAMPLE is the folder of datasets.Fetch("pets_sample"). pillow.json holds the Pillow version and, for
each image, its size in Pillow; pillow/ holds, as PNG,
  NAME.png       the image upright (exif_transpose) and converted to RGB
  NAME.SIZE.png  that, its shorter side scaled to SIZE with BILINEAR, the centre cut out
  NAME.squash.png  that squashed to 40 x 40
  square.rotateDEGREES.png  square.png turned, bilinearly
Images whose RGB we mean to differ from convert("RGB") are converted here as the comment says.
"""
import json, sys
from pathlib import Path
import PIL
from PIL import Image, ImageOps, features

here = Path(__file__).parent
images, out = here / "images", here / "pillow"
images.mkdir(exist_ok=True)
out.mkdir(exist_ok=True)
pets = Path(sys.argv[1]) / "valid"


def photo(name, box):
    return Image.open(pets / name).convert("RGB").crop(box)


cat = photo("Abyssinian/Abyssinian_155.jpg", (40, 30, 137, 101))     # 97 x 71: odd sizes try the edges
dog = photo("american_bulldog/" + sorted(p.name for p in (pets / "american_bulldog").iterdir())[0], (50, 20, 110, 121))
alpha = Image.linear_gradient("L").resize(cat.size)

for mode, sub in (("444", 0), ("422", 1), ("420", 2)):
    cat.save(images / f"cat{mode}.jpg", quality=85, subsampling=sub)
dog.save(images / "dog420.jpg", quality=85, subsampling=2)
dog.save(images / "progressive.jpg", quality=85, progressive=True)
cat.convert("L").save(images / "grey.jpg", quality=85)
cat.convert("CMYK").save(images / "cmyk.jpg", quality=85)            # with Adobe's marker, inverted
for k in range(1, 9):
    exif = Image.Exif()
    exif[0x112] = k
    dog.save(images / f"exif{k}.jpg", quality=85, exif=exif, subsampling=0)
cat.save(images / "rgb.png")
dog.save(images / "wrong-extension.jpg", format="PNG")
cat.convert("L").save(images / "grey.png")
rgba = cat.copy(); rgba.putalpha(alpha); rgba.save(images / "rgba.png")
la = cat.convert("L"); la.putalpha(alpha); la.save(images / "la.png")
cat.quantize(32).save(images / "palette.png")
cat.quantize(32).save(images / "palette-transparent.png", transparency=3)
cat.convert("1").save(images / "bilevel.png")
grey16 = cat.convert("L").convert("I").point(lambda v: v * 257).convert("I;16"); grey16.save(images / "grey16.png")
cat.save(images / "rgb.bmp")
dog.save(images / "rgb.tif")
cat.save(images / "lossless.webp", lossless=True)
dog.save(images / "lossy.webp", quality=80)
frames = [cat.quantize(32), cat.rotate(180).quantize(32)]
frames[0].save(images / "animated.gif", save_all=True, append_images=frames[1:], duration=100)
cat.quantize(32).save(images / "still.gif")


for split, n in (("train", 4), ("valid", 2)):                       # a tiny tree for the examples
    for breed in ("Bengal", "american_bulldog"):
        for k, source in enumerate(sorted((pets.parent / split / breed).iterdir())[:n]):
            small = Image.open(source).convert("RGB")
            small.thumbnail((96, 96))
            (here / "pets" / split / breed).mkdir(parents=True, exist_ok=True)
            small.save(here / "pets" / split / breed / f"{k + 1}.jpg", quality=80)


def upright(path):
    im = Image.open(path)
    if path.name == "grey16.png":   # Pillow clips 16-bit grey to 255; we keep the upper 8 bits
        return im.point(lambda v: v / 256).convert("L").convert("RGB")
    return ImageOps.exif_transpose(im).convert("RGB")


def centre(im, size):
    w, h = im.size
    s = min(w, h)
    w, h = max(w * size // s, size), max(h * size // s, size)
    left, top = (w - size) // 2, (h - size) // 2
    return im.resize((w, h), Image.BILINEAR).crop((left, top, left + size, top + size))


info = {"pillow": PIL.__version__, "libjpeg_turbo": features.version("libjpeg_turbo"), "images": {}}
for path in sorted(images.iterdir()):
    im = upright(path)
    info["images"][path.name] = {"w": im.width, "h": im.height}
    im.save(out / f"{path.name}.png", optimize=True)
    if path.name in ("rgb.png", "wrong-extension.jpg", "cat420.jpg", "dog420.jpg"):
        for size in (24, 50, 71, 100):
            centre(im, size).save(out / f"{path.name}.{size}.png", optimize=True)
        im.resize((40, 40), Image.BILINEAR).save(out / f"{path.name}.squash.png", optimize=True)
square = Image.open(images / "rgb.png").crop((10, 5, 74, 69))
square.save(out / "square.png", optimize=True)
for degrees in (10, -7.5):                                          # counter-clockwise, black beyond the edge
    square.rotate(degrees, Image.BILINEAR).save(out / f"square.rotate{degrees}.png", optimize=True)
(here / "pillow.json").write_text(json.dumps(info, indent=1) + "\n")
