"""The identity, ReLU and the functions that only change its left side."""

import functools
import math

import numpy as np

from .inputs import FLOOR, elementwise, keep_nan
from .record import POSITIVE, REAL, Activation, Interval, TorchNames
from .rounding import product, quotient

__all__ = [
    "celu",
    "celu_grad",
    "elu",
    "elu_grad",
    "identity",
    "identity_grad",
    "leaky_relu",
    "leaky_relu_grad",
    "prelu",
    "prelu_grad",
    "relu",
    "relu6",
    "relu6_grad",
    "relu_grad",
    "rrelu",
    "rrelu_grad",
    "selu",
    "selu_grad",
    "squared_relu",
    "squared_relu_grad",
    "threshold",
    "threshold_grad",
    "xielu",
    "xielu_grad",
]


# Klambauer et al. (2017), eq. 14: the pair that makes mean 0 and variance 1 a fixed point.
SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805

UNIT = Interval(0.0, 1.0, "[]")


@elementwise()
def identity(z):
    """Return a copy of `z`: the "activation" of a linear output layer.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64). Edges: ±inf and NaN stay. Raises TypeError for
    anything but real numbers. Source: none needed.

    >>> identity([-1, 2])
    array([-1.,  2.])
    """
    return z.copy()


@elementwise()
def identity_grad(z):
    """Return the slope of `identity`: 1 everywhere, NaN at NaN.

    Shapes, dtypes and errors as in `identity`.

    >>> identity_grad([-1, 2])
    array([1., 1.])
    """
    return keep_nan(z, np.ones_like(z))


@elementwise()
def relu(z):
    """Return max(0, z): keep what is positive, drop the rest.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64), in [0, inf). Edges: 0 at -inf, inf at inf, NaN stays.
    Raises TypeError for anything but real numbers. Source: Nair & Hinton (2010).

    >>> relu([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([0. , 0. , 0. , 0.5, 2. ])
    """
    return np.maximum(z, 0.0)


@elementwise()
def relu_grad(z):
    """Return the slope of `relu`: 1 where z > 0, else 0.

    At the kink z = 0 any value in [0, 1] is a subgradient; like PyTorch we choose 0.
    NaN stays. Shapes, dtypes and errors as in `relu`.

    >>> relu_grad([-2.0, 0.0, 2.0])
    array([0., 0., 1.])
    """
    return np.heaviside(z, 0.0)


def _two_slopes(z, alpha):
    # With alpha = 0 the product alpha * -inf would be NaN; the limit is 0.
    return np.where(z > 0, z, alpha * z) if alpha else np.maximum(z, 0.0)


@elementwise(alpha=UNIT)
def leaky_relu(z, *, alpha=0.01):
    """Return z where z > 0, else alpha * z: a ReLU that leaks a fixed small slope.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64). `alpha`: slope left of 0, in [0, 1], so that
    max(alpha * z, z) is the same function. Edges: -inf at -inf (0 if alpha is 0), inf at
    inf, NaN stays. Raises TypeError for anything but real numbers, ValueError for alpha
    outside its interval. Source: Maas et al. (2013).

    >>> leaky_relu([-2.0, -0.5, 0.0, 0.5, 2.0], alpha=0.01)
    array([-0.02 , -0.005,  0.   ,  0.5  ,  2.   ])
    """
    return _two_slopes(z, alpha)


@elementwise(alpha=UNIT)
def leaky_relu_grad(z, *, alpha=0.01):
    """Return the slope of `leaky_relu`: 1 where z > 0, else alpha (also at the kink 0).

    NaN stays. Shapes, dtypes, bounds and errors as in `leaky_relu`.

    >>> leaky_relu_grad([-2.0, 0.0, 2.0])
    array([0.01, 0.01, 1.  ])
    """
    return keep_nan(z, np.where(z > 0, 1.0, alpha))


@elementwise(alpha=REAL)
def prelu(z, *, alpha=0.25):
    """Return z where z > 0, else alpha * z, for a slope alpha that a network learns.

    As `leaky_relu`, but `alpha` may be any finite number, because training may move it
    anywhere; 0.25 is where He et al. start. Edges: the limit alpha * -inf at -inf (0 if
    alpha is 0), inf at inf, NaN stays. Raises TypeError for anything but real numbers,
    ValueError for an alpha that is not finite. Source: He et al. (2015).

    >>> prelu([-2.0, 2.0], alpha=-0.5)
    array([1., 2.])
    """
    return _two_slopes(z, alpha)


@elementwise(alpha=REAL)
def prelu_grad(z, *, alpha=0.25):
    """Return the slope of `prelu` in z: 1 where z > 0, else alpha (also at the kink 0).

    NaN stays. Shapes, dtypes, bounds and errors as in `prelu`.

    >>> prelu_grad([-2.0, 0.0, 2.0])
    array([0.25, 0.25, 1.  ])
    """
    return keep_nan(z, np.where(z > 0, 1.0, alpha))


@elementwise(lower=UNIT, upper=UNIT)
def rrelu(z, *, lower=1 / 8, upper=1 / 3):
    """Return z where z > 0, else z times the middle of [lower, upper]: RReLU at evaluation.

    In training the slope left of 0 is drawn anew from [lower, upper] for every number; at
    evaluation, which this is, the mean slope stands in. `z`: real array-like, any shape,
    dimensionless; the result has its shape and floating dtype (integers become float64).
    `lower`, `upper`: slopes in [0, 1]; only their sum counts here. Edges: -inf at -inf (0 if
    both are 0), inf at inf, NaN stays. Raises TypeError for anything but real numbers,
    ValueError for a slope outside its interval. Source: Xu et al. (2015).

    >>> rrelu([-48.0, 2.0])
    array([-11.,   2.])
    """
    return _two_slopes(z, (lower + upper) / 2.0)


@elementwise(lower=UNIT, upper=UNIT)
def rrelu_grad(z, *, lower=1 / 8, upper=1 / 3):
    """Return the slope of `rrelu`: 1 where z > 0, else (lower + upper) / 2 (also at 0).

    NaN stays. Shapes, dtypes, bounds and errors as in `rrelu`.

    >>> rrelu_grad([-2.0, 0.0, 2.0], lower=0.25, upper=0.75)
    array([0.5, 0.5, 1. ])
    """
    return keep_nan(z, np.where(z > 0, 1.0, (lower + upper) / 2.0))


@elementwise()
def squared_relu(z):
    """Return max(0, z)^2: its slope is continuous, its second derivative jumps at 0.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64), in [0, inf). Edges: 0 at -inf, inf at inf and where the
    square exceeds the dtype, NaN stays. Raises TypeError for anything but real numbers.
    Source: So et al. (2021).

    >>> squared_relu([-2.0, 0.5, 3.0])
    array([0.  , 0.25, 9.  ])
    """
    return np.maximum(z, 0.0) ** 2


@elementwise()
def squared_relu_grad(z):
    """Return the slope of `squared_relu`: 2 * max(0, z), continuous at 0.

    Edges: 0 at -inf, inf at inf, NaN stays. Shapes, dtypes and errors as in `squared_relu`.

    >>> squared_relu_grad([-2.0, 0.5, 3.0])
    array([0., 1., 6.])
    """
    return 2.0 * np.maximum(z, 0.0)


@elementwise(theta=REAL, below=REAL)
def threshold(z, *, theta=1.0, below=0.0):
    """Return z where z > theta, else the constant `below`.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64). `theta`, `below`: any finite numbers; unless they are
    equal the function jumps at theta. PyTorch has no defaults for them; ours are the
    thresholded ReLU's. Edges: `below` at -inf and at theta, inf at inf, NaN stays. Raises
    TypeError for anything but real numbers, ValueError for a parameter that is not finite.
    Source: Konda, Memisevic & Krueger (2014).

    >>> threshold([-2.0, 1.0, 1.5])
    array([0. , 0. , 1.5])
    """
    return np.where(z <= theta, below, z)  # asked so that NaN stays


@elementwise(theta=REAL, below=REAL)
def threshold_grad(z, *, theta=1.0, below=0.0):
    """Return the slope of `threshold`: 1 where z > theta, else 0 (also at theta).

    NaN stays. Shapes, dtypes, bounds and errors as in `threshold`.

    >>> threshold_grad([-2.0, 1.0, 1.5])
    array([0., 0., 1.])
    """
    return keep_nan(z, np.where(z > theta, 1.0, 0.0))


@elementwise()
def relu6(z):
    """Return min(max(0, z), 6): a ReLU that stops at 6.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64), in [0, 6]. Edges: 0 at -inf, 6 at inf, NaN stays.
    Raises TypeError for anything but real numbers. Source: Krizhevsky (2010).

    >>> relu6([-1.0, 3.0, 9.0])
    array([0., 3., 6.])
    """
    return np.clip(z, 0.0, 6.0)


@elementwise()
def relu6_grad(z):
    """Return the slope of `relu6`: 1 for 0 < z < 6, else 0 (also at both kinks).

    NaN stays. Shapes, dtypes and errors as in `relu6`.

    >>> relu6_grad([0.0, 3.0, 6.0])
    array([0., 1., 0.])
    """
    return keep_nan(z, np.where((z > 0) & (z < 6), 1.0, 0.0))


@elementwise(alpha=POSITIVE)
def elu(z, *, alpha=1.0):
    """Return z where z > 0, else alpha * (exp(z) - 1), which levels off at -alpha.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64), in (-alpha, inf). `alpha`: positive; at alpha = 1 the slope
    is continuous, and only the second derivative jumps at 0. Edges: -alpha at
    -inf, inf at inf, NaN stays. expm1 keeps the digits near 0, and its argument never
    exceeds 0, so nothing overflows. Raises TypeError for anything but real numbers,
    ValueError for alpha <= 0. Source: Clevert et al. (2016).

    >>> elu([-1.0, 0.0, 1.0]).round(4)
    array([-0.6321,  0.    ,  1.    ])
    """
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0.0)))


@elementwise(alpha=POSITIVE)
def elu_grad(z, *, alpha=1.0):
    """Return the slope of `elu`: 1 where z > 0, else alpha * exp(z), alpha at z = 0.

    NaN stays; 0 at -inf. Shapes, dtypes, bounds and errors as in `elu`.

    >>> elu_grad([-1.0, 0.0, 1.0]).round(4)
    array([0.3679, 1.    , 1.    ])
    """
    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0.0)))


@elementwise()
def selu(z):
    """Return the ELU scaled so that mean 0 and variance 1 reproduce themselves.

    scale * z where z > 0, else scale * alpha * (exp(z) - 1), with the paper's constants
    scale = 1.0507 and alpha = 1.6733. `z`: real array-like, any shape, dimensionless; the
    result has its shape and floating dtype (integers become float64), above -1.7581.
    Edges: -1.7581 at -inf, inf at inf, NaN stays. Raises TypeError for anything but real
    numbers. Source: Klambauer et al. (2017).

    >>> selu([-1.0, 0.0, 1.0]).round(4)
    array([-1.1113,  0.    ,  1.0507])
    """
    return SELU_SCALE * np.where(z > 0, z, SELU_ALPHA * np.expm1(np.minimum(z, 0.0)))


@elementwise()
def selu_grad(z):
    """Return the slope of `selu`: 1.0507 where z > 0, else 1.7581 * exp(z), 1.7581 at 0.

    NaN stays; 0 at -inf. Shapes, dtypes and errors as in `selu`.

    >>> selu_grad([-1.0, 0.0, 1.0]).round(4)
    array([0.6468, 1.7581, 1.0507])
    """
    return SELU_SCALE * np.where(z > 0, 1.0, SELU_ALPHA * np.exp(np.minimum(z, 0.0)))


@elementwise(alpha=POSITIVE)
def celu(z, *, alpha=1.0):
    """Return z where z > 0, else alpha * (exp(z / alpha) - 1): an ELU with slope 1 at 0.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64), in (-alpha, inf). `alpha`: positive. Edges: -alpha at
    -inf, inf at inf, NaN stays. Raises TypeError for anything but real numbers,
    ValueError for alpha <= 0. Source: Barron (2017).

    >>> celu([-1.0, 0.0, 1.0], alpha=2.0).round(4)
    array([-0.7869,  0.    ,  1.    ])
    """
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0.0) / alpha))


@elementwise(alpha=POSITIVE)
def celu_grad(z, *, alpha=1.0):
    """Return the slope of `celu`: 1 where z > 0, else exp(z / alpha).

    NaN stays; 0 at -inf. Shapes, dtypes, bounds and errors as in `celu`.

    >>> celu_grad([-1.0, 0.0, 1.0], alpha=2.0).round(4)
    array([0.6065, 1.    , 1.    ])
    """
    u, lost = quotient(np.clip(z, FLOOR * alpha, 0.0), alpha)
    return np.where(z > 0, 1.0, np.exp(u) * (1.0 + lost))


# The slope of xIELU at 0, and the least alpha_n, as its authors have fixed them.
MIDDLE = 0.5
ABOVE_MIDDLE = Interval(MIDDLE, math.inf)


@elementwise(alpha_p=POSITIVE, alpha_n=ABOVE_MIDDLE)
def xielu(z, *, alpha_p=0.8, alpha_n=0.8):
    """Return alpha_p z^2 + z / 2 where z > 0, else alpha_n (exp(z) - 1 - z) + z / 2.

    The integral of an ELU-like slope. `z`: real array-like, any shape, dimensionless; the
    result has its shape and floating dtype (integers become float64). `alpha_p`: positive,
    `alpha_n`: above 1/2; a network learns both, from 0.8. Left of 0 it falls, and then rises
    like (alpha_n - 1/2) |z|. Edges: inf at ±inf and where the square exceeds the dtype, NaN
    stays. Raises TypeError for anything but real numbers, ValueError for a parameter outside
    its interval. Source: Huang & Schlag (2024).

    >>> xielu([-1.0, 0.0, 1.0]).round(4)
    array([-0.2057,  0.    ,  1.3   ])
    """
    left, right = np.minimum(z, 0.0), np.maximum(z, 0.0)
    # Where the curve crosses 0 only the rounding of expm1 remains; far out it is straight.
    x = np.maximum(left, -50.0)
    m = np.expm1(x)
    bend = m - x
    back = bend + x  # Knuth's two-sum: what rounding took from this difference
    bend_lost = (m - back) - (x - (back - bend))
    p, lost = product(alpha_n, bend)
    below = (p + MIDDLE * x) + (lost + alpha_n * bend_lost) + (MIDDLE - alpha_n) * (left - x)
    return np.where(z > 0, right * (alpha_p * right + MIDDLE), below)


@elementwise(alpha_p=POSITIVE, alpha_n=ABOVE_MIDDLE)
def xielu_grad(z, *, alpha_p=0.8, alpha_n=0.8):
    """Return the slope of `xielu`: 2 alpha_p z + 1/2 where z > 0, else alpha_n (exp(z) - 1) + 1/2.

    Continuous at 0. Left of it the sum would lose its digits around its zero r; with u = z - r
    it is (alpha_n - 1/2) (exp(u) - 1). Edges: 1/2 - alpha_n at -inf, inf at inf, NaN stays.
    Shapes, dtypes, bounds and errors as in `xielu`.

    >>> xielu_grad([-1.0, 0.0, 1.0]).round(4)
    array([-0.0057,  0.5   ,  2.1   ])
    """
    root, rest = _xielu_root(alpha_n)
    below = (alpha_n - MIDDLE) * np.expm1((np.minimum(z, 0.0) - root) - rest)
    return np.where(z > 0, 2.0 * alpha_p * np.maximum(z, 0.0) + MIDDLE, below)


@functools.lru_cache
def _xielu_root(alpha_n):
    """Return where the slope of `xielu` is 0, and what float64 leaves of that number."""
    import decimal  # which no start of Python in the page should wait for

    with decimal.localcontext(prec=50):
        root = (1 - decimal.Decimal(MIDDLE) / decimal.Decimal(float(alpha_n))).ln()
        return float(root), float(root - decimal.Decimal(float(root)))


def _xielu_range(alpha_n):
    root, _ = _xielu_root(alpha_n)
    return Interval(-MIDDLE + (MIDDLE - alpha_n) * root, math.inf, "[)")


def _left_limit(alpha):
    return -math.copysign(math.inf, alpha) if alpha else 0.0


def _threshold_range(theta=1.0, below=0.0):
    if below <= theta:
        return Interval(below, math.inf, "[)")
    return Interval(theta, math.inf)


def _leaky_range(alpha):
    return REAL if alpha > 0 else Interval(0.0, math.inf, "[)")


RECORDS = (
    Activation(
        name="identity",
        title="Identity",
        kind="elementwise",
        value=identity,
        grad=identity_grad,
        formula="z",
        grad_formula="1",
        range=lambda: REAL,
        role="output layer of a regression",
        notes="No nonlinearity: layers joined by it collapse into one.",
        loss="mean squared error",
        source="bishop2006",
        torch=TorchNames(None, "nn.Identity"),
        limits=lambda: (-math.inf, math.inf),
        grad_limits=lambda: (1.0, 1.0),
    ),
    Activation(
        name="relu",
        title="ReLU",
        kind="elementwise",
        value=relu,
        grad=relu_grad,
        formula=r"\max(0, z)",
        grad_formula=r"1 \text{ if } z > 0 \text{ else } 0",
        range=lambda: Interval(0.0, math.inf, "[)"),
        role="hidden layers of MLPs and CNNs; the default to try first",
        notes="A unit whose pre-activation is negative for every input gets no gradient.",
        loss="",
        source="nair2010",
        torch=TorchNames("F.relu", "nn.ReLU"),
        joins=lambda: (0.0,),
        limits=lambda: (0.0, math.inf),
        grad_limits=lambda: (0.0, 1.0),
    ),
    Activation(
        name="leaky_relu",
        title="Leaky ReLU",
        kind="elementwise",
        value=leaky_relu,
        grad=leaky_relu_grad,
        formula=r"z \text{ if } z > 0 \text{ else } \alpha z",
        grad_formula=r"1 \text{ if } z > 0 \text{ else } \alpha",
        range=lambda alpha=0.01: _leaky_range(alpha),
        role="hidden layers where ReLU units die",
        notes="Libraries disagree on the default slope; PyTorch's is 0.01.",
        loss="",
        source="maas2013",
        torch=TorchNames("F.leaky_relu", "nn.LeakyReLU"),
        torch_params={"alpha": "negative_slope"},
        joins=lambda alpha=0.01: (0.0,),
        limits=lambda alpha=0.01: (_left_limit(alpha), math.inf),
        grad_limits=lambda alpha=0.01: (alpha, 1.0),
    ),
    Activation(
        name="prelu",
        title="PReLU",
        kind="elementwise",
        value=prelu,
        grad=prelu_grad,
        formula=r"z \text{ if } z > 0 \text{ else } \alpha z",
        grad_formula=r"1 \text{ if } z > 0 \text{ else } \alpha",
        range=lambda alpha=0.25: _leaky_range(alpha),
        role="hidden layers of CNNs, with a learned slope",
        notes="It has state, a learned slope, so PyTorch code needs the module.",
        loss="",
        source="he2015",
        torch=TorchNames("F.prelu", "nn.PReLU"),
        torch_params={"alpha": "init"},
        joins=lambda alpha=0.25: (0.0,),
        limits=lambda alpha=0.25: (_left_limit(alpha), math.inf),
        grad_limits=lambda alpha=0.25: (alpha, 1.0),
    ),
    Activation(
        name="rrelu",
        title="RReLU",
        kind="elementwise",
        value=rrelu,
        grad=rrelu_grad,
        formula=r"z \text{ if } z > 0 \text{ else } \tfrac{\mathrm{lower} + \mathrm{upper}}{2}\,z",
        grad_formula=(
            r"1 \text{ if } z > 0 \text{ else } \tfrac{\mathrm{lower} + \mathrm{upper}}{2}"
        ),
        range=lambda lower=1 / 8, upper=1 / 3: _leaky_range(lower + upper),
        role="hidden layers of CNNs trained on little data",
        notes="Shown as in evaluation; in training each slope is drawn from [lower, upper].",
        loss="",
        source="xu2015",
        torch=TorchNames("F.rrelu", "nn.RReLU"),
        torch_params={"lower": "lower", "upper": "upper"},
        joins=lambda lower=1 / 8, upper=1 / 3: (0.0,),
        limits=lambda lower=1 / 8, upper=1 / 3: (_left_limit(lower + upper), math.inf),
        grad_limits=lambda lower=1 / 8, upper=1 / 3: ((lower + upper) / 2.0, 1.0),
    ),
    Activation(
        name="relu6",
        title="ReLU6",
        kind="elementwise",
        value=relu6,
        grad=relu6_grad,
        formula=r"\min(\max(0, z), 6)",
        grad_formula=r"1 \text{ if } 0 < z < 6 \text{ else } 0",
        range=lambda: Interval(0.0, 6.0, "[]"),
        role="hidden layers of networks designed for low-precision arithmetic",
        notes="The cap limits the numbers that a fixed-point format must represent.",
        loss="",
        source="krizhevsky2010",
        torch=TorchNames("F.relu6", "nn.ReLU6"),
        joins=lambda: (0.0, 6.0),
        limits=lambda: (0.0, 6.0),
        grad_limits=lambda: (0.0, 0.0),
    ),
    Activation(
        name="elu",
        title="ELU",
        kind="elementwise",
        value=elu,
        grad=elu_grad,
        formula=r"z \text{ if } z > 0 \text{ else } \alpha\,(e^{z} - 1)",
        grad_formula=r"1 \text{ if } z > 0 \text{ else } \alpha\,e^{z}",
        range=lambda alpha=1.0: Interval(-alpha, math.inf),
        role="hidden layers whose mean should be nearer to 0",
        notes="Its slope is continuous only for alpha = 1; the left side saturates at −alpha.",
        loss="",
        source="clevert2016",
        torch=TorchNames("F.elu", "nn.ELU"),
        torch_params={"alpha": "alpha"},
        joins=lambda alpha=1.0: (0.0,),
        limits=lambda alpha=1.0: (-alpha, math.inf),
        grad_limits=lambda alpha=1.0: (0.0, 1.0),
    ),
    Activation(
        name="selu",
        title="SELU",
        kind="elementwise",
        value=selu,
        grad=selu_grad,
        formula=r"\lambda z \text{ if } z > 0 \text{ else } \lambda\alpha\,(e^{z} - 1)",
        grad_formula=r"\lambda \text{ if } z > 0 \text{ else } \lambda\alpha\,e^{z}",
        range=lambda: Interval(-SELU_SCALE * SELU_ALPHA, math.inf),
        role="deep MLPs without normalisation layers",
        notes="λ = 1.0507, α = 1.6733; needs LeCun normal weights and standardised inputs.",
        loss="",
        source="klambauer2017",
        torch=TorchNames("F.selu", "nn.SELU"),
        joins=lambda: (0.0,),
        limits=lambda: (-SELU_SCALE * SELU_ALPHA, math.inf),
        grad_limits=lambda: (0.0, SELU_SCALE),
    ),
    Activation(
        name="celu",
        title="CELU",
        kind="elementwise",
        value=celu,
        grad=celu_grad,
        formula=r"z \text{ if } z > 0 \text{ else } \alpha\,(e^{z/\alpha} - 1)",
        grad_formula=r"1 \text{ if } z > 0 \text{ else } e^{z/\alpha}",
        range=lambda alpha=1.0: Interval(-alpha, math.inf),
        role="hidden layers; an ELU whose slope is continuous for every alpha",
        notes="Equal to ELU at alpha = 1.",
        loss="",
        source="barron2017",
        torch=TorchNames("F.celu", "nn.CELU"),
        torch_params={"alpha": "alpha"},
        joins=lambda alpha=1.0: (0.0,),
        limits=lambda alpha=1.0: (-alpha, math.inf),
        grad_limits=lambda alpha=1.0: (0.0, 1.0),
    ),
    Activation(
        name="squared_relu",
        title="Squared ReLU",
        kind="elementwise",
        value=squared_relu,
        grad=squared_relu_grad,
        formula=r"\max(0, z)^2",
        grad_formula=r"2\max(0, z)",
        range=lambda: Interval(0.0, math.inf, "[)"),
        role="feed-forward layers of some language models",
        notes="Its slope does not jump at 0, but grows without bound.",
        loss="",
        source="so2021",
        joins=lambda: (0.0,),
        limits=lambda: (0.0, math.inf),
        grad_limits=lambda: (0.0, math.inf),
    ),
    Activation(
        name="threshold",
        title="Threshold",
        kind="elementwise",
        value=threshold,
        grad=threshold_grad,
        formula=r"z \text{ if } z > \theta \text{ else } \mathrm{below}",
        grad_formula=r"1 \text{ if } z > \theta \text{ else } 0",
        range=_threshold_range,
        role="autoencoders without biases; ReLU is theta = 0, below = 0",
        notes="It jumps at θ, unless below equals θ.",
        loss="",
        source="konda2014",
        torch=TorchNames("F.threshold", "nn.Threshold"),
        torch_params={"theta": "threshold", "below": "value"},
        joins=lambda theta=1.0, below=0.0: (theta,),
        limits=lambda theta=1.0, below=0.0: (below, math.inf),
        grad_limits=lambda theta=1.0, below=0.0: (0.0, 1.0),
    ),
    Activation(
        name="xielu",
        title="xIELU",
        kind="elementwise",
        value=xielu,
        grad=xielu_grad,
        formula=(
            r"\alpha_p z^2 + \tfrac{z}{2} \text{ if } z > 0 \text{ else }"
            r" \alpha_n (e^{z} - 1 - z) + \tfrac{z}{2}"
        ),
        grad_formula=(
            r"2 \alpha_p z + \tfrac{1}{2} \text{ if } z > 0 \text{ else }"
            r" \alpha_n (e^{z} - 1) + \tfrac{1}{2}"
        ),
        range=lambda alpha_p=0.8, alpha_n=0.8: _xielu_range(alpha_n),
        role="feed-forward layers of language models without a gate, such as Apertus",
        notes="Both alphas are learned, one pair a layer; the slope is negative far to the left.",
        loss="",
        source="huang2024",
        joins=lambda alpha_p=0.8, alpha_n=0.8: (0.0,),
        limits=lambda alpha_p=0.8, alpha_n=0.8: (math.inf, math.inf),
        grad_limits=lambda alpha_p=0.8, alpha_n=0.8: (MIDDLE - alpha_n, math.inf),
    ),
)
