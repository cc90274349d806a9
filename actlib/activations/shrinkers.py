"""Functions that pull small numbers to 0: hard and soft shrinkage, and z minus its tanh."""

import math

import numpy as np

from .inputs import elementwise, keep_nan
from .record import POSITIVE, REAL, Activation, TorchNames

__all__ = [
    "hardshrink",
    "hardshrink_grad",
    "softshrink",
    "softshrink_grad",
    "tanhshrink",
    "tanhshrink_grad",
]


@elementwise(theta=POSITIVE)
def hardshrink(z, *, theta=0.5):
    """Return z where |z| > theta, else 0: keep what is large, drop what is small.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64), and no value between 0 and ±theta, because the function
    jumps there. `theta`: the threshold, positive. Edges: ±inf stay, 0 at ±theta, NaN stays.
    Raises TypeError for anything but real numbers, ValueError for theta <= 0. Source:
    Donoho & Johnstone (1994).

    >>> hardshrink([-2.0, -0.5, 0.1, 0.6])
    array([-2. ,  0. ,  0. ,  0.6])
    """
    return np.where(np.abs(z) <= theta, 0.0, z)  # asked so that NaN stays


@elementwise(theta=POSITIVE)
def hardshrink_grad(z, *, theta=0.5):
    """Return the slope of `hardshrink`: 1 where |z| > theta, else 0.

    At the jumps ±theta there is no slope; 0 is that of the inner piece, which has the value
    there, as in PyTorch. NaN stays. Shapes, dtypes, bounds and errors as in `hardshrink`.

    >>> hardshrink_grad([-2.0, -0.5, 0.1, 0.6])
    array([1., 0., 0., 1.])
    """
    return keep_nan(z, np.where(np.abs(z) > theta, 1.0, 0.0))


@elementwise(theta=POSITIVE)
def softshrink(z, *, theta=0.5):
    """Return z moved towards 0 by theta, and 0 where |z| <= theta.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64). `theta`: the threshold, positive. Edges: ±inf stay, NaN
    stays. Raises TypeError for anything but real numbers, ValueError for theta <= 0.
    Source: Donoho & Johnstone (1994).

    >>> softshrink([-2.0, -0.5, 0.1, 1.0])
    array([-1.5,  0. ,  0. ,  0.5])
    """
    return np.maximum(z - theta, 0.0) + np.minimum(z + theta, 0.0)


@elementwise(theta=POSITIVE)
def softshrink_grad(z, *, theta=0.5):
    """Return the slope of `softshrink`: 1 where |z| > theta, else 0 (also at both kinks).

    NaN stays. Shapes, dtypes, bounds and errors as in `softshrink`.

    >>> softshrink_grad([-2.0, -0.5, 0.1, 1.0])
    array([1., 0., 0., 1.])
    """
    return keep_nan(z, np.where(np.abs(z) > theta, 1.0, 0.0))


# So many levels of Lambert's fraction are exact to float64 for |z| <= 1.
LEVELS = range(21, 1, -2)


@elementwise()
def tanhshrink(z):
    """Return z - tanh(z): z^3 / 3 near 0, z minus its sign far away.

    The difference loses all digits near 0, so within 1 it is z * c / (1 + c), where
    tanh(z) = z / (1 + c) is Lambert's continued fraction, c = z^2 / (3 + z^2 / (5 + ...)).
    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64). Edges: ±inf stay, NaN stays. Raises TypeError for
    anything but real numbers. Source: no paper that we know of; PyTorch has it from its
    predecessor (Paszke et al., 2019).

    >>> tanhshrink([-2.0, 0.0, 1e-5]).round(20)
    array([-1.03597242e+00,  0.00000000e+00,  3.33330000e-16])
    """
    near = np.clip(z, -1.0, 1.0)
    square, c = near * near, 0.0
    for level in LEVELS:
        c = square / (level + c)
    return np.where(np.abs(z) <= 1.0, near * (c / (1.0 + c)), z - np.tanh(z))


@elementwise()
def tanhshrink_grad(z):
    """Return the slope of `tanhshrink`: tanh(z)^2.

    Edges: 1 at ±inf, NaN stays. Shapes, dtypes and errors as in `tanhshrink`.

    >>> tanhshrink_grad([-2.0, 0.0, 1.0]).round(4)
    array([0.9293, 0.    , 0.58  ])
    """
    return np.tanh(z) ** 2


RECORDS = (
    Activation(
        name="hardshrink",
        title="Hard shrink",
        kind="elementwise",
        value=hardshrink,
        grad=hardshrink_grad,
        formula=r"z \text{ if } \lvert z \rvert > \theta \text{ else } 0",
        grad_formula=r"1 \text{ if } \lvert z \rvert > \theta \text{ else } 0",
        range=lambda theta=0.5: REAL,
        role="sparse codes; removing small noise",
        notes="It jumps: no value lies between 0 and ±θ.",
        loss="",
        source="donoho1994",
        torch=TorchNames("F.hardshrink", "nn.Hardshrink"),
        torch_params={"theta": "lambd"},
        joins=lambda theta=0.5: (-theta, theta),
        limits=lambda theta=0.5: (-math.inf, math.inf),
        grad_limits=lambda theta=0.5: (1.0, 1.0),
    ),
    Activation(
        name="softshrink",
        title="Soft shrink",
        kind="elementwise",
        value=softshrink,
        grad=softshrink_grad,
        formula=r"\operatorname{sign}(z)\,\max(\lvert z \rvert - \theta, 0)",
        grad_formula=r"1 \text{ if } \lvert z \rvert > \theta \text{ else } 0",
        range=lambda theta=0.5: REAL,
        role="sparse codes; the step of an L1 penalty in ISTA",
        notes="Continuous, unlike hard shrink, but every large number loses θ.",
        loss="",
        source="donoho1994",
        torch=TorchNames("F.softshrink", "nn.Softshrink"),
        torch_params={"theta": "lambd"},
        joins=lambda theta=0.5: (-theta, theta),
        limits=lambda theta=0.5: (-math.inf, math.inf),
        grad_limits=lambda theta=0.5: (1.0, 1.0),
    ),
    Activation(
        name="tanhshrink",
        title="Tanh shrink",
        kind="elementwise",
        value=tanhshrink,
        grad=tanhshrink_grad,
        formula=r"z - \tanh z",
        grad_formula=r"\tanh^2 z",
        range=lambda: REAL,
        role="rare: a smooth shrinkage",
        notes="Its slope is 0 at 0 and grows like z² around it: small signals stop there.",
        loss="",
        source="paszke2019",
        torch=TorchNames("F.tanhshrink", "nn.Tanhshrink"),
        limits=lambda: (-math.inf, math.inf),
        grad_limits=lambda: (1.0, 1.0),
    ),
)
