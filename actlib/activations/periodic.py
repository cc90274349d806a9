"""Functions that repeat: the sine, and snake, which repeats around the identity."""

import math

import numpy as np

from .inputs import elementwise
from .record import POSITIVE, REAL, Activation, Interval, TorchNames

__all__ = [
    "sine",
    "sine_grad",
    "snake",
    "snake_grad",
]


def _no_limit(z):
    """Return z with NaN for ±inf, where a wave has no limit."""
    return np.where(np.isinf(z), np.nan, z)


def _finite_angle(alpha, z):
    """Return alpha * z, or 0 where it leaves the dtype: no digit of its wave is known there."""
    angle = np.asarray(alpha * z)
    return np.where(np.isinf(angle), 0.0, angle)


@elementwise()
def sine(z):
    """Return sin(z).

    Networks of sines start with sin(30 z); the factor is a matter of the weights. `z`: real
    array-like, any shape, radians; the result has its shape and floating dtype (integers
    become float64), in [-1, 1]. Edges: no limit at ±inf, so NaN there; NaN stays. Raises
    TypeError for anything but real numbers. Source: Sitzmann et al. (2020).

    >>> sine([-1.0, 0.0, 1.0]).round(4)
    array([-0.8415,  0.    ,  0.8415])
    """
    return np.sin(_no_limit(z))


@elementwise()
def sine_grad(z):
    """Return the slope of `sine`: cos(z), another sine.

    Edges: NaN at ±inf, NaN stays. Shapes, dtypes and errors as in `sine`.

    >>> sine_grad([-1.0, 0.0, 1.0]).round(4)
    array([0.5403, 1.    , 0.5403])
    """
    return np.cos(_no_limit(z))


@elementwise(alpha=POSITIVE)
def snake(z, *, alpha=1.0):
    """Return z + sin(alpha * z)^2 / alpha: a rising line with waves.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64). `alpha`: the frequency, positive, in radians per unit
    of z. Edges: ±inf stay, NaN stays. Raises TypeError for anything but real numbers,
    ValueError for alpha <= 0. Source: Ziyin et al. (2020).

    >>> snake([-1.0, 0.0, 1.0]).round(4)
    array([-0.2919,  0.    ,  1.7081])
    """
    # An angle beyond the dtype belongs to a z so large that the wave is lost in rounding.
    return z + np.sin(_finite_angle(alpha, z)) ** 2 / alpha


@elementwise(alpha=POSITIVE)
def snake_grad(z, *, alpha=1.0):
    """Return the slope of `snake`: 1 + sin(2 alpha * z), in [0, 2].

    Where the sine is negative it is cos^2 / (1 - sin), which keeps its digits as the slope
    goes to 0, as far as alpha * z has them. Edges: no limit at ±inf, so NaN there; 1, its
    mean, where alpha * z leaves the dtype; NaN stays. Shapes, dtypes, bounds and errors as in
    `snake`.

    >>> snake_grad([-1.0, 0.0, 1.0]).round(4)
    array([0.0907, 1.    , 1.9093])
    """
    angle = _finite_angle(alpha, _no_limit(z))
    twice = 2.0 * angle
    far = np.isinf(twice)
    twice = np.where(far, 0.0, twice)
    s, c = np.sin(twice), np.cos(twice)
    slope = np.asarray(np.where(s < 0, c * c / (1.0 - s), 1.0 + s))
    # 1 + sin(2a) = (sin a + cos a)^2, for what twice the angle cannot hold.
    both = np.sin(angle[far]) + np.cos(angle[far])
    slope[far] = both * both
    return slope


RECORDS = (
    Activation(
        name="sine",
        title="Sine",
        kind="elementwise",
        value=sine,
        grad=sine_grad,
        formula=r"\sin z",
        grad_formula=r"\cos z",
        range=lambda: Interval(-1.0, 1.0, "[]"),
        role="networks that represent an image, a sound or a shape as a function",
        notes="Its derivatives are sines again, so a network can be fitted to slopes too.",
        loss="",
        source="sitzmann2020",
        torch=TorchNames("torch.sin"),
        limits=lambda: (math.nan, math.nan),
        grad_limits=lambda: (math.nan, math.nan),
    ),
    Activation(
        name="snake",
        title="Snake",
        kind="elementwise",
        value=snake,
        grad=snake_grad,
        formula=r"z + \tfrac{1}{\alpha}\sin^2(\alpha z)",
        grad_formula=r"1 + \sin(2\alpha z)",
        range=lambda alpha=1.0: REAL,
        role="periodic data, such as the waveform of a voice",
        notes="Never falls; its slope swings between 0 and 2.",
        loss="",
        source="ziyin2020",
        limits=lambda alpha=1.0: (-math.inf, math.inf),
        grad_limits=lambda alpha=1.0: (math.nan, math.nan),
    ),
)
