"""The figures of the course: `drawing` makes them from arrays, `storing` keeps them small."""

from .drawing import (
    bars,
    boundary,
    curves,
    differences,
    digits,
    histograms,
    layers,
    matrix,
    points,
    spread,
    training,
    value_and_slope,
    weighted_sum,
)
from .storing import as_png, as_svg, png_only, use_course_style

__all__ = [
    "as_png",
    "as_svg",
    "bars",
    "boundary",
    "curves",
    "differences",
    "digits",
    "histograms",
    "layers",
    "matrix",
    "png_only",
    "points",
    "spread",
    "training",
    "use_course_style",
    "value_and_slope",
    "weighted_sum",
]
