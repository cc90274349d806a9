"""Activations as tables: the form in which a page receives an activation and its slope.

A function is cut where its pieces join. Outside the cuts are its tails, which reach to
infinity: polynomials where it is or approaches one, a series in 1 / z for a softsign, a period
for a sine. Everything between travels as the Chebyshev coefficients of the slope, which
`training.js` integrates and expands into cubics. At a cut, value and slope are the registry's.
"""

import math
from itertools import pairwise

import numpy as np
from numpy.polynomial import chebyshev

from ... import networks
from ...activations import ACTIVATIONS

TOLERANCE = 2e-8  # of value and slope; rounding to `UNIT` adds as much
UNIT = 2.0**-26
REACHES = (4, 6, 8, 10, 12, 16, 20, 24, 32, 64, 128, 256, 512)  # where a tail may start
FAR = 1e6  # tails are compared with the function up to here
TERMS = 9  # of a series in 1 / z
PARTS, MOST = (1, 2, 4, 8), 128  # equal parts of a piece, coefficients of a part
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def table(name, **params):
    """Return an elementwise activation in the form that `activation` of `training.js` reads.

    name : key of `ACTIVATIONS`; params : its parameters, by default the defaults. The result
    consists of JSON values, dimensionless:

    - "breaks": [z, value, slope] for each cut, increasing: what the registry says there
    - "pieces": [parts, text] for each interval between two cuts. The text, from `letters`, has
      for each of that many equal parts the value in its middle and the Chebyshev coefficients
      of its slope, times half the part's width if that exceeds 1
    - "tails": left and right of the cuts. A list is c0 + c1 z + c2 z² + c3 / z + c4 / z² …;
      {"period": p, "drift": d} means f(z + p) = f(z) + d
    - "zeros": closed intervals [low, high], null for infinite, where the slope is exactly 0
    - "steepest": the largest |slope| on [-10, 10], as the networks take it

    Values and slopes that training reads from it differ from the registry's by less than 1e-6,
    relative where they exceed 1. Raises ValueError for a name that no hidden layer can use, for
    parameters out of range, and for a function that these forms cannot represent.

    >>> relu = table("relu")
    >>> relu["breaks"], relu["tails"], relu["zeros"]
    ([[0.0, 0.0, 0.0]], [[0.0], [0.0, 1.0]], [[None, 0.0]])
    """
    # The network knows what a hidden layer can use, and raises for anything else.
    bend = networks.MLP((1, 1, 1), (name, params), "he", np.random.default_rng(0)).bends[0]
    entry = ACTIVATIONS[name]
    joins = [float(join) for join in entry.joins(**params)]
    # The factors by which a periodic function may multiply z.
    rates = {1.0, *({key: each.default for key, each in entry.params.items()} | params).values()}
    (low, left), (high, right) = (_tail(bend, side, joins, rates) for side in (-1, 1))
    # Zero biases after a dead layer give z = 0 exactly: a slope of 0 there must stay 0.
    still = [0.0] if bend.grad(0.0) == 0 and low < 0 < high else []
    breaks = sorted({low, *joins, *still, high})
    return {
        "breaks": [[z, float(bend.value(z)), float(bend.grad(z))] for z in breaks],
        "pieces": [_piece(bend, *ends) for ends in pairwise(breaks)],
        "tails": [left, right],
        "zeros": _zeros(bend, breaks),
        "steepest": bend.steepest,
    }


def letters(numbers):
    """Return numbers as a string: multiples of 2^-26, small ones in few letters.

    numbers : array of any shape, finite, rounded to 1.5e-8. Twice the multiple, odd for a
    negative one, in digits of 5 bits, the lowest first; a letter of `LETTERS` for each, 32
    added while more follow.

    >>> letters([0.0, -(2.0**-26), 2.0**-21])
    'ADgC'
    """
    text = []
    for multiple in np.rint(np.ravel(numbers) / UNIT).astype(int).tolist():
        left = 2 * abs(multiple) + (multiple < 0)
        while left > 31:
            text.append(LETTERS[32 + left % 32])
            left //= 32
        text.append(LETTERS[left])
    return "".join(text)


def _tail(bend, side, joins, rates):
    """Return where a tail of a function starts, and its form; side is -1 (left) or 1."""
    outermost = side * max((side * join for join in joins), default=0.0) + 0.0
    for start, form in _forms(bend, outermost, side, rates):
        if form and _holds(bend, form, start, side):
            return float(start), form
    end = "left" if side < 0 else "right"
    raise ValueError(f"no table can hold {bend.name}: far {end} it has none of the known forms")


def _forms(bend, outermost, side, rates):
    """Yield (start, form) of each tail that a function may have, the simplest first."""
    reaches = [side * reach for reach in REACHES if reach > side * outermost]
    yield outermost, _beside(bend, outermost, side)
    far = _far(bend, 1e3 * side)
    yield from ((reach, far) for reach in reaches)
    yield from ((reach, _series(bend, reach)) for reach in reaches)
    yield from ((reach, _period(bend, reach, rates)) for reach in reaches)


def _beside(bend, cut, side):
    """Return the parabola that leaves a cut as the function does: the function, if it is one."""
    beside = np.nextafter(cut, side * np.inf)
    bent = (bend.grad(cut + 2 * side) - bend.grad(cut + side)) / (2 * side)
    return _parabola(bend, beside, bent)


def _far(bend, far):
    """Return the parabola that a function approaches, far out."""
    return _parabola(bend, far, (bend.grad(2 * far) - bend.grad(far)) / (2 * far))


def _parabola(bend, z, bent):
    slope = bend.grad(z) - 2 * bent * z
    found = np.array([bend.value(z) - slope * z - bent * z**2, slope, bent]).round(12) + 0.0
    return np.trim_zeros(found, "b").tolist() or [0.0]


def _series(bend, start):
    slope = float(bend.grad(1e2 * FAR * np.sign(start)).round(12))
    # Powers of start / z, which lies in (0, 1], by least squares.
    share = (1 - np.cos(np.linspace(0.05, math.pi, 64))) / 2
    powers, z = share[:, None] ** np.arange(TERMS), start / share
    found = np.linalg.lstsq(powers, bend.value(z) - slope * z, rcond=None)[0]
    found *= float(start) ** np.arange(TERMS)
    return [float(found[0]), slope, 0.0, *found[1:].tolist()]


def _period(bend, start, rates):
    # Sines have a period of 2 pi over the rate, their squares half of it.
    turns = {turn / abs(rate) for rate in rates if rate for turn in (math.pi, 2 * math.pi)}
    for period in sorted(turns):
        z = np.linspace(-period, period, 101)
        drift = bend.value(z + period) - bend.value(z)
        if period <= 2 * abs(start) and np.ptp(drift) < 1e-12:
            return {"period": period, "drift": float(drift.mean())}
    return None


def _holds(bend, form, start, side):
    """Return whether a tail equals the function, from its start to `FAR`."""
    z = start + side * np.concatenate([[1e-12], np.geomspace(1e-3, FAR, 400)])
    curves = zip(_follow(bend, form, start, z), (bend.value(z), bend.grad(z)), strict=True)
    return all(
        (np.abs(followed - exact) <= TOLERANCE * np.maximum(1, np.abs(exact))).all()
        for followed, exact in curves
    )


def _follow(bend, form, start, z):
    """Return the values and slopes that a tail gives at z, which lies beyond its start."""
    if isinstance(form, dict):
        turns = np.trunc((z - start) / form["period"])
        inside = z - turns * form["period"]
        return bend.value(inside) + turns * form["drift"], bend.grad(inside)
    c0, c1, c2, *rest = [*form, 0.0, 0.0][: max(3, len(form))]
    value, slope = c0 + z * (c1 + z * c2), c1 + 2 * c2 * z
    for k, c in enumerate(rest, 1):
        value, slope = value + c / z**k, slope - k * c / z ** (k + 1)
    return value, slope


def _piece(bend, low, high):
    """Return how a function travels between two cuts, in as few numbers as possible."""
    found = []
    for parts in PARTS:
        ends = np.linspace(low, high, parts + 1)
        slopes = [_coefficients(bend, *part) for part in pairwise(ends)]
        count = max(map(len, slopes))
        if count <= MOST // 2:
            middles = bend.value((ends[1:] + ends[:-1]) / 2)
            rows = [
                [middle, *np.pad(slope, (0, count - len(slope)))]
                for middle, slope in zip(middles, slopes, strict=True)
            ]
            found.append([parts, letters(rows)])
    if not found:
        raise ValueError(f"{MOST // 2} numbers are too few for {bend.name} over [{low}, {high}]")
    return min(found, key=lambda piece: len(piece[1]))


def _coefficients(bend, low, high):
    """Return the slope's coefficients over [low, high] as in `table`, without tiny ones."""
    middle, half = (low + high) / 2, (high - low) / 2
    found = chebyshev.chebinterpolate(lambda x: bend.grad(middle + half * x), MOST - 1)
    found *= max(1, half)  # so that rounding moves the value, their integral, no further
    rest = np.cumsum(np.abs(found[::-1]))[::-1]
    return found[: max(1, np.count_nonzero(rest > TOLERANCE))]


def _zeros(bend, breaks):
    """Return the closed intervals on which the slope is exactly 0, by rule or by rounding."""
    zeros = [[z, z] for z in breaks if bend.grad(z) == 0]
    for low, high in pairwise([-math.inf, *breaks, math.inf]):
        # The ends themselves belong to the cuts.
        first, last = np.nextafter(max(low, -FAR), high), np.nextafter(min(high, FAR), low)
        if not bend.grad(np.linspace(first, last, 9)).any():
            zeros.append([first, last])
        elif low < -FAR and bend.grad(first) == 0:
            zeros.append([first, _last_zero(bend, first, last)])
        elif high > FAR and bend.grad(last) == 0:
            zeros.append([_last_zero(bend, last, first), last])
    joined = []
    for low, high in sorted(zeros):
        if joined and low <= np.nextafter(joined[-1][1], math.inf):
            joined[-1][1] = high
        else:
            joined.append([low, high])
    # A 0 at the end of the range that was checked stays 0 beyond it.
    rim = np.nextafter(FAR, 0)
    return [[None if abs(end) >= rim else float(end) for end in zero] for zero in joined]


def _last_zero(bend, zero, other):
    """Return the last number from `zero` towards `other` at which the slope is still 0."""
    while (middle := (zero + other) / 2) not in (zero, other):
        zero, other = (middle, other) if bend.grad(middle) == 0 else (zero, middle)
    return zero
