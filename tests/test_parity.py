"""Every entry of the registry against PyTorch: values and autograd's slopes, dtype by dtype.

PyTorch is asked as the record names it; where it has no such function, a composition of its
operations stands in. Where the two disagree beyond rounding, `DIFFERENCES` says where, who is
right and why, and a test holds each of these statements against mpmath.
"""

from dataclasses import dataclass

import mpmath
import numpy as np
import pytest
from pytorch_if_installed import F, needs_pytorch, nn, torch

from actlib.activations import ACTIVATIONS
from actlib.calculus import ulp_error

pytestmark = needs_pytorch


def sparsemax(t, dim=-1):
    """Martins & Astudillo (2016), algorithm 1."""
    z = t.sort(dim=dim, descending=True).values.movedim(dim, -1)
    sizes = torch.arange(1, z.shape[-1] + 1, dtype=t.dtype)
    size = (1 + sizes * z > z.cumsum(-1)).sum(-1, keepdim=True)
    tau = (z.cumsum(-1).gather(-1, size - 1) - 1) / size
    return (t.movedim(dim, -1) - tau).clamp(min=0).movedim(-1, dim)


def halves(gate):
    def function(t, dim=-1):
        a, b = t.chunk(2, dim)
        return a * gate(b)

    return function


# What PyTorch has no name for, from its operations.
COMPOSED = {
    "swish": lambda t, beta: t * torch.sigmoid(beta * t),
    "squared_relu": lambda t: torch.relu(t) ** 2,
    "softcap": lambda t, cap: cap * torch.tanh(t / cap),
    "sine": lambda t: torch.sin(t),
    "snake": lambda t, alpha: t + torch.sin(alpha * t) ** 2 / alpha,
    "sparsemax": sparsemax,
    "reglu": halves(lambda b: torch.relu(b)),
    "geglu": halves(lambda b: F.gelu(b)),
    "swiglu": halves(lambda b: F.silu(b)),
    "maxout": lambda t, pieces, dim=-1: torch.stack(t.chunk(pieces, dim)).max(dim=0).values,
}

EPS = {"float64": 2.0**-52, "float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}
# Everywhere: so many eps of max(1, |f|). PyTorch computes the halves in float32, but takes
# the slope of a saved output that was rounded to the half.
CLOSE = {"float64": 16, "float32": 16, "float16": 1, "bfloat16": 1}
# In float64, but for the differences below: so many ulp, down to the smallest values.
ULPS = 8


@dataclass(frozen=True)
class Difference:
    """Where PyTorch's float64 result and ours are more than `ULPS` apart, and why."""

    entry: str
    what: str  # "value" or "grad"
    low: float
    high: float
    why: str
    theirs: float = CLOSE["float64"] * EPS["float64"]  # as far off as max(1, |f|) times this
    ours: float = ULPS  # the error of ours there, in ulp, where it is larger


TAIL = "1 - s^2, s (1 - s), 1 + erf or 1 + tanh of a number that was rounded to ±1"
ROOT = "the slope passes 0, a difference of two terms, of which rounding errors remain"
ARGUMENT = "exp of a product that was rounded, far from 0"
DIFFERENCES = [
    Difference("gelu", "value", -40.0, -1.0, TAIL),
    Difference("gelu", "grad", -40.0, -0.6, TAIL),
    Difference("gelu_tanh", "value", -25.0, -1.0, TAIL),
    Difference("gelu_tanh", "grad", -25.0, 10.0, TAIL),
    Difference("silu", "grad", -1.5, -1.0, ROOT),
    Difference("silu", "grad", 20.0, 40.0, "1 + z (1 - s), with s rounded to 1"),
    Difference("swish", "value", -800.0, -5.0, ARGUMENT),
    Difference("swish", "grad", -1.5, -0.6, ROOT),
    Difference("swish", "grad", -800.0, -5.0, ARGUMENT),
    Difference("swish", "grad", 8.0, 40.0, "s + z s (1 - s), with s rounded to 1"),
    Difference("mish", "grad", -1.5, -0.9, ROOT),
    Difference("hardswish", "grad", -1.7, -1.3, "z / 3 + 1/2 where 1/3 is rounded"),
    Difference("sigmoid", "grad", 2.0, 800.0, TAIL),
    Difference("tanh", "grad", -800.0, 800.0, TAIL),
    Difference("softcap", "grad", -800.0, 800.0, TAIL),
    Difference("softplus", "value", -800.0, -2.0, ARGUMENT),
    Difference("softplus", "grad", -800.0, -2.0, ARGUMENT),
    Difference("softplus", "value", 6.0, 80.0, "beyond its threshold of 20 it is z", 5e-9),
    Difference("softplus", "grad", 6.0, 80.0, "beyond its threshold of 20 it is 1", 5e-9),
    Difference("celu", "grad", -800.0, 0.0, "1 / alpha is rounded to float32", 1e-7),
    Difference("hardsigmoid", "grad", -3.0, 3.0, "the float32 number nearest to 1/6", 5e-9),
    Difference("softsign", "grad", -800.0, 800.0, "1 / (1 + |z|) - |z| / (1 + |z|)^2"),
    Difference("tanhshrink", "value", -1.0, 1.0, "z - tanh(z) of two nearly equal numbers"),
    Difference("tanhshrink", "grad", -1.0, 1.0, "1 - (1 - tanh^2)"),
    Difference("snake", "grad", -800.0, 800.0, "1 + sin, where the sine is near -1", ours=600),
]

# Parameters away from their defaults.
SETTINGS = {
    "leaky_relu": [{"alpha": 0.2}, {"alpha": 0.0}],
    "prelu": [{"alpha": -0.5}, {"alpha": 0.0}],
    "rrelu": [{"lower": 0.0, "upper": 0.5}],
    "elu": [{"alpha": 0.5}, {"alpha": 3.0}],
    "celu": [{"alpha": 2.0}, {"alpha": 0.3}],
    "threshold": [{"theta": -0.5, "below": -2.0}, {"theta": 0.0, "below": 1.5}],
    "swish": [{"beta": 1.702}],
    "softplus": [{"beta": 3.0}, {"beta": 0.5}],
    "hardtanh": [{"low": -2.0, "high": 0.5}],
    "softcap": [{"cap": 2.5}],
    "hardshrink": [{"theta": 2.0}],
    "softshrink": [{"theta": 2.0}],
    "snake": [{"alpha": 0.7}],
    "maxout": [{"pieces": 3}],
}
CASES = [
    pytest.param(entry, params, id="-".join([entry.name, *(f"{k}={v}" for k, v in params.items())]))
    for entry in ACTIVATIONS.values()
    for params in ({}, *SETTINGS.get(entry.name, ()))
]


def of_kind(kind):
    return [case for case in CASES if case.values[0].kind == kind]


def pytorch(entry, params, dim=None):
    """Return PyTorch's function of a tensor: the module that the record names, or a composition."""
    every = {name: parameter.default for name, parameter in entry.params.items()} | params
    along = {} if dim is None else {"dim": dim}
    if entry.torch.module is None:
        return lambda t: COMPOSED[entry.name](t, **every, **along)
    module = eval(entry.torch.module, {"nn": nn})
    if not isinstance(module, nn.Module):
        module = module(**{entry.torch_params[n]: v for n, v in every.items()}, **along)
    module = module.eval()  # RReLU draws its slopes in training
    return lambda t: module.to(t.dtype)(t)


def points(dtype):
    """Numbers of every size that the dtype holds, 0 and the joins of all settings among them."""
    large = np.geomspace(1e-9, 700.0, 300)
    z = torch.tensor(np.concatenate([np.arange(-768, 769) / 64, large, -large]))
    return z.to(getattr(torch, dtype)).unique()


def by_autograd(function, x):
    """Return values and slopes as float64 arrays, and the points too."""
    x = x.clone().requires_grad_()
    y = function(x)
    (slopes,) = torch.autograd.grad(y, x, torch.ones_like(y))
    return tuple(t.detach().double().numpy() for t in (x, y, slopes))


def largest_difference(entry, params, dtype):
    """Return the largest |theirs - ours| / (eps max(1, |ours|)) of values and of slopes.

    Points of a declared difference count only as far as they exceed what it admits.
    """
    z, *both = by_autograd(pytorch(entry, params), points(dtype))
    worst = []
    for what, theirs, function in zip(
        ("value", "grad"), both, (entry.value, entry.grad), strict=True
    ):
        ours = in_dtype(function, z, params, dtype)
        apart = np.abs(theirs - ours) / np.maximum(1.0, np.abs(ours))
        admitted = np.zeros(z.shape)
        for d in declared(entry, what):
            inside = (d.low <= z) & (z <= d.high)
            admitted[inside] = np.maximum(admitted[inside], d.theirs)
        worst.append(np.max(np.maximum(apart - admitted, 0.0)) / EPS[dtype])
    return worst


def in_dtype(function, z, params, dtype):
    """Return ours as the dtype holds it; NumPy has no bfloat16, so there torch rounds."""
    if dtype == "bfloat16":
        return torch.tensor(function(z, **params)).bfloat16().double().numpy()
    return function(z.astype(dtype), **params).astype(float)


def declared(entry, what):
    return [d for d in DIFFERENCES if (d.entry, d.what) == (entry.name, what)]


DTYPES_OF = [
    pytest.param(*case.values, dtype, id=f"{case.id}-{dtype}")
    for case in of_kind("elementwise")
    for dtype in EPS
    # In a composition every step is rounded: in float32 and below that hides ours.
    if case.values[0].torch.module or dtype == "float64"
]


@pytest.mark.parametrize(("entry", "params", "dtype"), DTYPES_OF)
def test_values_and_slopes_are_pytorchs(entry, params, dtype):
    assert set(entry.joins(**params)) <= set(points(dtype).tolist())
    assert max(largest_difference(entry, params, dtype)) <= CLOSE[dtype]


def ulps_apart(entry, params):
    """Return the points, and for values and slopes how many ulp of ours PyTorch is away."""
    z, *both = by_autograd(pytorch(entry, params), points("float64"))
    ours = [function(z, **params) for function in (entry.value, entry.grad)]
    return z, [ulp_error(t, o) for t, o in zip(both, ours, strict=True)]


@pytest.mark.parametrize(("entry", "params"), of_kind("elementwise"))
def test_float64_agrees_to_the_last_digits_but_for_the_declared_differences(entry, params):
    z, both = ulps_apart(entry, params)
    for what, apart in zip(("value", "grad"), both, strict=True):
        known = np.zeros(z.shape, bool)
        for d in declared(entry, what):
            known |= (d.low <= z) & (z <= d.high)
        assert apart[~known].max(initial=0.0) <= ULPS, (what, z[~known][apart[~known].argmax()])


# Who is right


def normal_gate(z):
    return z * mpmath.ncdf(z)


def logistic(z):
    return 1 / (1 + mpmath.exp(-z))


def hard_gate(z):
    return min(max(z + 3, 0), 6) / mpmath.mpf(6)


# The functions of `DIFFERENCES`, as mpmath computes them to any precision; slopes by its `diff`.
EXACT = {
    "gelu": normal_gate,
    "gelu_tanh": lambda z: z * logistic(mpmath.sqrt(8 / mpmath.pi) * (z + 0.044715 * z**3)),
    "silu": lambda z: z * logistic(z),
    "swish": lambda z, beta: z * logistic(beta * z),
    "mish": lambda z: z * mpmath.tanh(mpmath.log1p(mpmath.exp(z))),
    "hardswish": lambda z: z * hard_gate(z),
    "sigmoid": logistic,
    "tanh": mpmath.tanh,
    "softcap": lambda z, cap: cap * mpmath.tanh(z / cap),
    "softplus": lambda z, beta: mpmath.log1p(mpmath.exp(beta * z)) / beta,
    "celu": lambda z, alpha: z if z > 0 else alpha * mpmath.expm1(z / alpha),
    "hardsigmoid": hard_gate,
    "softsign": lambda z: z / (1 + abs(z)),
    "tanhshrink": lambda z: z - mpmath.tanh(z),
    "snake": lambda z, alpha: z + mpmath.sin(alpha * z) ** 2 / alpha,
}


def exact(name, what, z, params):
    function = lambda x: EXACT[name](x, **{k: mpmath.mpf(v) for k, v in params.items()})  # noqa: E731
    with mpmath.workdps(800):
        z = mpmath.mpf(float(z))
        return function(z) if what == "value" else mpmath.diff(function, z)


@pytest.mark.parametrize("d", DIFFERENCES, ids=lambda d: f"{d.entry}-{d.what}-{d.low}-{d.high}")
def test_where_pytorch_differs_ours_is_right(d):
    """At the point of the largest difference; it fails when PyTorch no longer differs."""
    entry = ACTIVATIONS[d.entry]
    found = []
    for params in ({}, *SETTINGS.get(d.entry, ())):
        z, both = ulps_apart(entry, params)
        apart = np.where((d.low <= z) & (z <= d.high), both[d.what == "grad"], 0.0)
        if apart.max() > ULPS:
            worst = z[apart.argmax()]
            every = {n: p.default for n, p in entry.params.items()} | params
            truth = exact(d.entry, d.what, worst, every)
            theirs = by_autograd(pytorch(entry, params), torch.tensor([worst]))[
                1 + (d.what == "grad")
            ]
            ours = (entry.value if d.what == "value" else entry.grad)(worst, **params)
            found.append((float(ulp_error(ours, truth)), float(ulp_error(theirs[0], truth)), worst))
    assert found, "PyTorch agrees now: this difference can go"
    for ours, theirs, worst in found:
        assert ours <= d.ours and theirs > max(ULPS, ours), (
            f"ours {ours}, theirs {theirs} ulp at {worst}"
        )
