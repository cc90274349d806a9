"""Slices: functions of one number, cut from activations that take a row or a pair."""

import dataclasses
from functools import partial

import numpy as np

from ...activations.record import short_number


def slices(entry, limits):
    """Return functions of one number z, cut from one of another kind, as records of their own.

    A function of rows gets the row (z, 1, 0): each slice is one entry of its result, with
    its slope in z. A gated one gets the pairs (2, z), (1, z) and (−1, z), and the slope is that
    in the gate. A reduction gets the row (z, 1, 0) too, and has one slice. Joins are where that
    slope jumps within the limits, or an entry of a row gets 0.

    >>> from actlib.activations import ACTIVATIONS
    >>> first, *_ = slices(ACTIVATIONS["softmax"], (-5, 5))
    >>> first.title, round(float(first.value(1.0)), 3), round(float(first.grad(1.0)), 3)
    ('a₁ at (z, 1, 0)', 0.422, 0.244)
    """
    if entry.kind == "row":
        rows = [(None, 1.0, 0.0)] * 3
        titles = [f"a{i} at (z, 1, 0)" for i in "₁₂₃"]
        places = [((i,), (i, 0)) for i in range(3)]
    elif entry.kind == "reduction":
        rows, titles, places = [(None, 1.0, 0.0)], ["a at (z, 1, 0)"], [((), (0,))]
    else:
        rows = [(2.0, None), (1.0, None), (-1.0, None)]
        titles = [f"at ({short_number(row[0])}, z)" for row in rows]
        places = [((0,), (1,))] * 3
    found = []
    for i, (row, title, (value_at, slope_at)) in enumerate(zip(rows, titles, places, strict=True)):
        slope = partial(_sliced, entry.grad, row, slope_at)
        joins = _jumps(slope, limits)
        if entry.kind == "row":
            gone = _vanishing(partial(_sliced, entry.value, row, ()), limits)
            joins += tuple(z for z in gone if all(abs(z - join) > 1e-6 for join in joins))
        found.append(
            dataclasses.replace(
                entry,
                name=f"{entry.name} {i + 1}",
                title=title,
                kind="elementwise",
                value=partial(_sliced, entry.value, row, value_at),
                grad=slope,
                joins=lambda joins=joins: joins,
            )
        )
    return found


def _sliced(function, row, place, z):
    """Return one entry of a function's result for each z, which replaces the None in `row`."""
    z = np.asarray(z, dtype=float)
    rows = np.stack([z if each is None else np.full_like(z, each) for each in row], axis=-1)
    return function(rows)[(..., *place)]


def _vanishing(value, limits):
    """Return the places within the limits where an entry of a row gets exactly 0, or no longer."""
    z = np.linspace(*limits, 2001)
    zero, found = value(z) == 0, []
    for i in np.flatnonzero((zero[1:] != zero[:-1]).any(axis=-1)):
        low, high = z[i], z[i + 1]
        for _ in range(50):
            middle = (low + high) / 2
            as_low = ((value(middle) == 0) == zero[i]).all()
            low, high = (middle, high) if as_low else (low, middle)
        found.append(float(round(high, 9)))
    return found


def _jumps(slope, limits, least=0.1):
    """Return the places within the limits where a slope jumps by more than `least`."""
    z = np.linspace(*limits, 2001)
    found = []
    for i in np.flatnonzero(np.abs(np.diff(slope(z))) > least):
        low, high = z[i], z[i + 1]
        for _ in range(50):
            middle = (low + high) / 2
            nearer_low = abs(slope(middle) - slope(low)) < abs(slope(middle) - slope(high))
            low, high = (middle, high) if nearer_low else (low, middle)
        if abs(slope(high) - slope(low)) > least:
            found.append(float(round(high, 9)))
    return tuple(found)
