"""What can be computed about an elementwise activation: nothing here is typed in.

Everything holds for the default parameters, is dimensionless, and is found by looking at
the function: on a grid that contains its joins, then closer. A run of equal values counts
as flat only where its ends are joins, because a far tail that has rounded to its limit
looks flat too.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..activations.record import Interval

# Where zeros and minima are looked for; a finer grid than any wiggle of the registry.
NEAR = 30.0
FAR = 1e300


def _only_elementwise(entry, what):
    if entry.kind != "elementwise":
        raise ValueError(f"only an elementwise activation has {what}, {entry.name} is {entry.kind}")


def _grid(entry):
    return np.union1d(np.linspace(-NEAR, NEAR, 12001), entry.joins())


def _moment(entry, power):
    """Return the mean of f(x)^power over a standard normal x."""
    from scipy.integrate import quad

    def weighted(x):
        return entry.value(x) ** power * math.exp(-x * x / 2.0) / math.sqrt(2.0 * math.pi)

    ends = sorted({-40.0, *entry.joins(), 40.0})
    return sum(
        quad(weighted, low, high, points=np.linspace(low, high, 9)[1:-1], epsabs=1e-13)[0]
        for low, high in pairwise(ends)
    )


def gain(entry):
    """Return the gain that preserves the second moment through `entry`: 1 / sqrt(E[f(x)^2]).

    `entry`: an elementwise record of the registry, at its default parameters; x is a
    standard normal number. The integral is computed by quadrature between the joins.
    Dimensionless. Raises ValueError for a function of rows. Source: He et al. (2015).

    >>> from actlib.activations import ACTIVATIONS
    >>> round(gain(ACTIVATIONS["relu"]), 6), round(gain(ACTIVATIONS["tanh"]), 3)
    (1.414214, 1.593)
    """
    _only_elementwise(entry, "a gain")
    return 1.0 / math.sqrt(_moment(entry, 2))


def _runs(z, flat, joins):
    """Return (first, last) indices of the runs in `flat` whose ends are joins or the grid's."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flat, [False]]).astype(int)))
    runs = []
    for first, end in edges.reshape(-1, 2):
        ends = [i for i in (first, end - 1) if 0 < i < z.size - 1]
        # A slope may differ at the join itself, so that its run ends one place beside it.
        beside = [{*z[i - 1 : i + 2]} & {*joins} for i in ends]
        if end - first > 1 and ends and all(beside):
            runs.append((first, end - 1))
    return runs


def _interval(z, run, joins):
    """Return a run's `Interval`: its ends are joins, and belong to it if the run has them."""
    ends, closed = [], ""
    for i, brackets in zip(run, ("([", ")]"), strict=True):
        inside = 0 < i < z.size - 1
        near = {*z[i - 1 : i + 2]} & {*joins} if inside else {math.copysign(math.inf, z[i])}
        ends.append(float(min(near, key=lambda join, i=i: abs(join - z[i]))))
        closed += brackets[z[i] in near]
    return Interval(*ends, closed)


def zeros(entry):
    """Return where `entry` is 0, from left to right: numbers, and intervals where it stays 0.

    Numbers are given to about 12 digits, within ±30; an interval that reaches that far goes
    on for ever. Raises ValueError for a function of rows.

    >>> from actlib.activations import ACTIVATIONS
    >>> [str(place) for place in zeros(ACTIVATIONS["relu"])], zeros(ACTIVATIONS["gelu"])
    (['(−∞, 0]'], [0.0])
    """
    from scipy.optimize import brentq

    _only_elementwise(entry, "zeros")
    z = _grid(entry)
    a = entry.value(z)
    found = [_interval(z, run, entry.joins()) for run in _runs(z, a == 0, entry.joins())]
    tails = np.cumsum(a != 0)  # 0 left of every other value, its last number right of them
    single = (a[1:-1] == 0) & (a[:-2] != 0) & (a[2:] != 0)
    points = [float(x) for x in z[1:-1][single & (tails[1:-1] > 0) & (tails[1:-1] < tails[-1])]]
    for i in np.flatnonzero(a[:-1] * a[1:] < 0):
        root = brentq(entry.value, z[i], z[i + 1], xtol=1e-14)
        if abs(entry.value(root)) < 1e-9:  # else the sign changes at a jump
            points.append(round(root, 12))
    return sorted([*found, *points], key=lambda place: getattr(place, "low", place))


@dataclass(frozen=True)
class Minimum:
    """The least value of a function, and where it is taken: numbers, an interval, or nowhere."""

    value: float
    places: tuple[float, ...] | Interval = ()


def minimum(entry):
    """Return the `Minimum` of `entry`: its greatest lower bound, and where it takes it.

    A place is where the slope changes from falling to rising, to about 12 digits, within
    ±30. Raises ValueError for a function of rows.

    >>> from actlib.activations import ACTIVATIONS
    >>> found = minimum(ACTIVATIONS["silu"])
    >>> round(found.value, 6), round(found.places[0], 6), minimum(ACTIVATIONS["elu"])
    (-0.278465, -1.278465, Minimum(value=-1.0, places=()))
    """
    from scipy.optimize import brentq

    _only_elementwise(entry, "a minimum")
    z = _grid(entry)
    a = entry.value(z)
    limit = min(float(entry.value(-math.inf)), float(entry.value(math.inf)), key=_nan_last)
    runs = _runs(z, a == a.min(), entry.joins())
    if runs and not limit < a.min():
        return Minimum(float(a.min()), _interval(z, runs[0], entry.joins()))
    slope = entry.grad(z)
    z, slope = z[slope != 0], slope[slope != 0]
    falls = np.flatnonzero((slope[:-1] < 0) & (slope[1:] > 0) & (np.diff(z) < 0.02))
    places = [brentq(entry.grad, z[i], z[i + 1], xtol=1e-14) for i in falls]
    places += [join for join in entry.joins() if _is_least_nearby(entry, join)]
    lowest = min(map(entry.value, places), default=math.inf)
    if not lowest < limit and not (math.isnan(limit) and places):
        return Minimum(limit)
    least = sorted({round(p, 12) for p in places if entry.value(p) < lowest + 1e-12})
    return Minimum(float(lowest), tuple(float(place) for place in least))


def _nan_last(x):
    return (math.isnan(x), x)


def _is_least_nearby(entry, place, step=1e-6):
    return entry.value(place) < min(entry.value(place - step), entry.value(place + step))


@dataclass(frozen=True)
class Kink:
    """A place where slope or value jumps: what they are on the left, on the right, and there."""

    place: float
    slopes: tuple[float, float]
    slope: float
    values: tuple[float, float]
    value: float

    @property
    def jumps(self):
        """Whether the value itself jumps."""
        return abs(self.values[0] - self.values[1]) > 1e-9


def kinks(entry):
    """Return a `Kink` for each join of `entry` at which its slope or its value jumps.

    >>> from actlib.activations import ACTIVATIONS
    >>> kinks(ACTIVATIONS["relu"])[0].slopes, kinks(ACTIVATIONS["elu"])
    ((0.0, 1.0), [])
    """
    _only_elementwise(entry, "kinks")
    found = []
    for place in map(float, entry.joins()):
        left, right = (np.nextafter(place, end) for end in (-math.inf, math.inf))
        slopes, values = (
            (float(function(left)), float(function(right)))
            for function in (entry.grad, entry.value)
        )
        kink = Kink(place, slopes, float(entry.grad(place)), values, float(entry.value(place)))
        if abs(slopes[0] - slopes[1]) > 1e-9 or kink.jumps:
            found.append(kink)
    return found


# What a reader may filter by. Each is determined by looking at the function.
PROPERTIES = {
    "never falls": lambda entry, z, a, s: bool((np.diff(a) >= -1e-12).all()),
    "bounded": lambda entry, z, a, s: _is_finite(entry, "low") and _is_finite(entry, "high"),
    "bounded below": lambda entry, z, a, s: _is_finite(entry, "low"),
    "0 at 0": lambda entry, z, a, s: float(entry.value(0.0)) == 0,
    "zero-centred": lambda entry, z, a, s: abs(_moment(entry, 1)) < 1e-9,
    "takes negative values": lambda entry, z, a, s: bool(a.min() < 0),
    "smooth": lambda entry, z, a, s: not kinks(entry),
    "has a kink": lambda entry, z, a, s: bool(kinks(entry)),
    "has a flat piece": lambda entry, z, a, s: bool(_runs(z, s == 0, entry.joins())),
    "slope above 1": lambda entry, z, a, s: bool(s.max() > 1 + 1e-9),
}


def _is_finite(entry, end):
    return math.isfinite(getattr(entry.range(), end))


def properties(entry):
    """Return which of `PROPERTIES` an elementwise activation has, as {property: bool}.

    "zero-centred": the mean over standard normal inputs is 0. "smooth": neither value nor
    slope jumps. "has a flat piece": the slope is exactly 0 over an interval.

    >>> from actlib.activations import ACTIVATIONS
    >>> [name for name, has in properties(ACTIVATIONS["tanh"]).items() if has][:3]
    ['never falls', 'bounded', 'bounded below']
    """
    _only_elementwise(entry, "these properties")
    z = _grid(entry)
    a, s = entry.value(z), entry.grad(z)
    return {name: holds(entry, z, a, s) for name, holds in PROPERTIES.items()}


# ---- Where rounding reaches the limit ---------------------------------------------------


def rounding_to(dtype):
    """Return the function that rounds numbers to a NumPy dtype and gives them back as float64.

    >>> float(rounding_to("float16")(0.1))
    0.0999755859375
    """

    def rounded(x):
        with np.errstate(over="ignore", under="ignore"):
            return np.asarray(x, dtype).astype(np.float64)

    return rounded


DTYPES = {name: rounding_to(name) for name in ("float16", "float32", "float64")}


@dataclass(frozen=True)
class Tail:
    """From `start` outwards, `what` ("value" or "slope") is exactly `limit` after rounding."""

    what: str
    side: str  # "left" or "right"
    limit: float
    start: float | None  # None where no finite number of the dtype is far enough


def saturation(entry, rounded, *, value=None, grad=None):
    """Return the `Tail`s of `entry`: where value and slope, as computed, reach their limits.

    `rounded`: a function that rounds float64 numbers to a dtype, see `DTYPES`. `value`, `grad`:
    who else computes them in that dtype, functions of a float64 array that return one; by
    default this package does, in float64, and the result is rounded to the dtype. For a shorter
    dtype that is the exact result rounded once; float64 itself has the rounding errors of the
    steps in it as well. Only finite limits count, and only those that are not reached
    everywhere. `start` is the number of the dtype from which every result further out rounds
    to the limit.

    >>> from actlib.activations import ACTIVATIONS
    >>> left, right, *_ = saturation(ACTIVATIONS["sigmoid"], DTYPES["float32"])
    >>> right.what, right.limit, round(right.start, 2)
    ('value', 1.0, 17.33)
    """
    _only_elementwise(entry, "saturation points")
    found = []
    for what, function, limits in (
        ("value", value or entry.value, entry.limits),
        ("slope", grad or entry.grad, entry.grad_limits),
    ):
        for side, sign, limit in zip(
            ("left", "right"), (-1.0, 1.0), limits() if limits else (), strict=False
        ):
            if math.isfinite(limit) and (tail := _tail(function, sign, float(limit), rounded)):
                found.append(Tail(what, side, limit, tail[0]))
    return found


def _tail(function, sign, limit, rounded):
    """Return where the tail begins, in a tuple, (None,) if nowhere, None if everywhere."""
    target = rounded(limit)
    places = sign * np.concatenate([np.linspace(0, NEAR, 6001), np.geomspace(NEAR, FAR, 4001)[1:]])
    # The numbers of the dtype, outwards from the other side of 0.
    z = rounded(np.concatenate([-places[:6001][::-1], places[1:]]))
    z = z[np.isfinite(z)]
    away = np.flatnonzero(rounded(function(z)) != target)
    if not away.size:
        return None
    if away[-1] == z.size - 1:
        return (None,)
    near, far = z[away[-1]], z[away[-1] + 1]
    while (middle := float(rounded(near + (far - near) / 2))) not in (near, far):
        if rounded(function(middle)) == target:
            far = middle
        else:
            near = middle
    return (float(far),)
