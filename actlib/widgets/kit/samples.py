"""Curves as numbers: how a function travels to a page without its formula.

A function is cut where its pieces join, and at 0. On each piece its values and slopes are
taken at Chebyshev points, as many as are needed for the polynomials through them to be within
`TOLERANCE` of both, and `drawing.js` evaluates these polynomials. Straight pieces take two
points, a GELU two dozen; a table for cubic interpolation would need thousands.
"""

import base64
from itertools import pairwise

import numpy as np

TOLERANCE = 1e-7  # of the polynomials; fixed point adds less than 1e-7
COUNTS = (2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 64, 96, 128)
BITS = 26  # after the point; 5 before it, so that a number is at most 32 in size


def pack(numbers):
    """Return numbers as base64 of little-endian 32-bit fixed-point numbers, 26 bits after
    the point.

    numbers : array of any shape, under 32 in size, rounded to multiples of 1.5e-8: finer than
    float32 above 0.2, and the last digits, which differ between processors, stay out. Raises
    ValueError for larger ones and for NaN.

    >>> pack([1.0, -0.5])
    'AAAABAAAAP4='
    """
    numbers = np.asarray(numbers, dtype=float)
    if not (np.abs(numbers) < 2 ** (31 - BITS)).all():
        worst = numbers.flat[np.argmax(~(np.abs(numbers) < 2 ** (31 - BITS)))]
        raise ValueError(f"numbers must be under {2 ** (31 - BITS)} in size, got {worst}")
    return base64.b64encode(np.rint(numbers * 2**BITS).astype("<i4").tobytes()).decode()


def sample(value, slope, breaks, joins=()):
    """Return a function over [breaks[0], breaks[-1]] in the form that `drawing.js` reads.

    value, slope : functions of an array. breaks : increasing, where pieces meet. joins :
    the breaks at which value and slope are what the functions return, not a one-sided limit.
    Samples of 32 and more are divided by `scale`, a power of two, which only then is part of
    the result. Raises ValueError where 128 points on a piece are not enough.

    >>> relu = sample(lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0, [-6, 0, 6], [0])
    >>> len(base64.b64decode(relu["data"])) // 4  # numbers: 2 pieces, value and slope, 2 points
    8
    >>> relu["joins"]
    [[0.0, 0.0, 0.0]]
    """
    breaks = [float(place) for place in breaks]
    for n in COUNTS:
        pieces = [_piece(low, high, value, slope, n) for low, high in pairwise(breaks)]
        if max(error for _, error in pieces) < TOLERANCE:
            break
    else:
        raise ValueError(f"{COUNTS[-1]} points are too few for {value.__name__} over {breaks}")
    samples = np.array([samples for samples, _ in pieces])
    scale = 2.0 ** max(0, np.frexp(np.abs(samples).max())[1] - (31 - BITS))
    at = [float(join) for join in joins]
    return {
        "breaks": breaks,
        "data": pack(samples / scale),
        "joins": [[z, float(value(z)), float(slope(z))] for z in at],
        **({"scale": scale} if scale > 1 else {}),
    }


def _piece(low, high, value, slope, n):
    """Return values and slopes at n points, shape (2, n), and the error of their polynomials."""

    def exact(x):
        z = (low + high) / 2 + (high - low) / 2 * x
        return np.array([value(z), slope(z)])

    angles = (2 * np.arange(n) + 1) * np.pi / (2 * n)
    samples = exact(np.cos(angles))
    # Strictly inside the piece, because at its ends the value may be a neighbour's, and never on
    # a point, because the barycentric formula divides by the distance.
    x = np.cos((np.arange(7 * n) + 0.77) * np.pi / (7 * n + 1))
    terms = (-1.0) ** np.arange(n) * np.sin(angles) / np.subtract.outer(x, np.cos(angles))
    error = np.abs(samples @ terms.T / terms.sum(axis=1) - exact(x)).max()
    return samples, error
