"""Makes formats.zip and formats.json: a small image in every compression, colour model and orientation that people meet, and
what Pillow makes of each: ImageOps.exif_transpose, then convert("RGB").

    python formats.py

formats.json holds Pillow's version and, for each file, width, height and the name of the pixels, or what Pillow says
against it; and under each name the pixels (zlib, base64). The picture is drawn here; no photo is needed.
"""
import base64, hashlib, io, json, struct, warnings, zipfile, zlib
from pathlib import Path
import PIL
from PIL import Image, ImageDraw, ImageOps, PngImagePlugin

here = Path(__file__).parent
files = {}
W, H = 37, 26
rgb = Image.merge("RGB", [Image.linear_gradient("L").resize((W, H)), Image.linear_gradient("L").rotate(90).resize((W, H)),
                          Image.radial_gradient("L").resize((W, H))])
draw = ImageDraw.Draw(rgb)
draw.ellipse((5, 4, 20, 18), fill=(220, 30, 40))
draw.rectangle((24, 12, 34, 22), fill=(20, 60, 230))
grey, alpha = rgb.convert("L"), Image.linear_gradient("L").resize((W, H))
cmyk = Image.merge("CMYK", [*ImageOps.invert(rgb).split(), Image.linear_gradient("L").rotate(180).resize((W, H)).point(lambda v: v // 2)])
bits = grey.convert("1")
palette = rgb.quantize(16)
rgba = rgb.copy(); rgba.putalpha(alpha)
la = grey.copy(); la.putalpha(alpha)


def write(name, data):
    files[name] = data


def saved(im, **how):
    b = io.BytesIO()
    im.save(b, **how)
    return b.getvalue()


# JPEG
for name, sub in (("444", 0), ("422", 1), ("420", 2), ("440", "4:4:0"), ("411", "4:1:1")):
    for kind in (dict(), dict(progressive=True)):
        try:
            write(f"{name}{'-progressive' if kind else ''}.jpg", saved(rgb, format="JPEG", subsampling=sub, quality=90, **kind))
        except (ValueError, TypeError):
            pass
write("grey.jpg", saved(grey, format="JPEG", quality=90))
write("grey-progressive.jpg", saved(grey, format="JPEG", quality=90, progressive=True))
write("restarts.jpg", saved(rgb, format="JPEG", quality=90, restart_marker_blocks=2))
write("rgb-stored.jpg", saved(rgb, format="JPEG", quality=90, keep_rgb=True))
inks = saved(cmyk, format="JPEG", quality=90)
write("cmyk.jpg", inks)
at = inks.index(b"Adobe")
write("ycck.jpg", inks[:at + 11] + b"\2" + inks[at + 12:])
write("cmyk-without-adobe.jpg", inks[:at - 4] + inks[at + 12:])
write("cmyk-progressive.jpg", saved(cmyk, format="JPEG", quality=90, progressive=True))
write("bytes-after-the-end.jpg", saved(rgb, format="JPEG", quality=90) + b"\0" * 20)
write("one-pixel.jpg", saved(rgb.crop((0, 0, 1, 1)), format="JPEG", quality=90))


# PNG
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(w, h, depth, colour, rows, *more, interlace=0):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, colour, 0, 0, interlace))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def packed(values, w, depth, filters=b"\0"):
    rows = b""
    for y in range(0, len(values), w):
        row = "".join(format(v, f"0{depth}b") for v in values[y:y + w])
        row += "0" * (-len(row) % 8)
        rows += filters + int(row, 2).to_bytes(len(row) // 8, "big")
    return rows


g = list(grey.tobytes())
index = list(palette.tobytes())
colours = bytes(palette.getpalette()[:48])
for depth in (1, 2, 4, 8):
    write(f"grey{depth}.png", png(W, H, depth, 0, packed([v >> (8 - depth) for v in g], W, depth)))
    write(f"palette{depth}.png", png(W, H, depth, 3, packed([v % 2 ** depth for v in index], W, depth), chunk(b"PLTE", colours[:3 * 2 ** depth])))
write("palette-transparent.png", png(W, H, 8, 3, packed(index, W, 8), chunk(b"PLTE", colours), chunk(b"tRNS", b"\x80\0\xff")))
write("grey-transparent.png", png(W, H, 8, 0, packed(g, W, 8), chunk(b"tRNS", b"\0\x40")))
write("rgb-transparent.png", png(W, H, 8, 2, packed(list(rgb.tobytes()), 3 * W, 8), chunk(b"tRNS", b"\0\xdc\0\x1e\0\x28")))
wide = [v * 257 ^ 0x3c for v in rgb.tobytes()]
write("rgb16.png", png(W, H, 16, 2, packed(wide, 3 * W, 16)))
write("rgba16.png", png(W, H, 16, 6, packed([v * 257 ^ 0x3c for v in rgba.tobytes()], 4 * W, 16)))
write("la16.png", png(W, H, 16, 4, packed([v * 257 ^ 0x3c for v in la.tobytes()], 2 * W, 16)))
write("rgb.png", saved(rgb, format="PNG"))
write("rgba.png", saved(rgba, format="PNG"))
write("la.png", saved(la, format="PNG"))


def adam7(im):
    n, rows = len(im.getbands()), b""
    for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
        for y in range(y0, im.height, dy):
            pixels = [im.getpixel((x, y)) for x in range(x0, im.width, dx)]
            if pixels:
                rows += b"\0" + (bytes(pixels) if n == 1 else b"".join(map(bytes, pixels)))
    return rows


write("interlaced-rgb.png", png(W, H, 8, 2, adam7(rgb), interlace=1))
write("interlaced-palette.png", png(W, H, 8, 3, adam7(palette), chunk(b"PLTE", colours), interlace=1))
write("interlaced-rgba.png", png(W, H, 8, 6, adam7(rgba), interlace=1))
write("gamma.png", png(W, H, 8, 2, packed(list(rgb.tobytes()), 3 * W, 8), chunk(b"gAMA", struct.pack(">I", 100000))))
write("animated.png", saved(rgb, format="PNG", save_all=True, append_images=[rgb.rotate(180)]))
write("without-end.png", png(W, H, 8, 2, packed(list(rgb.tobytes()), 3 * W, 8))[:-12])
write("short-palette.png", png(W, H, 8, 3, packed(index, W, 8), chunk(b"PLTE", colours[:30])))

# GIF
write("still.gif", saved(palette, format="GIF"))
write("interlaced.gif", saved(palette, format="GIF", interlace=1))
write("grey.gif", saved(grey, format="GIF"))
write("transparent.gif", saved(palette, format="GIF", transparency=3))
write("animated.gif", saved(palette, format="GIF", save_all=True, append_images=[palette.rotate(180)]))
write("animated-transparent.gif", saved(palette, format="GIF", save_all=True, append_images=[palette.rotate(180)], transparency=5))
small = bytearray(saved(palette, format="GIF", transparency=3))
at = small.index(b"\x2c\0\0\0\0")
small[6:10] = struct.pack("<HH", W + 9, H + 7)
small[at + 1:at + 5] = struct.pack("<HH", 4, 3)
write("part-transparent.gif", bytes(small))
small = bytearray(saved(palette, format="GIF"))
at = small.index(b"\x2c\0\0\0\0")
small[6:10] = struct.pack("<HH", W + 9, H + 7)
small[at + 1:at + 5] = struct.pack("<HH", 4, 3)
write("part.gif", bytes(small))


# BMP
def bmp(bits, rows, colours=b"", packing=0, header=40, height=H, masks=b"", used=None):
    n = used if used is not None else len(colours) // (3 if header == 12 else 4)
    if header == 12:
        head = struct.pack("<IHHHH", 12, W, height, 1, bits)
    else:
        head = struct.pack("<IiiHHIIiiII", header, W, height, 1, bits, packing, len(rows), 0, 0, n, 0)
        head += (masks + b"\0" * header)[:header - 40] if header > 40 else masks
    start = 14 + len(head) + len(colours)
    return b"BM" + struct.pack("<IHHI", start + len(rows), 0, 0, start) + head + colours + rows


def lines(values, per, depth, order=-1):
    rows = [values[y * per:(y + 1) * per] for y in range(H)][::order]
    all = b""
    for row in rows:
        line = packed(row, len(row), depth, b"")
        all += line + b"\0" * (-len(line) % 4)
    return all


bgrx = b"".join(colours[i:i + 3][::-1] + b"\0" for i in range(0, 48, 3))
bgr = [v for i in range(0, 3 * W * H, 3) for v in rgb.tobytes()[i:i + 3][::-1]]
for depth in (1, 4, 8):
    write(f"palette{depth}.bmp", bmp(depth, lines([v % 2 ** depth for v in index], W, depth), bgrx[:4 * 2 ** depth]))
write("palette-os2.bmp", bmp(8, lines(index, W, 8), b"".join(bgrx[i:i + 3] for i in range(0, 64, 4)) + b"\0" * 720, header=12))
write("grey.bmp", saved(grey, format="BMP"))
write("bilevel.bmp", saved(bits, format="BMP"))
write("rgb.bmp", bmp(24, lines(bgr, 3 * W, 8)))
write("top-down.bmp", bmp(24, lines(bgr, 3 * W, 8, 1), height=-H))
write("os2.bmp", bmp(24, lines(bgr, 3 * W, 8), header=12))
write("version5.bmp", bmp(24, lines(bgr, 3 * W, 8), header=124))
px = [tuple(rgb.tobytes()[i:i + 3]) for i in range(0, 3 * W * H, 3)]
four = [v for r, gr, b in px for v in (b, gr, r, 77)]
write("rgbx.bmp", bmp(32, lines(four, 4 * W, 8)))
write("rgba-version4.bmp", bmp(32, lines(four, 4 * W, 8), packing=3, header=108, masks=struct.pack("<IIII", 0xff0000, 0xff00, 0xff, 0xff000000)))
write("rgbx-masks.bmp", bmp(32, lines([v for r, gr, b in px for v in (0, b, gr, r)], 4 * W, 8), packing=3, masks=struct.pack("<III", 0xff000000, 0xff0000, 0xff00)))
write("bgr-masks.bmp", bmp(32, lines([v for r, gr, b in px for v in (r, gr, b, 0)], 4 * W, 8), packing=3, header=56, masks=struct.pack("<IIII", 0xff, 0xff00, 0xff0000, 0xff000000)))
words = lambda f: [v for p in px for v in struct.pack("<H", f(*p))]
write("rgb555.bmp", bmp(16, lines(words(lambda r, gr, b: r >> 3 << 10 | gr >> 3 << 5 | b >> 3), 2 * W, 8)))
write("rgb565.bmp", bmp(16, lines(words(lambda r, gr, b: r >> 3 << 11 | gr >> 2 << 5 | b >> 3), 2 * W, 8), packing=3, masks=struct.pack("<III", 0xf800, 0x7e0, 0x1f)))


def runs(row, half):
    coded, x = b"", 0
    while x < len(row):
        n = 1
        while x + n < len(row) and row[x + n] == row[x] and n < 255:
            n += 1
        if n < 3 and len(row) - x >= 3:
            n = min(5, len(row) - x)
            stored = packed(row[x:x + n], n, 4 if half else 8, b"")
            coded += bytes((0, n)) + stored + b"\0" * (len(stored) % 2)
        else:
            coded += bytes((n, row[x] * 17 if half else row[x]))
        x += n
    return coded + b"\0\0"


by_rows = [index[y * W:(y + 1) * W] for y in range(H)][::-1]
write("rle8.bmp", bmp(8, b"".join(runs(r, False) for r in by_rows) + b"\0\1", bgrx, packing=1))
write("rle4.bmp", bmp(4, b"".join(runs(r, True) for r in by_rows) + b"\0\1", bgrx, packing=2))
write("rle8-skips.bmp", bmp(8, b"".join(runs(r, False) for r in by_rows[:9]) + b"\0\2\3\2" + runs(by_rows[11][3:], False)
                            + b"".join(runs(r, False) for r in by_rows[12:]) + b"\0\1", bgrx, packing=1))

# TIFF
for name in ("tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits"):
    write(f"rgb-{name.removeprefix('tiff_')}.tif", saved(rgb, format="TIFF", compression=name))
    write(f"grey-{name.removeprefix('tiff_')}.tif", saved(grey, format="TIFF", compression=name))
write("lzw-predictor.tif", saved(rgb, format="TIFF", compression="tiff_lzw", tiffinfo={317: 2}))
for name in ("group3", "group4"):
    for white in (0, 1):
        write(f"{name}-photometric{white}.tif", saved(bits, format="TIFF", compression=name, tiffinfo={262: white}))
write("group4-filled-from-below.tif", saved(bits, format="TIFF", compression="group4", tiffinfo={266: 2}))
write("bilevel.tif", saved(bits, format="TIFF"))
write("palette.tif", saved(palette, format="TIFF"))
write("la.tif", saved(la, format="TIFF"))
write("rgba.tif", saved(rgba, format="TIFF"))
write("cmyk.tif", saved(cmyk, format="TIFF"))
write("cmyk-lzw.tif", saved(cmyk, format="TIFF", compression="tiff_lzw"))
write("pages.tif", saved(rgb, format="TIFF", save_all=True, append_images=[rgb.rotate(180)]))


def tiff(order, depth, samples, photometric, blocks, rows=None, tile=None, more=(), size=(W, H)):
    """A TIFF whose blocks are given; tags in more replace or follow the usual ones."""
    tags = {256: (4, [size[0]]), 257: (4, [size[1]]), 258: (3, [depth] * samples), 259: (3, [1]), 262: (3, [photometric]), 277: (3, [samples])}
    places, counts = (324, 325) if tile else (273, 279)
    tags[places], tags[counts] = (4, [0] * len(blocks)), (4, [len(b) for b in blocks])
    if tile:
        tags[322], tags[323] = (3, [tile[0]]), (3, [tile[1]])
    else:
        tags[278] = (4, [rows or size[1]])
    tags.update(more)
    mark, code = (b"II*\0", "<") if order == "II" else (b"MM\0*", ">")
    for _ in range(2):                                   # the second time the blocks' places are known
        at = 8 + 2 + 12 * len(tags) + 4
        entries, beyond = b"", b""
        for tag, (kind, values) in sorted(tags.items()):
            data = struct.pack(code + {1: "B", 3: "H", 4: "I", 7: "B"}[kind] * len(values), *values)
            entries += struct.pack(code + "HHI", tag, kind, len(values))
            if len(data) <= 4:
                entries += data + b"\0" * (4 - len(data))
            else:
                entries += struct.pack(code + "I", at + len(beyond))
                beyond += data + b"\0" * (len(data) % 2)
        first = at + len(beyond)
        tags[places] = (4, [first + sum(map(len, blocks[:i])) for i in range(len(blocks))])
    return mark + struct.pack(code + "I", 8) + struct.pack(code + "H", len(tags)) + entries + b"\0" * 4 + beyond + b"".join(blocks)


def tiles(im, w, h, pack=lambda im: im.tobytes()):
    return [pack(im.crop((x, y, x + w, y + h))) for y in range(0, im.height, h) for x in range(0, im.width, w)]


for name, im, photometric in (("rgb", rgb, 2), ("grey", grey, 1), ("cmyk", cmyk, 5)):
    n = len(im.getbands())
    for order in ("II", "MM"):
        write(f"tiled-{name}-{order}.tif", tiff(order, 8, n, photometric, tiles(im, 16, 16), tile=(16, 16)))
    write(f"tiled-{name}-deflate.tif", tiff("II", 8, n, photometric, tiles(im, 16, 16, lambda t: zlib.compress(t.tobytes())), tile=(16, 16), more={259: (3, [8])}))
    write(f"strips-{name}.tif", tiff("MM", 8, n, photometric, [im.crop((0, y, W, min(y + 7, H))).tobytes() for y in range(0, H, 7)], rows=7))
for name, im, photometric in (("rgb", rgb, 2), ("cmyk", cmyk, 5)):
    write(f"planar-{name}.tif", tiff("II", 8, len(im.getbands()), photometric, [b.tobytes() for b in im.split()], more={284: (3, [2])}))
    write(f"planar-strips-{name}.tif", tiff("II", 8, len(im.getbands()), photometric,
          [b.crop((0, y, W, min(y + 7, H))).tobytes() for b in im.split() for y in range(0, H, 7)], rows=7, more={284: (3, [2])}))
write("planar-tiled-deflate.tif", tiff("MM", 8, 3, 2, [t for b in rgb.split() for t in tiles(b, 32, 16, lambda t: zlib.compress(t.tobytes()))], tile=(32, 16),
      more={284: (3, [2]), 259: (3, [8])}))
for order, code in (("II", "<"), ("MM", ">")):
    for name, im, photometric in (("rgb", rgb, 2), ("cmyk", cmyk, 5)):
        raw = struct.pack(code + f"{W * H * len(im.getbands())}H", *[v * 257 ^ 0x3c for v in im.tobytes()])
        write(f"{name}16-{order}.tif", tiff(order, 16, len(im.getbands()), photometric, [raw]))
    raw = struct.pack(code + f"{W * H}H", *[v * 257 ^ 0x3c for v in g])
    write(f"grey16-{order}.tif", tiff(order, 16, 1, 1, [raw]))
    n, rows = 3, []
    for y in range(H):
        row = [v * 257 ^ 0x3c for v in rgb.tobytes()[3 * W * y:3 * W * (y + 1)]]
        rows += row[:3] + [(row[i] - row[i - 3]) % 65536 for i in range(3, 3 * W)]
    write(f"rgb16-predictor-{order}.tif", tiff(order, 16, 3, 2, [zlib.compress(struct.pack(code + f"{len(rows)}H", *rows))], more={259: (3, [8]), 317: (3, [2])}))
padded = Image.new("RGB", (48, 32)); padded.paste(rgb)
write("tiled-rgb16.tif", tiff("II", 16, 3, 2, tiles(padded, 16, 16, lambda t: struct.pack("<768H", *[v * 257 ^ 0x3c for v in t.tobytes()])), tile=(16, 16)))
for depth in (1, 2, 4):
    low = packed([v >> (8 - depth) for v in g], W, depth, b"")
    for photometric in (0, 1):
        write(f"grey{depth}-photometric{photometric}.tif", tiff("II", depth, 1, photometric, [low]))
    full = [v * 257 for k in range(3) for v in (list(colours[k::3]) + [0] * 16)[:2 ** depth]]
    write(f"palette{depth}.tif", tiff("MM", depth, 1, 3, [packed([v % 2 ** depth for v in index], W, depth, b"")], more={320: (3, full)}))
write("grey8-photometric0.tif", tiff("II", 8, 1, 0, [grey.tobytes()]))
write("tiled-bilevel.tif", tiff("II", 1, 1, 1, tiles(bits, 16, 16), tile=(16, 16)))
write("rgbx.tif", tiff("II", 8, 4, 2, [rgba.tobytes()], more={338: (3, [0])}))
write("rgba-premultiplied.tif", tiff("II", 8, 4, 2, [rgba.convert("RGBa").tobytes()], more={338: (3, [1])}))
write("rgba-unsaid.tif", tiff("II", 8, 4, 2, [rgba.tobytes()]))
write("no-counts.tif", tiff("II", 8, 3, 2, [rgb.tobytes()], more={}))
write("ycbcr-jpeg.tif", saved(rgb, format="TIFF", compression="jpeg"))
write("float.tif", saved(grey.convert("F"), format="TIFF"))
write("lab.tif", saved(Image.merge("LAB", rgb.split()), format="TIFF"))
write("integers.tif", saved(grey.convert("I"), format="TIFF"))

# WebP
write("lossy.webp", saved(rgb, format="WEBP", quality=80))
write("lossless.webp", saved(rgb, format="WEBP", lossless=True))
write("lossy-alpha.webp", saved(rgba, format="WEBP", quality=80))
write("lossless-alpha.webp", saved(rgba, format="WEBP", lossless=True, exact=True))
moving = dict(format="WEBP", save_all=True, append_images=[rgb.rotate(180)])
write("animated-lossy.webp", saved(rgb, quality=80, **moving))
write("animated-lossless.webp", saved(rgb, lossless=True, **moving))
write("animated-alpha.webp", saved(rgba, quality=80, **moving))
write("animated-lossless-alpha.webp", saved(rgba, lossless=True, exact=True, **moving))
frame = saved(rgb.crop((0, 0, 20, 12)), format="WEBP", lossless=True)[12:]
three = lambda n: struct.pack("<I", n)[:3]
riff = lambda kind, data: kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
body = b"WEBP" + riff(b"VP8X", b"\2\0\0\0" + three(W - 1) + three(H - 1)) + riff(b"ANIM", b"\xff\xff\xff\xff\0\0")
body += riff(b"ANMF", three(3) + three(4) + three(19) + three(11) + three(100) + b"\2" + frame) * 2
write("animated-part.webp", b"RIFF" + struct.pack("<I", len(body)) + body)


# EXIF in every format that has it, on a smaller picture
W, H = 11, 8
rgb = rgb.resize((W, H))


def exif(value, order=">", kind=3, count=1, header=b"", tag=274, first=()):
    mark = b"MM\0*" if order == ">" else b"II*\0"
    data = value if isinstance(value, bytes) else struct.pack(order + {3: "HH", 4: "I", 1: "Bxxx", 6: "bxxx", 9: "i"}[kind], *((value, 0) if kind == 3 else (value,)))
    entries = [*first, struct.pack(order + "HHI", tag, kind, count) + data]
    return header + mark + struct.pack(order + "I", 8) + struct.pack(order + "H", len(entries)) + b"".join(entries) + b"\0" * 4


def xmp(k, attribute=True):
    if attribute:
        return f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="{k}"/></x:xmpmeta>'.encode()
    return f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><tiff:Orientation>{k}</tiff:Orientation></x:xmpmeta>".encode()


plain_jpeg, plain_webp = saved(rgb, format="JPEG", quality=90, subsampling=0), saved(rgb, format="WEBP", lossless=True)


def jpeg_with(*segments):
    return plain_jpeg[:2] + b"".join(b"\xff\xe1" + struct.pack(">H", len(s) + 2) + s for s in segments) + plain_jpeg[2:]


def webp_with(*chunks, flags=8):
    body = b"WEBP" + riff(b"VP8X", bytes([flags]) + b"\0\0\0" + three(W - 1) + three(H - 1)) + plain_webp[12:] + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


rows = packed(list(rgb.tobytes()), 3 * W, 8)
E = b"Exif\0\0"


def text(key, value, zipped=False):
    if zipped:
        return chunk(b"zTXt", key + b"\0\0" + zlib.compress(value))
    return chunk(b"tEXt", key + b"\0" + value)


def profile(data):
    digits = data.hex()
    return f"\nexif\n{len(data):8}\n".encode() + "\n".join(digits[i:i + 72] for i in range(0, len(digits), 72)).encode() + b"\n"


for order in ("<", ">"):
    o = "II" if order == "<" else "MM"
    for k in range(1, 9):
        write(f"exif{k}-{o}.jpg", jpeg_with(E + exif(k, order)))
        write(f"exif{k}-{o}.png", png(W, H, 8, 2, rows, chunk(b"eXIf", exif(k, order))))
        write(f"exif{k}-{o}.webp", webp_with(riff(b"EXIF", exif(k, order))))
        write(f"exif{k}-{o}.tif", tiff(o, 8, 3, 2, [rgb.tobytes()], more={274: (3, [k])}, size=(W, H)))
write("exif6-lzw.tif", saved(rgb, format="TIFF", compression="tiff_lzw", tiffinfo={274: 6}))
write("exif6-twice-headed.jpg", jpeg_with(E + E + exif(6)))
write("exif6-header.webp", webp_with(riff(b"EXIF", E + exif(6))))
write("exif6-after-the-pixels.png", png(W, H, 8, 2, rows)[:-12] + chunk(b"eXIf", exif(6)) + chunk(b"IEND", b""))
write("exif6-profile.png", png(W, H, 8, 2, rows, text(b"Raw profile type exif", profile(E + exif(6)))))
write("exif6-profile-zipped.png", png(W, H, 8, 2, rows, text(b"Raw profile type exif", profile(E + exif(6)), True)))
write("exif6-profile-app1.png", png(W, H, 8, 2, rows, text(b"Raw profile type APP1", profile(E + exif(6)))))
for name, e in {
    "long": exif(6, kind=4), "byte": exif(6, kind=1), "signed": exif(6, kind=9), "undefined": exif(b"\6\0\0\0", kind=7), "text": exif(b"6\0\0\0", kind=2, count=2),
    "zero": exif(0), "nine": exif(9), "many": exif(6, count=2), "none": exif(6, count=0), "unknown-kind": exif(6, kind=3).replace(struct.pack(">HH", 274, 3), struct.pack(">HH", 274, 99)),
    "huge-count": exif(struct.pack(">I", 8), count=0xffffffff), "beyond-the-end": exif(struct.pack(">I", 1 << 30), count=4),
    "twice": exif(6, first=[struct.pack(">HHIHH", 274, 3, 1, 3, 0)]), "cut": exif(6)[:18], "after-a-bad-tag": exif(6, first=[struct.pack(">HHII", 270, 2, 9, 1 << 20)]),
    "after-a-huge-tag": exif(6, first=[struct.pack(">HHII", 270, 2, 1 << 30, 8)]), "empty": b"", "no-tiff": b"this is not EXIF at all", "wrong-mark": b"XX\0*" + exif(6)[4:],
    "swapped-version": b"MM*\0" + exif(6)[4:], "offset-0": exif(6)[:4] + b"\0" * 4 + exif(6)[8:], "offset-beyond": exif(6)[:4] + b"\x7f\0\0\0" + exif(6)[8:], "short": b"MM\0*",
}.items():
    write(f"exif-{name}.jpg", jpeg_with(E + e))
    write(f"exif-{name}.png", png(W, H, 8, 2, rows, chunk(b"eXIf", e)))
    write(f"exif-{name}.webp", webp_with(riff(b"EXIF", e)))
for how in (True, False):
    n = "attribute" if how else "element"
    write(f"xmp6-{n}.jpg", jpeg_with(b"http://ns.adobe.com/xap/1.0/\0" + xmp(6, how)))
    write(f"xmp6-{n}.png", png(W, H, 8, 2, rows, chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp(6, how))))
    write(f"xmp6-{n}.webp", webp_with(riff(b"XMP ", xmp(6, how)), flags=4))
    write(f"xmp6-{n}.tif", tiff("II", 8, 3, 2, [rgb.tobytes()], more={700: (1, list(xmp(6, how)))}, size=(W, H)))
write("xmp6-exif3.jpg", jpeg_with(E + exif(3), b"http://ns.adobe.com/xap/1.0/\0" + xmp(6)))
write("exif6-in-two-segments.jpg", jpeg_with(E + exif(6)[:20], E + exif(6)[20:]))


def pillow(data):
    try:
        im = Image.open(io.BytesIO(data))
        im.load()
    except Exception as e:
        return {"error": str(e)}
    try:
        im = ImageOps.exif_transpose(im)
    except Exception:                                    # EXIF that makes no sense
        pass
    if im.mode.startswith("I;16"):                       # Pillow clips 16-bit grey to 255; we keep the upper 8 bits
        im = im.convert("I").point(lambda v: v / 256).convert("L")
    raw = im.convert("RGB").tobytes()
    name = hashlib.sha256(raw).hexdigest()[:16]
    pixels[name] = base64.b64encode(zlib.compress(raw, 9)).decode()
    return {"w": im.width, "h": im.height, "pixels": name}


def table(d):
    return ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in d.items())


warnings.simplefilter("ignore")
pixels = {}
found = {name: pillow(data) for name, data in sorted(files.items())}
(here / "formats.json").write_text(f'{{"pillow": "{PIL.__version__}", "files": {{\n{table(found)}\n}}, "pixels": {{\n{table(pixels)}\n}}}}\n')
with zipfile.ZipFile(here / "formats.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
    for name, data in sorted(files.items()):
        z.writestr(zipfile.ZipInfo(name), data)          # of one time, so that the archive is the same each time
