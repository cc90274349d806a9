"""Checks for the chapter on the ReLU family."""

import numpy as np

from actlib.activations import leaky_relu, relu

from .checking import Exercise, Mistake

__all__ = ["check_leaky_relu", "check_relu"]

Z = np.array([-2.0, -0.5, 0.0, 0.5, 2.0])

check_relu = Exercise(
    right=relu,
    cases=((Z,), (Z.reshape(5, 1),), (np.array(-1.0),)),
    praise="Zero where z is negative, z itself elsewhere.",
    mistakes=(
        Mistake(np.abs, "That is |z|: ReLU drops negative inputs, it does not flip them."),
        Mistake(lambda z: np.minimum(z, 0), "That keeps the negative half: take the maximum."),
        Mistake(lambda z: np.where(z > 0, 1.0, 0.0), "That is ReLU's slope, not its value."),
        Mistake(np.max, "np.max picks one number of all; np.maximum compares entry by entry."),
    ),
)

check_leaky_relu = Exercise(
    right=lambda z, alpha: leaky_relu(z, alpha=alpha),
    cases=((Z, 0.01), (Z, 0.2)),
    praise="alpha is the slope on the left, 1 the slope on the right.",
    mistakes=(
        Mistake(np.maximum, "max(alpha, z) is a floor at alpha: multiply, max(alpha * z, z)."),
        Mistake(
            lambda z, alpha: np.where(z > 0, alpha * z, z),
            "The two sides are swapped: alpha belongs to the negative side.",
        ),
        Mistake(lambda z, alpha: relu(z), "The left side is still 0: the leak is missing."),
        Mistake(
            lambda z, alpha: np.where(z > 0, z, -alpha * z),
            "The leak has the wrong sign: alpha * z is negative where z is.",
        ),
    ),
)
