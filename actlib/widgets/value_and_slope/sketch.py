"""A light still picture: curves above their slopes in an SVG of two kilobytes.

matplotlib writes thirty for the same, too much for a page of forty figures. Colours and dashes
are those of the course style; the font is the reader's own sans-serif.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

WIDTH, HEIGHT = 576, 340
LEFT, RIGHT = 54, 12
PANELS = {"value": (10, 178), "slope": (194, 300)}  # top and bottom


def sketch(curves, limits):
    """Return the SVG text of curves above their slopes, in the present matplotlib style.

    curves : for each title a list of pieces, arrays (z, value, slope) of equal length; several
    curves get a legend. limits : (low, high), the z that are shown.

    >>> z = np.linspace(-1, 1, 21)
    >>> with plt.style.context("actlib.course"):
    ...     svg = sketch({"square": [(z, z**2, 2 * z)]}, (-1, 1))
    >>> svg[:4], svg.count("<path"), len(svg) < 3000
    ('<svg', 6, True)
    """
    style = plt.rcParams
    marks, texts, cycle = [], [], style["axes.prop_cycle"].by_key()

    def line(i, d):
        color, (_, dashes) = cycle["color"][i], cycle["linestyle"][i]
        marks.append(_path(d, color, style["lines.linewidth"], dashes))

    if len(curves) > 1:
        across = 12
        for i, title in enumerate(curves):
            line(i, f"M{across:.0f} {HEIGHT - 10}h30")
            texts.append(_text(across + 36, HEIGHT - 6, title, "start"))
            across += 48 + 6.3 * len(title)
    middle = ((WIDTH + LEFT - RIGHT) / 2, HEIGHT - 6)
    texts.append(_text(*(middle if not marks else (WIDTH - RIGHT, HEIGHT - 24)), "z", "middle"))
    for row, (label, (top, bottom)) in enumerate(PANELS.items(), start=1):
        every = np.concatenate([piece[row] for pieces in curves.values() for piece in pieces])
        low, high = min(every.min(), 0.0), max(every.max(), 1.0)
        margin = 0.04 * (high - low)
        y = (low - margin, high + margin)
        grid = _panel(limits, y, top, bottom, label, texts)
        marks.append(_path(grid, style["grid.color"], style["grid.linewidth"]))
        frame = f"M{LEFT} {top}V{bottom}H{WIDTH - RIGHT}"
        marks.append(_path(frame, style["axes.edgecolor"], style["axes.linewidth"]))
        for i, pieces in enumerate(curves.values()):
            line(i, "".join(_line(each[0], each[row], limits, y, top, bottom) for each in pieces))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{style["figure.facecolor"]}"/>'
        f'<g fill="none">{"".join(marks)}</g>'
        f'<g fill="{style["text.color"]}" font-family="DejaVu Sans,Verdana,sans-serif" '
        f'font-size="12">{"".join(texts)}</g></svg>'
    )


def _panel(x, y, top, bottom, label, texts):
    """Return the grid of a panel as a path, and add what is written beside it to `texts`."""
    grid = ""
    for z in _ticks(x, 6):
        across = _x(z, x)
        grid += f"M{across:.0f} {top}V{bottom}"
        if label == "slope":
            texts.append(_text(across, bottom + 16, f"{z:g}", "middle"))
    for v in _ticks(y, 4):
        down = _y(v, y, top, bottom)
        grid += f"M{LEFT} {down:.0f}H{WIDTH - RIGHT}"
        texts.append(_text(LEFT - 7, down + 4, f"{v:g}", "end"))
    turned = f"translate(14 {(top + bottom) / 2:.0f}) rotate(-90)"
    texts.append(f'<text transform="{turned}" text-anchor="middle">{label}</text>')
    return grid


def _ticks(ends, count):
    places = MaxNLocator(count, steps=[1, 2, 5, 10]).tick_values(*ends)
    inside = (places >= ends[0]) & (places <= ends[1])
    return places[inside].round(9) + 0.0


def _x(z, x):
    return LEFT + (WIDTH - LEFT - RIGHT) * (z - x[0]) / (x[1] - x[0])


def _y(v, y, top, bottom):
    return top + (bottom - top) * (y[1] - v) / (y[1] - y[0])


def _line(z, v, x, y, top, bottom):
    points = np.stack([_x(z, x), _y(v, y, top, bottom)], axis=1).round(1)
    # Points inside a straight line are left out.
    kept = Path(points).cleaned(simplify=True).vertices[:-1]
    return "M" + "L".join(f"{across:.1f} {down:.1f}" for across, down in kept)


def _path(d, color, width, dashes=()):
    dashed = " ".join(f"{dash * width:.1f}" for dash in dashes or ())
    return f'<path d="{d}" stroke="{color}" stroke-width="{width:g}"' + (
        f' stroke-dasharray="{dashed}"/>' if dashed else "/>"
    )


def _text(x, y, said, anchor):
    said = said.replace("-", "−")
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{said}</text>'
