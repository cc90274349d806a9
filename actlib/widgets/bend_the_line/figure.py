"""Three units that bend a line, and the curve that their sum should match."""

from functools import cache
from itertools import combinations

import numpy as np
from traitlets import Dict, Float, List, Unicode, validate

from ... import plotting
from ...activations import ACTIVATIONS
from ..kit.assets import lab_module, stylesheet
from ..kit.figure import LivingFigure
from ..kit.samples import sample

X, Y = (-3.0, 3.0), (-2.6, 3.4)
GRID = np.linspace(*X, 601)  # where distances are measured, here and on a page
STEP = 0.05  # of the sliders
RANGES = {"bends": (-3.0, 2.5), "slopes": (-5.0, 5.0), "bias": (-3.0, 3.0)}
UNITS = {"relu": "ReLU", "identity": "no bend"}
# name -> title, value, slope, where pieces meet inside X
TARGETS = {
    "tent": (
        "tent",
        lambda x: np.maximum(2 - 2 * np.abs(x), 0),
        lambda x: np.where(np.abs(x) < 1, -2 * np.sign(x), 0),
        (-1, 0, 1),
    ),
    "abs": ("|x|", np.abs, np.sign, (0,)),
    "ramp": (
        "ramp",
        lambda x: np.clip(1 + 4 * x, 0, 2),
        lambda x: np.where(np.abs(x) < 0.25, 4, 0),
        (-0.25, 0.25),
    ),
    "sine": ("2 sin x", lambda x: 2 * np.sin(x), lambda x: 2 * np.cos(x), ()),
}


class BendTheLine(LivingFigure):
    """Show three weighted units v·relu(x − c), their sum and a target for it to match.

    Traits to set or observe: `bends`, the three places c in [−3, 2.5]; `slopes`, the three
    weights v in [−5, 5]; `bias`, added to the sum, in [−3, 3]; `target`: "tent", "abs", "ramp"
    or "sine"; `activation`: "relu", or "identity" for units that do not bend. As a network the
    units have input weight 1 and bias −c. All dimensionless, over x in [−3, 3]. Distances are
    measured at 601 places. Raises ValueError for values out of range and for unknown names.

    >>> figure = BendTheLine(bends=[-1, 0, 1], slopes=[2, -4, 2], bias=0)
    >>> figure.distances()
    (0.0, 0.0)
    """

    name = "bend_the_line"
    _esm = lab_module(name)
    _css = stylesheet(name)
    least = 320

    bends = List(Float()).tag(sync=True)
    slopes = List(Float()).tag(sync=True)
    bias = Float().tag(sync=True)
    target = Unicode("tent").tag(sync=True)
    activation = Unicode("relu").tag(sync=True)
    # Computed by Python: the curves, the best fits, the view, and the state after a reset.
    curves = Dict(read_only=True).tag(sync=True)
    best = Dict(read_only=True).tag(sync=True)
    view = Dict(read_only=True).tag(sync=True)
    start = Dict(read_only=True).tag(sync=True)

    def __init__(self, *, bends=(-1.5, 0.0, 1.5), slopes=(1.0, -1.5, 1.0), bias=0.0, **traits):
        ranges = {key: list(range_) for key, range_ in RANGES.items()}
        self.set_trait("curves", _curves())
        self.set_trait("best", {name: best_fits(name) for name in TARGETS})
        places = {"count": GRID.size, "apart": 0.01}
        self.set_trait("view", {"x": X, "y": Y, **places, "step": STEP, "ranges": ranges})
        super().__init__(bends=list(bends), slopes=list(slopes), bias=bias, **traits)
        keys = ("bends", "slopes", "bias", "target", "activation")
        self.set_trait("start", {key: getattr(self, key) for key in keys})

    @validate("bends", "slopes", "bias")
    def _in_range(self, proposal):
        key, given = proposal["trait"].name, proposal["value"]
        low, high = RANGES[key]
        numbers = [given] if key == "bias" else given
        if len(numbers) != (1 if key == "bias" else 3):
            raise ValueError(f"{key} must be three numbers, got {given}")
        if not all(low <= number <= high for number in numbers):
            raise ValueError(f"{key} must lie in [{low:g}, {high:g}], got {given}")
        return given

    @validate("target", "activation")
    def _is_known(self, proposal):
        known = list(TARGETS if proposal["trait"].name == "target" else UNITS)
        if proposal["value"] not in known:
            raise ValueError(
                f"{proposal['trait'].name} must be one of {known}, got {proposal['value']!r}"
            )
        return proposal["value"]

    def pieces(self, x):
        """Return what each weighted unit adds at x of shape (n,): shape (3, n).

        >>> BendTheLine(bends=[-1, 0, 1], slopes=[2, -4, 2]).pieces([2.0]).ravel().tolist()
        [6.0, -8.0, 2.0]
        """
        bends, slopes = np.array(self.bends)[:, None], np.array(self.slopes)[:, None]
        return slopes * ACTIVATIONS[self.activation].value(np.asarray(x) - bends)

    def distances(self):
        """Return the largest and the mean distance between the sum and the target."""
        wanted = TARGETS[self.target][1](GRID)
        gap = np.abs(self.pieces(GRID).sum(axis=0) + self.bias - wanted)
        return float(gap.max()), float(gap.mean())

    def fit(self):
        """Set bends, slopes and bias to the best fit of the target, as the button does.

        >>> figure = BendTheLine(target="abs")
        >>> figure.fit()
        >>> figure.bends, figure.slopes, figure.bias
        ([-3.0, 0.0, 2.5], [-1.0, 2.0, 0.0], 3.0)
        """
        for key, value in self.best[self.target][self.activation].items():
            setattr(self, key, value)

    def still(self):
        pieces, wanted = self.pieces(GRID), TARGETS[self.target][1](GRID)
        ax = plotting.weighted_sum(GRID, pieces, pieces.sum(axis=0) + self.bias, target=wanted)
        ax.set(ylim=Y)
        ax.figure.set_size_inches(6, 4.2)
        return ax.figure

    def alt(self):
        title = TARGETS[self.target][0]
        units = "ReLUs" if self.activation == "relu" else "units without a bend"
        largest, mean = self.distances()
        places, slopes = (_listed(numbers) for numbers in (self.bends, self.slopes))
        return (
            f"Three weighted {units} at x = {places} with slopes {slopes}, their sum and the "
            f"target ({title}): largest distance {largest:.2f}, mean {mean:.2f}."
        )

    def below(self):
        return 16.5, 20.5


@cache
def best_fits(name):
    """Return the best fit of a target by least squares, with ReLUs and without a bend.

    {"relu": {"bends": …, "slopes": …, "bias": …}, "identity": …}, on the sliders' stops. Bends
    are searched 0.25 apart, then at every stop nearby; of equal fits, the one whose bends lie
    farthest apart is taken.

    >>> best_fits("tent")["relu"]
    {'bends': [-1.0, 0.0, 1.0], 'slopes': [2.0, -4.0, 2.0], 'bias': 0.0}
    """
    wanted = TARGETS[name][1](GRID)
    low, high = RANGES["bends"]
    near, _ = _search(np.arange(low, high + 0.1, 0.25), wanted)
    around = np.add.outer(near, STEP * np.arange(-4, 5)).round(2)
    bends, weights = _search(np.unique(around.clip(low, high)), wanted)
    line, level = np.polyfit(GRID, wanted, 1)
    return {
        "relu": _on_stops(bends, weights[:3], weights[3]),
        "identity": _on_stops([-1.0, 0.0, 1.0], [0.0, line, 0.0], level),
    }


def _search(stops, wanted):
    """Return the three stops that fit best, with their weights and bias."""
    features = np.column_stack([*np.maximum(GRID - stops[:, None], 0), np.ones(GRID.size)])
    columns = np.array([(*three, len(stops)) for three in combinations(range(len(stops)), 3)])
    gram = (features.T @ features)[columns[:, :, None], columns[:, None, :]]
    moments = (features.T @ wanted)[columns]
    weights = np.linalg.solve(gram, moments[..., None])[..., 0]
    loss = wanted @ wanted - (weights * moments).sum(axis=1)
    bends = stops[columns[:, :3]]
    apart = np.diff(bends, axis=1).min(axis=1)
    # Rounded, so that equal fits are equal on every processor.
    first = np.lexsort((-apart.round(6), loss.round(6)))[0]
    return bends[first], weights[first]


def _on_stops(bends, slopes, bias):
    def stop(number):
        return round(STEP * round(float(number) / STEP), 2) + 0.0  # + 0.0: never −0

    return {
        "bends": [stop(place) for place in bends],
        "slopes": [stop(slope) for slope in slopes],
        "bias": stop(bias),
    }


@cache
def _curves():
    reach = X[1] - X[0]
    units = {
        name: {
            "title": title,
            **sample(ACTIVATIONS[name].value, ACTIVATIONS[name].grad, [-reach, 0, reach], [0]),
        }
        for name, title in UNITS.items()
    }
    targets = {
        name: {"title": title, **sample(value, slope, [X[0], *joins, X[1]])}
        for name, (title, value, slope, joins) in TARGETS.items()
    }
    return {"units": units, "targets": targets}


def _listed(numbers):
    first, second, third = (f"{number:g}".replace("-", "−") for number in numbers)
    return f"{first}, {second} and {third}"
