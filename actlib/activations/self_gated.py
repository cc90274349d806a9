"""Functions of the form z times a gate: GELU, SiLU and their relatives."""

import math

import numpy as np

from .inputs import FLOOR, elementwise
from .logistic import scaled
from .record import POSITIVE, Activation, Interval, TorchNames
from .rounding import product

__all__ = [
    "gelu",
    "gelu_grad",
    "gelu_tanh",
    "gelu_tanh_grad",
    "hardswish",
    "hardswish_grad",
    "mish",
    "mish_grad",
    "quick_gelu",
    "quick_gelu_grad",
    "silu",
    "silu_grad",
    "swish",
    "swish_grad",
]


def _normal(a):
    """Return f, g, h, q with Phi(-a) = f * h^2 * q and exp(-a^2 / 2) = g * h^2, for a >= 0.

    Phi is the normal distribution. f is g, and q is erfcx(x) / 2 = exp(x^2) erfc(x) / 2 at
    x = a / sqrt(2); up to 1 f is 1 and q is ndtr, Phi itself, which is more exact there. Far out
    a^2 is hundreds, and exp turns its rounding into as many ulp: exp gets the square of 24
    bits, which is exact, and the small rest goes by a series. There are factors because their
    product may be smaller than every number where a multiple of it is not; h is 1 down to e^-500.
    """
    # Imported here, so that whoever needs no GELU need not wait for SciPy, or have it.
    from scipy.special import erfcx, ndtr

    # Beyond 70 h is 0 in float64, the only dtype that SciPy's functions know here.
    a = np.minimum(a, 70.0).astype(np.float64, copy=False)
    high = a.astype(np.float32).astype(np.float64)
    half = high * high / 2.0
    r = (high - a) * (high + a) / 2.0
    k = r * (1.0 + r * (0.5 + r / 6.0))  # exp(r) - 1
    g, h = np.exp(-np.minimum(half, 500.0)), np.exp(np.minimum(500.0 - half, 0.0) / 2.0)
    g = g + g * k
    near = a < 1.0
    far = erfcx(np.maximum(a, 1.0) / math.sqrt(2.0)) / 2.0
    return np.maximum(g, near), g, h, np.where(near, ndtr(-np.minimum(a, 1.0)), far)


@elementwise()
def gelu(z):
    """Return z * Phi(z), with Phi the standard normal distribution function.

    The exact ("erf") form, PyTorch's default, computed as max(0, z) - |z| * Phi(-|z|). `z`:
    real array-like, any shape, dimensionless; the result has its shape and floating dtype
    (integers become float64), at least -0.16998 (at z = -0.7518). Edges: 0 at -inf, inf at
    inf, NaN stays. Raises TypeError for anything but real numbers. Source: Hendrycks &
    Gimpel (2016).

    >>> gelu([-1.0, 0.0, 1.0]).round(4)
    array([-0.1587,  0.    ,  0.8413])
    """
    a = np.minimum(np.abs(z), -FLOOR)
    f, _, h, q = _normal(a)
    return np.maximum(z, 0.0) - a * q * f * h * h


@elementwise()
def gelu_grad(z):
    """Return the slope of `gelu`: Phi(z) + z * phi(z), phi the standard normal density.

    Zero at z = -0.7518, above 1 for z > 0.84. Edges: 0 at -inf, 1 at inf, NaN stays.
    Shapes, dtypes and errors as in `gelu`.

    >>> gelu_grad([-1.0, 0.0, 1.0]).round(4)
    array([-0.0833,  0.5   ,  1.0833])
    """
    slope, h = gelu_slope(z)
    return slope * h * h


def gelu_slope(z):
    """Return s and h with s * h^2 the slope of `gelu`, which may be too small for a number."""
    a = np.minimum(np.abs(z), -FLOOR)
    f, g, h, q = _normal(a)
    left = q * f - a * g / math.sqrt(2.0 * math.pi)
    return np.where(z < 0, left, 1.0 - left * h * h), np.maximum(h, z >= 0)


def times_gelu(a, z):
    """Return a * gelu(z), also where gelu(z) is too small for a number and the product is not."""
    f, _, h, q = _normal(np.minimum(np.abs(z), -FLOOR))
    gate, right = np.where(z < 0, q, 1.0 - q * f * h * h), z >= 0
    return _times(a, np.maximum(z, FLOOR), gate, np.maximum(f, right), np.maximum(h, right))


def _times(a, z, gate, g, h):
    """Return a * z * gate * g * h^2, where z * g is at most about 1 in size left of 0.

    gate is 1/2 to 1 right of 0, g and h are 1. A large a is halved for a while, because a * z
    may overflow where half of it would not; a small one is not, because it would lose a digit.
    """
    half = 0.5 + 0.5 * (np.abs(a) <= 1.0)
    return (a * half) * (z * g) * (gate / half) * h * h


def _gate(u, lost=0.0):
    """Return h, q and e with sigmoid(u + lost) = h * q * h, for a `lost` that is next to nothing.

    e is exp(-|u| / 2), h is e left of 0, else 1, and q is 1 / (1 + e^2). A caller multiplies
    by one h, then by the other: left of -708 the sigmoid is subnormal, and z times it need
    not be.
    """
    e = np.exp(-np.abs(u) / 2.0)
    e = e + e * (lost / 2.0)  # right of 0 its sign is wrong, where it moves no digit
    h = np.maximum(e, u >= 0)  # np.where, which branches, takes three times as long
    return h, 1.0 / (1.0 + e * e), e


# sqrt(8 / pi) as a sum: the nearest float64 and what it lacks.
SCALE, SCALE_LOST = 1.5957691216057308, -9.96930880911092e-17


def _tanh_gate(x):
    """Return u, what rounding took from u, and du/dz: the tanh form is z * sigmoid(u)."""
    square, square_lost = product(x, x)
    bend, bend_lost = product(0.044715, square)
    inner = 1.0 + bend
    back = inner - bend  # Knuth's two-sum: what rounding took from this sum
    inner_lost = (1.0 - back) + (bend - (inner - back)) + bend_lost + 0.044715 * square_lost
    y, y_lost = product(SCALE, x)
    u, u_lost = product(y, inner)
    lost = u_lost + (y_lost + SCALE_LOST * x) * inner + y * inner_lost
    return u, lost, SCALE * (1.0 + 3.0 * bend)


@elementwise()
def gelu_tanh(z):
    """Return the tanh form of the GELU: z/2 * (1 + tanh(sqrt(2/pi) * (z + 0.044715 z^3))).

    Written with a sigmoid, because 1 + tanh loses all digits left of -9. `z`: real
    array-like, any shape, dimensionless; the result has its shape and floating dtype
    (integers become float64). It is within 4.8e-4 of `gelu`. Edges: 0 at -inf, inf at
    inf, NaN stays. Raises TypeError for anything but real numbers. Source: Hendrycks &
    Gimpel (2016).

    >>> gelu_tanh([-1.0, 0.0, 1.0]).round(4)
    array([-0.1588,  0.    ,  0.8412])
    """
    u, lost, _ = _tanh_gate(np.clip(z, FLOOR, -FLOOR))
    h, q, _ = _gate(u, lost)
    return np.maximum(z, FLOOR) * h * q * h


@elementwise()
def gelu_tanh_grad(z):
    """Return the slope of `gelu_tanh`, by the product rule.

    Edges: 0 at -inf, 1 at inf, NaN stays. Shapes, dtypes and errors as in `gelu_tanh`.

    >>> gelu_tanh_grad([-1.0, 0.0, 1.0]).round(4)
    array([-0.083,  0.5  ,  1.083])
    """
    x = np.clip(z, FLOOR, -FLOOR)
    u, lost, slope = _tanh_gate(x)
    h, q, e = _gate(u, lost)
    rest = np.maximum(e, u < 0) ** 2 * q
    return (1.0 + x * slope * rest) * h * q * h


# Where the slopes of SiLU and Mish are 0, and what float64 leaves of these numbers.
SILU_ROOT, SILU_ROOT_REST = -1.2784645427610737, -1.0946994183093437e-16
MISH_ROOT, MISH_ROOT_REST = -1.1924312145154952, -4.8484829848031044e-17


@elementwise()
def silu(z):
    """Return z * sigmoid(z): the swish with beta = 1.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64), at least -0.27847 (at z = -1.2785). Edges: 0 at -inf,
    inf at inf, NaN stays. Raises TypeError for anything but real numbers. Source:
    Elfwing et al. (2018).

    >>> silu([-1.0, 0.0, 1.0]).round(4)
    array([-0.2689,  0.    ,  0.7311])
    """
    h, q, _ = _gate(z)
    return np.maximum(z, FLOOR) * h * q * h


@elementwise()
def silu_grad(z):
    """Return the slope of `silu`: s(z) * (1 + z * s(-z)), s the sigmoid.

    Zero at r = -1.2785, above 1 for z > 1.2785. Left of 0 the bracket would lose its digits
    around r; with u = z - r and exp(r) = -1 - r it is s(-z) * (u + exp(r) * (exp(u) - 1)),
    where both terms have one sign. Edges: 0 at -inf, 1 at inf, NaN stays.
    Shapes, dtypes and errors as in `silu`.

    >>> silu_grad([-1.0, 0.0, 1.0]).round(4)
    array([0.0723, 0.5   , 0.9277])
    """
    return _silu_slope(np.clip(z, FLOOR, -FLOOR))


def _silu_slope(x, lost=0.0):
    h, q, e = _gate(x, lost)
    return _silu_bracket(x, q, e * e, lost) * h * q * h


def _silu_bracket(x, q, p, lost=0.0):
    """Return 1 + x * s(-x), s the sigmoid, for p = exp(-|x|) and q = 1 / (1 + p)."""
    u = (x - SILU_ROOT) - (SILU_ROOT_REST - lost)
    left = q * (u - (1.0 + SILU_ROOT) * np.expm1(np.minimum(u, 2.0)))
    # Written around the root where the sum cancels; elsewhere the sum itself is more exact.
    return np.where(x < -0.5, left, 1.0 + x * (np.maximum(p, x < 0) * q))


def _far_gate(z):
    """Return g, h, q and p with sigmoid(z) = g * h^2 * q; p is exp(-|z|), q is 1 / (1 + p).

    Right of 0 g and h are 1. h is 1 down to -500: one exp costs fewer digits than two.
    """
    size = np.abs(z)
    p, h = np.exp(-np.minimum(size, 500.0)), np.exp(np.minimum(500.0 - size, 0.0) / 2.0)
    right = z >= 0
    return np.maximum(p, right), np.maximum(h, right), 1.0 / (1.0 + p), p


def times_silu(a, z):
    """Return a * silu(z), also where silu(z) is too small for a number and the product is not."""
    g, h, q, _ = _far_gate(z)
    return _times(a, np.maximum(z, FLOOR), q, g, h)


def times_silu_slope(a, z):
    """Return a times the slope of silu at z, also where that is too small for a number."""
    x = np.clip(z, FLOOR, -FLOOR)
    g, h, q, p = _far_gate(x)
    return a * (_silu_bracket(x, q, p) * q * g) * h * h


def times_sigmoid(a, z):
    """Return a * sigmoid(z), also where sigmoid(z) is too small for a number."""
    h, q, _ = _gate(z)
    return a * h * q * h


def times_sigmoid_slope(a, z):
    """Return a times the slope of sigmoid at z, also where that is too small for a number."""
    _, q, e = _gate(z)
    return a * (e * q * q) * e


@elementwise(beta=POSITIVE)
def swish(z, *, beta=1.0):
    """Return z * sigmoid(beta * z).

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64). `beta`: positive; small beta gives z / 2, large beta
    the ReLU. Edges: 0 at -inf, inf at inf, NaN stays. Raises TypeError for anything but
    real numbers, ValueError for beta <= 0. Source: Ramachandran et al. (2017).

    >>> swish([-1.0, 0.0, 1.0], beta=2.0).round(4)
    array([-0.1192,  0.    ,  0.8808])
    """
    h, q, _ = _gate(*scaled(beta, z))
    return np.maximum(z, FLOOR / beta) * h * q * h


@elementwise(beta=POSITIVE)
def swish_grad(z, *, beta=1.0):
    """Return the slope of `swish` in z: s(u) * (1 + u * s(-u)) with u = beta * z.

    Edges: 0 at -inf, 1 at inf, NaN stays. Shapes, dtypes, bounds and errors as in `swish`.

    >>> swish_grad([-1.0, 0.0, 1.0], beta=2.0).round(4)
    array([-0.0908,  0.5   ,  1.0908])
    """
    return _silu_slope(*scaled(beta, z))


# What Hendrycks & Gimpel give: the logistic function at 1.702 z is near the normal one at z.
QUICK = 1.702


@elementwise()
def quick_gelu(z):
    """Return z * sigmoid(1.702 z), a rough GELU: the swish with beta = 1.702.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64), at least -0.16361 (at z = -0.7512). It is within 0.0204 of
    `gelu`. Edges: 0 at -inf, inf at inf, NaN stays. Raises TypeError for anything but real
    numbers. Source: Hendrycks & Gimpel (2016).

    >>> quick_gelu([-1.0, 0.0, 1.0]).round(4)
    array([-0.1542,  0.    ,  0.8458])
    """
    h, q, _ = _gate(*scaled(QUICK, z))
    return np.maximum(z, FLOOR) * h * q * h


@elementwise()
def quick_gelu_grad(z):
    """Return the slope of `quick_gelu`: s(u) * (1 + u * s(-u)) with u = 1.702 z.

    Edges: 0 at -inf, 1 at inf, NaN stays. Shapes, dtypes and errors as in `quick_gelu`.

    >>> quick_gelu_grad([-1.0, 0.0, 1.0]).round(4)
    array([-0.0678,  0.5   ,  1.0678])
    """
    return _silu_slope(*scaled(QUICK, z))


def times_quick_gelu(a, z):
    """Return a * quick_gelu(z), also where quick_gelu(z) is too small for a number."""
    _, _, g, h, q, _ = _far_quick_gate(z)
    return _times(a, np.maximum(z, FLOOR), q, g, h)


def times_quick_gelu_slope(a, z):
    """Return a times the slope of quick_gelu at z, also where that is too small for a number."""
    u, lost, g, h, q, p = _far_quick_gate(z)
    return a * (_silu_bracket(u, q, p, lost) * q * g) * h * h


def _far_quick_gate(z):
    """Return u = 1.702 z, what rounding took from it, and the parts of `_far_gate` for both."""
    u, lost = scaled(QUICK, z)
    g, h, q, p = _far_gate(u)
    return u, lost, g + g * np.where(u < 0, lost, 0.0), h, q, p


def _mish_terms(z):
    # As in _gate: exp(z) = h * h / q, because p = h * h is subnormal left of -708.
    h, q = np.exp(np.minimum(z, 0.0) / 2.0), np.exp(-np.maximum(z, 0.0))
    p = h * h
    return h, p, q, p * (p + 2.0 * q)


@elementwise()
def mish(z):
    """Return z * tanh(softplus(z)).

    With exp(z) = p / q the tanh is n / (n + 2q^2), n = p * (p + 2q): no overflow and no
    cancellation. `z`: real array-like, any shape, dimensionless; the result has its shape
    and floating dtype (integers become float64), at least -0.30884 (at z = -1.1924).
    Edges: 0 at -inf, inf at inf, NaN stays. Raises TypeError for anything but real
    numbers. Source: Misra (2020).

    >>> mish([-1.0, 0.0, 1.0]).round(4)
    array([-0.3034,  0.    ,  0.8651])
    """
    h, p, q, n = _mish_terms(z)
    return np.maximum(z, FLOOR) * h * ((p + 2.0 * q) / (n + 2.0 * q * q)) * h


# In mish_grad what multiplies m, as a polynomial in m: with w = exp(r), 4w^2 + 3w^3 and w^3 follow
# w (4r + 6) + 8w^2 + 3w^3.
MISH_REST = (1.194033938963939, 0.4522603229111282, 0.027951242009170138)


@elementwise()
def mish_grad(z):
    """Return the slope of `mish`: e * n / (e^2 + 2e + 2)^2, with e = exp(z).

    n = 4(z + 1) + e * (4z + 6 + e * (4 + e)). Left of 0 that sum would lose its digits around
    its zero r = -1.1924; with u = z - r and m = exp(u) - 1 it is 4u * (1 + e) plus a multiple
    of m, two terms of one sign. Edges: 0 at -inf, 1 at inf, NaN stays. Shapes, dtypes and
    errors as in `mish`.

    >>> mish_grad([-1.0, 0.0, 1.0]).round(4)
    array([0.0592, 0.6   , 1.049 ])
    """
    x = np.clip(z, FLOOR, 40.0)  # right of 40 the slope is 1
    h = np.exp(x / 2.0)
    e = h * h
    u = (x - MISH_ROOT) - MISH_ROOT_REST
    m = np.expm1(np.minimum(u, 2.0))
    left = 4.0 * u * (1.0 + e) + m * (MISH_REST[0] + m * (MISH_REST[1] + m * MISH_REST[2]))
    n = np.where(x < 0, left, 4.0 * (x + 1.0) + e * (4.0 * x + 6.0 + e * (4.0 + e)))
    d = 2.0 + e * (2.0 + e)
    # As in _gate: multiplied by one h, then by the other, because e may be subnormal.
    return n / (d * d) * h * h


@elementwise()
def hardswish(z):
    """Return z * hardsigmoid(z): a swish of straight and parabolic pieces.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64), at least -0.375 (at z = -1.5). Edges: 0 at -inf, inf
    at inf, NaN stays. Raises TypeError for anything but real numbers. Source: Howard et
    al. (2019).

    >>> hardswish([-1.5, 0.0, 4.0])
    array([-0.375,  0.   ,  4.   ])
    """
    return np.maximum(z, -3.0) * (np.clip(z + 3.0, 0.0, 6.0) / 6.0)


@elementwise()
def hardswish_grad(z):
    """Return the slope of `hardswish`: 0 up to -3, 1 from 3 on, (2z + 3) / 6 between.

    At the kinks the outer pieces' slopes are chosen, as PyTorch does. NaN stays. Shapes,
    dtypes and errors as in `hardswish`.

    >>> hardswish_grad([-3.0, -1.5, 0.0, 3.0])
    array([0. , 0. , 0.5, 1. ])
    """
    inside = (2.0 * np.clip(z, -3.0, 3.0) + 3.0) / 6.0
    return np.where(z <= -3.0, 0.0, np.where(z >= 3.0, 1.0, inside))


RECORDS = (
    Activation(
        name="gelu",
        title="GELU",
        kind="elementwise",
        value=gelu,
        grad=gelu_grad,
        formula=r"z\,\Phi(z)",
        grad_formula=r"\Phi(z) + z\,\varphi(z)",
        range=lambda: Interval(-0.16997120747990369, math.inf, "[)"),
        role="hidden layers of Transformers",
        notes="Not monotonic: it falls left of −0.752, and its slope there is 0.",
        loss="",
        source="hendrycks2016",
        torch=TorchNames("F.gelu", "nn.GELU"),
        limits=lambda: (0.0, math.inf),
        grad_limits=lambda: (0.0, 1.0),
    ),
    Activation(
        name="gelu_tanh",
        title="GELU (tanh form)",
        kind="elementwise",
        value=gelu_tanh,
        grad=gelu_tanh_grad,
        formula=r"\tfrac{z}{2}\left(1 + \tanh\left(\sqrt{2/\pi}\,(z + 0.044715\,z^3)\right)\right)",
        grad_formula=r"\sigma(u) + z\,\sigma'(u)\,u', \; u = \sqrt{8/\pi}\,(z + 0.044715\,z^3)",
        range=lambda: Interval(-0.17004075057125412, math.inf, "[)"),
        role="hidden layers of Transformers trained with this form, such as GPT-2",
        notes="An approximation: use the form the weights were trained with.",
        loss="",
        source="hendrycks2016",
        torch=TorchNames('F.gelu(approximate="tanh")', 'nn.GELU(approximate="tanh")'),
        limits=lambda: (0.0, math.inf),
        grad_limits=lambda: (0.0, 1.0),
    ),
    Activation(
        name="silu",
        title="SiLU",
        kind="elementwise",
        value=silu,
        grad=silu_grad,
        formula=r"z\,\sigma(z)",
        grad_formula=r"\sigma(z)\,(1 + z\,\sigma(-z))",
        range=lambda: Interval(-0.27846454276107380, math.inf, "[)"),
        role="hidden layers of CNNs and, inside SwiGLU, of language models",
        notes="Swish with beta = 1; its slope is 0 at −1.278 and above 1 from 1.278 on.",
        loss="",
        source="elfwing2018",
        torch=TorchNames("F.silu", "nn.SiLU"),
        limits=lambda: (0.0, math.inf),
        grad_limits=lambda: (0.0, 1.0),
    ),
    Activation(
        name="swish",
        title="Swish",
        kind="elementwise",
        value=swish,
        grad=swish_grad,
        formula=r"z\,\sigma(\beta z)",
        grad_formula=r"\sigma(\beta z)\,(1 + \beta z\,\sigma(-\beta z))",
        range=lambda beta=1.0: Interval(-0.27846454276107380 / beta, math.inf, "[)"),
        role="hidden layers, with beta fixed or learned",
        notes="It leads from z/2, for beta near 0, to ReLU, for large beta.",
        loss="",
        source="ramachandran2017",
        limits=lambda beta=1.0: (0.0, math.inf),
        grad_limits=lambda beta=1.0: (0.0, 1.0),
    ),
    Activation(
        name="quick_gelu",
        title="Quick GELU",
        kind="elementwise",
        value=quick_gelu,
        grad=quick_gelu_grad,
        formula=r"z\,\sigma(1.702\,z)",
        grad_formula=r"\sigma(u)\,(1 + u\,\sigma(-u)), \; u = 1.702\,z",
        range=lambda: Interval(-0.27846454276107380 / QUICK, math.inf, "[)"),
        role="hidden layers of Transformers trained with this form, such as CLIP",
        notes="Up to 0.02 from GELU: use the form the weights were trained with.",
        loss="",
        source="hendrycks2016",
        limits=lambda: (0.0, math.inf),
        grad_limits=lambda: (0.0, 1.0),
    ),
    Activation(
        name="mish",
        title="Mish",
        kind="elementwise",
        value=mish,
        grad=mish_grad,
        formula=r"z\,\tanh(\log(1 + e^{z}))",
        grad_formula=r"t + z\,(1 - t^2)\,\sigma(z), \; t = \tanh(\log(1 + e^{z}))",
        range=lambda: Interval(-0.30884341301725620, math.inf, "[)"),
        role="hidden layers of some object detectors",
        notes="Close to SiLU, at a higher cost.",
        loss="",
        source="misra2020",
        torch=TorchNames("F.mish", "nn.Mish"),
        limits=lambda: (0.0, math.inf),
        grad_limits=lambda: (0.0, 1.0),
    ),
    Activation(
        name="hardswish",
        title="Hard swish",
        kind="elementwise",
        value=hardswish,
        grad=hardswish_grad,
        formula=r"z \cdot \min(\max(0, z + 3), 6) / 6",
        grad_formula=(
            r"0 \text{ if } z \le -3,\; 1 \text{ if } z \ge 3,\; \tfrac{2z + 3}{6} \text{ else}"
        ),
        range=lambda: Interval(-0.375, math.inf, "[)"),
        role="hidden layers of CNNs designed for small devices",
        notes="Its slope jumps at −3 and at 3.",
        loss="",
        source="howard2019",
        torch=TorchNames("F.hardswish", "nn.Hardswish"),
        joins=lambda: (-3.0, 3.0),
        limits=lambda: (0.0, math.inf),
        grad_limits=lambda: (0.0, 1.0),
    ),
)
