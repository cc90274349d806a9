"""From the dated file of the speed benchmark to tables."""

import numpy as np

from actlib.activations import ACTIVATIONS

from .measured import newest
from .tables import Table

LARGE = 100_000  # from this many numbers on, the cost of the call itself no longer counts
LIMIT = 2.5


class Speed:
    """The newest result of `benchmarks/speed.py` in a folder, and views of it.

    `folder`: the folder of the files `speed_<date>.json`. Times are given as multiples of what
    the textbook formula takes in the same dtype, the median over the large sizes. Raises
    FileNotFoundError, naming the folder, if there is no such file in it.
    """

    def __init__(self, folder):
        measured = newest("speed", folder)
        self.meta, self.reasons = measured["meta"], measured["reasons"]
        self.times = {
            (row["function"], row["dtype"], row["implementation"], row["n"]): row["ns_per_element"]
            for row in measured["rows"]
        }

    def ratio(self, function, dtype, who="actlib"):
        """Return the time as a multiple of the textbook formula's, or None if unknown."""
        found = [
            time / self.times[function, dtype, "textbook", n]
            for (*key, n), time in self.times.items()
            if key == [function, dtype, who] and n >= LARGE
        ]
        return float(np.median(found)) if found else None

    def microseconds(self, function, n, *, who="actlib", dtype="float64"):
        """Return how long one call with n numbers takes."""
        return self.times[function, dtype, who, n] * n / 1000

    def table(self, dtype):
        """Return a `Table` of the ratios: values in three libraries, then slopes in two."""
        lines = []
        for name, entry in ACTIVATIONS.items():
            asked = [(name, who) for who in ("actlib", "torch", "scipy")]
            asked += [(entry.grad.__name__, who) for who in ("actlib", "torch")]
            lines.append((f"`{name}`", *(_short(self.ratio(f, dtype, who)) for f, who in asked)))
        heads = ("function", "actlib", "PyTorch", "SciPy", "slope: actlib", "slope: PyTorch")
        return Table(heads, lines)

    def slow(self, dtype):
        """Return [(function, ratio, reasons)] of what takes over 2.5 times as long in actlib."""
        functions = dict.fromkeys(key[0] for key in self.times if key[1] == dtype)
        ratios = {name: self.ratio(name, dtype) for name in functions}
        return [
            (name, ratio, [r["why"] for r in self.reasons if _fits(r, name, dtype)])
            for name, ratio in ratios.items()
            if ratio > LIMIT
        ]

    def why(self, dtype):
        """Return a `Table` of the reasons and the slow functions that each applies to."""
        found = {}
        for name, ratio, reasons in self.slow(dtype):
            for reason in reasons:
                found.setdefault(reason, []).append(f"`{name}` {_short(ratio)}")
        return Table(("why", "times the textbook"), [(w, ", ".join(f)) for w, f in found.items()])


def _fits(reason, function, dtype):
    """Tell whether a reason is about this function in this dtype, at large sizes."""
    asked = {"function": function, "dtype": dtype, "n": None}
    return all(asked[key] in reason[key] for key in reason.keys() - {"why"})


def _short(ratio):
    return "" if ratio is None else f"{ratio:.2g}"
