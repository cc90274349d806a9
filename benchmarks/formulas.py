"""Every function as a textbook writes it, and as other libraries call it.

Each formula is written once, over a namespace `m` of elementary functions. With NumPy's
(`textbook`) it is what a reader of the formula would type. With mpmath's, at a precision that
leaves no digit to chance (`exact`), it is the value that all others are compared with: the
formulas are exact, and only the arithmetic is not. None of them is taken from actlib.
"""

import math
from types import SimpleNamespace

import mpmath
import numpy as np
import scipy.special
from mpmath import mp

NUMPY = SimpleNamespace(
    **{
        name: getattr(np, name) for name in ("abs", "exp", "log", "maximum", "minimum", "ones_like")
    },
    **{name: getattr(np, name) for name in ("pi", "sin", "cos", "sqrt", "tanh", "where")},
    erf=scipy.special.erf,
)
MPMATH = SimpleNamespace(
    **{name: getattr(mpmath, name) for name in ("exp", "log", "sin", "cos", "sqrt", "tanh", "erf")},
    abs=abs,
    maximum=max,
    minimum=min,
    ones_like=lambda z: mpmath.mpf(1),
    where=lambda condition, yes, no: yes if condition else no,
    pi=mp.pi,
)

SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805


def tanh_slope(m, z):
    return 1 - m.tanh(z) ** 2


def sigmoid(m, z):
    return 1 / (1 + m.exp(-z))


def sigmoid_slope(m, z):
    s = sigmoid(m, z)
    return s * (1 - s)


def swish_slope(m, z, beta=1.0):
    s = sigmoid(m, beta * z)
    return s + beta * z * s * (1 - s)


def mish_slope(m, z):
    t = m.tanh(m.log(1 + m.exp(z)))
    return t + z * (1 - t**2) * sigmoid(m, z)


def gelu(m, z):
    return z / 2 * (1 + m.erf(z / m.sqrt(2)))


def gelu_slope(m, z):
    return (1 + m.erf(z / m.sqrt(2))) / 2 + z * m.exp(-(z**2) / 2) / m.sqrt(2 * m.pi)


def gelu_tanh(m, z):
    return z / 2 * (1 + m.tanh(m.sqrt(2 / m.pi) * (z + 0.044715 * z * z * z)))


def gelu_tanh_slope(m, z):
    t = m.tanh(m.sqrt(2 / m.pi) * (z + 0.044715 * z * z * z))
    inner = m.sqrt(2 / m.pi) * (1 + 3 * 0.044715 * z**2)
    return (1 + t) / 2 + z / 2 * (1 - t**2) * inner


def quick_gelu_slope(m, z):
    return swish_slope(m, z, 1.702)


def xielu(m, z, alpha_p, alpha_n):
    left = alpha_n * (m.exp(z) - 1 - z) + z / 2
    return m.where(z > 0, alpha_p * z * z + z / 2, left)


def xielu_slope(m, z, alpha_p, alpha_n):
    return m.where(z > 0, 2 * alpha_p * z + 0.5, alpha_n * (m.exp(z) - 1) + 0.5)


def leaky(m, z, alpha):
    return m.where(z > 0, z, alpha * z)


def leaky_slope(m, z, alpha):
    return m.where(z > 0, 1.0, alpha)


def inside(m, z, low, high):
    return m.where((low < z) & (z < high), 1.0, 0.0)


ELEMENTWISE = {
    "identity": lambda m, z: +z,
    "identity_grad": lambda m, z: m.ones_like(z),
    "relu": lambda m, z: m.maximum(z, 0.0),
    "relu_grad": lambda m, z: m.where(z > 0, 1.0, 0.0),
    "leaky_relu": leaky,
    "leaky_relu_grad": leaky_slope,
    "prelu": leaky,
    "prelu_grad": leaky_slope,
    "relu6": lambda m, z: m.minimum(m.maximum(z, 0.0), 6.0),
    "relu6_grad": lambda m, z: inside(m, z, 0.0, 6.0),
    "elu": lambda m, z, alpha: m.where(z > 0, z, alpha * (m.exp(z) - 1)),
    "elu_grad": lambda m, z, alpha: m.where(z > 0, 1.0, alpha * m.exp(z)),
    "selu": lambda m, z: SELU_SCALE * m.where(z > 0, z, SELU_ALPHA * (m.exp(z) - 1)),
    "selu_grad": lambda m, z: SELU_SCALE * m.where(z > 0, 1.0, SELU_ALPHA * m.exp(z)),
    "celu": lambda m, z, alpha: m.where(z > 0, z, alpha * (m.exp(z / alpha) - 1)),
    "celu_grad": lambda m, z, alpha: m.where(z > 0, 1.0, m.exp(z / alpha)),
    "gelu": gelu,
    "gelu_grad": gelu_slope,
    "gelu_tanh": gelu_tanh,
    "gelu_tanh_grad": gelu_tanh_slope,
    "silu": lambda m, z: z * sigmoid(m, z),
    "silu_grad": swish_slope,
    "swish": lambda m, z, beta: z * sigmoid(m, beta * z),
    "swish_grad": swish_slope,
    "quick_gelu": lambda m, z: z * sigmoid(m, 1.702 * z),
    "quick_gelu_grad": quick_gelu_slope,
    "xielu": xielu,
    "xielu_grad": xielu_slope,
    "squareplus": lambda m, z, b: (z + m.sqrt(z * z + b)) / 2,
    "squareplus_grad": lambda m, z, b: (1 + z / m.sqrt(z * z + b)) / 2,
    "dyt": lambda m, z, alpha: m.tanh(alpha * z),
    "dyt_grad": lambda m, z, alpha: alpha * tanh_slope(m, alpha * z),
    "mish": lambda m, z: z * m.tanh(m.log(1 + m.exp(z))),
    "mish_grad": mish_slope,
    "hardswish": lambda m, z: z * m.minimum(m.maximum(z + 3, 0.0), 6.0) / 6,
    "hardswish_grad": lambda m, z: m.where(z <= -3, 0.0, m.where(z >= 3, 1.0, (2 * z + 3) / 6)),
    "sigmoid": sigmoid,
    "sigmoid_grad": sigmoid_slope,
    "softplus": lambda m, z, beta: m.log(1 + m.exp(beta * z)) / beta,
    "softplus_grad": lambda m, z, beta: sigmoid(m, beta * z),
    "log_sigmoid": lambda m, z: -m.log(1 + m.exp(-z)),
    "log_sigmoid_grad": lambda m, z: 1 / (1 + m.exp(z)),
    "tanh": lambda m, z: m.tanh(z),
    "tanh_grad": tanh_slope,
    "hardtanh": lambda m, z, low, high: m.minimum(m.maximum(z, low), high),
    "hardtanh_grad": lambda m, z, low, high: inside(m, z, low, high),
    "hardsigmoid": lambda m, z: m.minimum(m.maximum(z / 6 + 0.5, 0.0), 1.0),
    "hardsigmoid_grad": lambda m, z: inside(m, z, -3.0, 3.0) / 6,
    "softsign": lambda m, z: z / (1 + m.abs(z)),
    "softsign_grad": lambda m, z: 1 / (1 + m.abs(z)) ** 2,
    "softcap": lambda m, z, cap: cap * m.tanh(z / cap),
    "softcap_grad": lambda m, z, cap: tanh_slope(m, z / cap),
    "rrelu": lambda m, z, lower, upper: leaky(m, z, (lower + upper) / 2),
    "rrelu_grad": lambda m, z, lower, upper: leaky_slope(m, z, (lower + upper) / 2),
    "squared_relu": lambda m, z: m.maximum(z, 0.0) ** 2,
    "squared_relu_grad": lambda m, z: 2 * m.maximum(z, 0.0),
    "threshold": lambda m, z, theta, below: m.where(z > theta, z, below),
    "threshold_grad": lambda m, z, theta, below: m.where(z > theta, 1.0, 0.0),
    "hardshrink": lambda m, z, theta: m.where(m.abs(z) > theta, z, 0.0),
    "hardshrink_grad": lambda m, z, theta: m.where(m.abs(z) > theta, 1.0, 0.0),
    "softshrink": lambda m, z, theta: m.maximum(z - theta, 0.0) + m.minimum(z + theta, 0.0),
    "softshrink_grad": lambda m, z, theta: m.where(m.abs(z) > theta, 1.0, 0.0),
    "tanhshrink": lambda m, z: z - m.tanh(z),
    "tanhshrink_grad": lambda m, z: m.tanh(z) ** 2,
    "sine": lambda m, z: m.sin(z),
    "sine_grad": lambda m, z: m.cos(z),
    "snake": lambda m, z, alpha: z + m.sin(alpha * z) ** 2 / alpha,
    "snake_grad": lambda m, z, alpha: 1 + m.sin(2 * alpha * z),
}


def shifted(z):
    return z - np.max(z, axis=-1, keepdims=True)


def softmax(z):
    e = np.exp(shifted(z))
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax(z):
    s = shifted(z)
    return s - np.log(np.exp(s).sum(axis=-1, keepdims=True))


def logsumexp(z):
    return np.max(z, axis=-1) + np.log(np.exp(shifted(z)).sum(axis=-1))


def softmax_jacobian(z):
    p = softmax(z)
    return p[..., :, None] * (np.eye(z.shape[-1], dtype=z.dtype) - p[..., None, :])


def log_softmax_jacobian(z):
    return np.eye(z.shape[-1], dtype=z.dtype) - softmax(z)[..., None, :]


def softmin(z):
    return softmax(-z)


def softmin_jacobian(z):
    return -softmax_jacobian(-z)


def sparsemax(z):
    ordered = -np.sort(-z, axis=-1)
    sums = np.cumsum(ordered, axis=-1)
    size = (1 + np.arange(1, z.shape[-1] + 1) * ordered > sums).sum(axis=-1, keepdims=True)
    tau = (np.take_along_axis(sums, size - 1, axis=-1) - 1) / size
    return np.maximum(z - tau, 0.0).astype(z.dtype, copy=False)


def sparsemax_jacobian(z):
    s = (sparsemax(z) > 0).astype(z.dtype)
    size = s.sum(axis=-1, keepdims=True)[..., None]
    return s[..., :, None] * (np.eye(z.shape[-1], dtype=z.dtype) - s[..., None, :] / size)


def entmax15(z):
    """The closed form for each number of shares, and the largest that fits."""
    ordered = -np.sort(-z / 2, axis=-1)
    sizes = np.arange(1, z.shape[-1] + 1)
    mean = np.cumsum(ordered, axis=-1) / sizes
    spread = np.cumsum(ordered**2, axis=-1) - sizes * mean**2
    taus = mean - np.sqrt(np.maximum(1 - spread, 0) / sizes)
    size = (taus <= ordered).sum(axis=-1, keepdims=True)
    tau = np.take_along_axis(taus, np.maximum(size - 1, 0), axis=-1)
    return (np.maximum(z / 2 - tau, 0.0) ** 2).astype(z.dtype, copy=False)


def entmax15_jacobian(z):
    s = np.sqrt(entmax15(z))
    size = s.sum(axis=-1, keepdims=True)[..., None]
    return s[..., :, None] * (np.eye(z.shape[-1], dtype=z.dtype) - s[..., None, :] / size)


def softmax_plus_one(z):
    top = np.max(z, axis=-1, keepdims=True)
    e = np.exp(z - top)
    return e / (np.exp(-top) + e.sum(axis=-1, keepdims=True))


def softmax_plus_one_jacobian(z):
    p = softmax_plus_one(z)
    return p[..., :, None] * (np.eye(z.shape[-1], dtype=z.dtype) - p[..., None, :])


def maxout(z):
    return np.maximum(*np.split(z, 2, axis=-1))


def maxout_slope(z):
    a, b = np.split(z, 2, axis=-1)
    return np.concatenate([a >= b, a < b], axis=-1).astype(z.dtype)


# With the maximum subtracted, as courses have long written them.
ROWS = {
    "softmin": softmin,
    "softmin_jacobian": softmin_jacobian,
    "sparsemax": sparsemax,
    "sparsemax_jacobian": sparsemax_jacobian,
    "entmax15": entmax15,
    "entmax15_jacobian": entmax15_jacobian,
    "softmax_plus_one": softmax_plus_one,
    "softmax_plus_one_jacobian": softmax_plus_one_jacobian,
    "softmax": softmax,
    "softmax_jacobian": softmax_jacobian,
    "log_softmax": log_softmax,
    "log_softmax_jacobian": log_softmax_jacobian,
    "logsumexp": logsumexp,
}


def mp_shifted(row):
    """Return the row minus its maximum, without rounding, and the maximum."""
    top = max(row)
    return [mpmath.fsub(x, top, exact=True) for x in row], top


def mp_softmax(row):
    e = [mpmath.exp(x) for x in mp_shifted(row)[0]]
    return [x / mpmath.fsum(e) for x in e]


def mp_logsumexp(row):
    shifted, top = mp_shifted(row)
    return mpmath.fadd(top, mpmath.log(mpmath.fsum(map(mpmath.exp, shifted))), exact=True)


def mp_log_softmax(row):
    shifted, _ = mp_shifted(row)
    total = mpmath.log(mpmath.fsum(map(mpmath.exp, shifted)))
    return [x - total for x in shifted]


def mp_jacobian(row):
    p = mp_softmax(row)
    return [[p[i] * ((i == j) - p[j]) for j in range(len(p))] for i in range(len(p))]


def mp_log_jacobian(row):
    p = mp_softmax(row)
    return [[(i == j) - p[j] for j in range(len(p))] for i in range(len(p))]


def mp_sparsemax(row):
    row, _ = mp_shifted(row)
    ordered = sorted(row, reverse=True)
    for m in range(len(row), 0, -1):
        tau = (mpmath.fsum(ordered[:m]) - 1) / m
        if ordered[m - 1] > tau:
            return [max(x - tau, mpmath.mpf(0)) for x in row]


def mp_sparsemax_jacobian(row):
    s = [mpmath.mpf(p > 0) for p in mp_sparsemax(row)]
    return [[a * ((i == j) - b / sum(s)) for j, b in enumerate(s)] for i, a in enumerate(s)]


def mp_entmax15_roots(row):
    half = [x / 2 for x in mp_shifted(row)[0]]
    ordered = sorted(half, reverse=True)
    for m in range(len(row), 0, -1):
        mean = mpmath.fsum(ordered[:m]) / m
        spread = mpmath.fsum(x * x for x in ordered[:m]) - m * mean * mean
        if spread <= 1:
            tau = mean - mpmath.sqrt((1 - spread) / m)
            if ordered[m - 1] > tau:
                return [max(x - tau, mpmath.mpf(0)) for x in half]


def mp_entmax15_jacobian(row):
    s = mp_entmax15_roots(row)
    return [[a * ((i == j) - b / sum(s)) for j, b in enumerate(s)] for i, a in enumerate(s)]


def without_last(function):
    """Return a function of a row, that of the row with a 0 at the end, whose part is dropped."""

    def result(row):
        found = function([*row, mpmath.mpf(0)])[:-1]
        return [part[:-1] if isinstance(part, list) else part for part in found]

    return result


def negated(function):
    return lambda row: [[-x for x in p] for p in function([-x for x in row])]


# A gated linear unit is a * gate(b), for the halves a and b of a row.
GATES = {
    "glu": "sigmoid",
    "reglu": "relu",
    "geglu": "gelu",
    "swiglu": "silu",
    "bilinear_glu": "identity",
    "clamped_swiglu": "quick_gelu",
}


def clamped_swiglu(m, name, a, b):
    """Return the gate of gpt-oss or the two parts of its derivative, as `gated` does."""
    x, up = m.minimum(b, 7.0), m.minimum(m.maximum(a, -7.0), 7.0) + 1
    if not name.endswith("_grad"):
        return [up * ELEMENTWISE["quick_gelu"](m, x)]
    inside = m.where(m.abs(a) <= 7, ELEMENTWISE["quick_gelu"](m, x), 0.0)
    return [inside, m.where(b <= 7, up * quick_gelu_slope(m, x), 0.0)]


def gated(m, name, a, b):
    """Return a relative of GLU, or the two parts of its derivative, one after the other."""
    if name.startswith("clamped"):
        return clamped_swiglu(m, name, a, b)
    gate = ELEMENTWISE[GATES[name.removesuffix("_grad")]]
    if not name.endswith("_grad"):
        return [a * gate(m, b)]
    return [gate(m, b), a * ELEMENTWISE[GATES[name.removesuffix("_grad")] + "_grad"](m, b)]


def gated_array(name):
    def function(z):
        parts = gated(NUMPY, name, *np.split(z, 2, axis=-1))
        return np.concatenate(parts, axis=-1).astype(z.dtype, copy=False)

    return function


EXACT_ROWS = {
    "softmin": lambda row: mp_softmax([-x for x in row]),
    "softmin_jacobian": negated(mp_jacobian),
    "sparsemax": mp_sparsemax,
    "sparsemax_jacobian": mp_sparsemax_jacobian,
    "entmax15": lambda row: [s * s for s in mp_entmax15_roots(row)],
    "entmax15_jacobian": mp_entmax15_jacobian,
    "softmax_plus_one": without_last(mp_softmax),
    "softmax_plus_one_jacobian": without_last(mp_jacobian),
    "maxout": lambda row: [max(row)],
    "maxout_grad": lambda row: [mpmath.mpf(x == max(row)) for x in row],
    **{
        name: lambda row, name=name: gated(MPMATH, name, *row)
        for name in (f"{gate}{end}" for gate in GATES for end in ("", "_grad"))
    },
    "softmax": mp_softmax,
    "softmax_jacobian": mp_jacobian,
    "log_softmax": mp_log_softmax,
    "log_softmax_jacobian": mp_log_jacobian,
    "logsumexp": mp_logsumexp,
}


def parameters(entry, params):
    """Return `params`, completed with the defaults of the registry's record."""
    return {name: parameter.default for name, parameter in entry.params.items()} | params


def textbook(entry, *, slope=False, **params):
    """Return the textbook's function of an array, which preserves the dtype."""
    function = entry.grad if slope else entry.value
    if entry.kind == "row":
        return ROWS[function.__name__]
    if entry.name == "maxout":
        return maxout_slope if slope else maxout
    if entry.kind == "gated":
        return gated_array(function.__name__)
    formula, params = ELEMENTWISE[function.__name__], parameters(entry, params)
    return lambda z: formula(NUMPY, z, **params).astype(z.dtype, copy=False)


def precision(z, params, dtype):
    """Return enough bits for a formula at z: those lost in a sum there, and 200.

    Such sums are 1 + exp(-z^2), z - tanh(z) and z + sqrt(z^2 + 1). Beyond the cap, the
    lost term is smaller than the smallest number of the dtype.
    """
    size = max(1.0, *params.values(), *(1 / p for p in params.values() if p > 0), 1.0)
    large, small = abs(z) * size, max(abs(z) / size, 5e-324)
    cap = 1400 if dtype == np.float64 else 700
    scale = max(0, math.frexp(abs(z))[1]) + max(0, -math.frexp(small)[1])
    return 200 + int(min(4 * large * large, cap)) + 2 * scale


def exact(entry, z, *, slope=False, **params):
    """Return the exact values at finite z of an elementwise record, as an array of mpf."""
    formula = ELEMENTWISE[(entry.grad if slope else entry.value).__name__]
    params = parameters(entry, params)
    values = []
    for x in z.tolist():
        with mpmath.workprec(precision(x, params, z.dtype)):
            values.append(mpmath.mpf(formula(MPMATH, mpmath.mpf(x), **params)))
    return np.array(values, dtype=object)


def row_precision(name, row):
    """Return enough bits for a function of a row: those lost in 1 - p, and 200.

    A factor of up to 2^1024 may lift the gate of a gated function, so its cap is higher. The
    scores of the others are shifted, without rounding, before anything else happens to them.
    """
    gated = name.removesuffix("_grad") in GATES
    size = min(abs(row[-1]) if gated else max(row) - min(row), 1e4)
    return 200 + int(min(4 * size * size, 2600 if gated else 1400))


def exact_rows(name, z):
    """Return the exact result of a row function for every row of z, as an array of mpf."""
    results = []
    for row in z.tolist():
        bits = row_precision(name, row)
        with mpmath.workprec(bits):
            results.append(EXACT_ROWS[name]([mpmath.mpf(x) for x in row]))
    return np.array(results)


# The functions that SciPy has; it has none of their derivatives.
SCIPY = {
    "sigmoid": scipy.special.expit,
    "log_sigmoid": scipy.special.log_expit,
    "softplus": scipy.special.softplus,
    "gelu": lambda z: z * scipy.special.ndtr(z),
    "softmax": lambda z: scipy.special.softmax(z, axis=-1),
    "log_softmax": lambda z: scipy.special.log_softmax(z, axis=-1),
    "logsumexp": lambda z: scipy.special.logsumexp(z, axis=-1),
}


def pytorch(entry, **params):
    """Return PyTorch's module for a record, or None where PyTorch has no such function."""
    from torch import nn  # importing it takes seconds, and JAX is measured without it

    if entry.torch.module is None:
        return None
    module = eval(entry.torch.module, {"nn": nn})
    if isinstance(module, nn.Module):  # nn.GELU(approximate="tanh")
        return module
    if entry.kind != "elementwise":
        return module(dim=-1)
    params = parameters(entry, params)
    return module(**{entry.torch_params[name]: v for name, v in params.items()}).eval()
