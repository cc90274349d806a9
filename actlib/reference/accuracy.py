"""From the dated file of the accuracy benchmark to tables."""

from actlib.activations import ACTIVATIONS, REDUCTIONS

from .measured import newest
from .tables import Table

NAMES = {
    "actlib": "actlib",
    "textbook": "textbook",
    "torch": "PyTorch",
    "scipy": "SciPy",
    "jax": "JAX",
}


class Accuracy:
    """The newest result of `benchmarks/accuracy.py` in a folder, and views of it.

    `folder`: the folder of the files `accuracy_<date>.json`. Errors are in units in the last place
    (ulp) of the dtype, at the default parameters, over inputs and results that are normal
    numbers. Raises FileNotFoundError, naming the folder, if there is no such file in it.
    """

    def __init__(self, folder):
        measured = newest("accuracy", folder)
        self.meta, self.rows = measured["meta"], measured["rows"]
        self.tails = measured.get("saturation", [])
        # A row that a newer run has kept says so.
        self.dates = sorted({row.get("date", self.meta.get("date")) for row in self.rows})

    def _found(self, dtype):
        """Return {function: {implementation: row}} for a dtype, parameters at their defaults."""
        found = {}
        for row in self.rows:
            if row["dtype"] == dtype and not row["params"]:
                found.setdefault(row["function"], {})[row["implementation"]] = row
        return found

    def table(self, dtype, *, slopes=False):
        """Return a `Table` of the largest errors, a line per function, a column per library.

        `dtype`: "float64" or "float32". Functions for which every library returns the nearest
        number are left out; `exact` names them. "∞" means that a result is infinite or NaN at
        a finite input where the exact one is not.
        """
        found = self._found(dtype)
        lines = [
            (f"`{name}`", *(_short(found[name].get(who)) for who in NAMES))
            for name in self._names(found, slopes)
            if not _exact(found[name])
        ]
        return Table(("function", *NAMES.values()), lines)

    def exact(self, dtype, *, slopes=False):
        """Return the functions for which all libraries are within 0.51 ulp, as a list."""
        found = self._found(dtype)
        return [name for name in self._names(found, slopes) if _exact(found[name])]

    @staticmethod
    def _names(found, slopes):
        values = [*ACTIVATIONS, *REDUCTIONS]
        slopes_ = [entry.grad.__name__ for entry in ACTIVATIONS.values()]
        return [name for name in (slopes_ if slopes else values) if name in found]

    def largest(self, dtype, n=3):
        """Return actlib's n largest errors as [(function, error)], one for each function.

        They include other parameters and subnormal numbers.
        """
        errors = {}
        for row in self.rows:
            if (row["implementation"], row["dtype"]) == ("actlib", dtype):
                error = max(row["max_ulp"], row.get("max_ulp_subnormal", 0.0))
                errors[row["function"]] = max(error, errors.get(row["function"], 0.0))
        return sorted(errors.items(), key=lambda item: -item[1])[:n]

    def better_elsewhere(self, dtype, *, by=0.1):
        """Return a `Table` of the functions for which another library is closer, and how close."""
        lines = []
        for name, each in self._found(dtype).items():
            ours = each["actlib"]["max_ulp"]
            lines += [
                (f"`{name}`", f"{ours:.2g}", NAMES[who], f"{row['max_ulp']:.2g}")
                for who, row in each.items()
                if who != "actlib" and "wrong" not in row and row["max_ulp"] < ours - by
            ]
        return Table(("function", "actlib", "closer", "error"), lines)

    def lost_limits(self, dtype="float64"):
        """Return a `Table` of what gives NaN at an infinite input although there is a limit."""
        lost = {}
        for name, each in self._found(dtype).items():
            for who, row in each.items():
                lost.setdefault(who, []).extend([f"`{name}`"] * bool(row.get("nan_at_infinity")))
        lines = [
            (NAMES[who], len(lost[who]), ", ".join(lost[who]) or "none")
            for who in NAMES
            if who in lost
        ]
        return Table(("library", "functions", "NaN at −∞ or ∞"), lines)

    def saturation(self):
        """Return a `Table` of the z from which on value and slope are exactly their right limit.

        A line for each function and dtype, a column for each library that was measured; z is
        given to two decimals.
        """
        names = [who for who in NAMES if any(who == tail["implementation"] for tail in self.tails)]
        found = {}
        for tail in self.tails:
            if tail["side"] == "right":
                what = f"{tail['what']} is {tail['limit']:.0f}"
                line = found.setdefault((f"`{tail['function']}`", tail["dtype"], what), {})
                line[tail["implementation"]] = f"{tail['start']:.2f}"
        lines = [(*key, *(line.get(who, "") for who in names)) for key, line in found.items()]
        return Table(("function", "dtype", "from here on", *(NAMES[who] for who in names)), lines)


def _exact(each):
    return all("wrong" not in row and row["max_ulp"] <= 0.51 for row in each.values())


def _short(row):
    if row is None:
        return ""
    if "wrong" in row:
        return "∞"
    error = row["max_ulp"]
    if error < 1000:
        return f"{error:.2g}" if error < 100 else f"{error:.0f}"
    return f"{error:.0e}".replace("e+", "e").replace("e0", "e")
