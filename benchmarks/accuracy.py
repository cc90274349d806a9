"""Measure how far functions are from their exact values, here and in other libraries.

`python benchmarks/accuracy.py` evaluates every entry of the registry, values and derivatives,
over all of float64, float32 and float16: random bit patterns and the interesting range, densely
around joins, zeros and extremes; rows and pairs likewise. For actlib in float64 the largest error
is then searched for: from the worst of these points a search climbs, among all numbers of the
dtype, to worse ones. actlib, the textbook formula in NumPy, SciPy, PyTorch (its
derivative by autograd) and, if it is installed, JAX are compared with mpmath (formulas.py).
Stored per function: the largest error in units in the last place (ulp) and where it occurs, and
how often a result is NaN or infinite although the exact one is not. Errors among subnormal
numbers are kept separate.

Named functions, or implementations after `--only`, are measured alone: the rest of the newest file
is kept, each row with its date, so that JAX can be measured in an environment of its own. Nothing
here is asserted.
"""

import argparse
import ast
import datetime
import hashlib
import importlib.util
import inspect
import itertools
import json
import math
import os
import platform
import sys
import textwrap
import warnings
from pathlib import Path

import mpmath
import numpy as np
import scipy

from actlib.activations import ACTIVATIONS, REDUCTIONS, logsumexp
from actlib.calculus import ulp_error
from actlib.reference.facts import DTYPES as ROUNDINGS
from actlib.reference.facts import saturation
from actlib.reference.measured import newest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import formulas  # noqa: E402

POINTS = 2400
# The search: from so many points, so many steps, the best of so many tries in each.
STARTS, STEPS, TRIES = 6, 16, 16
DTYPES = (np.float64, np.float32, np.float16)
OTHER_PARAMS = {
    "leaky_relu": {"alpha": 0.2},
    "elu": {"alpha": 0.7},
    "celu": {"alpha": 1.7},
    "softplus": {"beta": 3.3},
    "swish": {"beta": 1.702},
    "softcap": {"cap": 2.7},
    "snake": {"alpha": 0.7},
    "squareplus": {"b": 0.7},
    "xielu": {"alpha_p": 1.3, "alpha_n": 1.2},
    "dyt": {"alpha": 1.3},
}
# Where a result passes through 0 at a z that is not a float, its ulp shrinks to nothing while
# the error of its terms does not. There, errors are counted in ulp of 1/8.
CROSSINGS = {
    "gelu_grad": (-1.3, -0.5),
    "gelu_tanh_grad": (-1.3, -0.5),
    "logsumexp": (-np.inf, np.inf),
    "xielu": (-4.0, -0.5),
}
FLOOR = 1 / 8
# What exceeds 8 ulp in float64, and why that is accepted.
ABOVE_GOAL = {
    "snake_grad": "1 + sin(2 alpha z): a large angle, once rounded, leaves no correct digit",
}


def points(entry, params, dtype, rng):
    """Return finite numbers of a dtype, of both signs, dense where functions are delicate."""
    limits = np.finfo(dtype)
    bits = rng.integers(0, 2**limits.bits, POINTS // 2, dtype=np.uint64)
    patterns = bits.astype(f"u{limits.bits // 8}").view(dtype)
    active = 10 ** rng.uniform(-6, 3.0, POINTS)
    near = rng.uniform(-8, 8, POINTS // 2)
    offsets = 10.0 ** np.arange(-18, 1)
    centres = [0.0, *entry.joins(**params), *CROSSINGS.get(entry.grad.__name__, ())]
    dense = np.add.outer(centres, np.concatenate([[0.0], offsets, -offsets])).ravel()
    ends = np.array([limits.smallest_subnormal, limits.smallest_normal, limits.max])
    everything = np.concatenate(
        [active, -active, near, dense, ends.astype(float), -ends.astype(float)]
    )
    with np.errstate(over="ignore", under="ignore"):
        everything = np.concatenate([everything.astype(dtype), patterns])
    steps = [np.nextafter(dtype(c), dtype(side)) for c in centres for side in (-np.inf, np.inf)]
    everything = np.concatenate([everything, np.array(steps, dtype)])
    return np.unique(everything[np.isfinite(everything)])


def rows(dtype, rng):
    """Yield arrays of rows of scores: of every size, far from 0, close together, long."""
    limits = np.finfo(dtype)
    largest = float(limits.max)
    for size in (1e-3, 1.0, 10.0, 50.0, 300.0, 1000.0):
        yield rng.uniform(-size, size, (40, 5)).astype(dtype)
    yield (1000.0 + rng.normal(0, 3, (40, 5))).astype(dtype)
    yield rng.normal(0, 1e-4, (40, 2)).astype(dtype)
    yield rng.normal(0, 3, (4, 300)).astype(dtype)
    # Over the whole range: one size to a row, sizes mixed in a row, one score far above the rest.
    least, most = np.log2(float(limits.smallest_subnormal)), np.log2(largest)
    for shape in ((60, 1), (60, 5)):
        sizes = 2.0 ** rng.uniform(least, most, shape)
        yield (sizes * rng.uniform(-1, 1, (60, 5))).astype(dtype)
    far = -(10 ** rng.uniform(-3, 3, (60, 5)))
    far[:, 0] = 0
    yield (far + 10 ** rng.uniform(0, min(12, np.log10(largest) - 1), (60, 1))).astype(dtype)


def pairs(dtype, rng):
    """Yield rows (a, b) for a * gate(b): both of every size, and b where the gate closes.

    A gate that is itself smaller than every number of the dtype counts, times a large a.
    """
    limits = np.finfo(dtype)
    n = POINTS // 6
    least, most = np.log2(float(limits.smallest_subnormal)), np.log2(float(limits.max))
    sizes = rng.choice([-1, 1], (4 * n, 2)) * 2.0 ** rng.uniform(least, most - 1e-9, (4 * n, 2))
    a, b = sizes[:, 0], sizes[:, 1]
    a[:n] = rng.normal(0, 3, n)
    closes = -2 * most * math.log(2) - 50  # e^b times the largest number is 0 there
    b[: 2 * n] = rng.uniform(-12, 12, 2 * n)
    b[2 * n : 3 * n] = rng.uniform(closes, 50, n)
    b[n : 2 * n] = rng.uniform(-math.sqrt(-2 * closes), 10, n)
    # Near the largest a, so that the product is a number wherever one can be.
    a[1::3] = rng.choice([-1, 1], len(a[1::3])) * 2.0 ** rng.uniform(most - 60, most, len(a[1::3]))
    # Where even that product gets subnormal, then 0: the gate is about e^b, or e^(-b^2 / 2).
    last = 2 * most * math.log(2) * rng.uniform(0.97, 1.03, n)
    last[1::2] = np.sqrt(2 * last[1::2])
    edge = np.stack([2.0 ** rng.uniform(most - 4, most - 1e-9, n), -last], axis=-1)
    yield edge.astype(dtype)
    yield np.stack([a, b], axis=-1).clip(-limits.max, limits.max).astype(dtype)


def with_torch(function, z, *, slope):
    """Return PyTorch's value at z, or the derivative that autograd gives."""
    import torch

    x = torch.from_numpy(z.copy()).requires_grad_(slope)
    y = function(x)
    if not slope:
        return y.detach().numpy()
    (gradient,) = torch.autograd.grad(y, x, torch.ones_like(y))
    return gradient.numpy()


def with_jax(function, z, *, slope):
    import jax

    jax.config.update("jax_enable_x64", True)
    return np.asarray(jax.vmap(jax.grad(function))(z) if slope else function(z))


def jax_function(entry, params, slope):
    """Return JAX's function of the same name, if it has one, at its own or our parameters."""
    from jax import nn

    ours = formulas.parameters(entry, params)
    known = {
        "leaky_relu": lambda x: nn.leaky_relu(x, negative_slope=ours["alpha"]),
        "elu": lambda x: nn.elu(x, alpha=ours["alpha"]),
        "celu": lambda x: nn.celu(x, alpha=ours["alpha"]),
        "gelu": lambda x: nn.gelu(x, approximate=False),
        "gelu_tanh": lambda x: nn.gelu(x, approximate=True),
        "softsign": nn.soft_sign,
        "hardtanh": nn.hard_tanh,
        "hardsigmoid": nn.hard_sigmoid,
        "hardswish": nn.hard_silu,
        "softplus": None if ours.get("beta") != 1 else nn.softplus,
        "swish": None,
        "glu": None if slope else nn.glu,
        "hardshrink": None,
    }
    return known[entry.name] if entry.name in known else getattr(nn, entry.name, None)


def results(entry, params, z, *, slope, only):
    """Return {implementation: its result at z} for the value or derivative of a record."""
    function = entry.grad if slope else entry.value
    name = function.__name__
    found = {}
    if "actlib" in only:
        found["actlib"] = function(z, **params)
    if "textbook" in only:
        found["textbook"] = formulas.textbook(entry, slope=slope, **params)(z)
    if "scipy" in only and name in formulas.SCIPY and not params:
        found["scipy"] = formulas.SCIPY[name](z).astype(z.dtype, copy=False)
    elementwise = entry.kind == "elementwise"
    if "torch" in only and (elementwise or entry.kind == "gated" or not slope):
        module = formulas.pytorch(entry, **params)
        if module is not None:
            import torch

            module = module.to(torch.from_numpy(z[:1].copy()).dtype)
            found["torch"] = with_torch(module, z, slope=slope)
    if "jax" in only and (elementwise or not slope):
        theirs = jax_function(entry, params, slope)
        if theirs is not None:
            found["jax"] = with_jax(theirs, z, slope=slope)
    return found


def errors(name, z, computed, exact):
    """Return the error of each result in ulp, inf where NaN or infinity is wrong."""
    error = ulp_error(computed, exact)
    if name == "geglu_grad":  # a times a slope that has a crossing
        a, b = np.split(z, 2, axis=-1)
        slope, unit = np.s_[..., a.shape[-1] :], np.abs(a)
        crossing = CROSSINGS["gelu_grad"]
        error[slope] = _floored(error[slope], crossing, b, computed[slope], exact[slope], unit)
    elif name in CROSSINGS:
        error = _floored(error, CROSSINGS[name], z, computed, exact, np.ones(exact.shape))
    return error


def _floored(error, crossing, z, computed, exact, unit):
    """Return the errors, counted in ulp of unit / 8 where z is in a crossing and they are less."""
    low, high = crossing
    here = (low < z) & (z < high) if z.shape == exact.shape else np.full(exact.shape, True)
    floors = [mpmath.mpf(float(x)) * FLOOR for x in unit.ravel()]
    small = [abs(x) < floor for x, floor in zip(exact.ravel(), floors, strict=True)]
    here &= np.isfinite(computed) & np.reshape(small, exact.shape)
    eps, least = float(np.finfo(computed.dtype).eps), np.finfo(computed.dtype).smallest_subnormal
    for i in map(tuple, np.argwhere(here)):
        ulp = max(mpmath.mpf(float(unit[i])) * FLOOR * eps, mpmath.mpf(float(least)))
        error[i] = float(abs(mpmath.mpf(float(computed[i])) - exact[i]) / ulp)
    return error


# The search for the largest error


def ordinals(z):
    """Return the place of each number of z in the order of its dtype; neighbours differ by 1."""
    bits = z.view(f"i{z.itemsize}").astype(np.int64)
    return np.where(bits < 0, -(bits & np.iinfo(f"i{z.itemsize}").max), bits)


def numbers(places, dtype):
    """Return the numbers of a dtype at places as `ordinals` gives them; the finite ones."""
    size = np.dtype(dtype).itemsize
    last = int(ordinals(np.array([np.finfo(dtype).max]))[0])
    places = np.clip(places, -last, last)
    found = np.abs(places).astype(f"i{size}").view(dtype)
    return np.where(places < 0, -found, found)


def climb(measure, z, error, rng):
    """Search for larger errors; return what was visited: inputs, and what `measure` gave.

    `measure(z)`: the error at each input, or row of inputs, and more that is kept, as a tuple of
    arrays. `error`: its first part at z. From each of the worst inputs, one of a binade, the
    best of some steps is taken, of 1 to 2^50 places in the order of float64, until none is left.
    """
    first = z.reshape(len(z), -1)
    order = np.argsort(-error, kind="stable")
    binades = np.frexp(first[order].astype(np.float64))[1] * np.sign(first[order])
    _, kept = np.unique(binades, axis=0, return_index=True)
    start = order[np.sort(kept)[:STARTS]]
    here, best = z[start], error[start]
    digits = np.finfo(z.dtype).nmant
    visited = []
    for _ in range(STEPS):
        shape = (len(here), TRIES, *z.shape[1:])
        steps = rng.choice([-1, 1], shape) * 2 ** rng.uniform(0, digits - 2, shape)
        steps = np.where(rng.random(shape) < 1 / (1 + (z.ndim > 1)), steps, 0)
        places = ordinals(here)[:, None] + steps.astype(np.int64)
        tried = numbers(places, z.dtype).reshape(-1, *z.shape[1:])
        found = measure(tried)
        visited.append((tried, *found))
        errors_here = found[0].reshape(len(here), TRIES)
        which = errors_here.argmax(axis=1)
        worse = errors_here.max(axis=1) > best
        tried = tried.reshape(shape)
        for i in np.flatnonzero(worse):
            here[i], best[i] = tried[i, which[i]], errors_here[i, which[i]]
    return [np.concatenate(part) for part in zip(*visited, strict=True)]


def searched(measure, z, error, normal, rng):
    """Return inputs, errors and whether normal: those given, and what a search from them visits.

    It climbs twice: among normal numbers, and among the rest. `measure(z)`: errors, normal.
    """
    visited = [(z, error, normal)]
    for kind in (True, False):

        def counted(z, kind=kind):
            error, normal = measure(z)
            return np.where((normal == kind) & np.isfinite(error), error, -1.0), error, normal

        among = np.where((normal == kind) & np.isfinite(error), error, -1.0)
        if STEPS and (among > 0).any():
            tried, _, *rest = climb(counted, z, among, rng)
            visited.append((tried, *rest))
    return [np.concatenate(part) for part in zip(*visited, strict=True)]


def summary(error, at, normal):
    """Return what is stored about the errors at the inputs `at`, one error for each.

    `normal` says where the input and the exact result are normal numbers: some libraries round
    subnormal ones to 0, which would hide all other errors.
    """
    wrong = np.isinf(error)
    found = {"points": len(error)}
    for suffix, which in (("", normal), ("_subnormal", ~normal)):
        finite = np.where(which & ~wrong, error, -1.0)
        worst = int(finite.argmax())
        if finite[worst] >= 0:
            found |= {f"max_ulp{suffix}": float(f"{finite[worst]:.3g}"), f"at{suffix}": at[worst]}
    if wrong.any():
        found |= {"wrong": int(wrong.sum()), "wrong_at": at[int(wrong.argmax())]}
    return found


def is_normal(z, exact):
    """Return, for each input or row of inputs, whether it and its result are normal."""
    least = float(np.finfo(z.dtype).smallest_normal)
    sizes = np.abs(exact)
    fine = (sizes == 0) | (sizes >= least)
    ordinary = (z == 0) | (np.abs(z) >= least)
    fine, ordinary = (x.reshape(len(z), -1).astype(bool).all(axis=1) for x in (fine, ordinary))
    return fine & ordinary


def measure_elementwise(entry, params, dtype, only):
    rng = np.random.default_rng(0)
    z = points(entry, params, dtype, rng)
    for slope in (False, True):
        name = (entry.grad if slope else entry.value).__name__
        # The slope at a join is a choice; tests check that each library's is one of the two.
        here = z[~np.isin(z, np.array(entry.joins(**params), dtype))] if slope else z
        exact = formulas.exact(entry, here, slope=slope, **params)
        normal = is_normal(here, exact)
        ends = np.array([-np.inf, np.inf], dtype)
        limits = np.array((entry.grad_limits if slope else entry.limits)(**params), float)

        def of_ours(z, slope=slope, name=name):
            exact = formulas.exact(entry, z, slope=slope, **params)
            result = results(entry, params, z, slope=slope, only={"actlib"})["actlib"]
            keep = np.isin(z, np.array(entry.joins(**params), dtype)) & slope
            return np.where(keep, 0.0, errors(name, z, result, exact)), is_normal(z, exact)

        for implementation, result in results(entry, params, here, slope=slope, only=only).items():
            at_ends = results(entry, params, ends, slope=slope, only={implementation})
            visited = here, errors(name, here, result, exact), normal
            if implementation == "actlib" and dtype == np.float64:
                visited = searched(of_ours, *visited, rng)
            at, error, among = visited
            found = summary(error, at.tolist(), among)
            lost = np.isnan(at_ends[implementation]) & ~np.isnan(limits)
            yield name, implementation, found | {"nan_at_infinity": int(lost.sum())}


def row_results(function, entry, z, only):
    """Return {implementation: its result for the rows z} for a function of rows."""
    if entry is not None:
        return results(entry, {}, z, slope=function != entry.name, only=only)
    named = {"actlib": logsumexp, "textbook": formulas.logsumexp}
    named |= {"scipy": formulas.SCIPY["logsumexp"]}
    found = {name: call(z) for name, call in named.items() if name in only}
    if "torch" in only:
        import torch

        found["torch"] = torch.logsumexp(torch.from_numpy(z), dim=-1).numpy()
    return found


def measure_rows(function, entry, dtype, only):
    """Yield the same as `measure_elementwise`, for a function of rows; `at` is a whole row."""
    rng = np.random.default_rng(0)
    gathered = {}
    gated = entry is not None and entry.kind == "gated"

    def of_ours(z):
        exact = formulas.exact_rows(function, z)
        result = row_results(function, entry, z, {"actlib"})["actlib"]
        error = errors(function, z, result, exact).reshape(len(z), -1).max(axis=1)
        return error, is_normal(z, exact)

    for z in pairs(dtype, rng) if gated else rows(dtype, rng):
        if function.endswith("jacobian"):
            z = z[:20, :5]
        exact = formulas.exact_rows(function, z)
        for implementation, result in row_results(function, entry, z, only).items():
            error = errors(function, z, result, exact).reshape(len(z), -1).max(axis=1)
            gathered.setdefault(implementation, []).append((z, error, is_normal(z, exact)))
    if "actlib" in only and dtype == np.float64:
        short = [part for part in gathered["actlib"] if part[0].shape[1] < 6]
        for width in {part[0].shape[1] for part in short}:
            same = [part for part in short if part[0].shape[1] == width]
            z, error, normal = (np.concatenate(part) for part in zip(*same, strict=True))
            gathered["actlib"].append(searched(of_ours, z, error, normal, rng))
    for implementation, parts in gathered.items():
        inputs, error, normal = zip(*parts, strict=True)
        at = [r if len(r) < 6 else f"{len(r)} scores" for z in inputs for r in z.tolist()]
        yield function, implementation, summary(np.concatenate(error), at, np.concatenate(normal))


def fingerprint(function):
    """Return a few digits that change with the code of a function, or of one that it calls.

    Comments, docstrings, layout, and the checks of arguments do not count.
    """
    return hashlib.sha256("\n".join(_code(function, {}).values()).encode()).hexdigest()[:12]


def _code(function, found):
    kernel = inspect.unwrap(function)
    tree = ast.parse(textwrap.dedent(inspect.getsource(kernel)))
    (definition,) = tree.body
    definition.decorator_list = []
    if ast.get_docstring(definition) is not None:
        del definition.body[0]
    found[kernel.__name__] = ast.unparse(definition)
    for node in ast.walk(definition):
        name = node.id if isinstance(node, ast.Name) else None
        value = kernel.__globals__.get(name)
        ours = getattr(value, "__module__", "") or ""
        if isinstance(value, (int, float, tuple)):
            found[name] = repr(value)
        elif callable(value) and ours.startswith("actlib.activations.") and name not in found:
            _code(value, found)
    return found


def measure(entry, only):
    """Yield rows of the result file for one record of the registry."""
    for dtype in DTYPES:
        every = [{}, *([OTHER_PARAMS[entry.name]] if entry.name in OTHER_PARAMS else [])]
        among = only if dtype != np.float16 else only & {"actlib", "torch"}
        for params in every if entry.kind == "elementwise" else [{}]:
            if entry.kind == "elementwise":
                found = measure_elementwise(entry, params, dtype, among)
            else:
                found = (
                    row
                    for function in (entry.value.__name__, entry.grad.__name__)
                    for row in measure_rows(function, entry, dtype, among)
                )
            if entry.name == "softmax":
                found = (*found, *measure_rows("logsumexp", None, dtype, among))
            for name, implementation, result in found:
                yield (
                    {
                        "function": name,
                        "dtype": np.dtype(dtype).name,
                        "params": params,
                        "implementation": implementation,
                    }
                    | result
                    | _of_ours(entry, name, implementation)
                )


def _of_ours(entry, name, implementation):
    """Return the fingerprint of the function `name` of an entry, if it is actlib's."""
    if implementation != "actlib":
        return {}
    named = {f.__name__: f for f in (entry.value, entry.grad, logsumexp)}
    return {"code": fingerprint(named[name])}


def measure_saturation(only):
    """Yield from which z on the value and the slope of a saturating function are its limits."""
    for name, dtype in itertools.product(("sigmoid", "tanh"), ("float32", "float64")):
        entry, rounded = ACTIVATIONS[name], ROUNDINGS[dtype]
        for who in sorted(only & {"actlib", "torch", "jax"}):

            def computed(z, *, slope, entry=entry, dtype=dtype, who=who):
                z = np.asarray(z, dtype).reshape(-1)
                return np.asarray(results(entry, {}, z, slope=slope, only={who})[who], float)

            tails = saturation(
                entry,
                rounded,
                value=lambda z, computed=computed: computed(z, slope=False),
                grad=lambda z, computed=computed: computed(z, slope=True),
            )
            for tail in tails:
                yield {"function": name, "dtype": dtype, "implementation": who} | vars(tail)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="functions to measure (default: all)")
    parser.add_argument("--only", action="append", help="implementation to measure, repeatable")
    options = parser.parse_args()
    there = {"torch", "jax"} & {n for n in ("torch", "jax") if importlib.util.find_spec(n)}
    only = set(options.only or {"actlib", "textbook", "scipy"} | there)
    warnings.simplefilter("ignore")  # from the others: actlib gives none
    np.seterr(all="ignore")
    for name in options.names or ACTIVATIONS:
        measured = []
        for row in measure(ACTIVATIONS[name], only):
            measured.append(row)
            line = f"{row['function']:20} {row['dtype']} {row['params']} {row['implementation']}"
            print(
                f"{line:62} {row['max_ulp']:9.3g} at {row['at']}  {row.get('wrong', '')}",
                flush=True,
            )
        store(measured, only)
    store([], only, list(measure_saturation(only)))


def store(measured, only, saturated=()):
    """Write rows to today's file, after what the newest file says of all else."""
    today = datetime.date.today().isoformat()
    versions = {n: __import__(n).__version__ for n in ("torch", "jax") if n in only}
    meta = {"date": today, "python": platform.python_version(), "numpy": np.__version__}
    meta |= {"scipy": scipy.__version__, "mpmath": mpmath.__version__} | versions
    path, rows, tails = HERE / f"accuracy_{today}.json", measured, list(saturated)
    if any(HERE.glob("accuracy_*.json")):
        old = newest("accuracy", HERE)
        again = {(row["function"], row["implementation"]) for row in measured}
        kept = [r for r in old["rows"] if (r["function"], r["implementation"]) not in again]
        if old["meta"]["date"] != today:
            kept = [{"date": old["meta"]["date"]} | row for row in kept]
        meta, rows = old["meta"] | meta, kept + measured
        again = {row["implementation"] for row in saturated}
        tails += [r for r in old.get("saturation", ()) if r["implementation"] not in again]
    order = [f.__name__ for e in ACTIVATIONS.values() for f in (e.value, e.grad)]
    order += REDUCTIONS
    rows = sorted(rows, key=lambda row: order.index(row["function"]))
    parts = (",\n".join("  " + json.dumps(row) for row in part) for part in (rows, tails))
    lists = ",\n".join(
        f' "{name}": [\n{lines}\n ]'
        for name, lines in zip(("rows", "saturation"), parts, strict=True)
    )
    path.write_text(f'{{\n "meta": {json.dumps(meta)},\n{lists}\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
