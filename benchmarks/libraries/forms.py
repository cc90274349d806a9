"""The functions that a measured curve may turn out to be, in float64.

First those of the registry; then what libraries compute under the same names and the
registry lacks: the same with another scale, a straight line for an S, losses of one score.
A `Form` has a value and a slope for parameters; `fit` finds the nearest form of a curve.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import scipy.optimize
import scipy.special

from actlib.activations import ACTIVATIONS, relu, sigmoid, softplus
from actlib.activations import tanh as tanh_


@dataclass(frozen=True)
class Form:
    name: str
    value: Callable
    slope: Callable
    start: dict = field(default_factory=dict)  # the defaults, from which a fit sets out
    joins: Callable = lambda **_: ()
    limits: Callable | None = None
    grad_limits: Callable | None = None
    range: Callable | None = None
    domain: tuple[float, float] = (-math.inf, math.inf)
    known: bool = False  # whether the registry has it


FORMS = {
    name: Form(
        name,
        entry.value,
        entry.grad,
        {key: parameter.default for key, parameter in entry.params.items()},
        entry.joins,
        entry.limits,
        entry.grad_limits,
        entry.range,
        known=True,
    )
    for name, entry in ACTIVATIONS.items()
    if entry.kind == "elementwise"
}


def add(name, value, slope, start=None, joins=(), limits=None, grad_limits=None, **more):
    FORMS[name] = Form(
        name,
        value,
        slope,
        start or {},
        joins if callable(joins) else lambda **_: joins,
        limits and (limits if callable(limits) else lambda **_: limits),
        grad_limits and (grad_limits if callable(grad_limits) else lambda **_: grad_limits),
        **more,
    )


def line(z, slope, offset):
    return np.clip(slope * z + offset, 0.0, 1.0)


def line_slope(z, slope, offset):
    inner = slope * z + offset
    return np.where((inner > 0) & (inner < 1), slope, np.where(np.isnan(z), z, 0.0))


def line_joins(slope, offset):
    return (-offset / slope, (1 - offset) / slope)


def times(z, factor):
    """Return z * factor, 0 where the factor is 0 and z infinite."""
    with np.errstate(invalid="ignore"):
        return np.where(factor == 0, np.where(np.isnan(z), z, 0.0), z * factor)


def two_slopes(z, left, right):
    return np.where(z < 0, times(z, left), times(z, right))


def exponential(z, alpha, scale):
    return scale * np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


def exponential_slope(z, alpha, scale):
    return scale * np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))


inf, nan = math.inf, math.nan
add(
    "sigmoid of b z",
    lambda z, b: sigmoid(b * z),
    lambda z, b: b * sigmoid(b * z) * sigmoid(-b * z),
    {"b": 2.0},
    limits=(0.0, 1.0),
    grad_limits=(0.0, 0.0),
)
add(
    "a tanh(b z)",
    lambda z, a, b: a * tanh_(b * z),
    lambda z, a, b: a * b * (1 - tanh_(b * z) ** 2),
    {"a": 1.0, "b": 1.0},
    limits=lambda a, b: (-a, a),
    grad_limits=(0.0, 0.0),
)
add(
    "hard sigmoid, a z + b",
    lambda z, a, b: line(z, a, b),
    lambda z, a, b: line_slope(z, a, b),
    {"a": 0.2, "b": 0.5},
    lambda a, b: line_joins(a, b),
    (0.0, 1.0),
    (0.0, 0.0),
)
add(
    "hard swish, z (a z + b)",
    lambda z, a, b: times(z, line(z, a, b)),
    lambda z, a, b: line(z, a, b) + times(z, line_slope(z, a, b)),
    {"a": 0.2, "b": 0.5},
    lambda a, b: line_joins(a, b),
    (0.0, inf),
    (0.0, 1.0),
)
add(
    "left z below 0, right z above",
    two_slopes,
    lambda z, left, right: np.where(np.isnan(z), z, np.where(z < 0, left, right)),
    {"left": 0.2, "right": 1.0},
    (0.0,),
)
add(
    "scaled ELU",
    exponential,
    exponential_slope,
    {"alpha": 1.5, "scale": 1.0},
    (0.0,),
    lambda alpha, scale: (-alpha * scale, inf),
    lambda alpha, scale: (0.0, scale),
)
add(
    "bce_logits",
    lambda z: softplus(-z),
    lambda z: -sigmoid(-z),
    limits=(inf, 0.0),
    grad_limits=(-1.0, 0.0),
)


def quiet(function):
    def computed(z, **params):
        with np.errstate(all="ignore"):
            return function(z, **params)

    return computed


add("neg_log", quiet(lambda z: -np.log(z)), quiet(lambda z: -1 / z), domain=(0.0, 1.0))
add(
    "abs",
    lambda z: np.abs(z),
    lambda z: np.sign(z),
    joins=(0.0,),
    limits=(inf, inf),
    grad_limits=(-1.0, 1.0),
)
add(
    "exp",
    quiet(lambda z: np.exp(z)),
    quiet(lambda z: np.exp(z)),
    limits=(0.0, inf),
    grad_limits=(0.0, inf),
)
add(
    "expm1",
    quiet(lambda z: np.expm1(z)),
    quiet(lambda z: np.exp(z)),
    limits=(-1.0, inf),
    grad_limits=(0.0, inf),
)
add(
    "erf",
    lambda z: scipy.special.erf(z),
    quiet(lambda z: 2 / np.sqrt(np.pi) * np.exp(-z * z)),
    limits=(-1.0, 1.0),
    grad_limits=(0.0, 0.0),
)
add("log1p", quiet(lambda z: np.log1p(z)), quiet(lambda z: 1 / (1 + z)), domain=(-1.0, inf))
add(
    "sinc",
    lambda z: np.sinc(z),
    quiet(lambda z: np.where(z == 0, 0.0, (np.cos(np.pi * z) - np.sinc(z)) / z)),
    limits=(0.0, 0.0),
    grad_limits=(0.0, 0.0),
    domain=(-100.0, 100.0),
)
add(
    "sparse_plus",
    lambda z: np.where(z >= 1, z, np.where(z <= -1, 0.0, (z + 1) ** 2 / 4)),
    lambda z: np.where(np.isnan(z), z, np.clip((z + 1) / 2, 0, 1)),
    joins=(-1.0, 1.0),
    limits=(0.0, inf),
    grad_limits=(0.0, 1.0),
)
add(
    "gaussian",
    quiet(lambda z: np.exp(-z * z)),
    quiet(lambda z: -2 * z * np.exp(-z * z)),
    limits=(0.0, 0.0),
    grad_limits=(0.0, 0.0),
)
add(
    "relu times a",
    lambda z, a: a * relu(z),
    lambda z, a: a * np.where(z > 0, 1.0, 0.0),
    {"a": 2.0},
    (0.0,),
)

# Which a fit may try for a curve that is none of the registry's with its defaults.
# A layer's tanh(alpha z) is "a tanh(b z)" here.
FLEXIBLE = [name for name, form in FORMS.items() if form.start and name != "dyt"]
# Two straight lines are also a part of a hard sigmoid: the simpler one is asked first.
FLEXIBLE.insert(0, FLEXIBLE.pop(FLEXIBLE.index("left z below 0, right z above")))
CLOSE = 3e-6


def in_domain(form, z):
    return (z >= form.domain[0]) & (z <= form.domain[1])


def distance(form, z, y, params):
    """Return the mean distance from a curve: one wild value does not decide the form."""
    here = in_domain(form, z) & (np.abs(z) <= 8)
    with np.errstate(all="ignore"):
        off = np.abs(form.value(z[here], **params) - y[here])
    size = 1 + np.abs(y[here])
    return float(np.nanmean(np.where(np.isfinite(off), off / size, 1.0))) if here.any() else inf


def in_halves(z, y):
    """Return the form with its defaults that a table in half precision was made of, or None.

    The steps of such a table are coarser than what tells GELU's two forms apart, so the
    forms are asked what they give for the rounded z, rounded.
    """
    near = (np.abs(z) <= 8) & np.isfinite(y)
    half = z[near].astype(np.float16)
    for name, form in FORMS.items():
        if form.known:
            rounded = form.value(half, **form.start)
            with np.errstate(all="ignore"):
                off = np.abs(rounded.astype(float) - y[near]) / (1 + np.abs(y[near]))
            if off.max() < 1e-3 and off.mean() < CLOSE:
                return name
    return None


def simple(x):
    """Return the number with few digits, or the small fraction, that x is nearly."""
    tries = [round(x, d) for d in range(5)] + [round(x * n) / n for n in (3, 6, 7, 12)]
    tries += [1.0507009873554805, 1.6732632423543772, 1.7580993408473766, 1.7159, 2 / 3]
    tries += [11 / 48, 1.702]  # a random leaky ReLU's mean slope, and the quick GELU
    for candidate in tries:
        if abs(candidate - x) <= 2e-5 * max(1.0, abs(x)):
            return float(candidate)
    return float(f"{x:.7g}")


def fitted(form, z, y):
    """Return the parameters at which a form is nearest to a curve."""
    here = in_domain(form, z) & (np.abs(z) <= 8) & np.isfinite(y)
    names = list(form.start)

    def off(values):
        with np.errstate(all="ignore"):
            found = form.value(z[here], **dict(zip(names, values, strict=True))) - y[here]
        return np.where(np.isfinite(found), found, 1e3)

    best = None
    for start in (1.0, 0.3):
        try:
            found = scipy.optimize.least_squares(
                off, [start * v or 0.1 for v in form.start.values()], loss="soft_l1", f_scale=0.1
            )
        except ValueError:  # a parameter left the interval in which the form is defined
            continue
        if best is None or found.cost < best.cost:
            best = found
    if best is None:
        return None
    exactly = dict(zip(names, map(float, best.x), strict=True))
    rounded = {name: simple(value) for name, value in exactly.items()}
    try:
        if distance(form, z, y, rounded) <= 3 * distance(form, z, y, exactly) + 1e-7:
            return rounded
    except ValueError:
        pass
    return exactly


def nearest(z, y, claims, given):
    """Return (form, parameters, mean distance) of the nearest form to a curve y at z.

    What the call claims to be is believed when it is as near as any other.
    """
    found = []

    def consider(name, params):
        if params is None:
            return False
        try:
            off = distance(FORMS[name], z, y, params)
        except ValueError:
            return False
        found.append((off, name, params))
        return off < CLOSE

    claimed = FORMS.get(claims)
    if claimed:
        if consider(claims, claimed.start | given):
            return (*found[-1][1:], found[-1][0])
        if claimed.start and consider(claims, fitted(claimed, z, y)):
            return (*found[-1][1:], found[-1][0])
    for name, form in FORMS.items():
        if consider(name, form.start):
            return (*found[-1][1:], found[-1][0])
    for name in FLEXIBLE:
        if consider(name, fitted(FORMS[name], z, y)):
            return (*found[-1][1:], found[-1][0])
    off, name, params = min(found, key=lambda item: item[0])
    if (table := in_halves(z, y)) is not None:
        return table, FORMS[table].start, distance(FORMS[table], z, y, FORMS[table].start)
    if claimed:  # a wilder form must be much nearer than the claimed one to be believed
        own = min((item for item in found if item[1] == claims), key=lambda item: item[0])
        if own[0] < 2 * off:
            off, name, params = own
    return name, params, off
