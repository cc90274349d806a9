"""Activation functions, their exact derivatives, and the registry that describes them.

`relu(z)` and `relu_grad(z)` stand side by side for every function; parameters are
keywords. All take any array-like of real numbers, keep a floating dtype, never warn,
never change or share their input, give the limit at ±inf where there is one, and NaN for
NaN. Masked arrays are refused, because their masks would be lost. `ACTIVATIONS` maps each
name to its record, from which the figures, tables and tests of the course are made.
`REDUCTIONS` does the same for log-sum-exp, which makes one number of a row.

>>> ACTIVATIONS["relu"].grad([-1.0, 2.0])
array([0., 1.])
"""

from . import bounded, gated, logistic, periodic, rectifiers, rows, self_gated, shrinkers
from .bounded import *  # noqa: F403
from .gated import *  # noqa: F403
from .logistic import *  # noqa: F403
from .periodic import *  # noqa: F403
from .record import Activation, Interval, Parameter, TorchNames
from .rectifiers import *  # noqa: F403
from .rows import *  # noqa: F403
from .self_gated import *  # noqa: F403
from .shrinkers import *  # noqa: F403

ACTIVATIONS: dict[str, Activation] = {
    record.name: record
    for family in (rectifiers, self_gated, logistic, bounded, shrinkers, periodic, rows, gated)
    for record in family.RECORDS
}
REDUCTIONS: dict[str, Activation] = {record.name: record for record in rows.REDUCTIONS}

__all__ = [
    "ACTIVATIONS",
    "REDUCTIONS",
    "Activation",
    "Interval",
    "Parameter",
    "TorchNames",
    *bounded.__all__,
    *gated.__all__,
    *logistic.__all__,
    *periodic.__all__,
    *rectifiers.__all__,
    *rows.__all__,
    *self_gated.__all__,
    *shrinkers.__all__,
]
