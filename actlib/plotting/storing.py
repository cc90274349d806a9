"""Give figures the course's look, and store them small and the same in every run.

A notebook stores each figure as SVG and as PNG: a page shows the SVG, JupyterLab only the PNG
until the notebook is trusted.
"""

import io
import re
import sys

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from matplotlib.layout_engine import PlaceHolderLayoutEngine
from PIL import Image


def use_course_style():
    """Set the look of every figure drawn from here on and, in IPython, how it is stored.

    A notebook stores each figure as SVG and as PNG: a page shows the SVG, JupyterLab only the
    PNG until the notebook is trusted. Both are the same, byte for byte, in every run. Outside
    IPython only the style is set.

    >>> use_course_style()
    >>> plt.rcParams["svg.hashsalt"]
    'activation-functions'
    """
    plt.style.use(["default", "actlib.course"])
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython
    from matplotlib_inline import backend_inline  # noqa: F401  sets its own formats when loaded

    shell = get_ipython()
    if shell is not None:
        formatters = shell.display_formatter.formatters
        formatters["image/svg+xml"].for_type(Figure, _notebook_svg)
        formatters["image/png"].for_type(Figure, _notebook_png)


def _notebook_svg(figure):
    return None if figure.get_rasterized() else as_svg(figure)


def _notebook_png(figure):
    width, height = (round(96 * inches) for inches in figure.get_size_inches())
    return as_png(figure), {"width": width, "height": height}


def png_only(ax):
    """Show the figure of `ax` as PNG only, never as SVG.

    For a picture of more than a few thousand points, whose SVG would be large, or of numbers
    measured in a training run, whose last digits differ from one processor to the next:
    comparing an SVG is comparing digits. Other figures are not affected.

    >>> ax = plt.subplots()[1]
    >>> png_only(ax)
    >>> ax.figure.get_rasterized()
    True
    """
    # Matplotlib's own word for "draw this as pixels", so a file saved by hand agrees.
    ax.figure.set_rasterized(True)


def as_svg(figure):
    """Return a figure as the text of an SVG file: no date, no version, two decimals.

    Coordinates are rounded to 0.01 pt, and each path is on one line: nobody sees it, a notebook
    is a sixth smaller, and the last digits of a curve stay out of the file.
    The layout of the figure is fixed from then on.

    >>> as_svg(plt.figure())[-7:]
    '</svg>\\n'
    """
    _fix_layout(figure)
    file = io.BytesIO()
    nothing = dict.fromkeys(["Date", "Creator", "Format", "Type"])
    figure.savefig(file, format="svg", metadata=nothing)
    return re.sub(r'(?<= [dxy]=")[^"]+', _short_numbers, file.getvalue().decode())


def _short_numbers(match):
    one_line = " ".join(match[0].split())
    return re.sub(r"\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}", one_line)


def _fix_layout(figure):
    # Each time the layout is computed it moves, by hundredths of a point, or by five points if
    # x and y share a scale: the second format would differ from the first, and a second file
    # from both. After two passes it has nearly settled.
    if isinstance(figure.get_layout_engine(), PlaceHolderLayoutEngine):  # fixed before
        return
    figure.draw_without_rendering()
    figure.draw_without_rendering()
    figure.set_layout_engine("none")


def as_png(figure):
    """Return a figure as the bytes of a PNG file of at most 256 colours, a third of the size.

    The layout of the figure is fixed from then on, as in `as_svg`.

    >>> as_png(plt.figure())[1:4]
    b'PNG'
    """
    _fix_layout(figure)
    drawn, packed = io.BytesIO(), io.BytesIO()
    # Read again in the next line, so packing it would be time for nothing.
    figure.savefig(drawn, format="png", pil_kwargs={"compress_level": 0})
    image = Image.open(drawn).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    image.save(packed, "PNG", optimize=True)
    return packed.getvalue()
