"""Checks for the chapter on the ReLU family."""

import numpy as np

from actlib.activations import prelu, relu, sigmoid, sigmoid_grad, silu, silu_grad

from .exercise import Exercise, Mistake

__all__ = [
    "check_dead_everywhere",
    "check_leaky_gain",
    "check_leaky_relu",
    "check_relu",
    "check_silu_grad",
]

Z = np.array([-2.0, -0.5, 0.0, 0.5, 2.0, 3.0])
EDGES = np.array([-np.inf, -1e300, 1e300, np.inf])
MISSING = np.array([1.0, np.nan])
LARGER = "compare each entry with 0, and keep the larger of the two."

check_relu = Exercise(
    task="Write my_relu(z) for an array z of any shape: its dtype stays, -inf gives 0, and nan "
    "stays nan.",
    right=lambda z: np.maximum(z, 0),
    hint=LARGER,
    cases=(
        (Z,),
        (Z.reshape(3, 2),),
        (np.array(-1.0),),
        (Z.astype(np.float32),),
        (EDGES,),
        (MISSING,),
    ),
    praise="Zero where z is negative, z itself elsewhere, and nan stays nan.",
    dtype=True,
    mistakes=(
        Mistake(np.abs, "That is |z|: ReLU drops negative inputs, it does not flip them.", LARGER),
        Mistake(
            lambda z: np.minimum(z, 0),
            "That keeps the negative half.",
            "turn it round: take the maximum.",
        ),
        Mistake(
            lambda z: np.where(np.isnan(z), z, z > 0),
            "That is ReLU's slope, not its value.",
            "put z itself where it is positive.",
        ),
        Mistake(
            lambda z: z > 0,
            "That says where z is positive: it is ReLU's slope, not its value.",
            "put z itself where it is positive.",
        ),
        Mistake(
            lambda z: np.maximum(z, 0.01 * z),
            "That is leaky ReLU: on the left something gets through.",
            "make the left side exactly 0.",
        ),
        Mistake(
            lambda z: np.maximum(z, np.zeros(z.shape)),
            "float32 became float64.",
            "look for what made float64 of it; the number 0, written in Python, keeps the dtype.",
        ),
        Mistake(
            lambda z: np.nan_to_num(np.maximum(z, 0)),
            "inf became the largest number of the dtype, and nan became 0.",
            "leave both as they are: np.maximum(z, 0) lets them through.",
        ),
        Mistake(
            np.max,
            "One number came out, the largest of all entries.",
            "compare entry by entry: np.maximum(z, 0).",
        ),
        Mistake(
            lambda z: np.where(z > 0, z, 0),
            "nan became 0: a missing number is now a plausible one.",
            "look at what each step makes of nan; np.maximum(z, 0) passes it on.",
        ),
        Mistake(
            lambda z: z * (z > 0),
            "At -inf this is nan, as -inf * 0 and -inf + inf are.",
            "choose between z and 0 instead: np.maximum(z, 0).",
        ),
    ),
)

BY_SIGN = "choose by the sign of z, not by which of the two is larger."

check_leaky_relu = Exercise(
    task="Write my_leaky_relu(z, alpha) for an array z of any shape and any number alpha, below "
    "0 and above 1 too.",
    right=lambda z, alpha: prelu(z, alpha=alpha),
    hint="work out one negative and one positive entry by hand for this alpha.",
    cases=((Z, 0.01), (Z.reshape(2, 3), 0.2), (Z, 1.5), (Z, -0.5)),
    praise="alpha is the slope on the left, 1 the slope on the right, whatever alpha is.",
    mistakes=(
        Mistake(
            lambda z, alpha: np.maximum(alpha * z, z),
            "It is right for alpha up to 1; above it alpha * z is the smaller of the two where z "
            "is negative.",
            BY_SIGN,
        ),
        Mistake(
            lambda z, alpha: np.minimum(alpha * z, z),
            "That takes the smaller of alpha * z and z, which is right for alpha above 1 only.",
            BY_SIGN,
        ),
        Mistake(
            lambda z, alpha: np.maximum(alpha, z),
            "That is a floor at alpha: nothing falls below it.",
            "multiply z by alpha where z is negative.",
        ),
        Mistake(
            lambda z, alpha: np.where(z > 0, alpha * z, z),
            "The two sides are swapped: alpha belongs to the negative side.",
            "swap the two branches.",
        ),
        Mistake(
            lambda z, alpha: np.where(z > 0, z, 0.01 * z),
            "The slope on the left is 0.01 whatever alpha is.",
            "use the argument alpha.",
        ),
        Mistake(
            lambda z, alpha: np.where(z > 0, z, alpha),
            "The left side is the constant alpha.",
            "make it alpha times z.",
        ),
        Mistake(
            lambda z, alpha: np.where(z > 0, 1.0, alpha),
            "Those are the slopes of the leaky ReLU; its values are asked for.",
            "multiply them by z.",
        ),
        Mistake(
            lambda z, alpha: relu(z) + alpha * z,
            "The leak was added on the right too, where the slope is now 1 + alpha.",
            "add alpha times the negative part of z only.",
        ),
        Mistake(
            lambda z, alpha: relu(z),
            "The left side is still 0.",
            "put alpha * z there.",
        ),
        Mistake(
            lambda z, alpha: np.where(z > 0, z, -alpha * z),
            "The leak has the wrong sign: for a positive alpha, alpha * z is negative where z is.",
            "turn the sign on the left.",
        ),
    ),
)


def _leaky_gain(alpha):
    # z and -z are equally likely, so the mean over one such pair is the mean over all.
    kept = np.mean(prelu([-1.0, 1.0], alpha=alpha) ** 2)
    return 1 / np.sqrt(kept)


HALVES = "add up what positive and negative inputs keep of the mean square; g^2 undoes that."

check_leaky_gain = Exercise(
    task="Write leaky_gain(alpha): the gain g, with Var(w) = g^2 / n, that keeps the mean square "
    "of the signal through a leaky ReLU of slope alpha, a number.",
    right=lambda alpha: _leaky_gain(alpha),
    hint=HALVES,
    cases=((0.2,), (0.0,), (1.0,), (-0.5,), (1.5,), (0.01,)),
    praise="The leak keeps alpha^2 of the left half, so a smaller gain will do.",
    mistakes=(
        Mistake(
            lambda alpha: 2 / (1 + alpha**2),
            "That is g squared, the variance times n.",
            "take its square root.",
        ),
        Mistake(
            lambda alpha: np.sqrt(2.0),
            "That is ReLU's gain, right for alpha = 0 only.",
            "count what the leak keeps of the left half: " + HALVES,
        ),
        Mistake(
            lambda alpha: np.sqrt(2 / (1 + alpha)),
            "A value scaled by alpha has its square scaled by alpha squared.",
            "square alpha.",
        ),
        Mistake(
            lambda alpha: np.sqrt(2) / (1 + alpha),
            "1 + alpha was squared as a whole, but the two sides never meet in one sum.",
            "square each side alone: 1 + alpha^2.",
        ),
        Mistake(
            lambda alpha: np.sqrt(2) / (1 + alpha**2),
            "The root is taken of the 2 alone.",
            "put the whole fraction under it, 1 + alpha^2 included.",
        ),
        Mistake(
            lambda alpha: np.sqrt((1 + alpha**2) / 2),
            "That is the factor by which the leaky ReLU shrinks the signal.",
            "take 1 over it: the gain undoes it.",
        ),
        Mistake(
            lambda alpha: np.sqrt(2 / (1 - alpha**2)),
            "The squares of the two sides were subtracted.",
            "add them: 1 + alpha^2.",
        ),
        Mistake(
            lambda alpha: np.sqrt(2 / 1 + alpha**2),
            "That is the root of 2 + alpha^2: only the 1 is in the denominator.",
            "put parentheses around 1 + alpha^2.",
        ),
        Mistake(
            lambda alpha: (1 + alpha**2) / 2,
            "That is the factor by which the leaky ReLU shrinks the mean square.",
            "take 1 over its root: the gain undoes it, before the square.",
        ),
        Mistake(
            lambda alpha: 1 / np.sqrt(1 + alpha**2),
            "The factor 2 is missing: only half of the values lie on each side.",
            HALVES,
        ),
    ),
)

PRODUCT = "differentiate each factor of z * s(z) in turn: s(z) times 1, plus z times s'(z)."

check_silu_grad = Exercise(
    task="Write my_silu_grad(z): the slope of z * sigmoid(z) for an array z of any shape.",
    right=silu_grad,
    hint=PRODUCT,
    cases=((Z,), (np.array([[-1.2785, 1.0, 0.1], [2.3994, -4.0, 7.0]]),), (np.array([-50.0, 50]),)),
    praise="The gate, plus z times the slope of the gate.",
    mistakes=(
        Mistake(sigmoid, "That is the gate alone, but it changes with z too.", "add z * s'(z)."),
        Mistake(
            lambda z: z * sigmoid_grad(z),
            "That is one term of the product rule; in the other, the slope of z is 1.",
            "add the gate itself, sigmoid(z).",
        ),
        Mistake(
            lambda z: sigmoid(z) + sigmoid_grad(z),
            "The slope of the gate has lost its factor z.",
            "multiply it by z.",
        ),
        Mistake(
            lambda z: sigmoid(z) + z * sigmoid(z),
            "The second term holds the gate itself instead of its slope.",
            "use s * (1 - s) there.",
        ),
        Mistake(
            lambda z: sigmoid(z) - z * sigmoid_grad(z),
            "The second term was subtracted.",
            "add it, as the product rule does.",
        ),
        Mistake(
            lambda z: 1 + z * sigmoid_grad(z),
            "In the first term the slope of z, 1, stands without its factor, the gate.",
            "put sigmoid(z) in place of the 1.",
        ),
        Mistake(
            lambda z: sigmoid(z) + z * (1 - sigmoid(z)),
            "The second term holds 1 - s instead of the gate's slope.",
            "use s * (1 - s) there.",
        ),
        Mistake(silu, "That is SiLU itself; its slope is asked for.", PRODUCT),
        Mistake(
            sigmoid_grad,
            "The slopes of the two factors were multiplied.",
            "use the product rule: " + PRODUCT,
        ),
    ),
)

# Units: dead; at most exactly 0; alive, where these see no life: b alone, the ball, the sum of
# w, the largest |w|, the smallest z; always on; dead by far; alive and dead by less than 1.
W = np.array(
    [
        [0.5, 0.5, -2.0, 1.0, 1.0, 1.0, 2.0, 0.5, 1.0, 0.5, 1.25],
        [-0.25, 0.5, 0.0, 1.0, -1.0, 1.0, 0.5, 0.5, 0.0, 0.25, 1.0],
    ]
)
B = np.array([-1.0, -1.0, -1.5, -1.5, -0.5, -1.25, 0.5, 2.0, -1.5, -0.5, -2.5])
# Alive near two corners of a box in 12 dimensions only: inputs drawn at random miss them.
MANY_W, MANY_B = np.tile([[1.0, 1.0, 0.0], [-1.0, 1.0, 0.5]], (6, 1)), np.array([-11.0, -11.0, -4])


def _dead_on_a_sample(w, b):
    x = np.random.default_rng(0).uniform(-1, 1, (10_000, len(w)))
    return (x @ w + b <= 0).all(axis=0)


def _dead(largest):
    return lambda w, b: b + largest(w) <= 0


CORNER = "find the corner of the box where z is largest: each input takes the sign of its weight."

check_dead_everywhere = Exercise(
    task="Write dead_everywhere(w, b): for each of the k units of a ReLU layer, with w of shape "
    "(d, k) and b (k,), whether it is dead on every input in [-1, 1]^d. The result has shape (k,).",
    right=_dead(lambda w: np.abs(w).sum(axis=0)),
    hint=CORNER,
    cases=((W[:, 1:4], B[1:4]), (W, B), (W[:1], B), (MANY_W, MANY_B)),
    praise="The largest z in the box is b plus the sum of |w|, and 0 is still dead.",
    mistakes=(
        Mistake(
            lambda w, b: b <= 0,
            "That is z at the input 0; another input may lift the unit above 0.",
            CORNER,
        ),
        Mistake(
            _dead(lambda w: w.sum(axis=0)),
            "That is z where every input is 1; for a negative weight -1 is the input that lifts z.",
            CORNER,
        ),
        Mistake(
            lambda w, b: b + np.abs(w).sum(axis=0) < 0,
            "A unit whose largest z is exactly 0 is dead too: the slope at the corner is 0.",
            "use <= 0.",
        ),
        Mistake(
            lambda w, b: np.abs(w).sum(axis=0) <= np.abs(b),
            "A unit with a large positive bias counts as dead, but it is always on.",
            "keep the sign of b: compare b plus the sum of |w| with 0.",
        ),
        Mistake(
            lambda w, b: np.abs(w).sum(axis=0) < np.abs(b),
            "A unit with a large positive bias counts as dead, but it is always on.",
            "keep the sign of b, and use <= 0: b plus the sum of |w| is the largest z.",
        ),
        Mistake(
            _dead(lambda w: -np.abs(w).sum(axis=0)),
            "That is the smallest z; a unit is dead if even its largest z is not positive.",
            CORNER,
        ),
        Mistake(
            _dead(lambda w: np.sqrt((w**2).sum(axis=0))),
            "That is the largest z on a ball of radius 1; the box reaches farther.",
            CORNER,
        ),
        Mistake(
            _dead(lambda w: np.abs(w.sum(axis=0))),
            "The weights were summed before the absolute value, so signs cancel.",
            "take the absolute value of each weight before the sum.",
        ),
        Mistake(
            _dead(lambda w: np.abs(w).max(axis=0)),
            "Only the largest |w| counts here, but all inputs can act together.",
            "add the |w| up.",
        ),
        Mistake(
            _dead_on_a_sample,
            "A unit that lives near a corner only counts as dead; inputs drawn at random seldom "
            "come near a corner.",
            "compute the largest z instead: " + CORNER,
        ),
        Mistake(
            lambda w, b: b + np.abs(w).sum(axis=0),
            "That is the largest z of each unit.",
            "compare it with 0: a unit is dead where it is <= 0.",
        ),
        Mistake(
            _dead(lambda w: np.maximum(w, 0).sum(axis=0)),
            "That is the largest z for inputs from 0 to 1; here they go down to -1.",
            CORNER,
        ),
        Mistake(
            lambda w, b: b + np.abs(w).sum(axis=0) > 0,
            "That marks the units that can be alive; the dead ones are asked for.",
            "turn the comparison round.",
        ),
        Mistake(
            lambda w, b: np.all(b + np.abs(w).sum(axis=0) <= 0),
            "That is one answer for all the units together.",
            "return True or False for each unit, an array of shape (k,).",
        ),
        Mistake(
            lambda w, b: np.where(b + np.abs(w).sum(axis=0) <= 0),
            "Those are the numbers of the dead units.",
            "return the comparison itself, True or False for each unit.",
        ),
        Mistake(
            lambda w, b: np.where(b + np.abs(w).sum(axis=0) <= 0)[0],
            "Those are the numbers of the dead units.",
            "return the comparison itself, True or False for each unit.",
        ),
    ),
)
