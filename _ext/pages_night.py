"""Draw each figure a second time for the dark theme: the same picture in the night's colours.

A map of colours takes the figures' paper to the page's dark background and their ink to its text.
Lightness is turned around in between, hue and saturation are kept (in Oklab, where equal steps look
equal), so that a blue line is a lighter blue one and a tint of the paper a tint of the night. The
theme shows the first of the two pictures by day and the second by night; a picture that is not
on the figures' paper, such as a photograph, has no second one.
"""

import io
import re
import zlib
from base64 import b64decode, b64encode
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageColor

import actlib

# matplotlib would read two lines of its style in a twentieth of the time of a build.
STYLE = Path(actlib.__file__).with_name("course.mplstyle").read_text("utf-8")
# Ink and paper by day, and what they become: the text and the background of course.css.
DAY = tuple(
    re.search(rf'^{setting}: "(#\w+)"', STYLE, re.M)[1]
    for setting in ("text.color", "figure.facecolor")
)
NIGHT = ("#dcd7ce", "#17181c")
PAPER = ImageColor.getrgb(DAY[1])

# Oklab: https://bottosson.github.io/posts/oklab/
LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
HEX = re.compile(r"""((?:fill|stroke|stop-color)(?:: ?|="))(#[0-9a-fA-F]{6})\b""")
INSIDE = re.compile(r"(data:image/png;base64,)\s*([^\"]+)")


def _rgb(color):
    return np.array(ImageColor.getrgb(color), float)


def _oklab(rgb):
    share = rgb / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.cbrt(linear @ LMS.T) @ LAB.T


def _srgb(lab):
    linear = np.clip((lab @ np.linalg.inv(LAB).T) ** 3 @ np.linalg.inv(LMS).T, 0, 1)
    share = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.rint(255 * share).astype(np.uint8)


def at_night(rgb):
    """Return colours, an array (n, 3) of numbers from 0 to 255, as they are at night.

    >>> at_night(np.array([[0xfd, 0xfb, 0xf7], [0x2f, 0x2b, 0x28]])).tolist()
    [[23, 24, 28], [220, 215, 206]]
    """
    (ink, paper), (light, dark) = ([_oklab(_rgb(color)) for color in pair] for pair in (DAY, NIGHT))
    lab = _oklab(np.asarray(rgb, float))
    # 0 for ink, 1 for paper; whatever a colour has beyond the greys in between, it keeps.
    share = ((lab[:, 0] - ink[0]) / (paper[0] - ink[0]))[:, None]
    hue = lab - (ink + share * (paper - ink))
    return _srgb(light + share * (dark - light) + hue)


@lru_cache
def hex_at_night(color):
    """Return a colour such as `#fdfbf7` as it is at night.

    >>> hex_at_night("#fdfbf7")
    '#17181c'
    """
    return "#" + bytes(at_night(_rgb(color)[None])[0]).hex()


def with_palette(data, turn):
    """Return a PNG whose palette, an array (n, 3), is turned; to pack its pixels again is slow."""
    start = 8
    while (kind := data[start + 4 : start + 8]) != b"PLTE":
        start += 12 + int.from_bytes(data[start : start + 4])
    end = start + 8 + int.from_bytes(data[start : start + 4])
    turned = turn(np.frombuffer(data[start + 8 : end], np.uint8).reshape(-1, 3)).tobytes()
    checked = zlib.crc32(kind + turned).to_bytes(4)
    return data[: start + 8] + turned + checked + data[end + 4 :]


def night_png(data):
    """Return a PNG at night; None if its corners are not paper."""
    image = Image.open(io.BytesIO(data))
    day = image.convert("RGB")
    if {day.getpixel((0, 0)), day.getpixel((day.width - 1, day.height - 1))} != {PAPER}:
        return None
    if image.mode == "P":
        return with_palette(data, at_night)
    pixels = np.asarray(image.convert("RGBA"))
    colors, which = np.unique(pixels[..., :3].reshape(-1, 3), axis=0, return_inverse=True)
    turned = at_night(colors)[which].reshape(*pixels.shape[:2], 3)
    image = Image.fromarray(np.dstack([turned, pixels[..., 3:]])).convert(image.mode)
    stored = io.BytesIO()
    image.save(stored, "PNG", optimize=True)
    return stored.getvalue()


def night_svg(data):
    """Return an SVG at night, with the pictures inside it; None if it has no paper."""
    text = data.decode("utf-8")
    if DAY[1] not in text:
        return None

    def inside(match):
        night = night_png(b64decode(match[2]))
        return match[0] if night is None else match[1] + b64encode(night).decode()

    text = HEX.sub(lambda found: found[1] + hex_at_night(found[2].lower()), text)
    return INSIDE.sub(inside, text).encode("utf-8")


def write_night(source, target):
    """Write the picture `source` at night beside `target`; return the file's name, or ""."""
    source, target = Path(source), Path(target)
    draw = {".svg": night_svg, ".png": night_png}.get(source.suffix)
    night = draw and draw(source.read_bytes())
    if not night:
        return ""
    file = target.with_name(f"{target.stem}.night{target.suffix}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(night)
    return file.name
