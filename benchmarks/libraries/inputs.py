"""The inputs that every library is given: the same files for all, made from one seed."""

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

import accuracy

from actlib.activations import ACTIVATIONS

FLOATS = ("float64", "float32", "float16", "bfloat16")
GRID = np.unique(np.concatenate([np.linspace(-8, 8, 641), np.linspace(-100, 100, 201)]))
JOINS = (-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0, 6.0)
# Where one element alone is compared with the same among others.
BELOW = [-1e4, -89, -88.5, -60, -30, -17, -9.5, -5, -2.5, -1.3, -1, -0.3, -1e-3, -1e-8]
ALONE = np.array([-np.inf, *BELOW, 1e-8, 0.7, 1, 2.2, 3, 6, 8.4, 9.5, 17, 30, 60, 88.5, 89, 1e4])
INTEGERS = np.arange(-5, 8, dtype=np.int32)
ROW_EDGES = {
    "row_nan": [[np.nan, 0.0, 1.0]],
    "row_inf": [[np.inf, 0.0, 1.0]],
    "row_-inf": [[-np.inf, 0.0, 1.0]],
    "row_all_-inf": [[-np.inf, -np.inf, -np.inf]],
    "row_far": [[1e4, 0.0, -1e4]],
}


def to_bfloat16(x):
    """Return the 16 bits of the bfloat16 numbers nearest to x (ties to even)."""
    bits = np.asarray(x, np.float32).view(np.uint32)
    rounded = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)
    return np.where(np.isnan(np.asarray(x)), np.uint16(0x7FC0), rounded)


def from_bfloat16(bits):
    return (bits.astype(np.uint32) << 16).view(np.float32)


def as_dtype(x, dtype):
    """Return numbers in what a file of a dtype holds."""
    with np.errstate(over="ignore", under="ignore"):
        return to_bfloat16(x) if dtype == "bfloat16" else np.asarray(x).astype(dtype)


def crowded(dtype, rng):
    """Return the points of the accuracy page, for the joins of every function together."""

    class Entry:
        grad = accuracy.pairs  # any function whose name is no crossing

        @staticmethod
        def joins():
            return JOINS

    return np.unique(
        np.concatenate(
            [
                accuracy.points(Entry, {}, np.dtype(dtype).type, rng),
                rng.uniform(-20, 20, 16000 if dtype == "float32" else 2000).astype(dtype),
            ]
        )
    )


def all_numbers(dtype):
    """Return every finite number of a 16-bit dtype, in order."""
    bits = np.arange(2**16, dtype=np.uint16)
    real = from_bfloat16(bits) if dtype == "bfloat16" else bits.view(np.float16)
    bits, real = bits[np.isfinite(real)], real[np.isfinite(real)]
    order = np.argsort(real, kind="stable")
    return bits[order] if dtype == "bfloat16" else real[order]


def patterns(rng):
    """Return 2^18 float32 numbers: one of every 2^14 neighbours."""
    bits = np.arange(2**18, dtype=np.uint64) * 2**14 + rng.integers(0, 2**14, 2**18, np.uint64)
    real = bits.astype(np.uint32).view(np.float32)
    return np.sort(real[np.isfinite(real)])


def edges(dtype):
    limits = {"float64": np.finfo(np.float64), "float16": np.finfo(np.float16)}.get(
        dtype, np.finfo(np.float32)
    )
    tiny, least = float(limits.smallest_subnormal), float(limits.smallest_normal)
    ends = [-np.inf, np.inf, np.nan, -float(limits.max), float(limits.max)]
    if dtype == "bfloat16":
        tiny, ends[3:] = 2.0**-133, [-3.3895313892515355e38, 3.3895313892515355e38]
    return np.array([*ends, 0.0, -0.0, tiny, -tiny, least / 4, -least / 4])


def arrays():
    """Yield (name, dtype, array, layout, whether slopes are wanted)."""
    for dtype in FLOATS:
        rng = np.random.default_rng(0)
        yield "edges", dtype, as_dtype(edges(dtype), dtype), "flat", True
        if dtype in ("float64", "float32"):
            yield "grid", dtype, GRID.astype(dtype), "flat", True
            yield "joins", dtype, np.array(JOINS, dtype), "flat", True
            yield "crowded", dtype, crowded(dtype, rng), "flat", True
        else:
            yield "all", dtype, all_numbers(dtype), "flat", True
    yield "patterns", "float32", patterns(np.random.default_rng(1)), "flat", True
    yield "again", "float32", GRID.astype(np.float32), "flat", False
    alone = ALONE.astype(np.float32)
    yield "alone", "float32", alone, "each", False
    yield "together", "float32", np.tile(alone, 5), "flat", False
    yield "lanes", "float32", alone, "lanes", False
    yield "strided", "float32", np.tile(alone, 5), "strided", False
    yield "integers", "int32", INTEGERS, "flat", False
    rng = np.random.default_rng(2)
    for dtype in FLOATS:
        size = np.array([1e-3, 1.0, 10.0, 50.0, 300.0]).repeat(40)[:, None]
        yield "rows4", dtype, as_dtype(size * rng.uniform(-1, 1, (200, 4)), dtype), "flat", True
        yield "rows300", dtype, as_dtype(rng.normal(0, 3, (20, 300)), dtype), "flat", False
    for name, row in ROW_EDGES.items():
        yield name, "float32", np.array(row, np.float32), "flat", True
    yield "wide", "float32", rng.normal(0, 3, (2, 50000)).astype(np.float32), "flat", False
    yield "flat_wide", "float32", np.zeros((1, 50000), np.float32), "flat", False
    yield "cube", "float32", rng.normal(0, 1, (2, 3, 4)).astype(np.float32), "flat", False


def write(folder):
    """Write all inputs into a folder, in the form that adapters/protocol.py describes."""
    listed = []
    for name, dtype, array, layout, slope in arrays():
        array.tofile(folder / f"{name}.{dtype}")
        listed.append(
            {
                "name": name,
                "dtype": dtype,
                "shape": list(array.shape),
                "layout": layout,
                "slope": slope,
            }
        )
    (folder / "inputs.json").write_text(json.dumps(listed))


# The registry's functions of rows, and what else a library's row may be.
ROWS = tuple(name for name, entry in ACTIVATIONS.items() if entry.kind != "elementwise")
