"""Functions that level off on both sides: tanh and its cheaper relatives."""

import numpy as np

from .inputs import FLOOR, elementwise, keep_nan
from .logistic import scaled
from .record import POSITIVE, REAL, Activation, Interval, TorchNames
from .rounding import quotient

__all__ = [
    "dyt",
    "dyt_grad",
    "hardsigmoid",
    "hardsigmoid_grad",
    "hardtanh",
    "hardtanh_grad",
    "softcap",
    "softcap_grad",
    "softsign",
    "softsign_grad",
    "tanh",
    "tanh_grad",
]


@elementwise()
def tanh(z):
    """Return the hyperbolic tangent of z, 2 * sigmoid(2z) - 1.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64), in (-1, 1); rounding reaches 1 from z = 19.1 in
    float64. Edges: -1 at -inf, 1 at inf, NaN stays. Raises TypeError for anything but
    real numbers. Source: LeCun et al. (1998).

    >>> tanh([-3.0, 0.0, 3.0]).round(4)
    array([-0.9951,  0.    ,  0.9951])
    """
    return np.tanh(z)


@elementwise()
def tanh_grad(z):
    """Return the slope of `tanh`, 1 - tanh(z)^2: at most 1, at z = 0.

    With e = exp(-2|z|) it is 4e / (1 + e)^2, which keeps its digits where tanh has
    rounded to 1. Edges: 0 at ±inf, NaN stays. Shapes, dtypes and errors as in `tanh`.

    >>> tanh_grad([-3.0, 0.0, 3.0]).round(4)
    array([0.0099, 1.    , 0.0099])
    """
    e = np.exp(-2.0 * np.abs(z))
    return 4.0 * e / (1.0 + e) ** 2


def _check_order(low, high):
    if not low < high:
        raise ValueError(f"low must be below high, got low={low} and high={high}")


@elementwise(low=REAL, high=REAL)
def hardtanh(z, *, low=-1.0, high=1.0):
    """Return z clipped to [low, high].

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64), in [low, high]. Edges: low at -inf, high at inf, NaN
    stays. Raises TypeError for anything but real numbers, ValueError unless low < high.
    Source: Collobert (2004).

    >>> hardtanh([-3.0, 0.5, 3.0])
    array([-1. ,  0.5,  1. ])
    """
    _check_order(low, high)
    return np.clip(z, low, high)


@elementwise(low=REAL, high=REAL)
def hardtanh_grad(z, *, low=-1.0, high=1.0):
    """Return the slope of `hardtanh`: 1 for low < z < high, else 0 (also at both kinks).

    NaN stays. Shapes, dtypes, bounds and errors as in `hardtanh`.

    >>> hardtanh_grad([-1.0, 0.5, 3.0])
    array([0., 1., 0.])
    """
    _check_order(low, high)
    return keep_nan(z, np.where((low < z) & (z < high), 1.0, 0.0))


@elementwise()
def hardsigmoid(z):
    """Return z / 6 + 1/2 clipped to [0, 1]: three straight pieces instead of a sigmoid.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64), in [0, 1]. Edges: 0 at -inf, 1 at inf, NaN stays.
    Raises TypeError for anything but real numbers. Sources: Courbariaux et al. (2015)
    for the idea, Howard et al. (2019) for the slope 1/6.

    >>> hardsigmoid([-3.0, 0.0, 1.5])
    array([0.  , 0.5 , 0.75])
    """
    return np.clip(z + 3.0, 0.0, 6.0) / 6.0


@elementwise()
def hardsigmoid_grad(z):
    """Return the slope of `hardsigmoid`: 1/6 for -3 < z < 3, else 0 (also at both kinks).

    NaN stays. Shapes, dtypes and errors as in `hardsigmoid`.

    >>> hardsigmoid_grad([-3.0, 0.0, 3.0]).round(4)
    array([0.    , 0.1667, 0.    ])
    """
    return keep_nan(z, np.where(np.abs(z) < 3, 1.0 / 6.0, 0.0))


@elementwise(cap=POSITIVE)
def softcap(z, *, cap=30.0):
    """Return cap * tanh(z / cap): nearly z while |z| is small, never beyond ±cap.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64), in (-cap, cap). `cap`: positive; 30 is what Gemma 2 puts
    on its output logits (50 on those of attention). Edges: -cap at -inf, cap at inf, NaN
    stays. Raises TypeError for anything but real numbers, ValueError for cap <= 0. Source:
    Bello et al. (2016).

    >>> softcap([-100.0, 1.0, 30.0]).round(4)
    array([-29.9237,   0.9996,  22.8478])
    """
    # Near 0 it is z to the last digit, where z / cap may be subnormal.
    return np.where(np.abs(z) < 1e-9 * cap, z, cap * np.tanh(z / cap))


@elementwise(cap=POSITIVE)
def softcap_grad(z, *, cap=30.0):
    """Return the slope of `softcap`: 1 - tanh(z / cap)^2, 1 at z = 0.

    As in `tanh_grad`, with the quotient in two parts: far out, exp turns the rounding of
    z / cap into many ulp. Edges: 0 at ±inf, NaN stays. Shapes, dtypes, bounds and errors as
    in `softcap`.

    >>> softcap_grad([-100.0, 1.0, 30.0]).round(4)
    array([0.0051, 0.9989, 0.42  ])
    """
    u, lost = quotient(np.minimum(np.abs(z), -FLOOR * cap), cap)
    e = np.exp(-2.0 * u) * (1.0 - 2.0 * lost)
    return 4.0 * e / (1.0 + e) ** 2


@elementwise(alpha=POSITIVE)
def dyt(z, *, alpha=0.5):
    """Return tanh(alpha * z), the curve of a dynamic tanh layer, which replaces normalisation.

    The layer learns `alpha`, one number, and then scales and shifts each feature, as a layer
    norm does; that affine part is left out here. `z`: real array-like, any shape,
    dimensionless; the result has its shape and floating dtype (integers become float64), in
    (-1, 1). `alpha`: positive; 0.5 is where its authors start. Edges: -1 at -inf, 1 at inf,
    NaN stays. Raises TypeError for anything but real numbers, ValueError for alpha <= 0.
    Source: Zhu et al. (2025).

    >>> dyt([-2.0, 0.0, 1.0]).round(4)
    array([-0.7616,  0.    ,  0.4621])
    """
    return np.tanh(alpha * np.clip(z, FLOOR / alpha, -FLOOR / alpha))


@elementwise(alpha=POSITIVE)
def dyt_grad(z, *, alpha=0.5):
    """Return the slope of `dyt` in z: alpha * (1 - tanh(alpha * z)^2), alpha at z = 0.

    As in `tanh_grad`, with the product in two parts: far out, exp turns the rounding of
    alpha * z into many ulp. Edges: 0 at ±inf, NaN stays. Shapes, dtypes, bounds and errors as
    in `dyt`.

    >>> dyt_grad([-2.0, 0.0, 1.0]).round(4)
    array([0.21  , 0.5   , 0.3932])
    """
    u, lost = scaled(alpha, np.abs(z))
    e = np.exp(-2.0 * u) * (1.0 - 2.0 * lost)
    return alpha * (4.0 * e / (1.0 + e) ** 2)


@elementwise()
def softsign(z):
    """Return z / (1 + |z|): levels off like 1/|z|, far more slowly than tanh.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64), in (-1, 1). Edges: -1 at -inf, 1 at inf, NaN stays.
    Raises TypeError for anything but real numbers. Source: Bergstra et al. (2009).

    >>> softsign([-3.0, 0.0, 1.0])
    array([-0.75,  0.  ,  0.5 ])
    """
    # Beyond 1e300 the quotient has long rounded to ±1, and inf / inf would be NaN.
    x = np.clip(z, -1e300, 1e300)
    return x / (1.0 + np.abs(x))


@elementwise()
def softsign_grad(z):
    """Return the slope of `softsign`: 1 / (1 + |z|)^2.

    Edges: 0 at ±inf, NaN stays. Shapes, dtypes and errors as in `softsign`.

    >>> softsign_grad([-3.0, 0.0, 1.0])
    array([0.0625, 1.    , 0.25  ])
    """
    # Divided before squared: (1 + |z|)^2 overflows long before its inverse is 0.
    return (1.0 / (1.0 + np.abs(z))) ** 2


RECORDS = (
    Activation(
        name="tanh",
        title="Tanh",
        kind="elementwise",
        value=tanh,
        grad=tanh_grad,
        formula=r"\tanh z",
        grad_formula=r"1 - \tanh^2 z",
        range=lambda: Interval(-1.0, 1.0),
        role="recurrent networks, older MLPs, outputs in (−1, 1)",
        notes="Zero-centred, but saturates on both sides.",
        loss="",
        source="lecun1998",
        torch=TorchNames("torch.tanh", "nn.Tanh"),
        limits=lambda: (-1.0, 1.0),
        grad_limits=lambda: (0.0, 0.0),
    ),
    Activation(
        name="hardtanh",
        title="Hard tanh",
        kind="elementwise",
        value=hardtanh,
        grad=hardtanh_grad,
        formula=r"\min(\max(\mathrm{low}, z), \mathrm{high})",
        grad_formula=r"1 \text{ if } \mathrm{low} < z < \mathrm{high} \text{ else } 0",
        range=lambda low=-1.0, high=1.0: Interval(low, high, "[]"),
        role="hidden layers where tanh is too expensive",
        notes="Exactly flat outside its interval, so no gradient passes there.",
        loss="",
        source="collobert2004",
        torch=TorchNames("F.hardtanh", "nn.Hardtanh"),
        torch_params={"low": "min_val", "high": "max_val"},
        joins=lambda low=-1.0, high=1.0: (low, high),
        limits=lambda low=-1.0, high=1.0: (low, high),
        grad_limits=lambda low=-1.0, high=1.0: (0.0, 0.0),
    ),
    Activation(
        name="hardsigmoid",
        title="Hard sigmoid",
        kind="elementwise",
        value=hardsigmoid,
        grad=hardsigmoid_grad,
        formula=r"\min(\max(0, z + 3), 6) / 6",
        grad_formula=r"\tfrac{1}{6} \text{ if } \lvert z \rvert < 3 \text{ else } 0",
        range=lambda: Interval(0.0, 1.0, "[]"),
        role="gates in networks designed for small devices",
        notes="Exactly flat beyond ±3.",
        loss="",
        source="howard2019",
        torch=TorchNames("F.hardsigmoid", "nn.Hardsigmoid"),
        joins=lambda: (-3.0, 3.0),
        limits=lambda: (0.0, 1.0),
        grad_limits=lambda: (0.0, 0.0),
    ),
    Activation(
        name="softcap",
        title="Soft cap",
        kind="elementwise",
        value=softcap,
        grad=softcap_grad,
        formula=r"c \tanh(z / c), \; c = \mathrm{cap}",
        grad_formula=r"1 - \tanh^2(z / c)",
        range=lambda cap=30.0: Interval(-cap, cap),
        role="keeping the logits of attention or of the output layer from growing",
        notes="A clip whose slope is 0 nowhere on paper; it keeps the order of the logits.",
        loss="",
        source="bello2016",
        limits=lambda cap=30.0: (-cap, cap),
        grad_limits=lambda cap=30.0: (0.0, 0.0),
    ),
    Activation(
        name="dyt",
        title="Dynamic tanh (DyT)",
        kind="elementwise",
        value=dyt,
        grad=dyt_grad,
        formula=r"\tanh(\alpha z)",
        grad_formula=r"\alpha\,(1 - \tanh^2(\alpha z))",
        range=lambda alpha=0.5: Interval(-1.0, 1.0),
        role="in place of the normalisation layers of a Transformer",
        notes="Its alpha is learned; a learned scale and shift of each feature follow.",
        loss="",
        source="zhu2025",
        limits=lambda alpha=0.5: (-1.0, 1.0),
        grad_limits=lambda alpha=0.5: (0.0, 0.0),
    ),
    Activation(
        name="softsign",
        title="Softsign",
        kind="elementwise",
        value=softsign,
        grad=softsign_grad,
        formula=r"\frac{z}{1 + \lvert z \rvert}",
        grad_formula=r"\frac{1}{(1 + \lvert z \rvert)^2}",
        range=lambda: Interval(-1.0, 1.0),
        role="rare: a tanh whose gradient fades more slowly",
        notes="Its slope falls like 1/z², not exponentially.",
        loss="",
        source="bergstra2009",
        torch=TorchNames("F.softsign", "nn.Softsign"),
        joins=lambda: (0.0,),
        limits=lambda: (-1.0, 1.0),
        grad_limits=lambda: (0.0, 0.0),
    ),
)
