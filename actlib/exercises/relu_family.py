"""Checks for the chapter on the ReLU family."""

import numpy as np

from actlib.activations import leaky_relu, prelu, relu, sigmoid, sigmoid_grad, silu, silu_grad

from .checking import Exercise, Mistake

__all__ = [
    "check_dead_everywhere",
    "check_leaky_gain",
    "check_leaky_relu",
    "check_relu",
    "check_silu_grad",
]

Z = np.array([-2.0, -0.5, 0.0, 0.5, 2.0])
EDGES = np.array([-np.inf, -1e300, 1e300, np.inf, np.nan])

check_relu = Exercise(
    right=relu,
    cases=((Z,), (Z.reshape(5, 1),), (np.array(-1.0),), (Z.astype(np.float32),), (EDGES,)),
    praise="Zero where z is negative, z itself elsewhere, and nan stays nan.",
    dtype=True,
    mistakes=(
        Mistake(np.abs, "That is |z|: ReLU drops negative inputs, it does not flip them."),
        Mistake(lambda z: np.minimum(z, 0), "That keeps the negative half: take the maximum."),
        Mistake(
            lambda z: np.where(z > 0, 1.0, 0.0).astype(z.dtype),
            "That is ReLU's slope, not its value.",
        ),
        Mistake(
            lambda z: np.maximum(z, (0.01 * z).astype(z.dtype)),
            "That is leaky ReLU: ReLU is exactly 0 on the left.",
        ),
        Mistake(
            lambda z: np.maximum(z, np.zeros(z.shape)),
            "float32 became float64: np.zeros and np.asarray(z, float) make float64. "
            "The number 0 keeps the dtype.",
        ),
        Mistake(np.max, "np.max picks one number of all; np.maximum compares entry by entry."),
        Mistake(
            lambda z: np.where(z > 0, z, 0),
            "nan became 0: a comparison with nan is False, so it takes the other branch. "
            "np.maximum passes it on.",
        ),
        Mistake(
            lambda z: z * (z > 0),
            "At -inf this is nan, as -inf * 0 and -inf + inf are: choose between z and 0 instead.",
        ),
    ),
)

check_leaky_relu = Exercise(
    right=lambda z, alpha: prelu(z, alpha=alpha),
    cases=((Z, 0.01), (Z, 0.2), (Z, 1.5), (Z, -0.5)),
    praise="alpha is the slope on the left, 1 the slope on the right, whatever alpha is.",
    mistakes=(
        Mistake(
            lambda z, alpha: np.maximum(alpha * z, z),
            "Right for alpha up to 1; above it alpha * z is the smaller of the two where z is "
            "negative. Ask for the sign of z instead.",
        ),
        Mistake(np.maximum, "max(alpha, z) is a floor at alpha: alpha multiplies z."),
        Mistake(
            lambda z, alpha: np.where(z > 0, alpha * z, z),
            "The two sides are swapped: alpha belongs to the negative side.",
        ),
        Mistake(
            lambda z, alpha: np.where(z > 0, z, 0.01 * z),
            "Your slope is 0.01 whatever alpha is: use the argument.",
        ),
        Mistake(
            lambda z, alpha: np.where(z > 0, z, alpha),
            "The left side is the constant alpha: it must be alpha times z.",
        ),
        Mistake(
            lambda z, alpha: np.where(z > 0, 1.0, alpha),
            "Those are the slopes of the leaky ReLU: its values are asked for.",
        ),
        Mistake(
            lambda z, alpha: relu(z) + alpha * z,
            "The leak was added on the right too, where the slope is now 1 + alpha.",
        ),
        Mistake(lambda z, alpha: relu(z), "The left side is still 0: the leak is missing."),
        Mistake(
            lambda z, alpha: np.where(z > 0, z, -alpha * z),
            "The leak has the wrong sign: for a positive alpha, alpha * z is negative where z is.",
        ),
    ),
)


def _leaky_gain(alpha):
    # z and -z are equally likely, so the mean over one such pair is the mean over all.
    kept = np.mean(leaky_relu([-1.0, 1.0], alpha=alpha) ** 2)
    return 1 / np.sqrt(kept)


check_leaky_gain = Exercise(
    right=_leaky_gain,
    # 0.01 last: a wrong answer near it would differ by less than a message shows.
    cases=((0.0,), (0.2,), (1.0,), (0.01,)),
    praise="The leak keeps alpha^2 of the left half, so a smaller gain will do.",
    mistakes=(
        Mistake(
            lambda alpha: 2 / (1 + alpha**2),
            "That is g squared, the variance times n: the gain is its square root.",
        ),
        Mistake(
            lambda alpha: np.sqrt(2.0),
            "That is ReLU's gain, right for alpha = 0 only: the leak keeps some of the left half.",
        ),
        Mistake(
            lambda alpha: np.sqrt(2 / (1 + alpha)),
            "A value scaled by alpha has its square scaled by alpha squared.",
        ),
        Mistake(
            lambda alpha: np.sqrt(2) / (1 + alpha),
            "The sides do not meet in one sum: each is squared alone, so 1 + alpha^2 it is.",
        ),
        Mistake(
            lambda alpha: np.sqrt(2) / (1 + alpha**2),
            "The root belongs over the whole fraction, 1 + alpha^2 included.",
        ),
        Mistake(
            lambda alpha: np.sqrt((1 + alpha**2) / 2),
            "That is the factor by which the leaky ReLU shrinks the signal: the gain undoes it.",
        ),
        Mistake(
            lambda alpha: 1 / np.sqrt(1 + alpha**2),
            "Only half of the values lie on each side: the mean square is (1 + alpha^2) / 2.",
        ),
    ),
)

check_silu_grad = Exercise(
    right=silu_grad,
    cases=((Z,), (np.array([[-1.2785, 1.0], [2.3994, -4.0]]),), (np.array([-50.0, 50.0]),)),
    praise="The gate, plus z times the slope of the gate.",
    mistakes=(
        Mistake(sigmoid, "z * s'(z) is missing: the gate changes with z too."),
        Mistake(
            lambda z: z * sigmoid_grad(z),
            "The other term of the product rule is missing: the slope of z itself is 1.",
        ),
        Mistake(
            lambda z: sigmoid(z) + sigmoid_grad(z),
            "The slope of the gate has lost its factor z.",
        ),
        Mistake(
            lambda z: sigmoid(z) + z * sigmoid(z),
            "The slope of the sigmoid is s(1 - s), not s.",
        ),
        Mistake(
            lambda z: sigmoid(z) - z * sigmoid_grad(z),
            "The product rule adds its two terms: the sign of the second is wrong.",
        ),
        Mistake(
            lambda z: 1 + z * sigmoid_grad(z),
            "In the first term the slope of z, 1, is multiplied by the gate: it is s, not 1.",
        ),
        Mistake(silu, "That is SiLU itself: its slope is asked for."),
        Mistake(
            sigmoid_grad,
            "The slopes of the two factors were multiplied: a product needs the product rule.",
        ),
    ),
)

# Units: dead; at most exactly 0; and alive, where these see no life: b alone, the ball, the sum
# of w, the largest |w|, the smallest z.
W = np.array([[0.5, 0.5, -2.0, 1.0, 1.0, 1.0, 2.0], [-0.25, 0.5, 0.0, 1.0, -1.0, 1.0, 0.5]])
B = np.array([-1.0, -1.0, -1.5, -1.5, -0.5, -1.25, 0.5])
# Alive near two corners of a box in 12 dimensions only: inputs drawn at random miss them.
MANY_W, MANY_B = np.tile([[1.0, 1.0], [-1.0, 1.0]], (6, 1)), np.array([-11.0, -11.0])


def _dead_on_a_sample(w, b):
    x = np.random.default_rng(0).uniform(-1, 1, (10_000, len(w)))
    return (x @ w + b <= 0).all(axis=0)


check_dead_everywhere = Exercise(
    right=lambda w, b: b + np.abs(w).sum(axis=0) <= 0,
    cases=((W, B), (W[:, :3], B[:3]), (W[:1], B), (MANY_W, MANY_B)),
    praise="The largest z in the box is b plus the sum of |w|, and 0 is still dead.",
    mistakes=(
        Mistake(
            lambda w, b: b <= 0,
            "That is z at the input 0: another input may lift the unit above 0.",
        ),
        Mistake(
            lambda w, b: b + w.sum(axis=0) <= 0,
            "That is z where every input is 1: for a negative weight -1 is the input that lifts z.",
        ),
        Mistake(
            lambda w, b: b + np.abs(w).sum(axis=0) < 0,
            "A unit that reaches exactly 0 is dead too: the slope at the corner is 0.",
        ),
        Mistake(
            lambda w, b: b - np.abs(w).sum(axis=0) <= 0,
            "That is the smallest z: a unit is dead if even its largest z is not positive.",
        ),
        Mistake(
            lambda w, b: b + np.sqrt((w**2).sum(axis=0)) <= 0,
            "That is the largest z on a ball of radius 1; the box reaches farther, to its corners.",
        ),
        Mistake(
            lambda w, b: b + np.abs(w).max(axis=0) <= 0,
            "All inputs can act together: add the |w| up instead of taking the largest.",
        ),
        Mistake(
            _dead_on_a_sample,
            "Random inputs seldom come near the corner where z is largest: compute that z instead.",
        ),
        Mistake(
            lambda w, b: b + np.abs(w).sum(axis=0),
            "That is the largest z: the unit is dead where it is not positive.",
        ),
        Mistake(
            lambda w, b: b + np.maximum(w, 0).sum(axis=0) <= 0,
            "That is the largest z for inputs from 0 to 1: here they go down to -1.",
        ),
        Mistake(
            lambda w, b: b + np.abs(w).sum(axis=0) > 0,
            "That marks the units that can be alive: the dead ones are asked for.",
        ),
    ),
)
