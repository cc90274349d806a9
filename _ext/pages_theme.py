"""Leave out of the built book what the theme ships and no page uses.

Only the icon font is removed from the theme's style sheet, with its glyphs, sizes and animations,
a third of all bytes: course.css draws the icons. What course.js does is removed from the theme's
script. The scripts for icons and menus (see _templates/), their fonts and the source maps are
removed as well.
"""

import re
import shutil
from pathlib import Path

ICON_FONT = re.compile(
    # One rule for each of two thousand icons, as in .fa-bars:before{content:"\f0c9 "}; the
    # general one, .fa-solid, and one size, .fa-lg, are used on our pages and stay.
    r"(?:(?<=})|^)(?:\.fa-(?!solid\b|lg\b)[\w-]+(?:>li|:{1,2}before)?,?)+\{[^{}]*\}"
    r"|@keyframes fa-[\w-]+\{(?:[^{}]*\{[^{}]*\})*\}"
    r"|@font-face\{[^{}]*font-family:\"?Font ?Awesome[^{}]*\}"
)
# The theme measures every box that may scroll, and changes each before it measures the next: a
# third of a second on a phone. course.js does it for what is laid out.
TAB_STOPS = re.compile(
    r'window\.addEventListener\("resize",(\w+)\),new MutationObserver\(\1\)\.observe\('
    r'document\.getElementById\("main-content"\),\{subtree:!0,childList:!0\}\),\w+\(\)'
)
SCRIPT = Path("scripts", "pydata-sphinx-theme.js")
SHEET = Path("styles", "pydata-sphinx-theme.css")
UNUSED = (
    "*macros.html",
    "vendor",
    "locales",
    "scripts/fontawesome*",
    "scripts/bootstrap*",
    "**/*.map",
)


def without_icon_font(sheet):
    r"""Return a style sheet without the rules that only serve the icon font.

    >>> without_icon_font('a{b:c}.fa-x:before,.fa-y:before{content:"\f0c9 "}.fa-x{d:e}.g .fa-x{}')
    'a{b:c}.g .fa-x{}'
    """
    return ICON_FONT.sub("", sheet)


def trim(app, exception):
    if exception or app.builder.format != "html":
        return
    static = app.outdir / "_static"
    sheet = static / SHEET
    sheet.write_text(without_icon_font(sheet.read_text("utf-8")), "utf-8")
    script = static / SCRIPT
    script.write_text(TAB_STOPS.sub("", script.read_text("utf-8")), "utf-8")
    for pattern in UNUSED:
        for path in [*static.glob(pattern)]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def setup(app):
    app.connect("build-finished", trim)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
