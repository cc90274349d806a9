"""Every entry of the registry compared with PyTorch: values and autograd's slopes, per dtype.

The record names PyTorch's function; if there is none, a composition of PyTorch's operations is
used. If the two disagree beyond rounding, `DIFFERENCES` says where, who is right and why, and a
test checks each of these statements with mpmath.
"""

import dataclasses
import functools
import inspect
from dataclasses import dataclass

import mpmath
import numpy as np
import pytest
from each import each
from parameters import OTHER_PARAMS
from pytorch_if_installed import F, needs_pytorch, nn, torch

from actlib.activations import ACTIVATIONS, REDUCTIONS
from actlib.calculus import ulp_error

pytestmark = needs_pytorch


def sparsemax(t, dim=-1):
    """Martins & Astudillo (2016), algorithm 1."""
    z = t.sort(dim=dim, descending=True).values.movedim(dim, -1)
    sizes = torch.arange(1, z.shape[-1] + 1, dtype=t.dtype)
    size = (1 + sizes * z > z.cumsum(-1)).sum(-1, keepdim=True)
    tau = (z.cumsum(-1).gather(-1, size - 1) - 1) / size
    return (t.movedim(dim, -1) - tau).clamp(min=0).movedim(-1, dim)


def entmax15(t, dim=-1):
    """Peters, Niculae & Martins (2019), algorithm 2."""
    half = t.movedim(dim, -1) / 2
    z = half.sort(dim=-1, descending=True).values
    sizes = torch.arange(1, z.shape[-1] + 1, dtype=t.dtype)
    mean = z.cumsum(-1) / sizes
    spread = (z**2).cumsum(-1) - sizes * mean**2
    taus = mean - ((1 - spread) / sizes).clamp(min=0).sqrt()
    size = (taus.detach() <= z).sum(-1, keepdim=True)
    return ((half - taus.gather(-1, size - 1)).clamp(min=0) ** 2).movedim(-1, dim)


def softmax_plus_one(t, dim=-1):
    padded = torch.cat([t.movedim(dim, -1), torch.zeros_like(t.movedim(dim, -1)[..., :1])], -1)
    return torch.softmax(padded, -1)[..., :-1].movedim(-1, dim)


def clamped_swiglu(t, dim=-1):
    """As the code of gpt-oss has it, where the halves are interleaved and the gate comes first."""
    up, gate = t.chunk(2, dim)
    gate, up = gate.clamp(max=7.0), up.clamp(-7.0, 7.0)
    return (up + 1) * gate * torch.sigmoid(1.702 * gate)


def xielu(t, alpha_p, alpha_n):
    left = t.clamp(max=0)
    return torch.where(
        t > 0, alpha_p * t * t + 0.5 * t, alpha_n * (torch.expm1(left) - left) + 0.5 * left
    )


def halves(gate):
    def function(t, dim=-1):
        a, b = t.chunk(2, dim)
        return a * gate(b)

    return function


# Functions that PyTorch lacks, composed of its operations.
COMPOSED = {
    "swish": lambda t, beta: t * torch.sigmoid(beta * t),
    "quick_gelu": lambda t: t * torch.sigmoid(1.702 * t),
    "squared_relu": lambda t: torch.relu(t) ** 2,
    "xielu": xielu,
    "squareplus": lambda t, b: (t + torch.sqrt(t * t + b)) / 2,
    "dyt": lambda t, alpha: torch.tanh(alpha * t),
    "softcap": lambda t, cap: cap * torch.tanh(t / cap),
    "sine": lambda t: torch.sin(t),
    "snake": lambda t, alpha: t + torch.sin(alpha * t) ** 2 / alpha,
    "sparsemax": sparsemax,
    "entmax15": entmax15,
    "softmax_plus_one": softmax_plus_one,
    "clamped_swiglu": clamped_swiglu,
    "bilinear_glu": halves(lambda b: b),
    "reglu": halves(lambda b: torch.relu(b)),
    "geglu": halves(lambda b: F.gelu(b)),
    "swiglu": halves(lambda b: F.silu(b)),
    "maxout": lambda t, pieces, dim=-1: torch.stack(t.chunk(pieces, dim)).max(dim=0).values,
}

EPS = {"float64": 2.0**-52, "float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}
# Everywhere: this many eps of max(1, |f|). PyTorch computes the halves in float32, but takes
# the slope from a saved output that was rounded to half precision.
CLOSE = {"float64": 16, "float32": 16, "float16": 1, "bfloat16": 1}
# In float64, except for the differences below: this many ulp, down to the smallest values. Half
# of it is ours, the rest is for the elementary functions of the processor that PyTorch runs on.
ULPS, OURS = 16, 8
# Where a value passes 0 at no number that anyone can write down, the rounding of exp(z) - 1 remains
# in both: there, down to this size of the value only.
PASSING = {("xielu", "value"): 1 / 8}


@dataclass(frozen=True)
class Difference:
    """Where PyTorch's float64 result and ours are more than `ULPS` apart, and why."""

    entry: str
    what: str  # "value" or "grad"
    low: float
    high: float
    why: str
    theirs: float = 0.0  # its error in max(1, |f|) times this, if more than CLOSE
    ours: float = OURS  # the error of ours there, in ulp, where it is larger
    params: dict | None = None  # with these parameters only

    def covers(self, entry, what, params):
        """Return whether it is about this function with these parameters."""
        same = (self.entry, self.what) == (entry.name, what)
        return same and self.params in (None, params)


TAIL = "1 - s^2, s (1 - s), 1 + erf or 1 + tanh of a number that was rounded to ±1"
THRESHOLD = "beyond its threshold of 20 it is the identity"
ROOT = "the slope passes 0, as a difference of two terms whose rounding errors remain"
SUM = "z + sqrt(z^2 + b), of two numbers that cancel"
ARGUMENT = "exp of a product that was rounded, far from 0"
DIFFERENCES = [
    Difference("gelu", "value", -40.0, -1.0, TAIL),
    Difference("gelu", "grad", -40.0, -0.6, TAIL),
    Difference("gelu_tanh", "value", -25.0, -1.0, TAIL),
    Difference("gelu_tanh", "grad", -25.0, 10.0, TAIL, 1e-14),
    Difference("silu", "grad", -1.5, -1.0, ROOT),
    Difference("swish", "value", -800.0, -5.0, ARGUMENT, params={"beta": 1.702}),
    Difference("swish", "grad", -1.5, -0.6, ROOT),
    Difference("swish", "grad", -800.0, -5.0, ARGUMENT, params={"beta": 1.702}),
    Difference("quick_gelu", "value", -800.0, -5.0, ARGUMENT),
    Difference("quick_gelu", "grad", -1.5, -0.6, ROOT),
    Difference("quick_gelu", "grad", -800.0, -5.0, ARGUMENT),
    Difference("mish", "grad", -1.5, -0.9, ROOT),
    Difference("xielu", "grad", -1.1, -0.4, ROOT),
    Difference("hardswish", "grad", -1.7, -1.3, "z / 3 + 1/2 where 1/3 is rounded"),
    Difference("sigmoid", "grad", 2.0, 800.0, TAIL),
    Difference("tanh", "grad", -800.0, 800.0, TAIL),
    Difference("softcap", "grad", -800.0, 800.0, TAIL),
    Difference("dyt", "grad", -800.0, 800.0, TAIL),
    Difference("squareplus", "value", -800.0, -0.5, SUM, 2e-13),
    Difference("squareplus", "grad", -800.0, -0.5, SUM),
    Difference("softplus", "value", -800.0, -2.0, ARGUMENT, params={"beta": 3.0}),
    Difference("softplus", "grad", -800.0, -2.0, ARGUMENT, params={"beta": 3.0}),
    *(
        Difference("softplus", what, 20 / beta, 40 / beta, THRESHOLD, 5e-9, params={"beta": beta})
        for what in ("value", "grad")
        for beta in (1.0, 3.0, 0.5)
    ),
    Difference(
        *("celu", "grad", -800.0, 0.0, "1 / alpha is rounded to float32", 1e-7),
        params={"alpha": 0.3},
    ),
    Difference("hardsigmoid", "grad", -3.0, 3.0, "the float32 number nearest to 1/6", 5e-9),
    Difference("softsign", "grad", -800.0, 800.0, "1 / (1 + |z|) - |z| / (1 + |z|)^2"),
    Difference("tanhshrink", "value", -1.0, 1.0, "z - tanh(z) of two nearly equal numbers"),
    Difference("tanhshrink", "grad", -1.0, 1.0, "1 - (1 - tanh^2)"),
    # Ours also rounds alpha z, which shifts the wave a little.
    Difference("snake", "grad", -800.0, 800.0, "1 + sin, where the sine is near -1", ours=600),
]


def settings(entry):
    """Return all parameters of an entry: the defaults, then the others."""
    return [defaults(entry), *OTHER_PARAMS.get(entry.name, ())]


def defaults(entry):
    return {name: parameter.default for name, parameter in entry.params.items()}


def name_of(entry, params):
    given = params if params != defaults(entry) else {}
    return "-".join([entry.name, *(f"{name}={value}" for name, value in given.items())])


def of_kind(*kinds):
    """Return {name: (entry, params)} of all settings of the functions of these kinds."""
    return {
        name_of(entry, params): (entry, params)
        for entry in ACTIVATIONS.values()
        if entry.kind in kinds
        for params in settings(entry)
    }


def pytorch(entry, params, dim=None):
    """Return PyTorch's function of a tensor: the module that the record names, or a composition."""
    along = {} if dim is None else {"dim": dim}
    if entry.torch.module is None:
        return lambda t: COMPOSED[entry.name](t, **params, **along)
    module = eval(entry.torch.module, {"nn": nn})
    if not isinstance(module, nn.Module):
        module = module(**{entry.torch_params[n]: v for n, v in params.items()}, **along)
    module = module.eval()  # RReLU draws its slopes in training
    return lambda t: module.to(t.dtype)(t)


def points(dtype):
    """Numbers of every size in the dtype, including 0 and the joins of all settings."""
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

    At points of a declared difference, only what exceeds its allowance counts.
    """
    z, *both = by_autograd(pytorch(entry, params), points(dtype))
    worst = []
    for what, theirs in zip(("value", "grad"), both, strict=True):
        ours = in_dtype(getattr(entry, what), z, params, dtype)
        apart = np.abs(theirs - ours) / np.maximum(1.0, np.abs(ours))
        for d in DIFFERENCES:
            if d.covers(entry, what, params):
                apart[(d.low <= z) & (z <= d.high) & (apart <= d.theirs)] = 0.0
        worst.append(apart.max() / EPS[dtype])
    return worst


def in_dtype(function, z, params, dtype):
    """Return ours in the dtype; NumPy has no bfloat16, so torch rounds to it."""
    if dtype == "bfloat16":
        return torch.tensor(function(z, **params)).bfloat16().double().numpy()
    return function(z.astype(dtype), **params).astype(float)


DTYPES_OF = {
    f"{name}-{dtype}": (entry, params, dtype)
    for name, (entry, params) in of_kind("elementwise").items()
    for dtype in EPS
    # A composition rounds at every step: in float32 and below, that hides our error.
    if entry.torch.module or dtype == "float64"
}


def check_closeness(entry, params, dtype):
    assert set(entry.joins(**params)) <= set(points(dtype).tolist())
    assert max(largest_difference(entry, params, dtype)) <= CLOSE[dtype]


@each(("entry", "params", "dtype"), DTYPES_OF)
def test_values_and_slopes_are_pytorchs(entry, params, dtype):
    check_closeness(entry, params, dtype)


def ulps_apart(entry, params):
    """Return the points and, for values and slopes, PyTorch's distance from ours in ulp."""
    z, *both = by_autograd(pytorch(entry, params), points("float64"))
    ours = entry.value(z, **params), entry.grad(z, **params)
    apart = {
        what: ulp_error(*pair) for what, *pair in zip(("value", "grad"), both, ours, strict=True)
    }
    for (name, what), floor in PASSING.items():
        if name == entry.name:
            passes = (z < -1) & (np.abs(ours[what == "grad"]) < floor)
            apart[what][passes] *= np.spacing(np.abs(ours[what == "grad"][passes])) / np.spacing(
                floor
            )
    return z, apart


def check_last_digits(entry, params):
    z, apart = ulps_apart(entry, params)
    for what, ulps in apart.items():
        for d in DIFFERENCES:
            if d.covers(entry, what, params):
                ulps[(d.low <= z) & (z <= d.high)] = 0.0
        assert ulps.max() <= ULPS, f"{what} at {z[ulps.argmax()]}"


@each(("entry", "params"), of_kind("elementwise"))
def test_float64_agrees_to_the_last_digits_except_for_the_declared_differences(entry, params):
    check_last_digits(entry, params)


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
    "quick_gelu": lambda z: z * logistic(1.702 * z),
    "squareplus": lambda z, b: (z + mpmath.sqrt(z * z + b)) / 2,
    "dyt": lambda z, alpha: mpmath.tanh(alpha * z),
    "xielu": lambda z, alpha_p, alpha_n: (
        alpha_p * z * z + z / 2 if z > 0 else alpha_n * (mpmath.expm1(z) - z) + z / 2
    ),
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


def check_difference(d, entry):
    """At the point of the largest difference ours must be right and PyTorch's must not."""
    found = []
    for params in settings(entry):
        if not d.covers(entry, d.what, params):
            continue
        z, apart = ulps_apart(entry, params)
        ulps = np.where((d.low <= z) & (z <= d.high), apart[d.what], 0.0)
        if ulps.max() > ULPS:
            worst = z[ulps.argmax()]
            truth = exact(d.entry, d.what, worst, params)
            _, *both = by_autograd(pytorch(entry, params), torch.tensor([worst]))
            theirs = ulp_error(both[d.what == "grad"][0], truth)
            ours = ulp_error(getattr(entry, d.what)(worst, **params), truth)
            found.append((worst, ours, theirs))
    assert found, "PyTorch agrees now: remove this difference"
    for worst, ours, theirs in found:
        assert ours <= d.ours and theirs > max(ULPS, ours), f"{ours}, {theirs} ulp at {worst}"


@each("d", {f"{d.entry}-{d.what}-{d.low}-{d.high}": d for d in DIFFERENCES})
def test_where_pytorch_differs_ours_is_right(d):
    check_difference(d, ACTIVATIONS[d.entry])


# The ends


POINTS = {
    "-inf": -np.inf,
    "-max": -np.finfo(float).max,
    "max": np.finfo(float).max,
    "inf": np.inf,
    "nan": np.nan,
}
# What PyTorch returns differently at these points: (functions, what, points, why).
ENDS = [
    (
        "identity relu leaky_relu prelu rrelu relu6 elu selu celu threshold hardswish hardtanh "
        "hardsigmoid hardshrink softshrink",
        *("grad", "nan", "a comparison with NaN picks one side; ours is NaN"),
    ),
    (
        "gelu gelu_tanh quick_gelu silu swish mish hardswish",
        "value",
        "-inf",
        "-inf * 0; the limit is 0",
    ),
    (
        "gelu gelu_tanh quick_gelu silu swish mish",
        "grad",
        "-inf inf",
        "inf * 0; the limits are 0 and 1",
    ),
    ("gelu_tanh", "grad", "-max max", "its cube overflows; the limits are 0 and 1"),
    ("xielu", "value grad", "-inf", "-inf + inf; the limits are inf and 1/2 - alpha_n"),
    (
        "xielu-alpha_p=1.5-alpha_n=1.2",
        *("value grad", "-max", "its alpha_n * z overflows where (alpha_n - 1/2) * z does not"),
    ),
    ("squareplus", "value", "-inf -max max", "the square overflows"),
    ("squareplus", "grad", "-inf -max max inf", "the square overflows"),
    ("softsign", "value", "-inf inf", "inf / inf; the limits are -1 and 1"),
    ("softsign", "grad", "-inf inf", "inf / inf; the limit is 0"),
    (
        "leaky_relu-alpha=0.0 prelu-alpha=0.0 rrelu-lower=0.0-upper=0.0",
        *("value", "-inf", "0 * -inf; the limit is 0"),
    ),
    ("hardswish", "value", "max", "it multiplies by 6 before it divides"),
    ("snake", "value", "-inf inf", "sin(inf), which does not matter beside inf"),
]


@each(("entry", "params"), of_kind("elementwise"))
def test_the_ends_differ_only_as_declared(entry, params):
    x = torch.tensor(list(POINTS.values()), dtype=torch.float64)
    _, *both = by_autograd(pytorch(entry, params), x)
    found = set()
    for what, theirs in zip(("value", "grad"), both, strict=True):
        ours = getattr(entry, what)(x.numpy(), **params)
        agree = np.isclose(theirs, ours, rtol=1e-12, atol=0, equal_nan=True)
        found |= {(what, name) for name, same in zip(POINTS, agree, strict=True) if not same}
    names = {entry.name, name_of(entry, params)}
    declared = {
        (what, point)
        for functions, whats, where, _ in ENDS
        for what in whats.split()
        for point in where.split()
        if names & set(functions.split())
    }
    assert found == declared


# Rows and halves


AXES = [0, 1, -1]


def block():
    """Return scores of several sizes, six along each of three axes."""
    rng = np.random.default_rng(0)
    return torch.tensor(rng.normal(0, 1, (6, 6, 6)) * 10.0 ** rng.uniform(-2, 1, (6, 6, 6)))


def check_block(entry, params, axis, dtype):
    """Compare the values of a row or gated function along an axis, then its derivatives."""
    t = block().to(getattr(torch, dtype))
    z = t.double().numpy()
    function, along = pytorch(entry, params, axis), {**params, "axis": axis}
    check_block_of_numbers(function(t), in_dtype(entry.value, z, along, dtype), dtype)
    if entry.kind == "gated":
        slopes = torch.tensor(by_autograd(function, t)[2])
        check_block_of_numbers(slopes, in_dtype(entry.grad, z, along, dtype), dtype)
    elif dtype == "float64":
        jacobians = entry.grad(z, **along).reshape(-1, 6, 6)
        for row, ours in zip(t.movedim(axis, -1).reshape(-1, 6), jacobians, strict=True):
            theirs = torch.autograd.functional.jacobian(pytorch(entry, params, 0), row)
            check_block_of_numbers(theirs, ours, dtype)


def check_block_of_numbers(theirs, ours, dtype):
    apart = np.abs(theirs.double().numpy() - ours) / np.maximum(1.0, np.abs(ours))
    # GLU's slopes are computed in half precision itself, with several roundings in a row.
    close = CLOSE[dtype] if CLOSE[dtype] > 1 else 4
    assert apart.max() <= close * EPS[dtype]


BLOCKS = {
    f"{name}-axis={axis}-{dtype}": (entry, params, axis, dtype)
    for name, (entry, params) in of_kind("row", "gated").items()
    for axis in AXES
    for dtype in EPS
    if entry.torch.module or dtype == "float64"
}


@each(("entry", "params", "axis", "dtype"), BLOCKS)
def test_rows_and_halves_are_pytorchs(entry, params, axis, dtype):
    check_block(entry, params, axis, dtype)


@each("axis", AXES)
@each("entry", REDUCTIONS)
def test_a_reduction_and_its_slopes_are_pytorchs(entry, axis):
    x = block().requires_grad_()
    theirs = eval(entry.torch.functional, {"torch": torch})(x, axis)
    theirs.sum().backward()
    ours = [f(x.detach().numpy(), axis=axis) for f in (entry.value, entry.grad)]
    np.testing.assert_allclose(ours[0], theirs.detach(), rtol=1e-14)
    np.testing.assert_allclose(ours[1], x.grad, rtol=1e-13)


@each("entry", {name: e for name, e in ACTIVATIONS.items() if e.torch_variants})
def test_a_variant_is_the_function_with_the_declared_keywords(entry):
    for dotted, keywords in entry.torch_variants.items():
        theirs = eval(dotted, {"nn": nn})()(block()).numpy()
        np.testing.assert_allclose(theirs, entry.value(block(), **keywords), rtol=1e-13)


# PyTorch shifts by the maximum, and inf - inf is NaN; if only one score is infinite, it takes
# everything, however large the others are: that is the limit.
NAN_ONLY_IN_PYTORCH = {
    ("softmax", "inf 0"): [1.0, 0.0],
    ("log_softmax", "inf 0"): [0.0, -np.inf],
    ("softmin", "-inf 0"): [1.0, 0.0],
}


@each("name", ["softmax", "log_softmax", "softmin"])
@each("row", ["inf 0", "-inf 0", "-inf -inf", "inf inf", "nan 0"])
def test_rows_at_infinity_differ_only_as_declared(name, row):
    z = np.array(row.split(), float)
    theirs = pytorch(ACTIVATIONS[name], {}, -1)(torch.tensor(z)).numpy()
    ours = ACTIVATIONS[name].value(z)
    if (name, row) in NAN_ONLY_IN_PYTORCH:
        assert np.isnan(theirs).all()
        theirs = NAN_ONLY_IN_PYTORCH[name, row]
    np.testing.assert_array_equal(ours, theirs)


@each("row", ["2 -inf", "2 inf", "inf 1", "inf -inf", "0 inf", "nan 1", "1 nan"])
def test_glu_agrees_at_infinity(row):
    z, value, slopes = by_autograd(nn.GLU(), torch.tensor([float(x) for x in row.split()]))
    np.testing.assert_array_equal(ACTIVATIONS["glu"].value(z), value)
    np.testing.assert_allclose(ACTIVATIONS["glu"].grad(z), slopes, rtol=1e-6)


# Nothing is missing


# The only module of the list that is a layer with weights, not an activation function.
LAYERS = {"MultiheadAttention"}


def test_every_activation_of_torch_nn_is_in_the_registry():
    named = [e.torch.module for e in ACTIVATIONS.values() if e.torch.module]
    named += [module for e in ACTIVATIONS.values() for module in e.torch_variants]
    modules = {name.removeprefix("nn.").partition("(")[0] for name in named}
    assert modules - {"Identity"} == set(nn.modules.activation.__all__) - LAYERS


def test_what_is_composed_is_what_pytorch_has_no_module_for():
    assert set(COMPOSED) == {e.name for e in ACTIVATIONS.values() if e.torch.module is None}


@each("entry", ACTIVATIONS)
def test_pytorch_names_exist_and_defaults_agree(entry):
    for dotted in (entry.torch.functional, entry.torch.module, *entry.torch_variants):
        if dotted is not None:
            eval(dotted.partition("(")[0], {"nn": nn, "F": F, "torch": torch})
    if entry.torch.module and entry.params:
        theirs = inspect.signature(eval(entry.torch.module, {"nn": nn})).parameters
        found = {ours: theirs[entry.torch_params[ours]].default for ours in entry.params}
        # Threshold alone has no defaults in PyTorch.
        if entry.name != "threshold":
            assert found == defaults(entry)


# The tests notice


def check(entry):
    """Run all checks above that compare the numbers of one entry with PyTorch's."""
    params = defaults(entry)
    if entry.kind == "elementwise":
        check_closeness(entry, params, "float64")
        check_last_digits(entry, params)
        for d in DIFFERENCES:
            if d.covers(entry, d.what, params):
                check_difference(d, entry)
    else:
        check_block(entry, params, -1, "float64")


@each("what", ["value", "grad"])
@each("entry", ACTIVATIONS)
def test_one_part_in_1e12_is_noticed(entry, what):
    check(entry)
    function = getattr(entry, what)
    broken = functools.wraps(function)(lambda z, **given: function(z, **given) * (1 + 1e-12))
    with pytest.raises(AssertionError):
        check(dataclasses.replace(entry, **{what: broken}))


def table():
    """Yield (function, dtype, largest difference of values, of slopes) in eps of max(1, |f|)."""
    for entry, params, dtype in DTYPES_OF.values():
        yield name_of(entry, params), dtype, *largest_difference(entry, params, dtype)
