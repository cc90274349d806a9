"""Measure how long functions take per number, here and in other libraries.

`python benchmarks/speed.py` times every entry of the registry, values and derivatives, in
float64 and float32 on arrays of a thousand to ten million numbers: actlib, the textbook
formula in NumPy, SciPy and PyTorch (its derivative by autograd), each on one thread. The
implementations take turns within a round, so that other load on the machine slows them all;
the median over the rounds is stored, in nanoseconds per number. Compare only ratios within a
row of one file: the times themselves depend on the machine. Named functions are measured alone:
the rest of the newest file is kept. Nothing here is asserted.
"""

import argparse
import contextlib
import ctypes
import datetime
import json
import os
import platform
import statistics
import sys
import time
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import scipy
import torch

from actlib.activations import ACTIVATIONS, REDUCTIONS, logsumexp
from actlib.reference.measured import newest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import formulas  # noqa: E402

SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
ROW = 100  # entries in a row of scores
CALLS = 150_000  # numbers to compute between two readings of the clock
ROUNDS = 9

# Why something takes more than 2.5 times as long as the textbook formula in the same dtype.
# A reason applies to what it names; if a key is missing, to every function, dtype or size.
TWO_EXPS = ("sigmoid", "softplus", "log_sigmoid", "mish", "glu")
REASONS = [
    {
        "n": [1_000, 10_000],
        "why": "each call checks its input and keeps its promises, a few microseconds in all",
    },
    {
        "dtype": ["float32"],
        "why": "computed in float64 and rounded once, which leaves 0.50 ulp",
    },
    {
        "function": [f"{name}{end}" for name in TWO_EXPS for end in ("", "_grad")],
        "why": "two exponentials, of -|z| and of min(z, 0), instead of one that overflows",
    },
    {
        "function": [
            f"{name}{end}"
            for name in ("silu", "swish", "swiglu", "quick_gelu", "clamped_swiglu")
            for end in ("", "_grad")
        ],
        "why": "the sigmoid as two factors where it is subnormal but z times it is not; the slope "
        "is written around its zero and keeps its digits there",
    },
    {"function": ["mish_grad"], "why": "left of 0 a second sum, written around the slope's zero"},
    {
        "function": ["gelu", "gelu_grad", "geglu", "geglu_grad"],
        "why": "two special functions, each where it is exact, and the square in two parts",
    },
    {
        "function": ["gelu_tanh", "gelu_tanh_grad", "celu_grad", "softcap_grad", "dyt_grad"],
        "why": "the rounding error in the argument of exp is computed and corrected for",
    },
    {
        "function": ["softmax", "softmin", "log_softmax", "logsumexp", "softmax_plus_one"],
        "why": "the rounding error of the shift is computed (two-sum) and corrected for",
    },
    {
        "function": ["identity", "relu", "relu_grad", "squared_relu", "squared_relu_grad"],
        "why": "the work is so small that copying each block into the result shows",
    },
    {
        "function": ["identity_grad", "maxout_grad"],
        "why": "NaN in the input is detected and kept; the textbook's slope loses it",
    },
    {
        "function": ["snake_grad"],
        "why": "a sine and a cosine, so that the slope keeps its digits where it is near 0",
    },
    {
        "function": ["xielu"],
        "why": "what rounding took from its left side is computed and added, for its zero",
    },
    {
        "function": ["squareplus", "squareplus_grad"],
        "why": "a root that cannot overflow (hypot), and a quotient where the sum would cancel",
    },
    {"function": ["tanhshrink"], "why": "near 0 a formula of its own, where z - tanh z cancels"},
    {
        "function": ["sparsemax", "entmax15"],
        "why": "its threshold is found in two parts, by Newton's method",
    },
]


def keep_memory():
    """Let glibc reuse the memory of temporary arrays instead of returning it to the system.

    Otherwise requesting memory pages again costs more than the arithmetic, by an amount that
    depends on the system and not on the formula.
    """
    with contextlib.suppress(OSError, AttributeError):  # there is no glibc here
        mallopt = ctypes.CDLL("libc.so.6").mallopt
        mallopt(-4, 0)  # M_MMAP_MAX
        mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD


def torch_slope(module, x):
    """Return a call that computes the derivative: one backward step from a stored value."""
    x = x.clone().requires_grad_()
    y = module(x)
    ones = torch.ones_like(y)
    return lambda: torch.autograd.grad(y, x, ones, retain_graph=True)


def contenders(entry, z, *, slope):
    """Return {implementation: call} for the value or the derivative of a record at z."""
    function = entry.grad if slope else entry.value
    plain = formulas.textbook(entry, slope=slope)
    calls = {"actlib": lambda: function(z), "textbook": lambda: plain(z)}
    if function.__name__ in formulas.SCIPY:
        calls["scipy"] = lambda: formulas.SCIPY[function.__name__](z)
    if (module := formulas.pytorch(entry)) is not None:
        x = torch.from_numpy(z)
        module = module.to(x.dtype).requires_grad_(False)
        calls["torch"] = torch_slope(module, x) if slope else lambda: module(x)
    return calls


def seconds(call, repeats):
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - start) / repeats


def measure(calls, n):
    """Return {implementation: ns per number}, the median over rounds in which all take turns."""
    repeats = max(1, CALLS // n)
    times = {name: [] for name in calls}
    for call in calls.values():
        call()
    for round_ in range(ROUNDS if n < SIZES[-1] else 3):
        order = list(calls) if round_ % 2 else list(calls)[::-1]
        for name in order:
            times[name].append(seconds(calls[name], repeats))
    return {name: statistics.median(t) / n * 1e9 for name, t in times.items()}


def cases(names, z):
    """Yield (name of the function, calls) for what is to be measured on the numbers z."""
    for name in names:
        entry, rows = ACTIVATIONS[name], z.reshape(-1, ROW)
        shaped = z if entry.kind == "elementwise" else rows
        yield name, contenders(entry, shaped, slope=False)
        if entry.kind != "row":  # a Jacobian has that many times more numbers
            yield entry.grad.__name__, contenders(entry, shaped, slope=True)
    if "softmax" in names:
        x = torch.from_numpy(rows)
        yield (
            "logsumexp",
            {
                "actlib": lambda: logsumexp(rows),
                "textbook": lambda: formulas.logsumexp(rows),
                "scipy": lambda: formulas.SCIPY["logsumexp"](rows),
                "torch": lambda: torch.logsumexp(x, dim=-1),
            },
        )


def processor():
    """Return the processor's model, as Linux names it, or else its architecture."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="functions to measure (default: all)")
    options = parser.parse_args()
    keep_memory()
    torch.set_num_threads(1)
    np.seterr(all="ignore")  # the textbook's formulas overflow; actlib's do not
    rng = np.random.default_rng(0)
    rows = []
    for dtype in (np.float64, np.float32):
        for n in SIZES:
            z = rng.normal(0.0, 3.0, n).astype(dtype)
            for function, calls in cases(options.names or ACTIVATIONS, z):
                for implementation, ns in measure(calls, n).items():
                    row = {"function": function, "dtype": z.dtype.name, "n": n}
                    rows.append(
                        row | {"implementation": implementation, "ns_per_element": round(ns, 3)}
                    )
            print(f"measured {z.dtype.name}, n = {n:,}", flush=True)
    show(rows)
    store(rows)


def show(rows):
    """Print each function's time as a multiple of the textbook's, per dtype and size."""
    times = {
        (row["function"], row["dtype"], row["implementation"], row["n"]): row["ns_per_element"]
        for row in rows
    }
    for function, dtype in dict.fromkeys((row["function"], row["dtype"]) for row in rows):
        line = f"{function:20} {dtype}"
        for name in ("actlib", "scipy", "torch"):
            ratios = [
                times[function, dtype, name, n] / times[function, dtype, "textbook", n]
                for n in SIZES
                if (function, dtype, name, n) in times
            ]
            if ratios:
                line += f"  {name} " + " ".join(f"{ratio:5.2f}" for ratio in ratios)
        print(line)


def store(rows):
    """Write rows to today's file, after what the newest file says of other functions."""
    again = {row["function"] for row in rows}
    if any(HERE.glob("speed_*.json")):
        rows = [r for r in newest("speed", HERE)["rows"] if r["function"] not in again] + rows
    order = [f.__name__ for e in ACTIVATIONS.values() for f in (e.value, e.grad)]
    order += REDUCTIONS
    dtypes = ("float64", "float32")
    rows.sort(key=lambda r: (dtypes.index(r["dtype"]), r["n"], order.index(r["function"])))
    today = datetime.date.today().isoformat()
    meta = {
        "date": today,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "torch": torch.__version__,
        "processor": processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),  # the machine was shared: read only ratios
        "threads": 1,
        "row": ROW,
    }
    path = HERE / f"speed_{today}.json"
    lines = ",\n".join("  " + json.dumps(row) for row in rows)
    head = f'"meta": {json.dumps(meta)},\n "reasons": {json.dumps(REASONS)}'
    text = f'{{\n {head},\n "rows": [\n{lines}\n ]\n}}\n'
    path.write_text(text, encoding="utf-8")
    print(f"Stored as {path.name}")


if __name__ == "__main__":
    main()
