"""Two libraries' versions of a function: their curves, the difference, and what is told of each."""

import re

import matplotlib.pyplot as plt
import numpy as np
from traitlets import Bool, Dict, List, Unicode, observe, validate

from ... import plotting
from ...activations import ACTIVATIONS
from ..kit.assets import lab_module, stylesheet
from ..kit.figure import LivingFigure
from ..kit.samples import pack

SAME = {"rtol": 1.2e-4, "atol": 1e-6}  # the files keep five digits: closer curves are one
NEAR = 0.1  # the view is what differs by more than this share of the largest difference


class TwoLibraries(LivingFigure):
    """Show a function as two libraries compute it, and their difference where they part.

    z : the inputs at which all curves are sampled, shape (n,), evenly spaced, increasing.
    heads : what is told of each call. functions : {title: [(call, told, values)]}, at least
    two calls of different names for each: `told` has a text for each of the heads, `values` the
    results at z, shape (n,); one that is not finite leaves a gap. Traits to set or observe:
    `function`, a title; `first` and `second`, two of its calls; `zoomed`, whether only the part
    of z is shown where they differ. Without them the first function is shown, its first call
    and the first that differs from it. Curves that agree to four digits, or to 1e-6, count as
    equal. Values are dimensionless. Raises ValueError for unknown names and arrays that do not
    fit.

    >>> TwoLibraries.example()
    TwoLibraries: ReLU in Leaf relu and in Moss relu, from −4 to 4; they differ most at −4, \
by 0.8.
    """

    name = "two_libraries"
    _esm = lab_module(name)
    _css = stylesheet(name)
    least = 380

    grid = List(read_only=True).tag(sync=True)
    heads = List(Unicode(), read_only=True).tag(sync=True)
    functions = Dict(read_only=True).tag(sync=True)
    function = Unicode().tag(sync=True)
    first = Unicode().tag(sync=True)
    second = Unicode().tag(sync=True)
    zoomed = Bool(False).tag(sync=True)

    def __init__(self, z, heads, functions, **traits):
        self._z = np.asarray(z, dtype=float)
        if self._z.ndim != 1 or self._z.size < 2 or not (np.diff(self._z) > 0).all():
            raise ValueError(f"z must be increasing, of shape (n,), got {z}")
        self._curves = {}
        self.set_trait("grid", [float(self._z[0]), float(self._z[-1]), self._z.size])
        self.set_trait("heads", list(heads))
        self.set_trait(
            "functions", {each: self._packed(each, functions[each]) for each in functions}
        )
        function = traits.get("function", next(iter(functions), ""))
        if function not in functions:
            raise ValueError(f"no {function!r} here; there is {', '.join(functions) or 'nothing'}")
        first = traits.get("first", self._calls(function)[0])
        chosen = {"function": function, "first": first, "second": self._other(function, first)}
        super().__init__(**chosen | traits)

    def _packed(self, title, versions):
        """Return a function's curves, texts and calls for the page, each curve and text once."""
        if len({call for call, *_ in versions}) < 2:
            raise ValueError(f"{title} needs two calls of different names, got {len(versions)}")
        curves, told, calls = [], [], []
        for call, texts, values in versions:
            values = np.asarray(values, dtype=float)
            if values.shape != self._z.shape or len(texts) != len(self.heads):
                raise ValueError(
                    f"{call} of {title} needs {self._z.size} values and {len(self.heads)} texts, "
                    f"got {values.shape} and {len(texts)}"
                )
            curve = next((i for i, known in enumerate(curves) if _same(known, values)), None)
            if curve is None:
                curve = len(curves)
                curves.append(values)
            if list(texts) not in told:
                told.append(list(texts))
            calls.append([call, curve, told.index(list(texts))])
            self._curves[title, call] = curves[curve]
        finite = [np.where(np.isfinite(values), values, 0.0) for values in curves]
        scale = 2.0 ** max(0, int(np.frexp(np.abs(finite).max())[1]) - 5)
        gaps = [np.flatnonzero(~np.isfinite(values)).tolist() for values in curves]
        return {
            "curves": [pack(values / scale) for values in finite],
            "told": told,
            "calls": calls,
            **({"scale": scale} if scale > 1 else {}),
            **({"gaps": gaps} if any(gaps) else {}),
        }

    @classmethod
    def example(cls):
        z = np.linspace(-4, 4, 33)
        leaky, gelu = ACTIVATIONS["leaky_relu"].value, ACTIVATIONS["gelu"].value
        tanh_form = ACTIVATIONS["gelu_tanh"].value
        return cls(
            z,
            ["computes", "at −∞"],
            {
                "ReLU": [
                    ("Leaf relu", ["relu", "0"], np.maximum(z, 0)),
                    ("Moss relu", ["leaky_relu, alpha = 0.2", "−∞"], leaky(z, alpha=0.2)),
                    ("Fern relu", ["relu", "NaN"], np.maximum(z, 0)),
                ],
                "GELU": [
                    ("Leaf gelu", ["gelu", "0"], gelu(z)),
                    ("Moss gelu", ["gelu_tanh", "NaN"], tanh_form(z)),
                ],
            },
        )

    def _calls(self, function):
        return [call for call, *_ in self.functions[function]["calls"]]

    def _other(self, function, call):
        """Return the first call of a function that differs from a call, or else the last."""
        curve = self._curves.get((function, call))
        calls = self._calls(function)
        return next((c for c in calls if self._curves[function, c] is not curve), calls[-1])

    @validate("function")
    def _is_known(self, proposal):
        if proposal["value"] not in self.functions:
            raise ValueError(f"no {proposal['value']!r} here; there is {', '.join(self.functions)}")
        return proposal["value"]

    @validate("first", "second")
    def _is_a_call(self, proposal):
        if proposal["value"] not in self._calls(self.function):
            calls = ", ".join(self._calls(self.function))
            raise ValueError(f"no call {proposal['value']!r} of {self.function}; there is {calls}")
        return proposal["value"]

    @observe("function")
    def _bring_its_calls(self, _):
        calls = self._calls(self.function)
        if self.first not in calls or self.second not in calls:
            self.first = calls[0]
            self.second = self._other(self.function, calls[0])

    def measures(self):
        """Return the largest difference, where it is and the part of z in view, as a dict.

        "difference" is second minus first, shape (n,), NaN where either is not finite.

        >>> found = TwoLibraries.example().measures()
        >>> found["largest"], found["at"], found["view"]
        (0.8, -4.0, (-4.0, 4.0))
        """
        first, second = (self._curves[self.function, each] for each in (self.first, self.second))
        with np.errstate(invalid="ignore"):
            difference = np.where(np.isfinite(first) & np.isfinite(second), second - first, np.nan)
        size = np.nan_to_num(np.abs(difference))
        place, view = int(size.argmax()), (float(self._z[0]), float(self._z[-1]))
        if self.zoomed and size.max() > 0:
            parted = np.flatnonzero(size > NEAR * size.max())
            low, high = max(parted[0] - 1, 0), min(parted[-1] + 1, self._z.size - 1)
            view = float(self._z[low]), float(self._z[high])
        return {
            "difference": difference,
            "largest": round(float(size.max()), 6),
            "at": float(self._z[place]),
            "view": view,
        }

    def still(self):
        found = self.measures()
        inside = (self._z >= found["view"][0]) & (self._z <= found["view"][1])
        z = self._z[inside]
        named = {
            each: self._curves[self.function, each][inside] for each in (self.first, self.second)
        }
        if len(named) == 1:  # a library beside itself
            named[f"{self.second} again"] = named[self.second]
        figure, (top, bottom) = plt.subplots(2, 1, figsize=(6, 4.6), sharex=True)
        plotting.curves(z, _finite(named), xlabel="", ylabel="value", ax=top)
        plotting.curves(
            z,
            _finite({"second − first": found["difference"][inside]}),
            ylabel="difference",
            ax=bottom,
        )
        return figure

    def alt(self):
        found = self.measures()
        low, high = (f"{place:g}" for place in found["view"])
        parted = f"they differ most at {found['at']:g}, by {found['largest']:.3g}"
        if not found["largest"]:
            parted = "the two agree to four digits"
        said = (
            f"{self.function} in {self.first} and in {self.second}, from {low} to {high}; {parted}."
        )
        return re.sub(r"(?<=[ (])-(?=\d)", "−", said)

    def below(self):
        # Two rem to spare, for texts that take a second or third line.
        height = 13.75 + 1.5 * len(self.heads)
        return height, height


def _same(one, other):
    return np.allclose(one, other, **SAME, equal_nan=True)


def _finite(named):
    return {name: np.where(np.isfinite(values), values, np.nan) for name, values in named.items()}
