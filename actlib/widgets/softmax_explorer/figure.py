"""The softmax explorer: scores to drag, what softmax makes of them, and the loss's slopes."""

import math

import matplotlib.pyplot as plt
import numpy as np
from traitlets import Bool, Float, List, Unicode, validate

from ... import plotting
from ...activations import softmax, softmax_jacobian
from ...losses import cross_entropy, cross_entropy_grad
from ..kit.assets import lab_module, stylesheet
from ..kit.figure import LivingFigure


class SoftmaxExplorer(LivingFigure):
    """Show the softmax of draggable logits, the cross-entropy and its slopes, once and twice.

    names : 3 to 6 different classes. limits : the (low, high) within which a logit can be
    dragged. Traits to set or observe: `logits`, one for each class, 0 if not given;
    `temperature` in [0.01, 100] and `shift` within ±1000, which make the scores
    (logits + shift) / temperature that softmax is applied to; `right`, the name of the right
    class, by default the first; `twice`, whether to show softmax applied twice as well. All
    dimensionless. Raises ValueError for names, limits or values out of range.

    This figure computes its numbers in the page; they differ from `measures` by less than
    1e-6, relative and absolute.

    >>> SoftmaxExplorer(["cat", "dog", "owl"], logits=[2.0, 1.0, 0.1])
    SoftmaxExplorer: Logits cat 2.0, dog 1.0, owl 0.1 above their probabilities 0.66, 0.24, \
0.10 and, with right class cat and a loss of 0.42, the slopes −0.34, 0.24, 0.10.
    """

    name = "softmax_explorer"
    _esm = lab_module(name)
    _css = stylesheet(name)
    least = 430

    names = List(Unicode(), read_only=True).tag(sync=True)
    limits = List(Float(), read_only=True).tag(sync=True)
    logits = List(Float()).tag(sync=True)
    temperature = Float(1.0).tag(sync=True)
    shift = Float(0.0).tag(sync=True)
    right = Unicode().tag(sync=True)
    twice = Bool(False).tag(sync=True)

    def __init__(self, names, *, limits=(-5.0, 10.0), **traits):
        names, (low, high) = list(names), limits
        if not 3 <= len(names) <= 6 or len({*names}) < len(names):
            raise ValueError(f"names must be 3 to 6 different classes, got {names}")
        if not -1000 <= low < high <= 1000:
            raise ValueError(f"limits must be (low, high) within ±1000, got {limits}")
        self.set_trait("names", names)
        self.set_trait("limits", [float(low), float(high)])
        start = min(max(0.0, low), high)
        super().__init__(**{"logits": [start] * len(names), "right": names[0], **traits})

    @classmethod
    def example(cls):
        return cls(["cat", "dog", "owl"], logits=[2, 1, 0.1])

    @validate("logits")
    def _a_logit_for_each_class(self, proposal):
        logits, (low, high) = proposal["value"], self.limits
        if len(logits) != len(self.names):
            raise ValueError(f"{len(self.names)} classes need as many logits, got {logits}")
        if not all(low <= logit <= high for logit in logits):
            raise ValueError(f"logits must lie in [{low:g}, {high:g}], got {logits}")
        return logits

    @validate("temperature")
    def _temperature_in_range(self, proposal):
        if not 0.01 <= proposal["value"] <= 100:
            raise ValueError(f"temperature must lie in [0.01, 100], got {proposal['value']}")
        return proposal["value"]

    @validate("shift")
    def _shift_in_range(self, proposal):
        if not abs(proposal["value"]) <= 1000:
            raise ValueError(f"shift must lie in [−1000, 1000], got {proposal['value']}")
        return proposal["value"]

    @validate("right")
    def _right_is_a_class(self, proposal):
        if proposal["value"] not in self.names:
            raise ValueError(f"right must be one of {self.names}, got {proposal['value']!r}")
        return proposal["value"]

    def measures(self):
        """Return what the figure reads now, computed by actlib, as a dict.

        "p", "slopes", "q" and "slopes_twice" are arrays, one number for each class: the
        softmax p of the scores, the slopes p − y of the loss in the scores, q = softmax(p),
        and the slopes J(q − y) of the loss of q. "loss" and "loss_twice" are in nats;
        "floor" is the lowest that `loss_twice` can be, ln(1 + (k − 1)/e).

        >>> found = SoftmaxExplorer(["cat", "dog", "owl"], logits=[10, 0, 0], right="dog",
        ...                         temperature=0.5).measures()
        >>> print(f"{found['slopes'][1]:.1e}, twice {found['slopes_twice'][1]:.1e}")
        -1.0e+00, twice -2.8e-09
        """
        scores = (np.array(self.logits) + self.shift) / self.temperature
        right, p = self.names.index(self.right), softmax(scores)
        return {
            "p": p,
            "loss": float(cross_entropy(scores, right)),
            "slopes": cross_entropy_grad(scores, right),
            "q": softmax(p),
            "loss_twice": float(cross_entropy(p, right)),
            "slopes_twice": softmax_jacobian(scores) @ cross_entropy_grad(p, right),
            "floor": math.log1p((p.size - 1) / math.e),
        }

    def still(self):
        found = self.measures()
        panels = [
            ("logit", {"z": np.array(self.logits)}),
            ("probability", {"p": found["p"]}),
            ("slope", {"p − y": found["slopes"]}),
        ]
        if self.twice:
            panels[1][1]["q"] = found["q"]
            panels[2][1]["J(q − y)"] = found["slopes_twice"]
        # With many bars side by side, there is room for one decimal only.
        digits = 2 if len(self.names) * (1 + self.twice) < 8 else 1
        labels = [f"{name}\nright" if name == self.right else name for name in self.names]
        figure, axes = plt.subplots(3, 1, figsize=(6, 4.8), sharex=True)
        for ax, (ylabel, named) in zip(axes, panels, strict=True):
            rounded = {name: _rounded(values, digits) for name, values in named.items()}
            plotting.bars(rounded, labels=labels, fmt=f"{{:.{digits}f}}", ylabel=ylabel, ax=ax)
        axes[0].margins(y=0.3)
        axes[1].set_ylim(0, 1.4)
        axes[2].set_ylim(-2, 2)
        return figure

    def alt(self):
        found = self.measures()
        logits = [f"{name} {z:.1f}" for name, z in zip(self.names, self.logits, strict=True)]
        moved = f", all shifted by {self.shift:g}," if self.shift else ""
        warmth = f" at temperature {self.temperature:g}" if self.temperature != 1 else ""
        said = (
            f"Logits {', '.join(logits)}{moved} above their probabilities "
            f"{_listed(found['p'])}{warmth} and, with right class {self.right} and a loss of "
            f"{found['loss']:.2f}, the slopes {_listed(found['slopes'])}"
        )
        if self.twice:
            largest = f"{np.abs(found['slopes_twice']).max():.1e}".replace("e-0", "e-")
            said += (
                f"; with softmax twice the loss is {found['loss_twice']:.2f}, never below "
                f"{found['floor']:.2f}, and the largest slope {largest}"
            )
        return f"{said}.".replace("-", "−")

    def below(self):
        rows = len(self.names)
        return 15.25 + 2.0625 * rows, 17.9375 + 3.5625 * rows


def _rounded(values, digits):
    return values.round(digits) + 0.0  # adding 0 makes a 0 of −0


def _listed(values):
    return ", ".join(f"{value:.2f}" for value in _rounded(values, 2))
