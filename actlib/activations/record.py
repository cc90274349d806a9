"""The record that holds everything known about one activation."""

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Interval:
    """Real numbers from `low` to `high`; `closed` says which ends belong, as in "[)".

    >>> 0.0 in Interval(0, 1, "(]"), str(Interval(0, float("inf"), "[)"))
    (False, '[0, ∞)')
    """

    low: float
    high: float
    closed: str = "()"

    def __contains__(self, x):
        above = self.low <= x if self.closed[0] == "[" else self.low < x
        below = x <= self.high if self.closed[1] == "]" else x < self.high
        return bool(above and below)

    def __str__(self):
        low, high = short_number(self.low), short_number(self.high)
        return f"{self.closed[0]}{low}, {high}{self.closed[1]}"


def short_number(x):
    """Return `x` to four significant digits, with a true minus sign.

    >>> short_number(-0.75179)
    '−0.7518'
    """
    if math.isinf(x):
        return "∞" if x > 0 else "−∞"
    return f"{x:.4g}".replace("-", "−")


REAL = Interval(-math.inf, math.inf)
POSITIVE = Interval(0.0, math.inf)


@dataclass(frozen=True)
class Parameter:
    """A keyword of an activation: its default and the interval it may lie in."""

    default: float
    interval: Interval


@dataclass(frozen=True)
class TorchNames:
    """Where PyTorch has the function: dotted names, or None where it has none."""

    functional: str | None = None
    module: str | None = None


@dataclass(frozen=True)
class Activation:
    """One activation function: value, derivative and what is known about it.

    `kind` says what `grad` returns. "elementwise": slopes, in the shape of z. "row": every
    output depends on the whole row along `axis`, so Jacobians, of shape (..., k, k). "gated":
    `axis` gets shorter and each input has a part in one output alone, so slopes again, in
    the shape of z: that of its output in it. "reduction": a row becomes one number, `axis` is
    gone, and each input has a slope, in the shape of z.

    `joins`, `range`, `limits` and `grad_limits` are functions of the parameters, because
    they move with them: `ACTIVATIONS["elu"].range(alpha=2.0)` starts at -2. Every quantity
    is dimensionless. `joins` are the places where a derivative jumps, or the value does.
    `range` is the smallest interval that holds all values. `limits` are the values at
    (-inf, inf), NaN where there is no limit; elementwise functions have them.

    >>> from actlib.activations import ACTIVATIONS
    >>> entry = ACTIVATIONS["leaky_relu"]
    >>> entry.params["alpha"].default, entry.joins(), str(entry.range())
    (0.01, (0.0,), '(−∞, ∞)')
    """

    name: str
    title: str
    kind: Literal["elementwise", "row", "gated", "reduction"]
    value: Callable
    grad: Callable
    formula: str  # LaTeX, the right-hand side
    grad_formula: str
    range: Callable[..., Interval]
    role: str  # where it is used
    notes: str  # one thing to know
    loss: str  # the loss it goes with, "" where it is a hidden-layer function
    source: str  # key in references.bib
    torch: TorchNames = field(default_factory=TorchNames)
    torch_params: Mapping[str, str] = field(default_factory=dict)  # our name -> theirs
    # Modules that are this function with a keyword fixed: nn.Softmax2d is axis=-3.
    torch_variants: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    joins: Callable[..., tuple[float, ...]] = lambda **_: ()
    limits: Callable[..., tuple[float, float]] | None = None
    grad_limits: Callable[..., tuple[float, float]] | None = None

    @property
    def params(self) -> dict[str, Parameter]:
        """The keywords of `value`, read from its signature, with their defaults and bounds."""
        intervals = getattr(self.value, "intervals", {})
        return {
            name: Parameter(parameter.default, intervals[name])
            for name, parameter in inspect.signature(self.value).parameters.items()
            if name in intervals
        }
