"""Checks for the exercises, one file per chapter: `check_relu(answer)` prints ✓, ✗ or ○.

The engine stands apart: `exercise` states what a check is and finds the verdict, `running`
calls an answer, `comparing` reads and compares numbers, `explaining` translates errors,
`reading` looks at an answer's code and `watching` at its steps.
"""

from . import pytorch, relu_family, sigmoid_tanh, softmax, why_nonlinearity
from .exercise import Exercise, Mistake, Verdict
from .pytorch import *  # noqa: F403
from .relu_family import *  # noqa: F403
from .sigmoid_tanh import *  # noqa: F403
from .softmax import *  # noqa: F403
from .why_nonlinearity import *  # noqa: F403

__all__ = [
    "Exercise",
    "Mistake",
    "Verdict",
    *pytorch.__all__,
    *relu_family.__all__,
    *sigmoid_tanh.__all__,
    *softmax.__all__,
    *why_nonlinearity.__all__,
]
