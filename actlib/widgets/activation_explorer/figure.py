"""The explorer: activations together, their slopes, and where inputs meet a flat piece."""

import math
from functools import partial
from statistics import NormalDist

import numpy as np
from traitlets import Dict, Float, List, Unicode, observe, validate

from ... import plotting
from ...activations import ACTIVATIONS
from ..kit.assets import lab_module, stylesheet
from ..kit.figure import LivingFigure
from ..kit.samples import sample
from ..kit.stops import defaults, stops, tabulate

# Far out every small slope underflows to 0, so "dead" is decided within these limits.
NEAR, FAR = 30.0, 1e6


class ActivationExplorer(LivingFigure):
    """Show elementwise activations with their slopes, a point to drag, and a set of inputs.

    names : keys of `ACTIVATIONS`. values : the parameter values that the sliders stop at,
    {"swish": {"beta": [0.5, 1, 2]}}; a parameter left out gets a range around its default.
    limits : the pre-activations shown, (low, high) within ±30. inputs : samples of
    pre-activations, any shape; by default a standard normal. Traits to set or observe:
    `z`, the point; `scale`, a factor on the inputs; `params`, {"swish": {"beta": 1.0}}; `shown`,
    some of the names; `threshold`: |slope| below it counts as saturated, a slope of exactly
    0 as dead. All dimensionless.

    Values, slopes and shares of a normal read on a page differ from Python's by less than
    1e-6. The share of given samples is taken from a histogram of 80 bins. Raises ValueError for
    a name that is not an elementwise activation, and for values out of range.

    >>> ActivationExplorer(["relu", "gelu"], z=-1.0)
    ActivationExplorer: ReLU and GELU above their slopes, for z from −6 to 6.
    """

    name = "activation_explorer"
    _esm = lab_module(name)
    _css = stylesheet(name)
    least = 420

    names = List(Unicode(), read_only=True).tag(sync=True)
    limits = List(Float(), read_only=True).tag(sync=True)
    z = Float(1.0).tag(sync=True)
    scale = Float(1.0, min=0.1, max=5.0).tag(sync=True)
    threshold = Float(0.01, min=1e-6, max=1.0).tag(sync=True)
    params = Dict().tag(sync=True)
    shown = List(Unicode()).tag(sync=True)
    # Computed by Python, only drawn by the script.
    functions = Dict(read_only=True).tag(sync=True)
    inputs = Dict(read_only=True).tag(sync=True)

    def __init__(self, names, *, values=None, limits=(-6.0, 6.0), inputs=None, **traits):
        values, (low, high) = values or {}, limits
        if not names:
            raise ValueError("name at least one activation, as in ['relu']")
        for each in names:
            if each not in ACTIVATIONS or ACTIVATIONS[each].kind != "elementwise":
                raise ValueError(f"{each!r} is not an elementwise activation of the registry")
        if not -NEAR <= low < high <= NEAR:
            raise ValueError(f"limits must be (low, high) within ±{NEAR:g}, got {limits}")
        self._stops = {each: stops(each, values.get(each, {})) for each in names}
        self.set_trait("names", list(names))
        self.set_trait("limits", [float(low), float(high)])
        self.set_trait("inputs", _normal() if inputs is None else _histogram(inputs))
        params = {each: defaults(each) for each in names if self._stops[each]}
        super().__init__(**{"params": params, "shown": list(names), **traits})
        self._compute()

    @classmethod
    def example(cls):
        return cls(["relu", "gelu", "swish", "tanh"])

    @validate("z")
    def _z_in_view(self, proposal):
        low, high = self.limits
        if not low <= proposal["value"] <= high:
            raise ValueError(f"z must lie in [{low:g}, {high:g}], got {proposal['value']}")
        return proposal["value"]

    @validate("shown")
    def _shown_is_known(self, proposal):
        unknown = set(proposal["value"]) - set(self.names)
        if unknown:
            raise ValueError(f"{sorted(unknown)} cannot be shown, only {self.names}")
        return [each for each in self.names if each in proposal["value"]]

    @validate("params")
    def _params_are_complete(self, proposal):
        known = {each: defaults(each) for each in self.names if self._stops[each]}
        given = proposal["value"]
        for each, pairs in given.items():
            if set(pairs) - set(known.get(each, {})):
                raise ValueError(f"{each!r} has no parameters {sorted(pairs)}, only {known}")
            ACTIVATIONS[each].value(0.0, **pairs)  # raises where a value is out of range
        return {each: {**known[each], **given.get(each, {})} for each in known}

    @observe("params", "threshold")
    def _on_change(self, change):
        if self.functions and (change["name"] == "threshold" or not self._has_samples()):
            self._compute()

    def _has_samples(self):
        """Return whether every parameter has a value at which its curve was sampled."""
        return all(
            value in self.functions[each]["params"][key]
            for each, pairs in self.params.items()
            for key, value in pairs.items()
        )

    def _compute(self):
        self.set_trait("functions", {each: self._function(each) for each in self.names})

    def _function(self, name):
        """Return what the drawing needs of one function: a table for each set of parameters."""
        stops = {
            key: sorted({*values, self.params[name][key]})
            for key, values in self._stops[name].items()
        }

        def zones(slope, joins):
            return {"zones": flat_zones(slope, self.threshold, joins)}

        return tabulate(ACTIVATIONS[name], stops, self.limits, zones)

    def _present(self, name):
        """Return the value and slope of a function with its present parameters."""
        entry, params = ACTIVATIONS[name], self.params.get(name, {})
        return partial(entry.value, **params), partial(entry.grad, **params)

    def shares(self, name):
        """Return the shares of the inputs at which |slope| < threshold, and at which it is 0.

        Dimensionless, each in [0, 1].

        >>> flat, dead = ActivationExplorer(["relu"]).shares("relu")
        >>> round(flat, 6), round(dead, 6)
        (0.5, 0.5)
        """
        slope = self._present(name)[1]
        joins = ACTIVATIONS[name].joins(**self.params.get(name, {}))
        zones = flat_zones(slope, self.threshold, joins)
        cdf = _cdf(self.inputs)
        ends = [
            (-math.inf if low is None else low, math.inf if high is None else high, dead)
            for low, high, dead in zones
        ]
        shares = [(cdf(b / self.scale) - cdf(a / self.scale), dead) for a, b, dead in ends]
        return sum(s for s, _ in shares), sum(s for s, dead in shares if dead)

    def still(self):
        z = np.linspace(*self.limits, 241)
        shown = {ACTIVATIONS[each].title: self._present(each) for each in self.shown}
        values = {title: value(z) for title, (value, _) in shown.items()}
        slopes = {title: slope(z) for title, (_, slope) in shown.items()}
        joins = {
            place
            for each in self.shown
            for place in ACTIVATIONS[each].joins(**self.params.get(each, {}))
        }
        return plotting.value_and_slope(z, values, slopes, joins=sorted(joins))[0].figure

    def alt(self):
        titles = [ACTIVATIONS[each].title for each in self.shown]
        low, high = (f"{limit:g}".replace("-", "−") for limit in self.limits)
        listed = " and ".join(filter(None, [", ".join(titles[:-1]), titles[-1]]))
        slopes = "above their slopes" if len(titles) > 1 else "above its slope"
        return f"{listed} {slopes}, for z from {low} to {high}."

    def below(self):
        sliders = 2 + sum(len(stops) for stops in self._stops.values())
        rows = len(self.names)
        return 4.5 + 2 * sliders + 2.1 * rows, 4.5 + 2 * sliders + 3.6 * rows


def flat_zones(slope, threshold, joins=()):
    """Return where |slope| < threshold, as [low, high, dead]; dead means that the slope is 0.

    An end is None if the zone is unbounded there. slope : a function of an array. joins :
    places where the slope may jump. A point where the slope only passes 0 is not a dead zone.

    >>> flat_zones(ACTIVATIONS["relu"].grad, 0.01, [0])
    [[None, 0.0, True]]
    """

    def kind(z):
        s = np.abs(slope(z))
        return np.where((s == 0) & (np.abs(z) <= NEAR), 2, np.where(s < threshold, 1, 0))

    near, far = np.linspace(-NEAR, NEAR, 6001), np.geomspace(NEAR, FAR, 601)[1:]
    z = np.unique(np.concatenate([-far, near, far]))
    kinds = kind(z)
    # If it is dead at the last place checked, it is dead from there on, not merely small.
    kinds[z > NEAR] = np.where(kinds[z == NEAR] == 2, 2, kinds[z > NEAR])
    kinds[z < -NEAR] = np.where(kinds[z == -NEAR] == 2, 2, kinds[z < -NEAR])
    # A slope that is 0 at a single place checked only passes 0 there.
    dead = kinds == 2
    kinds[1:-1][dead[1:-1] & ~dead[:-2] & ~dead[2:]] = 1
    edges = [_edge(kind, z[i], z[i + 1], kinds[i], joins) for i in np.flatnonzero(np.diff(kinds))]
    ends = zip([None, *edges], [*edges, None], strict=True)
    runs = kinds[np.concatenate([[0], np.flatnonzero(np.diff(kinds)) + 1])]
    return [[low, high, bool(k == 2)] for (low, high), k in zip(ends, runs, strict=True) if k]


def _edge(kind, low, high, left, joins):
    for join in joins:
        if low <= join <= high:
            return float(join)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if kind(middle) == left else (low, middle)
    return round(float(low), 9)


def _normal():
    normal = NormalDist()
    cdf, pdf = np.vectorize(normal.cdf), np.vectorize(normal.pdf)
    return {"title": "standard normal", "curve": sample(cdf, pdf, [-8, 0, 8])}


def _histogram(inputs):
    inputs = np.ravel(np.asarray(inputs, dtype=float))
    if not inputs.size or not np.isfinite(inputs).all():
        raise ValueError(f"inputs must be finite numbers, got shape {inputs.shape}")
    counts, edges = np.histogram(inputs, 80)
    below = np.concatenate([[0], counts.cumsum()]) / inputs.size
    return {
        "title": "given inputs",
        "edges": edges.round(6).tolist(),
        "below": below.round(6).tolist(),
    }


def _cdf(inputs):
    if "curve" in inputs:
        return NormalDist().cdf
    return partial(np.interp, xp=inputs["edges"], fp=inputs["below"])
