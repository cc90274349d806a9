"""Activations of the registry as tables of samples, one for each stop of their sliders."""

import itertools
import math
from functools import partial

import numpy as np

from ...activations import ACTIVATIONS
from .samples import sample


def defaults(name):
    """Return {parameter: default} of an activation."""
    return {key: parameter.default for key, parameter in ACTIVATIONS[name].params.items()}


def stops(name, given, counts=(21, 12, 7)):
    """Return {parameter: values that its slider stops at}, by default around the default.

    counts : how many, for an interval bounded on both sides, on one side, on neither. Raises
    ValueError for a parameter that the activation lacks.

    >>> stops("elu", {}, counts=(5, 4, 3))
    {'alpha': [0.75, 1.5, 2.25, 3.0]}
    """
    found, unknown = {}, set(given) - set(ACTIVATIONS[name].params)
    if unknown:
        raise ValueError(f"{name!r} has no parameters {sorted(unknown)}")
    for key, parameter in ACTIVATIONS[name].params.items():
        low, high, default = parameter.interval.low, parameter.interval.high, parameter.default
        if key in given:
            values = np.array(given[key], dtype=float)
        elif math.isfinite(high):
            values = np.linspace(low, high, counts[0])
        elif math.isfinite(low):
            start = low if low < default else 0.0
            values = start + (default - start) * 3 * np.arange(1, counts[1] + 1) / counts[1]
        else:
            values = default + 0.25 * (np.arange(counts[2]) - counts[2] // 2)
        found[key] = values.round(6).tolist()
    return found


def tabulate(entry, stops, limits, also=lambda slope, joins: {}):
    """Return what a drawing needs of one activation: a table for each set of parameters.

    stops : {parameter: values}. limits : (low, high), the z that are shown. also : makes,
    from the slope and the joins, what each table contains besides its samples.

    >>> from actlib.activations import ACTIVATIONS
    >>> found = tabulate(ACTIVATIONS["leaky_relu"], {"alpha": [0.0, 0.5]}, (-2, 2))
    >>> len(found["tables"]), found["extent"]
    (2, [-1.0, 2.0, 0.0, 1.0])
    """
    z = np.linspace(*limits, 241)
    tables, values, slopes = [], [], []
    for each in itertools.product(*stops.values()):
        params = dict(zip(stops, each, strict=True))
        value, slope = partial(entry.value, **params), partial(entry.grad, **params)
        joins = entry.joins(**params)
        tables.append({**piecewise(value, slope, joins, limits), **also(slope, joins)})
        values.append(value(z))
        slopes.append(slope(z))
    return {
        "title": entry.title,
        "params": stops,
        "tables": tables,
        "extent": extent(values, slopes),
    }


def piecewise(value, slope, joins, limits):
    """Return the samples of a function over the limits, cut at its joins and at 0."""
    inside = [place for place in joins if limits[0] <= place <= limits[1]]
    breaks = sorted({*limits, *inside} | ({0.0} & {*np.clip([0.0], *limits)}))
    return sample(value, slope, breaks, inside)


def extent(values, slopes):
    """Return [least value, greatest, least slope, greatest], to three decimals."""
    ends = [np.min(values), np.max(values), np.min(slopes), np.max(slopes)]
    return [round(float(x), 3) for x in ends]
