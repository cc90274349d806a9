"""Renew KaTeX from its npm package: `python tools/katex_fonts.py node_modules/katex/dist`.

Copies the script that the build runs, and makes the style sheet and fonts that pages load.
The large fonts are split in two: the everyday characters of formulas, and the rest, which
browsers fetch only for a page that shows one of them. Needs `pip install "fonttools[woff]"`.
"""

import logging
import re
import sys
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

# fontTools would report that the dates inside the fonts are old.
logging.getLogger("fontTools").setLevel(logging.ERROR)

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "_static" / "katex"
FACE = re.compile(r"@font-face\{[^}]*?fonts/KaTeX_([\w-]+)\.woff2[^}]*\}")
ABC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# The last one is the stroke of ≠.
SIGNS = " 0123456789!%&'()*+,-./:;<=>?[]{|}±×·Φ\u00a0\u200b…′ˉ←→↦∂∇∈∏∑−√∞∣∥∼≈≠≡≤≥⊂⊙⊤⋅⋯⟨⟩ℓ\ue020"
# Each font that formulas may use, with the characters of its first part; small ones are whole.
COMMON = {
    "Main-Regular": ABC + SIGNS,
    "Math-Italic": ABC + "αβγδεηλμπστφθ",
    "AMS-Regular": "ERNZ",
    "Size1-Regular": "()[]∑∏∫",
    "Size2-Regular": "()[]⌊⌋∑∏∫",
    "Size3-Regular": "",
    "Size4-Regular": "",
    "Main-Bold": "",
    "Main-Italic": "",
    "Caligraphic-Regular": "",
}


def part_of(path, characters):
    """Return the bytes of a font with `characters` and nothing else."""
    font = TTFont(path, recalcTimestamp=False)
    subsetter = Subsetter(Options(layout_features="*", notdef_outline=True, hinting=False))
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.flavor, written = "woff2", BytesIO()
    font.save(written)
    return written.getvalue()


def ranges(characters):
    """Return code points as CSS writes them.

    >>> ranges([65, 66, 67, 8721])
    'U+41-43,U+2211'
    """
    runs = []
    for point in sorted(characters):
        if runs and point == runs[-1][1] + 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return ",".join(f"U+{a:x}" if a == b else f"U+{a:x}-{b:x}" for a, b in runs)


def main(dist):
    """Write what the build and the pages need of KaTeX, and print the sizes."""
    fonts = PAGES / "fonts"
    for old in fonts.glob("*"):
        old.unlink()

    def faces(match):
        name = match[1]
        if name not in COMMON:
            return ""
        source = dist / "fonts" / f"KaTeX_{name}.ttf"
        has = set(TTFont(source).getBestCmap())
        first = has & {ord(sign) for sign in COMMON[name]} or has
        rules = ""
        for part, characters in (("", first), ("-rest", has - first)):
            if characters:
                file = fonts / f"KaTeX_{name}{part}.woff2"
                file.write_bytes(part_of(source, characters))
                print(f"{file.name}: {len(characters)} characters, {file.stat().st_size} bytes")
                src = f'src:url(fonts/{file.name}) format("woff2")'
                face = re.sub(r"src:[^;}]*", src, match[0])
                rules += face[:-1] + f";unicode-range:{ranges(characters)}}}"
        return rules

    sheet = (dist / "katex.min.css").read_text("utf-8")
    (PAGES / "katex.min.css").write_text(FACE.sub(faces, sheet), "utf-8")
    script = (dist / "katex.min.js").read_bytes()
    (ROOT / "_ext" / "katex" / "katex.min.js").write_bytes(script)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
