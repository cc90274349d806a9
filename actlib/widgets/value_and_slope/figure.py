"""Activations above their slopes: one to look at, or many to choose from and compare."""

from functools import partial
from itertools import pairwise

import numpy as np
from traitlets import Dict, Float, List, Unicode, validate

from ...activations import ACTIVATIONS, REDUCTIONS
from ..kit.assets import lab_module, stylesheet
from ..kit.figure import LivingFigure, course_style, image
from ..kit.stops import defaults, stops, tabulate
from .sketch import HEIGHT, WIDTH, sketch
from .slices import slices

MOST = 6  # curves at once: no more can be told apart
# A page may hold many of these figures, so the sliders have few stops.
STOPS = {1: (6, 6, 5), 2: (3, 3, 3)}


class ValueAndSlope(LivingFigure):
    """Show activations above their slopes, with a point to drag.

    names : keys of `ACTIVATIONS` or `REDUCTIONS`; of one that is not elementwise, slices are
    shown, see `slices`. limits : the pre-activations shown, (low, high); by default ±5, more
    for a single function that levels off further out. groups : {title: names}; with it the reader
    chooses up to six names at a time from a list that the groups narrow down, and parameters
    stay at their defaults. Without it every name is shown, with sliders for the parameters.
    Traits to set or observe: `z`, the point; `params`, {"swish": {"beta": 1.0}}, at values that
    a slider stops at; `shown`, some of the names. All dimensionless.

    Values and slopes read on a page differ from Python's by less than 1e-6. Raises ValueError
    for an unknown name, for more than six shown, and for values out of range.

    >>> ValueAndSlope(["relu", "gelu"], z=-1.0)
    ValueAndSlope: ReLU and GELU above their slopes, for z from −5 to 5.
    """

    name = "value_and_slope"
    _esm = lab_module(name)
    _css = stylesheet(name)
    least = 300

    limits = List(Float(), read_only=True).tag(sync=True)
    z = Float(1.0).tag(sync=True)
    params = Dict().tag(sync=True)
    shown = List(Unicode()).tag(sync=True)
    functions = Dict(read_only=True).tag(sync=True)
    groups = Dict(read_only=True).tag(sync=True)

    def __init__(self, names, *, limits=None, groups=None, **traits):
        if not names:
            raise ValueError("name at least one activation, as in ['relu']")
        known = ACTIVATIONS | REDUCTIONS
        if unknown := [each for each in names if each not in known]:
            raise ValueError(f"no {unknown} in the registry; choose from {', '.join(known)}")
        entries = [known[each] for each in names]
        limits = limits or _view(entries)
        if not limits[0] < limits[1]:
            raise ValueError(f"limits must be (low, high), got {limits}")
        self.set_trait("limits", [float(limit) for limit in limits])
        self.set_trait("groups", {title: list(some) for title, some in (groups or {}).items()})
        self._entries = {
            one.name: one
            for entry in entries
            for one in ([entry] if entry.kind == "elementwise" else slices(entry, limits))
        }
        self.set_trait("functions", {each: self._function(each) for each in self._entries})
        super().__init__(**{"params": {}, "shown": list(self._entries)[:MOST], **traits})

    @classmethod
    def example(cls):
        bounded = ["sigmoid", "tanh", "hardtanh", "softsign"]
        return cls(
            ["relu", "elu", "gelu", "silu", *bounded],
            groups={"bounded": bounded, "has a kink": ["relu", "hardtanh"]},
            shown=["relu", "gelu", "tanh"],
        )

    def _function(self, name):
        entry = self._entries[name]
        params = entry.params
        found = stops(name, {}, STOPS[len(params)]) if params and not self.groups else {}
        for key, parameter in params.items():
            found[key] = sorted({*found.get(key, []), parameter.default})
        return tabulate(entry, found, self.limits)

    @validate("z")
    def _z_in_view(self, proposal):
        low, high = self.limits
        if not low <= proposal["value"] <= high:
            raise ValueError(f"z must lie in [{low:g}, {high:g}], got {proposal['value']}")
        return proposal["value"]

    @validate("shown")
    def _shown_is_known(self, proposal):
        chosen = proposal["value"]
        if unknown := [each for each in chosen if each not in self.functions]:
            raise ValueError(f"{unknown} cannot be shown, only {list(self.functions)}")
        if len(chosen) > MOST:
            raise ValueError(f"at most {MOST} can be shown at once, got {len(chosen)}")
        return chosen

    @validate("params")
    def _params_are_sampled(self, proposal):
        params = {each: defaults(each) for each, entry in self._entries.items() if entry.params}
        for each, pairs in proposal["value"].items():
            for key, value in pairs.items():
                sampled = self.functions.get(each, {}).get("params", {}).get(key, [])
                if not sampled:
                    raise ValueError(f"{key} of {each!r} is no parameter that can be moved here")
                if value not in sampled:
                    raise ValueError(f"{key} of {each!r} must be one of {sampled}, got {value}")
                params[each][key] = value
        return params

    def _pieces(self, name):
        """Return arrays (z, value, slope) of a function as shown, cut where its pieces join."""
        entry, params = self._entries[name], self.params.get(name, {})
        low, high = self.limits
        cuts = [low, *(join for join in entry.joins(**params) if low < join < high), high]
        z = np.linspace(low, high, 161)
        pieces = []
        for start, end in pairwise(cuts):
            # Just beside a join, because at the join itself the value may be the neighbour's.
            ends = np.nextafter(start, end), np.nextafter(end, start)
            inside = np.array([ends[0], *z[(z > start) & (z < end)], ends[1]])
            value, slope = partial(entry.value, **params), partial(entry.grad, **params)
            pieces.append((inside, value(inside), slope(inside)))
        return pieces

    def still_html(self):
        with course_style():
            curves = {self._entries[each].title: self._pieces(each) for each in self.shown}
            svg = sketch(curves, self.limits)
        return image(svg.encode(), self.alt(), WIDTH, HEIGHT)

    def alt(self):
        titles = [self._entries[each].title for each in self.shown] or ["No function"]
        low, high = (f"{limit:g}".replace("-", "−") for limit in self.limits)
        listed = " and ".join(filter(None, [", ".join(titles[:-1]), titles[-1]]))
        slopes = "above their slopes" if len(titles) > 1 else "above its slope"
        return f"{listed} {slopes}, for z from {low} to {high}."

    def below(self):
        # Everything is in three columns, on a narrow page in two.
        return tuple(self._below(columns) for columns in (3, 2))

    def _below(self, columns):
        read_outs = 4 * -(-(MOST if self.groups else len(self.functions)) // columns)
        if not self.groups:
            return 3.75 + 2 * sum(map(len, self.params.values())) + read_outs
        lines = -(-len(self.groups) // columns) - (-len(self.functions) // columns)
        return 9.75 + read_outs + 2 * lines


def _view(entries):
    """Return ±5, or for a single function limits wide enough to show it near its finite limits."""
    limits = entries[0].limits() if len(entries) == 1 and entries[0].limits else ()
    for reach in (5.0, 10.0, 20.0, 50.0):
        ends = zip(limits, (-reach, reach), strict=False)
        if not any(
            np.isfinite(limit) and abs(entries[0].value(z) - limit) > 0.2 * np.ptp(limits)
            for limit, z in ends
        ):
            break
    return (-reach, reach)
